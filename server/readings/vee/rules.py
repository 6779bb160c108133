"""The rules, as pure functions over integers: values in 10^-6 of the unit, times in milliseconds.

``server.readings.vee.pure`` applies them to one series; the SQL of ``server.readings.vee.sql_*`` does the
same to all touched series at once. A property test keeps the two alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.readings.domain import MICRO, Quality, Severity, round_div

NANO = 1_000_000_000
"""Multipliers are integers in 10^-9."""

HOUR_MS = 3_600_000
LINEAR_LIMIT_MS = 2 * HOUR_MS
"""Gaps up to this long are bridged by a straight line (CPUC, two hours); longer ones by reference days."""
SPIKE_PERCENT = 180
"""(peak1 - peak3) / peak3 may be this much (California DASMMD practice)."""
SPIKE_LEAST_VALUES = 20
"""A day with fewer values is not checked for spikes."""
SUM_TOLERANCE_PER_MILLE = 5
"""Intervals may differ from the registers by half a per cent, or by one unit of the register if that is
more."""
REFERENCE_DAYS = 3
REFERENCE_REACH_DAYS = 91
"""How far from the day to estimate a reference day may lie."""
DENSE_PER_CENT = 150
"""Registers that are no further apart than this part of an interval give a value that counts as measured."""
ROLLOVER_PART = 10
"""Without a bound of use, a rollover is plausible up to this part of what the register can show."""
GRID_TOLERANCE_PER_CENT = 1
GRID_TOLERANCE_LIMIT_MS = 60_000
"""An interval may begin this far from its place: 1 % of its length, at most a minute (V04)."""

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
        Rule("V05", "Duplicate", Severity.INFO, "the repeat is dropped"),
        Rule("V06", "Missing", Severity.ISSUE, "estimated"),
        Rule("V07", "Meter status flags", Severity.ISSUE, "device flag: estimated; clock invalid: suspect"),
        Rule("V08", "Negative consumption", Severity.ISSUE, "estimated; a register begins anew"),
        Rule("V09", "Rollover", Severity.INFO, "accepted and marked"),
        Rule("V10", "Sum of intervals against registers", Severity.ISSUE, "suspect"),
        Rule("V11", "Spike", Severity.ISSUE, "suspect"),
        Rule("V13", "Limit of use", Severity.ISSUE, "estimated; a register begins anew"),
        Rule("V17", "Replacement by later data", Severity.INFO, "the later value counts"),
    )
}


@dataclass(frozen=True, slots=True)
class Spike:
    """What the spike rule says of one day."""

    applicable: bool
    failed: bool
    peak1: int
    peak3: int
    reason: str = ""


def spike(values: Sequence[int], *, least: int = SPIKE_LEAST_VALUES) -> Spike:
    """V11: whether the highest value stands out from the third highest by more than 180 %."""
    if len(values) < max(least, 3):
        return Spike(applicable=False, failed=False, peak1=0, peak3=0, reason="TOO_FEW")
    top = sorted(values, reverse=True)[:3]
    if top[2] <= 0:
        return Spike(applicable=False, failed=False, peak1=top[0], peak3=top[2], reason="NO_BASE")
    failed = (top[0] - top[2]) * 100 > top[2] * SPIKE_PERCENT
    return Spike(applicable=True, failed=failed, peak1=top[0], peak3=top[2])


def sum_tolerance(delta: int, unit: int) -> int:
    """V10: how far the sum of intervals may lie from a register difference; ``unit`` is one dial unit."""
    return max(unit, abs(delta) * SUM_TOLERANCE_PER_MILLE // 1000)


def sum_agrees(total: int, delta: int, unit: int) -> bool:
    """V10: whether intervals and registers agree."""
    return abs(total - delta) <= sum_tolerance(delta, unit)


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
) -> Delta:
    """V08, V09 and V13: the difference of two register readings ``span_ms`` apart.

    ``modulus`` is what the register can show plus one, 0 for one that does not roll over. A bound of use is
    applied to an hour at least: registers count in steps.
    """
    amount, rolled = current - previous, False
    if modulus and negative_allowed:
        wrapped = (amount + modulus // 2) % modulus - modulus // 2
        amount, rolled = wrapped, wrapped != amount
    elif modulus and amount < 0:
        amount, rolled = amount + modulus, True
    if amount < 0 and not negative_allowed:
        return Delta(amount, fault=Quality.NEGATIVE)
    limit = modulus // ROLLOVER_PART if rolled else None
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


def share_out(rest: int, weights: Sequence[int]) -> list[int]:
    """Register scaling: ``rest`` in proportion to the weights; the last one takes the remainder.

    ``rest`` and the weights are not negative and the weights do not sum to zero. Shares are rounded down,
    so that the remainder is never negative.
    """
    total = sum(weights)
    shares = [rest * weight // total for weight in weights[:-1]]
    return [*shares, rest - sum(shares)]


def grid_tolerance(interval_ms: int) -> int:
    """V04: how far an interval's time may lie from its place."""
    return min(interval_ms * GRID_TOLERANCE_PER_CENT // 100, GRID_TOLERANCE_LIMIT_MS)


def limit_of(max_per_hour: int, length_ms: int) -> int:
    """V13: the most that an interval of this length can plausibly hold, before the multiplier."""
    return max_per_hour * length_ms // HOUR_MS


def one_unit(multiplier_nano: int) -> int:
    """One unit of a register, as the series counts it."""
    return scaled(MICRO, abs(multiplier_nano))
