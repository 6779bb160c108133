"""XML: Green Button (ESPI) and CIM MeterReadings, read as a stream; entities are refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from server.readings.exchange.domain import CsvFormat, RowError
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.translators.base import Row

_ESPI: Final = "{http://naesb.org/espi}"
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_KILO: Final = 3
_UNITS: Final = {"71": _KILO, "72": _KILO, "73": _KILO, "42": 0, "166": 0}
"""ESPI ``UomType`` that can be read, VAh, Wh, VArh and m3, by the power of ten of our unit."""
_MADE: Final = {"7", "8", "9", "11", "12", "16"}
"""ESPI qualities of values that were edited, estimated or derived."""
_MEASURED: Final = {"0", "5"}
"""CIM categories of values that are valid or suspect; others were made."""


def espi(file: IO[bytes], csv: CsvFormat) -> Iterator[Row | RowError]:
    """Readings are named by the link of their block to its meter reading: ``…/MeterReading/1042``.

    A value is scaled by the power of ten of the file's reading type; where the file has several, the one
    that its meter reading links to. Their unit is that of energy in kWh, of volumes in m3.
    """
    del csv
    scales: dict[str, Decimal] = {}
    kinds: dict[str, str] = {}
    number = 0
    for entry in _elements(file, {f"{_ATOM}entry"}):
        links: dict[str, list[str]] = {}
        for link in entry.findall(f"{_ATOM}link"):
            links.setdefault(link.get("rel", ""), []).append(link.get("href", ""))
        own = (links.get("self") or [""])[0]
        for kind in entry.iter(f"{_ESPI}ReadingType"):
            scales[own] = _scale(kind)
        if next(entry.iter(f"{_ESPI}MeterReading"), None) is not None:
            kinds[own] = next((one for one in links.get("related", []) if "ReadingType" in one), "")
        for block in entry.iter(f"{_ESPI}IntervalBlock"):
            name = (links.get("up") or [""])[0].removesuffix("/IntervalBlock")
            factor = scales.get(kinds.get(name, ""), next(iter(scales.values()), Decimal(1)))
            for reading in block.iter(f"{_ESPI}IntervalReading"):
                number += 1
                found = _espi_reading(number, name, reading, factor)
                if found is not None:
                    yield found


def _scale(kind: Element) -> Decimal:
    """What turns a value of a reading type into kWh, kvarh, kVAh or m3."""
    uom = (kind.findtext(f"{_ESPI}uom") or "").strip()
    if uom not in _UNITS:
        told = ", ".join(_UNITS)
        raise FileUnreadable(f"ReadingType.uom: {uom!r} is none of {told} (VAh, Wh, VArh and m3)")
    power = (kind.findtext(f"{_ESPI}powerOfTenMultiplier") or "0").strip()
    if not power.removeprefix("-").isdigit():
        raise FileUnreadable(f"ReadingType.powerOfTenMultiplier: {power!r} is no whole number")
    return Decimal(1).scaleb(int(power) - _UNITS[uom])


def _espi_reading(number: int, name: str, reading: Element, factor: Decimal) -> Row | RowError | None:
    value = reading.findtext(f"{_ESPI}value")
    start = reading.findtext(f"{_ESPI}timePeriod/{_ESPI}start") or ""
    if value is None:
        return None
    if not start.strip().isdigit():
        return RowError(number, "timePeriod.start", start, f"{start!r} is no time of ESPI", "INVALID_FIELD")
    if not value.strip().removeprefix("-").isdigit():
        return RowError(number, "value", value, f"{value!r} is no whole number", "NOT_A_NUMBER")
    quality = reading.findtext(f"{_ESPI}ReadingQuality/{_ESPI}quality") or ""
    at = datetime.fromtimestamp(int(start), UTC).isoformat()
    return Row(number, name, at, format(int(value) * factor, "f"), derived=quality in _MADE)


def cim(file: IO[bytes], csv: CsvFormat) -> Iterator[Row | RowError]:
    """Readings are named ``usage point/reading type``, or by their meter where there is no usage point.

    ``timeStamp`` is the end of the interval (IEC 61968-9).
    """
    del csv
    number = 0
    for found in _elements(file, {"MeterReading"}):
        point = found.findtext("{*}UsagePoint/{*}Names/{*}name") or found.findtext("{*}UsagePoint/{*}mRID")
        meter = found.findtext("{*}Meter/{*}Names/{*}name") or found.findtext("{*}Meter/{*}mRID") or ""
        for block in found.findall("{*}IntervalBlocks"):
            kind = block.find("{*}ReadingType")
            name = f"{point or meter}/{'' if kind is None else kind.get('ref', '')}"
            for reading in block.findall("{*}IntervalReadings"):
                number += 1
                value = reading.findtext("{*}value")
                if value is None:
                    continue
                quality = reading.find("{*}ReadingQualities/{*}ReadingQualityType")
                code = ("" if quality is None else quality.get("ref", "")).split(".")
                made = len(code) > 1 and code[1] not in _MEASURED
                yield Row(number, name, reading.findtext("{*}timeStamp") or "", value, derived=made)


def _elements(file: IO[bytes], tags: set[str]) -> Iterator[Any]:
    """Elements as they end, with or without a namespace; what was read is forgotten."""
    try:
        events = iterparse(file, events=("start", "end"), forbid_dtd=True)
        _, root = next(events)
        for event, element in events:
            if event == "end" and (element.tag in tags or element.tag.rpartition("}")[2] in tags):
                yield element
                root.clear()
    except StopIteration:
        raise FileUnreadable("the file is empty") from None
    except ParseError as error:
        raise FileUnreadable(f"the file is no XML: {error}") from error
    except DefusedXmlException as error:
        raise FileUnreadable(f"the file declares entities or a document type: {error}") from error
