"""What to ask the usage source for, and what its answers mean for each component.

Agreements that ask the same question (the same span, zone and buckets) are answered together, so that a
shard of thousands needs a handful of queries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from kernel.codec.units import factor
from server.billing.calendar import Calendar
from server.billing.money import EXACT, QUANTITY_STEP, ZERO, plus, share, trimmed
from server.billing.ports import BucketSum, SeriesInfo, TimeBucket
from server.billing.quality import Unbillable
from server.billing.rating import Determinant, Rated
from server.billing.tariff import EnergyCharge, Part

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the usage source, but for the series."""

    start: datetime
    end: datetime
    zone: str
    buckets: tuple[TimeBucket, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """A component's share in the answers."""

    part: int
    """Place of the part of the period."""
    component: str
    period: str
    """Calendar period that intervals are counted for when nothing at all was measured."""
    ask: Ask
    series: int
    factor: Fraction
    """From the unit of the series to the component's."""
    expected: int
    """Intervals that should be there."""


Answers = Mapping[tuple[Ask, int], Sequence[BucketSum]]


def wants(parts: Sequence[Part], zone: str, series: Sequence[SeriesInfo]) -> list[Want]:
    """What an agreement needs. Raises Unbillable for a series that is missing or does not fit."""
    return [
        want
        for place, part in enumerate(parts)
        for component in part.version.content.components
        if isinstance(component.kind, EnergyCharge)
        for want in _of_component(place, part, component.code, component.kind, zone, series)
    ]


def _of_component(
    place: int, part: Part, code: str, charge: EnergyCharge, zone: str, series: Sequence[SeriesInfo]
) -> Iterator[Want]:
    info = _series(code, charge, series)
    conversion = factor(info.unit, charge.unit)
    if conversion is None:
        what = f"component {code!r} is in {charge.unit}, the meter measures in {info.unit}"
        raise Unbillable("UNIT_MISMATCH", what)
    for ask, period in _asks(part, charge.calendar, zone, info):
        seconds = int((ask.end - ask.start).total_seconds())
        # A series without a known interval is one value a span, so that having none is noticed.
        expected = seconds // info.interval_seconds if info.interval_seconds else 1
        yield Want(place, code, period, ask, info.series, conversion, expected)


def _series(code: str, charge: EnergyCharge, series: Sequence[SeriesInfo]) -> SeriesInfo:
    found = [info for info in series if info.quantity == charge.quantity]
    if not found:
        what = f"component {code!r} needs {charge.quantity}, which the usage point does not measure"
        raise Unbillable("DATA_INSUFFICIENT", what)
    if len(found) > 1:
        what = f"component {code!r}: the usage point has {len(found)} series of {charge.quantity}"
        raise Unbillable("DATA_INSUFFICIENT", what)
    return found[0]


def _asks(part: Part, calendar: Calendar | None, zone: str, info: SeriesInfo) -> Iterator[tuple[Ask, str]]:
    if calendar is None:
        yield Ask(*part.days.instants(zone), zone, ()), ""
        return
    for stretch in calendar.stretches(part.days):
        start, end = stretch.days.instants(zone)
        _check_edges(calendar, zone, info, (start, end))
        yield Ask(start, end, zone, calendar.buckets(stretch)), calendar.default_period


def _check_edges(calendar: Calendar, zone: str, info: SeriesInfo, instants: Iterable[datetime]) -> None:
    """Prices may change only where intervals do: what lies across cannot be split without guessing."""
    edges = calendar.edges()
    seconds = info.interval_seconds
    if not edges:
        return
    if seconds is None or seconds > _HOUR:
        what = "time-of-use prices need intervals of an hour or less"
        raise Unbillable("DATA_INSUFFICIENT", f"series {info.series}: {what}")
    for instant in instants:
        # Intervals are counted from midnight at the usage point, edges from midnight of the tariff.
        shift = _offset(instant, zone) - _offset(instant, info.tz)
        for minute in sorted(edges):
            if (minute * 60 - shift) % seconds:
                clock = f"{minute // 60:02}:{minute % 60:02}"
                what = f"prices change at {clock}, within an interval of {seconds} s"
                raise Unbillable("DATA_INSUFFICIENT", f"series {info.series}: {what}")


def _offset(instant: datetime, zone: str) -> int:
    """Seconds that the clocks of a zone are ahead of UTC."""
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def rated(parts: Sequence[Part], needed: Sequence[Want], answers: Answers) -> tuple[Rated, ...]:
    """The parts with what was used in each, component by component."""
    determinants: list[list[Determinant]] = [[] for _ in parts]
    for want in needed:
        determinants[want.part] += _determinants(want, answers.get((want.ask, want.series), ()))
    return tuple(Rated(part, tuple(_summed(found))) for part, found in zip(parts, determinants, strict=True))


def _determinants(want: Want, sums: Sequence[BucketSum]) -> Iterator[Determinant]:
    counted = sum(one.intervals + one.missing for one in sums)
    # A source counts what it has seen of a series; what lies beyond is missing just the same.
    unseen = max(want.expected - counted, 0)
    for one in sums:
        value = _converted(one.value, want.factor)
        yield Determinant(want.component, one.bucket, value, one.intervals, one.estimated, one.missing)
    if unseen:
        yield Determinant(want.component, want.period, ZERO, missing=unseen)


def _converted(value: Decimal, by: Fraction) -> Decimal:
    """A value in the component's unit, to nine places as all quantities."""
    if by == 1:
        return value
    return trimmed(share(value, by).quantize(QUANTITY_STEP, context=EXACT))


def _summed(determinants: Iterable[Determinant]) -> list[Determinant]:
    """One determinant for each component and calendar period."""
    found: dict[tuple[str, str], Determinant] = {}
    for one in determinants:
        key = (one.component, one.period)
        earlier = found.get(key)
        if earlier is not None:
            one = replace(  # noqa: PLW2901
                one,
                value=plus(earlier.value, one.value),
                intervals=earlier.intervals + one.intervals,
                estimated=earlier.estimated + one.estimated,
                missing=earlier.missing + one.missing,
            )
        found[key] = one
    return [found[key] for key in sorted(found)]
