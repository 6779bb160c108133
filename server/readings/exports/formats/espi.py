"""Green Button: NAESB REQ.21 ESPI as an Atom feed (usage.xsd of 3.3 and 4.0 order their elements alike).

Values are integers: in milliwatt-hours for energy (``powerOfTenMultiplier`` -3 of Wh), in 10^-6 of the unit
else, so that nothing is rounded.
"""

from datetime import datetime
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from server.readings.domain import REFERENCE_METHODS, Method, Quality, State
from server.readings.exports.domain import Values
from server.readings.exports.errors import CannotWrite
from server.readings.exports.formats.base import Format
from server.readings.exports.formats.plain import element
from server.readings.exports.text import integers, joined

_SPACE = UUID("6d4b1b4e-7f53-4f0c-9f59-0a3f1f6b6a10")
"""Ids of entries are made from what they are about: the same export twice has the same ids."""

SERVICE = {"ELECTRICITY": 0, "GAS": 1, "COLD_WATER": 2, "HOT_WATER": 2, "HEAT": 4}
"""ESPI ``ServiceKind``: electricity, gas, water, heat."""
_MICRO = -6
"""Power of ten of a value in 10^-6 of the unit."""
VALID, EDITED, REFERENCE_DAY, LINEAR, QUESTIONABLE, OTHER = 17, 7, 8, 9, 10, 16
"""ESPI ``QualityOfReading``."""


class Espi(Format):
    """A usage point, a meter reading, its type and a block of intervals for each series."""

    def head(self) -> bytes:
        """The feed."""
        self_id = uuid5(_SPACE, f"feed/{self.wish.start_ms}/{self.wish.end_ms}/{self.made.isoformat()}")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>urn:uuid:{self_id}</id><title>Readings</title><updated>{_stamp(self.made)}</updated>\n"
        ).encode()

    def series(self, values: Values) -> bytes:
        """Four entries."""
        info = values.info
        if not values.reading_type:
            raise CannotWrite(f"series {info.series}: ESPI has no unit for {info.unit!r}")
        point = f"UsagePoint/{info.usage_point_id}"
        reading, kind = f"{point}/MeterReading/{info.series}", f"ReadingType/{info.series}"
        service = SERVICE.get(info.commodity, 0)
        serials = ", ".join(dict.fromkeys(one.serial_number for one in values.stays))
        category = f"<ServiceCategory>{element('kind', str(service))}</ServiceCategory>"
        blocks = f"{reading}/IntervalBlock"
        head = "".join(
            (
                _entry("UsagePoint", point, "UsagePoint", values.code, category, (f"{point}/MeterReading",)),
                _entry("MeterReading", reading, f"{point}/MeterReading", serials, "", (blocks, kind)),
                _entry("ReadingType", kind, "ReadingType", info.quantity, _reading_type(values)),
            )
        )
        if not len(values):
            return head.encode()
        block = f"{blocks}/1"
        begin, end = int(values.ms[0]), int(values.ms[-1] + values.length_ms[-1])
        opening = (
            f"<entry><id>urn:uuid:{uuid5(_SPACE, block)}</id>"
            f'<link rel="self" href="{block}"/><link rel="up" href="{blocks}"/><title/>'
            '<content><IntervalBlock xmlns="http://naesb.org/espi">'
            f"<interval><duration>{(end - begin) // 1000}</duration><start>{begin // 1000}</start></interval>"
        )
        closing = f"</IntervalBlock></content>{_times()}</entry>\n"
        return (head + opening).encode() + joined(_intervals(values)) + closing.encode()

    def tail(self) -> bytes:
        """The end of the feed."""
        return b"</feed>\n"


def _intervals(values: Values) -> list[str | pa.Array]:
    """Missing intervals have no value."""
    there = pa.array(values.state != int(State.MISSING))
    value = pc.binary_join_element_wise("<value>", integers(values.micro), "</value>", "")
    return [
        "<IntervalReading><ReadingQuality><quality>",
        integers(qualities(values)),
        "</quality></ReadingQuality><timePeriod><duration>",
        integers(values.length_ms // 1000),
        "</duration><start>",
        integers(values.ms // 1000),
        "</start></timePeriod>",
        pc.if_else(there, value, ""),
        "</IntervalReading>",
    ]


def qualities(values: Values) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """``QualityOfReading`` of each interval."""
    found = np.full(len(values), VALID, np.int64)
    state, method = values.state, values.method
    found[state == int(State.SUSPECT)] = QUESTIONABLE
    found[state == int(State.MISSING)] = QUESTIONABLE
    estimated = state == int(State.ESTIMATED)
    found[estimated] = OTHER
    found[estimated & np.isin(method, REFERENCE_METHODS)] = REFERENCE_DAY
    found[estimated & (method == int(Method.LINEAR))] = LINEAR
    found[(state == int(State.EDITED)) | (values.quality & int(Quality.MANUALLY_EDITED) > 0)] = EDITED
    return found


def _reading_type(values: Values) -> str:
    """In the order of the schema, which is that of the alphabet; codes are those of IEC 61968-9."""
    numbers = [int(number) for number in values.reading_type.split(".")]
    accumulation, flow, commodity, kind = numbers[3:7]
    power, uom = numbers[15:17]
    parts = {
        "accumulationBehaviour": accumulation,
        "commodity": commodity,
        "flowDirection": flow,
        "intervalLength": values.info.interval_seconds or 0,
        "kind": kind,
        "powerOfTenMultiplier": power + _MICRO,
        "uom": uom,
    }
    return "".join(element(name, str(value)) for name, value in parts.items())


def _entry(noun: str, path: str, up: str, title: str, content: str, related: tuple[str, ...] = ()) -> str:
    links = "".join(f'<link rel="related" href="{one}"/>' for one in related)
    return (
        f"<entry><id>urn:uuid:{uuid5(_SPACE, path)}</id>"
        f'<link rel="self" href="{path}"/><link rel="up" href="{up}"/>{links}'
        f"<title>{escape(title)}</title>"
        f'<content><{noun} xmlns="http://naesb.org/espi">{content}</{noun}></content>{_times()}</entry>\n'
    )


def _times() -> str:
    """Atom wants both; the data themselves have none."""
    return "<published>1970-01-01T00:00:00Z</published><updated>1970-01-01T00:00:00Z</updated>"


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
