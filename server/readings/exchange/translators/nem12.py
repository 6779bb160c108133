"""NEM12 (AEMO, Meter Data File Format, section 4): 100, then 200 with its 300, 400 and 500 records, then 900.

Readings are named ``NMI/suffix``: ``6001234567/E1``. Times are Eastern Standard Time. Null intervals (N) are
no readings; substituted and estimated ones (S, F, E) come with the bit DERIVED.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Final

from server.readings.exchange.domain import CsvFormat, RowError
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.translators.base import Row

_DAY_MINUTES: Final = 1440
_NUMBER: Final = re.compile(r"^[+-]?\d{1,15}(\.\d+)?$")
_LEAST: Final = {"200": 9, "300": 3, "400": 4}
_QUALITY: Final = re.compile(r"^([AN]|[ESF]\d\d|V)$")
_SHOWN: Final = 200


@dataclass(slots=True)
class _Stream:
    """What a 200 record says."""

    name: str
    minutes: int


@dataclass(slots=True)
class _Day:
    """A 300 record, and what its 400 records say of its quality."""

    line: int
    stream: _Stream
    date: datetime
    values: Sequence[str]
    flags: list[str]

    def rows(self) -> Iterator[Row]:
        """Its readings."""
        step = timedelta(minutes=self.stream.minutes)
        for n, (value, flag) in enumerate(zip(self.values, self.flags, strict=True)):
            if flag[:1] != "N":
                at = f"{self.date + n * step:%Y-%m-%dT%H:%M:%S}+10:00"
                yield Row(self.line, self.stream.name, at, value, derived=flag[:1] in "ESF")


def nem12(file: IO[bytes], csv: CsvFormat) -> Iterator[Row | RowError]:
    """The readings of a file."""
    del csv
    stream: _Stream | None = None
    day: _Day | None = None
    ended = False
    for number, raw in enumerate(file, start=1):
        cells = _cells(raw)
        kind = cells[0]
        if number == 1 and (kind != "100" or cells[1:2] != ["NEM12"]):
            raise FileUnreadable("the file does not begin with 100,NEM12")
        if kind != "400" and day is not None:
            yield from day.rows()
            day = None
        wrong = _flaw(kind, cells, stream, day, ended=ended)
        if wrong:
            yield RowError(number, kind, ",".join(cells)[:_SHOWN], wrong, "INVALID_FIELD")
            stream = None if kind == "200" else stream
        elif kind == "200":
            stream = _Stream(f"{cells[1]}/{cells[4]}", int(cells[8]))
        elif kind == "300" and stream is not None:
            count = _DAY_MINUTES // stream.minutes
            date = datetime.strptime(cells[1], "%Y%m%d")  # noqa: DTZ007 - the zone is written behind it
            day = _Day(number, stream, date, cells[2 : 2 + count], [cells[2 + count]] * count)
        elif kind == "400" and day is not None:
            low, high = int(cells[1]), int(cells[2])
            day.flags[low - 1 : high] = [cells[3]] * (high - low + 1)
        ended = ended or kind == "900"
    if day is not None:
        yield from day.rows()
    if not ended:
        raise FileUnreadable("the file does not end with 900: a part of it is missing")


def _cells(raw: bytes) -> list[str]:
    try:
        return [cell.strip() for cell in raw.decode("utf-8-sig").strip().split(",")]
    except UnicodeDecodeError:
        raise FileUnreadable("the file is not UTF-8") from None


def _flaw(kind: str, cells: list[str], stream: _Stream | None, day: _Day | None, *, ended: bool) -> str:
    """What is wrong with a record; nothing: it is as it should be."""
    if ended and kind:
        return "there is a record behind 900"
    if len(cells) < _LEAST.get(kind, 1):
        return f"a {kind} record has at least {_LEAST[kind]} fields, this one {len(cells)}"
    if kind == "200":
        known = cells[8] in {"5", "05", "15", "30"}
        return "" if known else f"{cells[8]!r} is no interval length: 5, 15 or 30 minutes"
    if kind == "300":
        return "its 200 record is missing or wrong" if stream is None else _flaw_of_day(cells, stream)
    if kind == "400":
        return "its 300 record is missing or wrong" if day is None else _flaw_of_run(cells, day)
    return "" if kind in {"100", "500", "900", ""} else f"{kind!r} is no record of NEM12"


def _flaw_of_day(cells: list[str], stream: _Stream) -> str:
    count = _DAY_MINUTES // stream.minutes
    try:
        datetime.strptime(cells[1], "%Y%m%d")  # noqa: DTZ007 - only whether it is a day
    except ValueError:
        return f"{cells[1]!r} is not a day written YYYYMMDD"
    there = next((n for n, text in enumerate(cells[2:]) if _QUALITY.match(text)), len(cells) - 2)
    if there != count and (there < count or len(cells) <= 2 + count):
        return f"a day of {stream.minutes} minutes has {count} values and a quality, this one {there}"
    bad = next((text for text in cells[2 : 2 + count] if not _NUMBER.match(text)), None)
    if bad is not None:
        return f"{bad!r} is not a number"
    flag = cells[2 + count]
    return "" if _QUALITY.match(flag) else f"{flag!r} is no quality: A, N, V, or E, S, F with a method"


def _flaw_of_run(cells: list[str], day: _Day) -> str:
    count = len(day.values)
    numbers = cells[1].isdigit() and cells[2].isdigit()
    if not numbers or not 1 <= int(cells[1]) <= int(cells[2]) <= count:
        return f"{cells[1]} to {cells[2]} is no run of intervals between 1 and {count}"
    right = _QUALITY.match(cells[3]) and cells[3] != "V"
    return "" if right else f"{cells[3]!r} is no quality of a run"
