"""The rules, as pure functions over integers: values in 10^-6 of the unit, times in milliseconds.

``server.readings.vee.pure`` applies them to one series; the SQL of ``server.readings.vee.sql_*`` does the
same to all touched series at once. A property test keeps the two alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from server.readings.domain import MICRO, Method, Quality, Severity, round_div

_T = TypeVar("_T")
NANO = 1_000_000_000
"""Multipliers are integers in 10^-9."""

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LONG_TOLERANCE_LIMIT_MS = 60_000
"""Intervals above an hour may begin at most this far from their place."""
NEVER = 1 << 62
"""A threshold that nothing reaches: of a rule that is off."""

SENDER_BITS = int(
    Quality.MANUALLY_EDITED
    | Quality.DERIVED
    | Quality.PROJECTED
    | Quality.ROLLOVER
    | Quality.CLOCK_INVALID
    | Quality.CLOCK_ADJUSTED
    | Quality.POWER_DOWN
    | Quality.LATE
    | Quality.RECOVERED
    | Quality.DEVICE_FLAG
)
"""Bits that are believed when a sender sets them; the others are for the rules to say."""

DISTRUST_BITS = int(Quality.NEGATIVE | Quality.LIMIT | Quality.DEVICE_FLAG)
"""A value with one of these is replaced by an estimate."""


METHODS = {
    "E04": Method.LINEAR,
    "E05": Method.NEAREST_DAYS,
    "E06": Method.LIKE_DAYS,
    "E09": Method.AVERAGE_LOAD,
    "E10": Method.ZERO,
}
"""Methods of estimation that runs use, by their ids in the catalogue."""
LIKE_DAYS = (
    (-7, -14),
    (-7, -6, -5),
    (-7, -1, -8, -6),
    (-7, -1, -8, -2, -9),
    (-7,),
    (-7,),
    (-7,),
)
"""E06: of each weekday, Monday first, the days to learn from."""
LIKE_REACH = 14
YEAR_OF_WEEKS = 364


class Scaling(IntEnum):
    """S: between which readings of registers estimates are scaled; numbers are those of the catalogue."""

    NONE = 0
    BOUNDARY = 1
    """Between the first readings of days."""
    PARTIAL = 2
    """Between all readings."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the rules of a set are told, as the engine takes it; the defaults are the built-in set."""

    rule_set_version: int = 0
    """Id of the version of the rule set; 0: the built-in one."""
    off: frozenset[str] = frozenset({"V14"})
    """Rules that are off."""
    methods: tuple[str, ...] = ("E04", "E05", "E06", "E09", "E10")
    """Methods of estimation in the order in which they are tried; of those that runs use."""
    linear_ms: int = 2 * HOUR_MS
    """E04: gaps up to this long are bridged by a straight line (CPUC, two hours)."""
    outage_end_point: bool = True
    """E04: whether a value from an outage may be the end of such a line."""
    reference_days: int = 3
    """E05: days to learn from."""
    reach_days: int = 91
    """E05: how far from the day to estimate a reference day may lie."""
    last_year: bool = True
    """E06: whether the like days of the year before are asked where those of two weeks say nothing."""
    average_days: int = 30
    """E09: days before that the average is made of."""
    scaling: Scaling = Scaling.PARTIAL
    """S: how estimates are scaled to the registers."""
    negative_scaling: bool = False
    """S: whether a negative factor is used, where registers counted less than was measured."""
    longest_ms: int = 60 * DAY_MS
    """What is missing for longer is not estimated, except by registers."""
    dense_per_mille: int = 1500
    """Registers no further apart than this part of an interval give values that count as measured."""
    spike_per_mille: int = 1800
    """V11: (peak1 - peak3) / peak3 may be this much (California DASMMD practice)."""
    spike_least: int = 20
    """V11: a day with fewer values is not checked."""
    spike_whole: bool = False
    """V11: whether all days of a run are looked at together, instead of each local day."""
    sum_per_mille: int = 5
    """V10: intervals may differ from the registers by so much, or by units of the dial if that is more."""
    sum_least_per_mille: int = 1000
    """V10: units of the register that pass in any case, in thousandths."""
    tolerance_per_mille: int = 10
    """V04: part of the interval that a time may be off."""
    tolerance_cap_ms: int = 60_000
    """V04: the most that a time may be off."""
    rollover_per_mille: int = 100
    """V09: without a bound of use, a rollover is plausible up to this part of what the register can show."""
    negative_tolerance: int = 0
    """V08: how far below zero passes, in 10^-6 of the unit."""
    step_per_mille: int = 5000
    """V14: |x - before| / before may be this much."""
    replace_least: int = 0
    """V17: a later value that differs by less, in 10^-6 of the unit, is dropped."""
    replace_per_mille: int = 0
    """V17: the same, as part of the value before."""
    limit_per_mille: int = 1000
    """V13: what the bound of use is multiplied by."""
    outage_is_valid: bool = True
    """V07: whether a value from an outage counts as measured."""

    graver: tuple[tuple[str, int], ...] = ()
    """Rules whose severity is another one than in the built-in set."""

    @property
    def severities(self) -> dict[str, int]:
        """The rules that are on, and how grave their findings are."""
        known = {rule.id: int(rule.severity) for rule in RULES.values()} | dict(self.graver)
        return {rule: severity for rule, severity in known.items() if rule in RULES and rule not in self.off}

    @property
    def unsound(self) -> int:
        """Bits of values that no line begins at and no day is learnt from."""
        return int(Quality.CLOCK_INVALID | (Quality.PLAIN if self.outage_end_point else Quality.POWER_DOWN))

    @property
    def sender_bits(self) -> int:
        """Bits that are believed."""
        flags = Quality.DEVICE_FLAG | Quality.CLOCK_INVALID if "V07" in self.off else Quality.PLAIN
        return SENDER_BITS & ~int(flags)

    @property
    def least_values(self) -> int:
        """V11: values that a day must have to be checked."""
        return NEVER if "V11" in self.off else max(self.spike_least, 3)

    @property
    def largest_step(self) -> int:
        """V14: the largest step that passes, in thousandths; -1: any."""
        return -1 if "V14" in self.off else self.step_per_mille

    @property
    def learns_from(self) -> int:
        """How many days before a day the methods may look."""
        reach = {
            "E05": self.reach_days,
            "E06": LIKE_REACH + (YEAR_OF_WEEKS if self.last_year else 0),
            "E09": self.average_days,
        }
        return max((reach.get(method, 0) for method in self.methods), default=0)

    @property
    def day_by_day(self) -> bool:
        """Whether days can be judged one by one, as lanes are: no rule looks beyond the day."""
        return not self.spike_whole and self.largest_step < 0

    @property
    def day_linear_ms(self) -> int:
        """E04 for whoever sees a day only: 0 where another method comes before it."""
        return self.linear_ms if self.methods[:1] == ("E04",) else 0

    def floor(self, *, negative_allowed: bool) -> int:
        """V08: values below this are faulty."""
        return -NEVER if negative_allowed or "V08" in self.off else -self.negative_tolerance

    def bound(self, max_per_hour: int | None) -> int | None:
        """V13: the most that can plausibly be used in an hour; None: no bound."""
        return (
            None if max_per_hour is None or "V13" in self.off else max_per_hour * self.limit_per_mille // 1000
        )

    def tolerance(self, interval_ms: int) -> int:
        """V04: how far an interval's time may lie from its place."""
        most = min(interval_ms * self.tolerance_per_mille // 1000, self.tolerance_cap_ms)
        return min(most, LONG_TOLERANCE_LIMIT_MS) if interval_ms > HOUR_MS else most


DEFAULT = Knobs()


APPLIED_METHODS = frozenset({*METHODS, "S"})
"""Methods that runs use; S is flat where a stretch has no estimate of each interval."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue."""

    id: str
    name: str
    severity: Severity
    on_fail: str


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("V03", "Interval size and place", Severity.ISSUE, "the value is left out"),
        Rule("V04", "Time tolerance", Severity.ISSUE, "the value is left out"),
        Rule("V05", "Duplicate", Severity.INFO, "the repeat is dropped"),
        Rule("V06", "Missing", Severity.ISSUE, "estimated"),
        Rule("V07", "Meter status flags", Severity.ISSUE, "device flag: estimated; clock invalid: suspect"),
        Rule("V08", "Negative consumption", Severity.ISSUE, "estimated; a register begins anew"),
        Rule("V09", "Rollover", Severity.INFO, "accepted and marked"),
        Rule("V10", "Sum of intervals against registers", Severity.ISSUE, "suspect"),
        Rule("V11", "Spike", Severity.ISSUE, "suspect"),
        Rule("V13", "Limit of use", Severity.ISSUE, "estimated; a register begins anew"),
        Rule("V14", "Step between intervals", Severity.ISSUE, "suspect"),
        Rule("V17", "Replacement by later data", Severity.INFO, "the later value counts"),
    )
}

APPLIED_RULES = frozenset({"V01", "V02", *RULES})
"""Rules that are applied: V01 and V02 where readings come in, to the dead letters; the others by runs."""


@dataclass(frozen=True, slots=True)
class Spike:
    """What the spike rule says of one day."""

    applicable: bool
    failed: bool
    peak1: int
    peak3: int
    reason: str = ""


def spike(values: Sequence[int], knobs: Knobs = DEFAULT) -> Spike:
    """V11: whether the highest value stands out too far from the third highest."""
    if len(values) < knobs.least_values:
        return Spike(applicable=False, failed=False, peak1=0, peak3=0, reason="TOO_FEW")
    top = sorted(values, reverse=True)[:3]
    if top[2] <= 0:
        return Spike(applicable=False, failed=False, peak1=top[0], peak3=top[2], reason="NO_BASE")
    failed = (top[0] - top[2]) * 1000 > top[2] * knobs.spike_per_mille
    return Spike(applicable=True, failed=failed, peak1=top[0], peak3=top[2])


def is_step(before: int, value: int, knobs: Knobs = DEFAULT) -> bool:
    """V14: whether a value is too far from the one before; never behind a zero, which is no base."""
    passes = knobs.largest_step < 0 or before == 0
    return not passes and abs(value - before) * 1000 > abs(before) * knobs.largest_step


def kept(versions: Sequence[_T], value: Callable[[_T], int], knobs: Knobs = DEFAULT) -> _T:
    """V17: which of several values of one interval counts, given as they came in: the last that differs."""
    found = versions[0]
    for one in versions[1:]:
        least = max(knobs.replace_least, abs(value(found)) * knobs.replace_per_mille // 1000)
        if abs(value(one) - value(found)) >= least:
            found = one
    return found


def sum_tolerance(delta: int, unit: int, knobs: Knobs = DEFAULT) -> int:
    """V10: how far the sum of intervals may lie from a register difference; ``unit`` is one dial unit."""
    return max(unit, abs(delta) * knobs.sum_per_mille // 1000)


def sum_agrees(total: int, delta: int, unit: int, knobs: Knobs = DEFAULT) -> bool:
    """V10: whether intervals and registers agree."""
    return "V10" in knobs.off or abs(total - delta) <= sum_tolerance(delta, unit, knobs)


@dataclass(frozen=True, slots=True)
class Delta:
    """What lies between two readings of a register."""

    amount: int
    """In 10^-6 of the channel's unit."""
    rolled: bool = False
    fault: Quality = Quality.PLAIN
    """NEGATIVE or LIMIT where the difference cannot be believed."""


def register_delta(
    previous: int,
    current: int,
    span_ms: int,
    *,
    modulus: int = 0,
    max_per_hour: int | None = None,
    negative_allowed: bool = False,
    floor: int = 0,
    turn: int | None = None,
) -> Delta:
    """V08, V09 and V13: the difference of two register readings ``span_ms`` apart.

    ``modulus`` is what the register can show plus one, 0 for one that does not roll over. A bound of use is
    applied to an hour at least: registers count in steps. Differences below ``floor`` are faulty; a rollover
    is plausible up to ``turn``, without one up to a tenth of the modulus.
    """
    amount, rolled = current - previous, False
    if modulus and negative_allowed:
        wrapped = (amount + modulus // 2) % modulus - modulus // 2
        amount, rolled = wrapped, wrapped != amount
    elif modulus and amount < 0:
        amount, rolled = amount + modulus, True
    if amount < floor and not negative_allowed:
        return Delta(amount, fault=Quality.NEGATIVE)
    limit = (modulus // 10 if turn is None else turn) if rolled else None
    if max_per_hour is not None:
        limit = max_per_hour * max(span_ms, HOUR_MS) // HOUR_MS
    if limit is not None and abs(amount) > limit:
        fault = Quality.NEGATIVE if rolled else Quality.LIMIT
        return Delta(current - previous if rolled else amount, fault=fault)
    return Delta(amount, rolled)


def scaled(value: int, multiplier_nano: int) -> int:
    """A value times its multiplier, rounded to 10^-6 of the unit, halves away from zero."""
    return value if multiplier_nano == NANO else round_div(value * multiplier_nano, NANO)


def register_at(start_value: int, delta: int, passed_ms: int, span_ms: int, multiplier_nano: int) -> int:
    """The register between two readings, on a straight line, times the multiplier.

    Differences of such values add up exactly to the difference of the readings.
    """
    return scaled(start_value + round_div(delta * passed_ms, span_ms), multiplier_nano)


def linear(before: int, after: int, count: int) -> list[int]:
    """Estimates of ``count`` values in a row between two known ones: ``a + (b - a) k / (n + 1)``."""
    return [before + round_div((after - before) * k, count + 1) for k in range(1, count + 1)]


def mean(values: Sequence[int]) -> int:
    """The mean, rounded, halves away from zero."""
    return round_div(sum(values), len(values))


def flat(total: int, days: int, length_ms: int, day_ms: int) -> int:
    """E09: the part of an interval in the average of so many days, evenly over a day of this length."""
    return round_div(total * length_ms, days * day_ms)


def share_out(rest: int, weights: Sequence[int]) -> list[int]:
    """Register scaling: ``rest`` in proportion to the weights; the last one takes the remainder.

    The weights are not negative and do not sum to zero. Shares are rounded towards zero, so that the
    remainder never has the other sign.
    """
    total, sign = sum(weights), -1 if rest < 0 else 1
    shares = [sign * (abs(rest) * weight // total) for weight in weights[:-1]]
    return [*shares, rest - sum(shares)]


def limit_of(max_per_hour: int, length_ms: int) -> int:
    """V13: the most that an interval of this length can plausibly hold, before the multiplier."""
    return max_per_hour * length_ms // HOUR_MS


def one_unit(multiplier_nano: int) -> int:
    """One unit of a register, as the series counts it."""
    return scaled(MICRO, abs(multiplier_nano))
