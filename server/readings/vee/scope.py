"""What a run looks at: series with their days, the channels that feed them, and the local days themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pyarrow as pa

from server.readings.calendar import LocalDay, local_day
from server.readings.vee.rules import DEFAULT, METHODS, NEVER, SENDER_BITS, Knobs, one_unit
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
    floor: int = 0
    """Values and differences below are faulty, unless negative ones are allowed."""
    turn: int | None = None
    """The most that a rollover without a bound of use may count; None: a tenth of the modulus."""
    bits: int = SENDER_BITS
    """Bits of a sender that are believed."""


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
    knobs: Knobs = DEFAULT

    def ruled(self, knobs: Knobs) -> "SeriesScope":
        """The same under a rule set. Of a scope under the built-in set."""
        feeds = (
            replace(
                feed,
                max_per_hour=knobs.bound(feed.max_per_hour),
                floor=knobs.floor(negative_allowed=feed.negative_allowed),
                turn=feed.modulus * knobs.rollover_per_mille // 1000,
                bits=knobs.sender_bits,
            )
            for feed in self.feeds
        )
        return replace(self, knobs=knobs, feeds=tuple(feeds))

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
        """What V10 lets pass in any case: units of the register, as the series counts them."""
        unit = max((one_unit(feed.multiplier) for feed in self.feeds if feed.register), default=0)
        return unit * self.knobs.sum_least_per_mille // 1000

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
    knobs = [s.knobs for s in scopes]
    columns |= {
        "rule_set_version": pa.array([k.rule_set_version for k in knobs], pa.int64()),
        "spike_per_mille": pa.array([k.spike_per_mille for k in knobs], pa.int64()),
        "spike_least": pa.array([k.least_values for k in knobs], pa.int64()),
        "spike_whole": pa.array([int(k.spike_whole) for k in knobs], pa.uint8()),
        "linear_ms": pa.array([k.linear_ms for k in knobs], pa.int64()),
        "longest_ms": pa.array([k.longest_ms for k in knobs], pa.int64()),
        "unsound": pa.array([k.unsound for k in knobs], pa.uint32()),
        "reference_days": pa.array([k.reference_days for k in knobs], pa.uint32()),
        "reach_days": pa.array([k.reach_days for k in knobs], pa.int32()),
        "last_year": pa.array([int(k.last_year) for k in knobs], pa.uint8()),
        "average_days": pa.array([k.average_days for k in knobs], pa.int32()),
        "scaling": pa.array([int(k.scaling) for k in knobs], pa.uint8()),
        "negative_scaling": pa.array([int(k.negative_scaling) for k in knobs], pa.uint8()),
        "dense_per_mille": pa.array([k.dense_per_mille for k in knobs], pa.int64()),
        "step_per_mille": pa.array([k.largest_step for k in knobs], pa.int64()),
        "sums": pa.array([int("V10" not in k.off) for k in knobs], pa.uint8()),
        "sum_per_mille": pa.array([k.sum_per_mille for k in knobs], pa.int64()),
    }
    return pa.table(columns)


def knobs_table(knobs: Iterable[Knobs]) -> pa.Table:
    """The rows of the run's table ``knobs``."""
    rows = list(knobs)
    return pa.table(
        {
            "rule_set_version": pa.array([k.rule_set_version for k in rows], pa.int64()),
            "spike_per_mille": pa.array([k.spike_per_mille for k in rows], pa.int64()),
            "spike_least": pa.array([k.least_values for k in rows], pa.int64()),
            "linear_ms": pa.array([k.day_linear_ms for k in rows], pa.int64()),
            "unsound": pa.array([k.unsound for k in rows], pa.uint32()),
            "bits": pa.array([k.sender_bits for k in rows], pa.uint32()),
            "outage_fails": pa.array([int(not k.outage_is_valid) for k in rows], pa.uint8()),
            "least": pa.array([k.floor(negative_allowed=False) for k in rows], pa.int64()),
        }
    )


def method_table(knobs: Iterable[Knobs]) -> pa.Table:
    """The rows of the run's table ``method``."""
    rows = [
        (k.rule_set_version, int(METHODS[method]), place)
        for k in knobs
        for place, method in enumerate(k.methods, start=1)
    ]
    return pa.table(
        {
            "rule_set_version": pa.array([version for version, _, _ in rows], pa.int64()),
            "method": pa.array([method for _, method, _ in rows], pa.uint8()),
            "place": pa.array([place for _, _, place in rows], pa.uint8()),
        }
    )


def severity_table(knobs: Iterable[Knobs]) -> pa.Table:
    """The rows of the run's table ``severity``."""
    rows = [(k.rule_set_version, rule, severity) for k in knobs for rule, severity in k.severities.items()]
    return pa.table(
        {
            "rule_set_version": pa.array([version for version, _, _ in rows], pa.int64()),
            "rule": pa.array([rule for _, rule, _ in rows], pa.string()),
            "severity": pa.array([severity for _, _, severity in rows], pa.uint8()),
        }
    )


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
        "least": [-NEVER if f.negative_allowed else f.floor for _, f in rows],
        "turn": [f.modulus // 10 if f.turn is None else f.turn for _, f in rows],
        "replace_least": [s.knobs.replace_least for s, _ in rows],
        "replace_per_mille": [s.knobs.replace_per_mille for s, _ in rows],
        "tolerance": [s.knobs.tolerance(s.interval_ms) for s, _ in rows],
    }
    return pa.table(
        {
            "series": pa.array([s.series for s, _ in rows], pa.uint64()),
            "channel": pa.array([f.channel for _, f in rows], pa.uint64()),
            "kind": pa.array([KIND_REGISTER if f.register else KIND_INTERVAL for _, f in rows], pa.uint8()),
            **{name: pa.array(values, pa.int64()) for name, values in longs.items()},
            "neg": pa.array([int(f.negative_allowed) for _, f in rows], pa.uint8()),
            "bits": pa.array([f.bits for _, f in rows], pa.uint32()),
            "outage_fails": pa.array([int(not s.knobs.outage_is_valid) for s, _ in rows], pa.uint8()),
        }
    )


def day_table(scopes: Iterable[SeriesScope]) -> pa.Table:
    """The rows of the run's table ``day``: all days that a series looks at or may learn from."""
    spans: dict[str, tuple[int, int]] = {}
    for scope in scopes:
        begin, end = scope.first_day - scope.knobs.learns_from, scope.last_day + scope.knobs.reach_days
        first, last = spans.get(scope.tz, (begin, end))
        spans[scope.tz] = min(first, begin), max(last, end)
    days = [
        (number, day_at(tz, number))
        for tz, (first, last) in spans.items()
        for number in range(first, last + 1)
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
