"""Tariffs on the wire and in the domain, both ways."""

from collections.abc import Callable, Iterable
from datetime import date

from google.protobuf.field_mask_pb2 import FieldMask

from server.billing.calendar import ALL_MONTHS, ALL_WEEKDAYS, MINUTES_A_DAY, Calendar, Rule
from server.billing.convert import date_of, decimal_of, wire_date
from server.billing.money import ONE, ZERO, Rounding, RoundingMode, TaxBase, text
from server.billing.parties import Tariff
from server.billing.tariff import (
    ChargePeriod,
    Component,
    Content,
    EnergyCharge,
    FixedCharge,
    Gate,
    Kind,
    PeriodRate,
    Proration,
    TaxCharge,
    Tier,
    TierLimit,
    TierMode,
    Version,
    end_of,
)
from server.billing.tariff_document import version
from server.platform.changing import patched
from server.platform.errors import InvalidField
from server.platform.wire import enum_name, enum_value, names_of, own_id, times, wire_names
from simba.billing.v1 import tariff_pb2 as pb
from simba.common.v1 import types_pb2

_TARIFF = {"code", "display_name", "commodity", "currency", "time_zone", "versions", "external_ids"}
_DEFAULT_DECIMALS = 2


def wire_tariff(tariff: Tariff) -> pb.Tariff:
    """A tariff on the wire."""
    return pb.Tariff(
        tariff_id=str(tariff.tariff_id),
        code=tariff.code,
        display_name=tariff.display_name,
        commodity=enum_value(types_pb2.Commodity, tariff.commodity),
        currency=tariff.currency,
        time_zone=tariff.time_zone,
        versions=[_wire_version(tariff.versions, place) for place in range(len(tariff.versions))],
        external_ids=wire_names(tariff.external_ids),
        archived=tariff.stored.archived,
        **times(tariff.stored),
    )


def tariff_of(wire: pb.Tariff) -> Tariff:
    """A tariff from the wire; without an id it gets one. InvalidField names what is no number or day."""
    for name in ("code", "currency", "time_zone"):
        if not getattr(wire, name):
            raise InvalidField(f"tariff.{name}", "is missing", "required")
    return Tariff(
        tariff_id=own_id("tariff.tariff_id", wire.tariff_id),
        code=wire.code,
        display_name=wire.display_name,
        commodity=enum_name(types_pb2.Commodity, wire.commodity),
        currency=wire.currency,
        time_zone=wire.time_zone,
        versions=tuple(
            _version_of(f"tariff.versions[{place}]", one) for place, one in enumerate(wire.versions)
        ),
        external_ids=names_of(wire.external_ids),
    )


def tariff_change(patch: pb.Tariff, mask: FieldMask | None) -> Callable[[Tariff], Tariff]:
    """What an update makes of a stored tariff."""
    return patched("tariff", patch, mask, _TARIFF, to_wire=wire_tariff, from_wire=tariff_of)


def _wire_version(versions: tuple[Version, ...], place: int) -> pb.TariffVersion:
    one = versions[place]
    rounding, gate = one.content.rounding, one.content.gate
    return pb.TariffVersion(
        effective_from=wire_date(one.effective_from),
        effective_to=wire_date(end_of(versions, place)),
        components=[_wire_component(component) for component in one.content.components],
        rounding=pb.Rounding(
            decimals=rounding.decimals,
            mode=pb.RoundingMode.Value(f"ROUNDING_MODE_{rounding.mode}"),
            tax_base=pb.TaxBase.Value(f"TAX_BASE_{rounding.tax_base}"),
        ),
        gate=pb.BillingGate(
            max_missing_share=text(gate.max_missing), max_estimated_share=text(gate.max_estimated)
        ),
        content_sha256=one.sha256,
        used=one.used_until is not None,
    )


def _version_of(field: str, wire: pb.TariffVersion) -> Version:
    first: date | None = None
    if wire.HasField("effective_from"):
        first = date_of(f"{field}.effective_from", wire.effective_from)
    components = tuple(
        _component_of(f"{field}.components[{place}]", one) for place, one in enumerate(wire.components)
    )
    rounding = Rounding(
        RoundingMode(enum_name(pb.RoundingMode, wire.rounding.mode) or "HALF_UP"),
        wire.rounding.decimals if wire.rounding.HasField("decimals") else _DEFAULT_DECIMALS,
        TaxBase(enum_name(pb.TaxBase, wire.rounding.tax_base) or "INVOICE"),
    )
    gate = Gate(
        decimal_of(f"{field}.gate.max_missing_share", wire.gate.max_missing_share, ZERO),
        decimal_of(f"{field}.gate.max_estimated_share", wire.gate.max_estimated_share, ONE),
    )
    return version(first, Content(components, rounding, gate))


def _wire_component(component: Component) -> pb.TariffComponent:
    wire = pb.TariffComponent(
        code=component.code,
        label=component.label,
        proration=pb.Proration.Value(f"PRORATION_{component.proration}"),
    )
    kind = component.kind
    if isinstance(kind, FixedCharge):
        per = pb.ChargePeriod.Value(f"CHARGE_PERIOD_{kind.per}")
        wire.fixed.CopyFrom(pb.FixedCharge(amount=text(kind.amount), per=per))
    elif isinstance(kind, EnergyCharge):
        wire.energy.CopyFrom(_wire_energy(kind))
    else:
        wire.tax.CopyFrom(pb.TaxCharge(percent=text(kind.percent), on=kind.on))
    return wire


def _component_of(field: str, wire: pb.TariffComponent) -> Component:
    return Component(
        code=wire.code,
        kind=_kind_of(field, wire),
        label=wire.label,
        proration=Proration(enum_name(pb.Proration, wire.proration) or "DAILY"),
    )


def _kind_of(field: str, wire: pb.TariffComponent) -> Kind:
    which = wire.WhichOneof("kind")
    if which == "fixed":
        amount = decimal_of(f"{field}.fixed.amount", wire.fixed.amount, None)
        return FixedCharge(amount, ChargePeriod(enum_name(pb.ChargePeriod, wire.fixed.per) or "MONTH"))
    if which == "energy":
        return _energy_of(f"{field}.energy", wire.energy)
    if which == "tax":
        return TaxCharge(decimal_of(f"{field}.tax.percent", wire.tax.percent, None), tuple(wire.tax.on))
    raise InvalidField(field, "is neither fixed, energy nor tax", "tariff.component.kind")


def _wire_energy(charge: EnergyCharge) -> pb.EnergyCharge:
    calendar = None if charge.calendar is None else _wire_calendar(charge.calendar)
    return pb.EnergyCharge(
        quantity=types_pb2.Quantity.Value(f"QUANTITY_{charge.quantity}"),
        unit=charge.unit,
        calendar=calendar,
        rates=[_wire_rate(rate) for rate in charge.rates],
    )


def _energy_of(field: str, wire: pb.EnergyCharge) -> EnergyCharge:
    calendar = _calendar_of(f"{field}.calendar", wire.calendar) if wire.HasField("calendar") else None
    return EnergyCharge(
        quantity=enum_name(types_pb2.Quantity, wire.quantity),
        unit=wire.unit,
        rates=tuple(_rate_of(f"{field}.rates[{place}]", one) for place, one in enumerate(wire.rates)),
        calendar=calendar,
    )


def _wire_rate(rate: PeriodRate) -> pb.PeriodRate:
    return pb.PeriodRate(
        period=rate.period,
        mode=pb.TierMode.Value(f"TIER_MODE_{rate.mode}"),
        limit=pb.TierLimit.Value(f"TIER_LIMIT_{rate.limit}"),
        tiers=[_wire_tier(tier) for tier in rate.tiers],
    )


def _rate_of(field: str, wire: pb.PeriodRate) -> PeriodRate:
    return PeriodRate(
        tiers=tuple(_tier_of(f"{field}.tiers[{place}]", one) for place, one in enumerate(wire.tiers)),
        period=wire.period,
        mode=TierMode(enum_name(pb.TierMode, wire.mode) or "GRADUATED"),
        limit=TierLimit(enum_name(pb.TierLimit, wire.limit) or "PER_MONTH"),
    )


def _wire_tier(tier: Tier) -> pb.Tier:
    return pb.Tier(
        upper="" if tier.upper is None else text(tier.upper),
        rate=text(tier.rate),
        flat=text(tier.flat) if tier.flat else "",
        adjustment=text(tier.adjustment) if tier.adjustment else "",
    )


def _tier_of(field: str, wire: pb.Tier) -> Tier:
    return Tier(
        rate=decimal_of(f"{field}.rate", wire.rate, None),
        upper=decimal_of(f"{field}.upper", wire.upper) if wire.upper else None,
        flat=decimal_of(f"{field}.flat", wire.flat),
        adjustment=decimal_of(f"{field}.adjustment", wire.adjustment),
    )


def _wire_calendar(calendar: Calendar) -> pb.TimeOfUseCalendar:
    return pb.TimeOfUseCalendar(
        rules=[_wire_rule(rule) for rule in calendar.rules],
        default_period=calendar.default_period,
        holidays=[wire_date(day) for day in sorted(calendar.holidays)],
    )


def _calendar_of(field: str, wire: pb.TimeOfUseCalendar) -> Calendar:
    return Calendar(
        default_period=wire.default_period,
        rules=tuple(_rule_of(rule) for rule in wire.rules),
        holidays=frozenset(
            date_of(f"{field}.holidays[{place}]", day) for place, day in enumerate(wire.holidays)
        ),
    )


def _wire_rule(rule: Rule) -> pb.TimeOfUseRule:
    every_day = rule.weekdays == ALL_WEEKDAYS and rule.holidays
    days = [weekday + 1 for weekday in sorted(rule.weekdays)]
    return pb.TimeOfUseRule(
        months=() if rule.months == ALL_MONTHS else sorted(rule.months),
        weekdays=() if every_day else _weekdays([*days, *([pb.WEEKDAY_HOLIDAY] if rule.holidays else [])]),
        from_minute=rule.from_minute,
        to_minute=rule.to_minute,
        period=rule.period,
    )


def _weekdays(numbers: Iterable[int]) -> "list[pb.Weekday.ValueType]":
    return [pb.Weekday.ValueType(number) for number in numbers]


def _rule_of(wire: pb.TimeOfUseRule) -> Rule:
    days = frozenset(wire.weekdays)
    return Rule(
        period=wire.period,
        months=frozenset(wire.months) or ALL_MONTHS,
        weekdays=frozenset(day - 1 for day in days if day != pb.WEEKDAY_HOLIDAY) if days else ALL_WEEKDAYS,
        holidays=not days or pb.WEEKDAY_HOLIDAY in days,
        from_minute=wire.from_minute,
        to_minute=wire.to_minute or MINUTES_A_DAY,
    )
