"""Local days: 23, 24 or 25 hours long, in milliseconds since 1970, UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """One day of a zone, half-open."""

    tz: str
    day: date
    start_ms: int
    end_ms: int
    base_ms: int
    """Wall-clock time at the start, milliseconds since midnight; not 0 where midnight is skipped."""
    shift_ms: int
    """Instant at which the clocks change within the day; ``end_ms`` where they do not."""
    delta_ms: int
    """By how much they are set forward there; negative: back."""

    @property
    def plain(self) -> bool:
        """Whether it is an ordinary day of 24 hours."""
        return self.delta_ms == 0 and self.base_ms == 0 and self.end_ms - self.start_ms == DAY_MS

    def wall_ms(self, at_ms: int) -> int:
        """Wall-clock time of an instant within the day, milliseconds since midnight."""
        return self.base_ms + at_ms - self.start_ms + (self.delta_ms if at_ms >= self.shift_ms else 0)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 of an aware time, rounded down."""
    return (at - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The aware UTC time of so many milliseconds since 1970."""
    return _EPOCH + ms * _MS


def day_of(tz: str, at_ms: int) -> date:
    """The local day in which an instant lies."""
    return from_ms(at_ms).astimezone(ZoneInfo(tz)).date()


def days_between(tz: str, first: date, last: date) -> Iterator[LocalDay]:
    """The local days from ``first`` to ``last``, both included."""
    for number in range((last - first).days + 1):
        yield local_day(tz, first + timedelta(days=number))


def days_with(tz: str, start_ms: int, end_ms: int) -> Iterator[LocalDay]:
    """The local days that have an instant in ``[start_ms, end_ms)``."""
    return days_between(tz, day_of(tz, start_ms), day_of(tz, max(start_ms, end_ms - 1)))


@lru_cache(maxsize=200_000)
def local_day(tz: str, day: date) -> LocalDay:
    """One local day of a zone."""
    zone = ZoneInfo(tz)
    start, end = _midnight(zone, day), _midnight(zone, day + timedelta(days=1))
    before = _offset_ms(zone, start)
    delta = _offset_ms(zone, end - 1) - before
    at_start = from_ms(start).astimezone(zone)
    base = (at_start.hour * 3600 + at_start.minute * 60 + at_start.second) * 1000
    shift = _transition(zone, start, end, before) if delta else end
    return LocalDay(tz, day, start, end, base, shift, delta)


def _midnight(zone: ZoneInfo, day: date) -> int:
    """First instant of a local day."""
    at = to_ms(datetime(day.year, day.month, day.day, tzinfo=zone))
    # Where the clocks skip midnight, the naive time does not exist and lands within the day before or after.
    while from_ms(at - 1).astimezone(zone).date() >= day:
        at -= 1_800_000
    while from_ms(at).astimezone(zone).date() < day:
        at += 1_800_000
    return at


def _offset_ms(zone: ZoneInfo, at_ms: int) -> int:
    offset = from_ms(at_ms).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // _MS


def _transition(zone: ZoneInfo, start: int, end: int, before: int) -> int:
    low, high = start // 1000, end // 1000
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_ms(zone, middle * 1000) == before:
            low = middle
        else:
            high = middle
    return high * 1000


def grid_of(day: LocalDay, interval_ms: int) -> range:
    """Starts of the intervals that begin in a local day, as a range of milliseconds.

    Intervals up to an hour lie on multiples of their length since 1970; longer ones begin with the local day,
    and the last one of a day is as long as the day allows.
    """
    if interval_ms <= HOUR_MS:
        first = -(-day.start_ms // interval_ms) * interval_ms
        return range(first, day.end_ms, interval_ms)
    return range(day.start_ms, day.end_ms, interval_ms)


def cells_of(days: Iterable[LocalDay], interval_ms: int) -> int:
    """Number of intervals that begin in the days."""
    return sum(len(grid_of(day, interval_ms)) for day in days)
