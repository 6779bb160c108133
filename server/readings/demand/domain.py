"""Windows, their demand, and which unit it has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from kernel.codec.units import canonical, factor
from server.readings.calendar import day_of, grid_of, local_day
from server.readings.demand.errors import NotAlike, PeriodRefused
from server.readings.domain import half_even
from server.readings.ports import SeriesInfo

WHOLE, DAY, MONTH = "WHOLE", "DAY", "MONTH"
PERIOD_SECONDS = 1800
_HOUR_SECONDS = 3600
_PER_HOUR = ("kW", "kWh"), ("kvar", "kvarh"), ("kVA", "kVAh"), ("m3/h", "m3")
_OWN = {"Wh": "W", "MWh": "MW", "varh": "var", "Mvarh": "Mvar", "VAh": "VA", "MVAh": "MVA", "L": "L/h"}
"""Rates that are told in a unit of their own size; others in that of :data:`_PER_HOUR`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What demand is wanted. Times in milliseconds, half-open."""

    start_ms: int
    end_ms: int
    period_seconds: int
    """0: as the series allow."""
    periods: int
    """Of a window; at least 1."""
    coincident: bool
    tz: str
    """Zone of days and months; empty: the series' own."""
    watermark: int


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of some series on one grid: period ``p`` begins at ``anchor_ms + p * step_ms``."""

    series: tuple[SeriesInfo, ...]
    """In order of their numbers; where they count together, of one unit."""
    coincident: bool
    tz: str
    anchor_ms: int
    step_ms: int
    periods: int
    first: int
    """The first period that is the last one of a window."""
    behind: int
    """The first period behind the last."""

    @property
    def length_ms(self) -> int:
        """Length of a window."""
        return self.step_ms * self.periods

    @property
    def begin_ms(self) -> int:
        """Begin of the first window."""
        return self.at(self.first + 1) - self.length_ms

    @property
    def end_ms(self) -> int:
        """End of the last window."""
        return self.at(self.behind)

    def at(self, period: int) -> int:
        """Begin of a period."""
        return self.anchor_ms + period * self.step_ms

    def between(self, start_ms: int, end_ms: int) -> int:
        """Windows whose last period begins in ``[start, end)``."""
        low = max(_ceil(start_ms - self.anchor_ms, self.step_ms), self.first)
        high = min(_ceil(end_ms - self.anchor_ms, self.step_ms), self.behind)
        return max(high - low, 0)

    def kinds(self) -> dict[int, "Kind"]:
        """What is to be known of the windows of each key: a series, or 0 for all together."""
        each = {one.series: self.length_ms // (interval_of(one) * 1000) for one in self.series}
        if self.coincident:
            return {0: Kind(self.series[0].unit, len(each), sum(each.values()))}
        return {one.series: Kind(one.unit, 1, each[one.series]) for one in self.series}


@dataclass(frozen=True, slots=True)
class Kind:
    """What windows of one key have in common."""

    unit: str
    """Of the amounts."""
    members: int
    """Series that are added up."""
    expected: int
    """Intervals that a window should have."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The demand of one window."""

    series: int
    """0: several together."""
    start_ms: int
    end_ms: int
    micro: int | None
    """In 10^-6 of ``unit``; None where no interval has a value."""
    unit: str
    state: int
    quality: int
    intervals: int
    expected: int
    estimated: int


@dataclass(frozen=True, slots=True)
class Maximum:
    """The largest demand of a span."""

    series: int
    start_ms: int
    end_ms: int
    key: tuple[int, date]
    demand: Demand | None
    windows: int
    expected: int
    incomplete: int


def interval_of(info: SeriesInfo) -> int:
    """Length of a series' intervals in seconds; those that are made of registers are an hour long."""
    return info.interval_seconds or _HOUR_SECONDS


def rate_of(unit: str) -> tuple[str, Fraction]:
    """The unit of an amount in an hour, and what the amount is multiplied by."""
    unit = canonical(unit)
    if unit in _OWN:
        return _OWN[unit], Fraction(1)
    for rate, amount in _PER_HOUR:
        size = factor(unit, amount)
        if size is not None:
            return rate, size
    return f"{unit}/h", Fraction(1)


def demand_of(micro: int, unit: str, length_ms: int) -> tuple[int, str]:
    """The amount of a window as a rate in 10^-6 of its unit: divided once, rounded half to even."""
    name, size = rate_of(unit)
    return half_even(micro * 3_600_000 * size.numerator, length_ms * size.denominator), name


def windows_of(series: Sequence[SeriesInfo], asked: Asked) -> Iterator[Windows]:
    """The windows of series, in order of their numbers: of all together, or of those that lie on one grid.

    Raises PeriodRefused and NotAlike.
    """
    ordered = sorted(series, key=lambda info: info.series)
    step = _step(ordered, asked) * 1000
    if asked.coincident:
        for what, values in (
            ("quantities", {one.quantity for one in ordered}),
            ("units", {one.unit for one in ordered}),
            ("time zones", {asked.tz or one.tz for one in ordered}),
        ):
            if len(values) > 1:
                raise NotAlike(what, values)
        tz = asked.tz or ordered[0].tz
        anchor = _anchor(tz, max(map(interval_of, ordered)), asked.start_ms, step)
        yield _windows(ordered, asked, tz, anchor, step)
        return

    def grid(info: SeriesInfo) -> tuple[str, int]:
        tz = asked.tz or info.tz
        return tz, _anchor(tz, interval_of(info), asked.start_ms, step)

    for (tz, anchor), group in groupby(ordered, key=grid):
        yield _windows(list(group), asked, tz, anchor, step)


def _step(series: Sequence[SeriesInfo], asked: Asked) -> int:
    longest = max(series, key=interval_of)
    seconds = asked.period_seconds or max(PERIOD_SECONDS, interval_of(longest))
    if _HOUR_SECONDS % seconds:
        raise PeriodRefused(seconds, "is not a divisor of an hour")
    for info in series:
        if seconds % interval_of(info):
            raise PeriodRefused(
                seconds, f"is not a multiple of the interval of series {info.series}, {interval_of(info)} s"
            )
    return seconds


@lru_cache(maxsize=1000)
def _anchor(tz: str, seconds: int, at_ms: int, step: int) -> int:
    """How far periods lie off their multiples.

    Where midnight is not on the grid of the intervals, periods begin with the first interval of the day.
    """
    return grid_of(local_day(tz, day_of(tz, at_ms)), seconds * 1000).start % step


def _windows(series: Sequence[SeriesInfo], asked: Asked, tz: str, anchor: int, step: int) -> Windows:
    first, behind = (_ceil(at - anchor, step) for at in (asked.start_ms, asked.end_ms))
    return Windows(tuple(series), asked.coincident, tz, anchor, step, asked.periods, first, behind)


def _ceil(number: int, divisor: int) -> int:
    return -(-number // divisor)
