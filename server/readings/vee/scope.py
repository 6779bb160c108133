"""What a run looks at: series with their days, the channels that feed them, and the local days themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pyarrow as pa

from server.readings.calendar import LocalDay, local_day
from server.readings.vee.rules import REFERENCE_REACH_DAYS, one_unit
from server.readings.vee.sql_tables import KIND_INTERVAL, KIND_REGISTER

EPOCH = date(1970, 1, 1)
FOREVER = 4_102_444_800_000
"""2100-01-01: the end of an installation that lasts."""


@dataclass(frozen=True, slots=True)
class Feed:
    """That a channel feeds a series for a while, with one multiplier. Times in milliseconds, half-open."""

    channel: int
    register: bool
    tenure_from: int
    tenure_to: int
    """The whole time of the channel at the series: its register runs through it, whatever the multiplier."""
    valid_from: int
    valid_to: int
    multiplier: int
    """In 10^-9."""
    modulus: int = 0
    """What the register can show plus one, in 10^-6 of the unit; 0: it does not roll over."""
    max_per_hour: int | None = None
    negative_allowed: bool = False


@dataclass(frozen=True, slots=True)
class SeriesScope:
    """What is run of one series. Days are numbered since 1970."""

    series: int
    usage_point_id: UUID
    tz: str
    interval_ms: int
    first_day: int
    last_day: int
    """Days that are looked at."""
    out_first: int
    out_last: int
    """Days that are written."""
    expect_from: int
    expect_to: int
    """Intervals within should have a value, milliseconds."""
    feeds: tuple[Feed, ...]

    @property
    def load_from(self) -> int:
        """First instant that is looked at."""
        return day_at(self.tz, self.first_day).start_ms

    @property
    def load_to(self) -> int:
        """First instant that is not looked at any more."""
        return day_at(self.tz, self.last_day).end_ms

    @property
    def unit(self) -> int:
        """One unit of the register, as the series counts it."""
        return max((one_unit(feed.multiplier) for feed in self.feeds if feed.register), default=0)

    @property
    def cells(self) -> int:
        """About how many intervals are looked at."""
        return (self.load_to - self.load_from) // self.interval_ms


def day_at(tz: str, number: int) -> LocalDay:
    """The local day with this number since 1970."""
    return local_day(tz, EPOCH + timedelta(days=number))


def number_of(day: date) -> int:
    """The number of a day since 1970."""
    return (day - EPOCH).days


def series_table(scopes: Sequence[SeriesScope]) -> pa.Table:
    """The rows of the run's table ``series``."""
    columns = {
        "series": pa.array([s.series for s in scopes], pa.uint64()),
        "usage_point_id": pa.array([s.usage_point_id.bytes for s in scopes], pa.binary(16)),
        "tz": pa.array([s.tz for s in scopes], pa.string()),
        "interval_ms": pa.array([s.interval_ms for s in scopes], pa.int64()),
    }
    for name in ("first_day", "last_day", "out_first", "out_last"):
        columns[name] = pa.array([getattr(s, name) for s in scopes], pa.int32())
    for name in ("load_from", "load_to", "expect_from", "expect_to", "unit"):
        columns[name] = pa.array([getattr(s, name) for s in scopes], pa.int64())
    return pa.table(columns)


def feed_table(scopes: Sequence[SeriesScope]) -> pa.Table:
    """The rows of the run's table ``feed``."""
    rows = [(s, f) for s in scopes for f in s.feeds]
    longs = {
        "interval_ms": [s.interval_ms for s, _ in rows],
        "load_from": [s.load_from for s, _ in rows],
        "load_to": [s.load_to for s, _ in rows],
        "tenure_from": [f.tenure_from for _, f in rows],
        "tenure_to": [f.tenure_to for _, f in rows],
        "valid_from": [f.valid_from for _, f in rows],
        "valid_to": [f.valid_to for _, f in rows],
        "mult": [f.multiplier for _, f in rows],
        "modulus": [f.modulus for _, f in rows],
        "max_hour": [-1 if f.max_per_hour is None else f.max_per_hour for _, f in rows],
    }
    return pa.table(
        {
            "series": pa.array([s.series for s, _ in rows], pa.uint64()),
            "channel": pa.array([f.channel for _, f in rows], pa.uint64()),
            "kind": pa.array([KIND_REGISTER if f.register else KIND_INTERVAL for _, f in rows], pa.uint8()),
            **{name: pa.array(values, pa.int64()) for name, values in longs.items()},
            "neg": pa.array([int(f.negative_allowed) for _, f in rows], pa.uint8()),
        }
    )


def day_table(scopes: Iterable[SeriesScope]) -> pa.Table:
    """The rows of the run's table ``day``: all days that a series looks at or may learn from."""
    spans: dict[str, tuple[int, int]] = {}
    for scope in scopes:
        first, last = spans.get(scope.tz, (scope.first_day, scope.last_day))
        spans[scope.tz] = min(first, scope.first_day), max(last, scope.last_day)
    days = [
        (number, day_at(tz, number))
        for tz, (first, last) in spans.items()
        for number in range(first - REFERENCE_REACH_DAYS, last + REFERENCE_REACH_DAYS + 1)
    ]
    return _days(days)


def days_between(tz: str, first: int, last: int) -> pa.Table:
    """The rows of the run's table ``day`` for the days of one zone, both included."""
    return _days([(number, day_at(tz, number)) for number in range(first, last + 1)])


def _days(days: Sequence[tuple[int, LocalDay]]) -> pa.Table:
    return pa.table(
        {
            "tz": pa.array([d.tz for _, d in days], pa.string()),
            "day": pa.array([number for number, _ in days], pa.int32()),
            **{
                name: pa.array([getattr(d, name) for _, d in days], pa.int64())
                for name in ("start_ms", "end_ms", "base_ms", "shift_ms", "delta_ms")
            },
            "plain": pa.array([int(d.plain) for _, d in days], pa.uint8()),
        }
    )
