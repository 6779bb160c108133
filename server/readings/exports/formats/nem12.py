"""NEM12: interval metering data of the Australian market (AEMO, Meter Data File Format, section 4).

Days are those of Eastern Standard Time, all of 24 hours. A day whose intervals are all alike has one quality
flag; a mixed one says V and tells its runs in 400 records. Flags: A measured, S a substitute that may still
change, F a final one, N none; the two digits behind S and F are the method (table 5 of the specification).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import numpy as np

from server.readings.domain import Method, State
from server.readings.exports.domain import Values
from server.readings.exports.errors import CannotWrite
from server.readings.exports.formats.base import Format
from server.readings.exports.text import decimals

SUFFIXES = {
    "ACTIVE_ENERGY_IMPORT": "E1",
    "ACTIVE_ENERGY_EXPORT": "B1",
    "REACTIVE_ENERGY_IMPORT": "Q1",
    "REACTIVE_ENERGY_EXPORT": "K1",
}
"""Quantity → NMI suffix: E is drawn from the network, B is fed into it, Q and K are its reactive sides."""
LENGTHS = (5, 15, 30)
"""Minutes of an interval."""
_DAY_MS, _MINUTE_MS = 86_400_000, 60_000
_EAST = timezone(timedelta(hours=10))
_EAST_MS = 36_000_000
_NMI = 10
_METHODS = {
    int(Method.LINEAR): "17",
    int(Method.NEAREST_DAYS): "15",
    int(Method.LIKE_DAYS): "14",
    int(Method.AVERAGE_LOAD): "16",
    int(Method.FLAT_TO_REGISTER): "16",
    int(Method.ZERO): "19",
}
_OTHER = "18"
_BY_HAND = "F16"
"""Agreed by people."""


class Nem12(Format):
    """Header, a 200 record and its days for each series and meter, end."""

    def head(self) -> bytes:
        """Record 100."""
        at = self.made.astimezone(_EAST)
        return f"100,NEM12,{at:%Y%m%d%H%M},{self.wish.sender},{self.wish.receiver}\r\n".encode("ascii")

    def series(self, values: Values) -> bytes:
        """Records 200, 300 and 400."""
        info, code = values.info, values.code
        minutes = (info.interval_seconds or 0) // 60
        if info.quantity not in SUFFIXES:
            raise CannotWrite(f"series {info.series}: NEM12 has no suffix for {info.quantity}")
        if minutes not in LENGTHS:
            raise CannotWrite(f"series {info.series}: NEM12 has no intervals of {info.interval_seconds} s")
        if len(code) != _NMI or not code.isalnum() or not code.isascii():
            raise CannotWrite(f"usage point {code!r}: an NMI has ten letters and digits")
        suffix = SUFFIXES[info.quantity]
        lines, serial = [], None
        for day_ms, part in _days(values):
            now = values.serial_at(day_ms)
            if now != serial:
                serial = now
                told = f"{now[:12]},{info.unit},{minutes:02d}"
                lines.append(f"200,{code},{suffix},1,{suffix},N1,{told},")
            lines += _day(values, day_ms, part, minutes, self.made)
        return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")

    def tail(self) -> bytes:
        """Record 900."""
        return b"900\r\n"


def _days(values: Values) -> Iterator[tuple[int, slice]]:
    """The market's days: where they begin, and which intervals they have."""
    numbers = (values.ms + _EAST_MS) // _DAY_MS
    edges = np.flatnonzero(np.diff(numbers)) + 1
    begin = 0
    for end in (*edges.tolist(), len(values)):
        if end > begin:
            yield int(numbers[begin]) * _DAY_MS - _EAST_MS, slice(begin, end)
        begin = end


def _day(values: Values, day_ms: int, part: slice, minutes: int, made: datetime) -> Iterator[str]:
    """Records 300 and 400 of a day; intervals that are not there are null."""
    count = _DAY_MS // (minutes * _MINUTE_MS)
    place = (values.ms[part] - day_ms) // (minutes * _MINUTE_MS)
    micro = np.zeros(count, np.int64)
    micro[place] = values.micro[part]
    flags = np.full(count, "N", object)
    flags[place] = [
        _flag(int(state), int(method))
        for state, method in zip(values.state[part], values.method[part], strict=True)
    ]
    texts = [text or "0" for text in decimals(micro).to_pylist()]
    # Exports of days that are not over are told as what they are: null intervals.
    edges = [0, *(np.flatnonzero(flags[1:] != flags[:-1]) + 1).tolist(), count]
    alike = len(edges) == 2  # noqa: PLR2004 - begin and end
    date = datetime.fromtimestamp(day_ms / 1000, UTC).astimezone(_EAST)
    stamp = f"{made.astimezone(_EAST):%Y%m%d%H%M%S}"
    yield f"300,{date:%Y%m%d},{','.join(texts)},{flags[0] if alike else 'V'},,,{stamp},"
    if not alike:
        for low, high in pairwise(edges):
            yield f"400,{low + 1},{high},{flags[low]},,"


def _flag(state: int, method: int) -> str:
    if state == State.MISSING:
        return "N"
    if state == State.EDITED:
        return _BY_HAND
    if state == State.ESTIMATED:
        return f"S{_METHODS.get(method, _OTHER)}"
    return "A"
