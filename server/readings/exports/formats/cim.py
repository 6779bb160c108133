"""CIM MeterReadings (IEC 61968-9:2013, annex on XML schemas), as XML and as JSON with the same names.

``timeStamp`` is the end of an interval, as the standard has it. Qualities are codes
``<system>.<category>.<sub>`` of annex D: ``2`` is the end system's.
"""

import json
from typing import ClassVar, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from server.readings.domain import REFERENCE_METHODS, Method, State
from server.readings.exports.domain import Values
from server.readings.exports.formats.base import Format
from server.readings.exports.formats.plain import element
from server.readings.exports.text import decimals, instants, joined

_NAMESPACE: Final = "http://iec.ch/TC57/2011/MeterReadings#"
VALIDATED, SUSPECT, MISSING, EDITED, ESTIMATED = "2.0.1", "2.5.258", "2.5.259", "2.7.0", "2.8.0"
"""Valid, suspect, no value, edited, estimated (categories 0, 5, 7 and 8)."""
LINEAR, REFERENCE_DAY = "2.8.1", "2.8.4"


def codes(values: Values) -> pa.Array:
    """The quality code of each interval."""
    places = np.zeros(len(values), np.int64)
    names = [VALIDATED, SUSPECT, ESTIMATED, LINEAR, REFERENCE_DAY, EDITED, MISSING]
    state, method = values.state, values.method
    places[state == int(State.SUSPECT)] = 1
    estimated = state == int(State.ESTIMATED)
    places[estimated] = 2
    places[estimated & (method == int(Method.LINEAR))] = 3
    places[estimated & np.isin(method, REFERENCE_METHODS)] = 4
    places[state == int(State.EDITED)] = 5
    places[state == int(State.MISSING)] = 6
    return pa.array(names).take(pa.array(places))


class CimXml(Format):
    """A ``MeterReading`` for each series."""

    def head(self) -> bytes:
        """The root."""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<MeterReadings xmlns="{_NAMESPACE}">\n'.encode()

    def series(self, values: Values) -> bytes:
        """Its block of intervals, its meter and its usage point."""
        there = pa.array(values.state != int(State.MISSING))
        value = pc.if_else(
            there, pc.binary_join_element_wise("<value>", decimals(values.micro), "</value>", ""), ""
        )
        rows = joined(
            [
                '<IntervalReadings><ReadingQualities><ReadingQualityType ref="',
                codes(values),
                '"/></ReadingQualities><timeStamp>',
                instants(values.ms + values.length_ms, self.wish.time_zone),
                "</timeStamp>",
                value,
                "</IntervalReadings>",
            ]
        )
        serial = values.serial_at(int(values.ms[-1])) if len(values) else ""
        meter = f"<Meter><Names>{element('name', serial)}</Names></Meter>" if serial else ""
        head = f'<MeterReading><IntervalBlocks><ReadingType ref="{values.reading_type}"/>'.encode()
        tail = (
            f"</IntervalBlocks>{meter}<UsagePoint>{element('mRID', str(values.info.usage_point_id))}"
            f"<Names>{element('name', values.code)}</Names></UsagePoint></MeterReading>\n"
        )
        return head + rows + tail.encode()

    def tail(self) -> bytes:
        """The end of the root."""
        return b"</MeterReadings>\n"


class CimJson(Format):
    """The same as JSON."""

    between: ClassVar[bytes] = b",\n"

    def head(self) -> bytes:
        """The root."""
        return b'{"MeterReadings":{"MeterReading":[\n'

    def series(self, values: Values) -> bytes:
        """Its block of intervals, its meter and its usage point."""
        there = pa.array(values.state != int(State.MISSING))
        value = pc.if_else(
            there, pc.binary_join_element_wise(',"value":"', decimals(values.micro), '"', ""), ""
        )
        rows = joined(
            [
                '{"ReadingQualities":[{"ReadingQualityType":"',
                codes(values),
                '"}],"timeStamp":"',
                instants(values.ms + values.length_ms, self.wish.time_zone),
                '"',
                value,
                "}",
            ],
            ",\n",
        )
        serial = values.serial_at(int(values.ms[-1])) if len(values) else ""
        point = {"mRID": str(values.info.usage_point_id), "Names": [{"name": values.code}]}
        about = {**({"Meter": {"Names": [{"name": serial}]}} if serial else {}), "UsagePoint": point}
        return b"".join(
            (
                f'{{"IntervalBlocks":[{{"ReadingType":"{values.reading_type}","IntervalReadings":[\n'.encode(),
                rows,
                b"]}],",
                json.dumps(about, ensure_ascii=False)[1:].encode(),
            )
        )

    def tail(self) -> bytes:
        """The end of the root."""
        return b"\n]}}\n"
