"""CSV (RFC 4180), tab-separated text, JSON, one JSON object a line, and XML: SiMBA's own words in columns."""

import csv
import io
import json
from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from server.readings.domain import State
from server.readings.exports.domain import Values, Wish
from server.readings.exports.formats.base import Format
from server.readings.exports.text import decimals, instants, integers, joined, methods, states

COLUMNS = (
    "usage_point", "series", "quantity", "unit", "meter",
    "start", "end", "value", "state", "quality", "method",
)  # fmt: skip
"""Columns of CSV and TXT, and names of JSON: ``usage_point`` is its code, ``meter`` a serial number."""


def columns_of(wish: Wish, values: Values) -> dict[str, pa.Array]:
    """The columns that differ from row to row, as text."""
    zone = wish.time_zone
    return {
        "start": instants(values.ms, zone),
        "end": instants(values.ms + values.length_ms, zone),
        "value": decimals(values.micro, values.state != int(State.MISSING)),
        "state": states(values.state),
        "quality": integers(values.quality),
        "method": methods(values.method),
    }


def meters_of(values: Values) -> pa.Array:
    """The serial number of the meter of each row."""
    names = pa.array([""] * len(values), pa.string())
    at = pa.array(values.ms)
    for stay in values.stays:
        inside = pc.and_(pc.greater_equal(at, stay.start_ms), pc.less(at, stay.end_ms))
        names = pc.if_else(inside, stay.serial_number, names)
    return names


class Separated(Format):
    """Rows of text with something between the columns."""

    separator: ClassVar[str] = ","

    def head(self) -> bytes:
        """The heading."""
        return (self.separator.join(COLUMNS) + "\r\n").encode()

    def series(self, values: Values) -> bytes:
        """A line for each interval."""
        info, by = values.info, self.separator
        fixed = self._cells(values.code, str(info.series), info.quantity, info.unit)
        meters = meters_of(values)
        names = {name: self._cells(name) for name in set(meters.to_pylist())}
        quoted = pa.array([names[name] for name in meters.to_pylist()], pa.string())
        columns = columns_of(self.wish, values)
        pieces: list[str | pa.Array] = [fixed + by, quoted]
        for column in columns.values():
            pieces += [by, column]
        return joined([*pieces, "\r\n"])

    def _cells(self, *cells: str) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator="").writerow(cells)
        # A single empty cell is written as two quotes, to be told from an empty line.
        return "" if cells == ("",) else text.getvalue()


class Tabbed(Separated):
    """The same with tabs."""

    separator: ClassVar[str] = "\t"


class Lines(Format):
    """One object a line; numbers are texts, as decimals want it."""

    end: ClassVar[tuple[str, str]] = ("\n", "")
    """Behind each row, and between two."""

    def series(self, values: Values) -> bytes:
        """An object for each interval."""
        info = values.info
        fixed = {
            "usage_point": values.code,
            "series": info.series,
            "quantity": info.quantity,
            "unit": info.unit,
        }
        meters = meters_of(values).to_pylist()
        quoted = {name: json.dumps(name, ensure_ascii=False) for name in set(meters)}
        columns = columns_of(self.wish, values)
        pieces: list[str | pa.Array] = [
            json.dumps(fixed, ensure_ascii=False, separators=(",", ":"))[:-1] + ',"meter":',
            pa.array([quoted[name] for name in meters], pa.string()),
        ]
        for name in ("start", "end", "value", "state", "method"):
            pieces += [f',"{name}":"', columns[name], '"']
        behind, between = self.end
        return joined([*pieces, ',"quality":', columns["quality"], "}" + behind], between)


class Json(Lines):
    """The same objects in one array."""

    between: ClassVar[bytes] = b",\n"
    end: ClassVar[tuple[str, str]] = ("", ",\n")

    def head(self) -> bytes:
        """The beginning of the array."""
        return b'{"intervals":[\n'

    def tail(self) -> bytes:
        """The end of the array."""
        return b"\n]}\n"


class Xml(Format):
    """A ``Series`` for each series, an ``Interval`` for each interval."""

    def head(self) -> bytes:
        """The root."""
        stamp = self.made.isoformat(timespec="seconds").replace("+00:00", "Z")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Readings created="{stamp}">\n'.encode()

    def series(self, values: Values) -> bytes:
        """Its intervals."""
        info = values.info
        serials = " ".join(dict.fromkeys(one.serial_number for one in values.stays))
        names = {
            "usagePoint": values.code,
            "series": str(info.series),
            "quantity": info.quantity,
            "unit": info.unit,
            "meters": serials,
        }
        told = " ".join(f"{name}={quoteattr(value)}" for name, value in names.items())
        pieces: list[str | pa.Array] = ["<Interval"]
        for name, column in columns_of(self.wish, values).items():
            pieces += [f' {name}="', column, '"']
        return f"<Series {told}>\n".encode() + joined([*pieces, "/>\n"]) + b"</Series>\n"

    def tail(self) -> bytes:
        """The end of the root."""
        return b"</Readings>\n"


def element(name: str, text: str) -> str:
    """An XML element with text."""
    return f"<{name}>{escape(text)}</{name}>"
