"""Supply quality on the wire and in the domain."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from kernel.codec.units import dimension_of
from server.platform.errors import FieldViolation, InvalidField, refuse
from server.platform.wire import enum_name
from server.readings.domain import decimal_text
from server.readings.supply_quality.domain import (
    ChannelQuality,
    Check,
    Day,
    Events,
    Figures,
    Point,
    Rank,
    Rule,
    Span,
    Unbalance,
    Verdict,
)
from server.readings.supply_quality.limits import Band, Limits
from simba.common.v1.types_pb2 import Quantity, TimeInterval
from simba.readings.v1 import supply_quality_pb2 as pb
from simba.readings.v1 import supply_quality_service_pb2 as service_pb

LONGEST_DAYS = 400
_DAY_MS = 86_400_000


def span_of(where: tuple[str, str], start: int, end: int) -> Span:
    """The period of a request, milliseconds. InvalidField names the end when it is not one."""
    if end <= start:
        raise InvalidField(where[1], f"the period does not end after {where[0]}", "time_interval.order")
    if end - start > LONGEST_DAYS * _DAY_MS:
        raise InvalidField(where[1], f"the period is longer than {LONGEST_DAYS} days", "supply.period")
    return Span(start, end)


def quantities_of(wire: Iterable[int]) -> list[str]:
    """Names of quantities."""
    return [enum_name(Quantity, one) for one in wire]


def limits_of(wire: pb.SupplyLimits) -> Limits:
    """What is promised. InvalidArgument names each field that makes no sense."""
    plain = Limits()
    voltage = Fraction(wire.nominal_voltage) if wire.nominal_voltage else plain.voltage
    frequency = Fraction(wire.nominal_frequency) if wire.nominal_frequency else plain.frequency
    found = [
        FieldViolation(f"limits.{name}", f"{value} is not positive", "supply.positive")
        for name, value in (("nominal_voltage", voltage), ("nominal_frequency", frequency))
        if value <= 0
    ]
    bands: dict[str, Band] = {}
    for place, one in enumerate(wire.bands):
        where = f"limits.bands[{place}]"
        name = enum_name(Quantity, one.quantity)
        band = Band(
            Fraction(one.lower) if one.lower else None,
            Fraction(one.upper) if one.upper else None,
            one.unit,
            one.required_share if one.HasField("required_share") else 1.0,
        )
        found += _band_violations(where, band)
        if name in bands:
            found.append(FieldViolation(f"{where}.quantity", f"{name} has two bands", "supply.one_band"))
        bands[name] = band
    refuse(found)
    return Limits(voltage, frequency, wire.islanded, bands)


def _band_violations(where: str, band: Band) -> list[FieldViolation]:
    found = []
    if dimension_of(band.unit) is None:
        found.append(FieldViolation(f"{where}.unit", f"{band.unit!r} is not a known unit", "unit.known"))
    if band.lower is None and band.upper is None:
        found.append(FieldViolation(where, "has neither a lower nor an upper bound", "supply.bounds"))
    elif band.lower is not None and band.upper is not None and band.lower > band.upper:
        found.append(FieldViolation(f"{where}.upper", "is below the lower bound", "supply.order"))
    return found


def answer(
    channels: Sequence[ChannelQuality], unbalances: Sequence[Unbalance]
) -> service_pb.GetSupplyQualityResponse:
    """The whole answer, with the worst of all verdicts."""
    checks = [check for one in channels for check in one.checks]
    checks += [check for one in unbalances for check in one.checks]
    verdicts = {one.verdict for one in checks}
    worst = next(
        (one for one in (Verdict.NOT_COMPLIANT, Verdict.COMPLIANT) if one in verdicts), Verdict.NO_DATA
    )
    return service_pb.GetSupplyQualityResponse(
        channels=[_channel(one) for one in channels],
        unbalances=[_unbalance(one) for one in unbalances],
        verdict=pb.SupplyVerdict.ValueType(worst),
    )


def _channel(one: ChannelQuality) -> pb.SupplyChannel:
    measured, info = one.measured, one.measured.info
    is_voltage = info.quantity == "VOLTAGE"
    step = measured.interval_ms
    message = pb.SupplyChannel(
        channel=info.channel,
        meter_id=str(info.meter_id),
        code=info.code,
        quantity=Quantity.Value(f"QUANTITY_{info.quantity}"),
        phase=pb.SupplyPhase.ValueType(measured.phase),
        unit=info.unit,
        interval_estimated=measured.estimated and step > 0,
        values=_statistics(one.values, one.expected),
        means=_statistics(one.means, one.expected_means),
        events=_wire_events(one.events) if is_voltage else None,
        checks=[_check(check) for check in one.checks],
        days=[_day(day, is_voltage=is_voltage) for day in one.days],
    )
    if step:
        message.interval.FromMilliseconds(step)
        if measured.mean_ms:
            message.mean_interval.FromMilliseconds(measured.mean_ms)
    return message


def _unbalance(one: Unbalance) -> pb.SupplyUnbalance:
    return pb.SupplyUnbalance(
        meter_id=str(one.meter_id),
        quantity=Quantity.Value(f"QUANTITY_{one.quantity}"),
        exact=one.exact,
        values=_statistics(one.values, one.expected),
        checks=[_check(check) for check in one.checks],
    )


def _day(one: Day, *, is_voltage: bool) -> pb.SupplyDay:
    return pb.SupplyDay(
        date=one.day.isoformat(),
        period=_interval(one.span),
        values=_statistics(one.values, one.expected),
        means=_statistics(one.means, one.expected_means),
        events=_wire_events(one.events) if is_voltage else None,
    )


def _statistics(one: Figures, expected: int) -> pb.SupplyStatistics:
    if not one.count:
        return pb.SupplyStatistics(expected_count=expected)
    p1, p5, p50, p95, p99 = map(decimal_text, one.percentiles)
    return pb.SupplyStatistics(
        count=one.count,
        expected_count=expected,
        minimum=decimal_text(one.low),
        maximum=decimal_text(one.high),
        mean=decimal_text(one.mean),
        percentile_1=p1,
        percentile_5=p5,
        percentile_50=p50,
        percentile_95=p95,
        percentile_99=p99,
    )


def _check(one: Check) -> pb.SupplyCheck:
    rule: Rule = one.rule
    return pb.SupplyCheck(
        clause=rule.clause,
        rule=rule.text,
        lower="" if rule.bounds.lower is None else decimal_text(rule.bounds.lower),
        upper="" if rule.bounds.upper is None else decimal_text(rule.bounds.upper),
        required_share=rule.share,
        share=one.share,
        count=one.count,
        outside_count=one.outside,
        worst_date="" if one.worst is None else one.worst.isoformat(),
        span_days=one.span_days,
        verdict=pb.SupplyVerdict.ValueType(one.verdict),
        doubts=[pb.SupplyDoubt.ValueType(doubt) for doubt in one.doubts],
    )


def _wire_events(one: Events) -> pb.VoltageEvents:
    return pb.VoltageEvents(dips=one.dips, swells=one.swells, interruptions=one.interruptions)


def _interval(span: Span) -> TimeInterval:
    made = TimeInterval()
    made.start.FromMilliseconds(span.low)
    made.end.FromMilliseconds(span.high)
    return made


def point_message(one: Point) -> service_pb.SupplyPoint:
    """A point of a profile on the wire."""
    info = one.measured.info
    return service_pb.SupplyPoint(
        channel=info.channel,
        code=info.code,
        quantity=Quantity.Value(f"QUANTITY_{info.quantity}"),
        phase=pb.SupplyPhase.ValueType(one.measured.phase),
        unit=info.unit,
        period=_interval(one.span),
        count=one.count,
        mean=decimal_text(one.mean),
        minimum=decimal_text(one.low),
        maximum=decimal_text(one.high),
    )


def rank_message(one: Rank) -> service_pb.SupplyRank:
    """A rank on the wire."""
    return service_pb.SupplyRank(
        usage_point_id=str(one.measured.usage_point_id),
        channel=one.measured.info.channel,
        phase=pb.SupplyPhase.ValueType(one.measured.phase),
        unit=one.measured.info.unit,
        count=one.count,
        outside_count=one.outside,
        outside_share=one.outside / one.count,
        minimum=decimal_text(one.low),
        maximum=decimal_text(one.high),
    )
