"""What a tariff must fulfil to be stored: rules that one field alone cannot show.

Every finding names the field as a path into the tariff with the contract's names, what is wrong with which
value, and the rule.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from kernel.codec.units import dimension_of
from server.billing.calendar import MINUTES_A_DAY, Calendar
from server.billing.money import ONE, ZERO, plus
from server.billing.tariff import (
    Component,
    Content,
    EnergyCharge,
    FixedCharge,
    Gate,
    PeriodRate,
    TaxCharge,
    Tier,
    Version,
)
from server.platform.zones import is_zone

_MOST_PERCENT = Decimal(1000)
_ELECTRICITY = frozenset(
    {
        "ACTIVE_ENERGY_IMPORT",
        "ACTIVE_ENERGY_EXPORT",
        "REACTIVE_ENERGY_IMPORT",
        "REACTIVE_ENERGY_EXPORT",
        "APPARENT_ENERGY",
    }
)
_VOLUME = frozenset({"VOLUME", "VOLUME_REVERSE"})
_ANY = frozenset({"PULSE_COUNT", "OPERATING_TIME"})
_DIMENSIONS = {
    "ACTIVE_ENERGY_IMPORT": "energy",
    "ACTIVE_ENERGY_EXPORT": "energy",
    "REACTIVE_ENERGY_IMPORT": "reactive energy",
    "REACTIVE_ENERGY_EXPORT": "reactive energy",
    "APPARENT_ENERGY": "apparent energy",
    "VOLUME": "volume",
    "VOLUME_REVERSE": "volume",
    "HEAT_ENERGY": "energy",
    "COOLING_ENERGY": "energy",
    "OPERATING_TIME": "time",
}
CHARGEABLE: dict[str, frozenset[str]] = {
    "ELECTRICITY": _ELECTRICITY | _ANY,
    "COLD_WATER": _VOLUME | _ANY,
    "HOT_WATER": _VOLUME | _ANY,
    "GAS": _VOLUME | _ANY,
    "HEAT": _VOLUME | _ANY | {"HEAT_ENERGY"},
    "COOLING": _VOLUME | _ANY | {"COOLING_ENERGY"},
}
"""Quantities that add up over time, by commodity: a voltage cannot be sold."""


class Flaw(NamedTuple):
    """One thing wrong with one field."""

    field: str
    description: str
    rule: str


def zone_flaws(field: str, name: str) -> Iterator[Flaw]:
    """Whether there is such a time zone."""
    if not is_zone(name):
        yield Flaw(field, f"{name!r} is not an IANA time zone", "time_zone.known")


def version_flaws(versions: Sequence[Version], commodity: str) -> Iterator[Flaw]:
    """What is wrong with the versions of a tariff."""
    if not versions:
        yield Flaw("versions", "a tariff needs at least one version", "tariff.versions.some")
    for place, version in enumerate(versions):
        path = f"versions[{place}]"
        if place:
            yield from _order_flaws(f"{path}.effective_from", versions[place - 1], version)
        yield from _content_flaws(path, version.content, commodity)


def _order_flaws(field: str, earlier: Version, version: Version) -> Iterator[Flaw]:
    if version.effective_from is None:
        yield Flaw(field, "only the first version may have no first day", "tariff.versions.order")
    elif earlier.effective_from is not None and version.effective_from <= earlier.effective_from:
        what = (
            f"{version.effective_from} is not after {earlier.effective_from}, when the version before begins"
        )
        yield Flaw(field, what, "tariff.versions.order")


def _content_flaws(path: str, content: Content, commodity: str) -> Iterator[Flaw]:
    yield from _gate_flaws(f"{path}.gate", content.gate)
    seen: set[str] = set()
    for place, component in enumerate(content.components):
        here = f"{path}.components[{place}]"
        if component.code in seen:
            yield Flaw(f"{here}.code", f"{component.code!r} is used twice", "tariff.components.unique")
        seen.add(component.code)
        yield from _component_flaws(here, component, content, commodity)
    if all(isinstance(component.kind, TaxCharge) for component in content.components):
        yield Flaw(f"{path}.components", "there is nothing but taxes", "tariff.components.some")


def _gate_flaws(path: str, gate: Gate) -> Iterator[Flaw]:
    for name, share in (("max_missing_share", gate.max_missing), ("max_estimated_share", gate.max_estimated)):
        if not ZERO <= share <= ONE:
            yield Flaw(f"{path}.{name}", f"{share} is not between 0 and 1", "tariff.gate.share")


def _component_flaws(path: str, component: Component, content: Content, commodity: str) -> Iterator[Flaw]:
    kind = component.kind
    if isinstance(kind, FixedCharge):
        yield from _negative(f"{path}.fixed.amount", kind.amount)
    elif isinstance(kind, EnergyCharge):
        yield from _energy_flaws(f"{path}.energy", kind, commodity)
    else:
        yield from _tax_flaws(f"{path}.tax", kind, content)


def _negative(field: str, value: Decimal) -> Iterator[Flaw]:
    if value < 0:
        yield Flaw(field, f"{value} is negative", "tariff.price.not_negative")


def _tax_flaws(path: str, tax: TaxCharge, content: Content) -> Iterator[Flaw]:
    if not ZERO <= tax.percent <= _MOST_PERCENT:
        yield Flaw(
            f"{path}.percent", f"{tax.percent} is not between 0 and {_MOST_PERCENT}", "tariff.tax.percent"
        )
    kinds = {component.code: component.kind for component in content.components}
    for place, code in enumerate(tax.on):
        field = f"{path}.on[{place}]"
        if code not in kinds:
            yield Flaw(field, f"there is no component {code!r}", "tariff.tax.on")
        elif isinstance(kinds[code], TaxCharge):
            yield Flaw(field, f"{code!r} is a tax itself", "tariff.tax.on")
        elif code in tax.on[:place]:
            yield Flaw(field, f"{code!r} is named twice", "tariff.tax.on")


def _energy_flaws(path: str, charge: EnergyCharge, commodity: str) -> Iterator[Flaw]:
    if charge.quantity not in CHARGEABLE.get(commodity, frozenset()):
        what = f"{charge.quantity} is not sold as {commodity}"
        yield Flaw(f"{path}.quantity", what, "tariff.energy.quantity")
    wanted = _DIMENSIONS.get(charge.quantity)
    if wanted is not None and dimension_of(charge.unit) != wanted:
        yield Flaw(f"{path}.unit", f"{charge.unit!r} is no unit of {wanted}", "tariff.energy.unit")
    if charge.calendar is not None:
        yield from _calendar_flaws(f"{path}.calendar", charge.calendar)
    yield from _coverage_flaws(path, charge)
    for place, rate in enumerate(charge.rates):
        yield from _tier_flaws(f"{path}.rates[{place}]", rate)


def _coverage_flaws(path: str, charge: EnergyCharge) -> Iterator[Flaw]:
    """Every period has exactly one rate, and every rate a period."""
    periods = charge.calendar.periods() if charge.calendar is not None else frozenset({""})
    seen: set[str] = set()
    for place, rate in enumerate(charge.rates):
        field = f"{path}.rates[{place}].period"
        if rate.period not in periods:
            what = (
                "is no period of the calendar"
                if charge.calendar is not None
                else "needs a calendar that has it"
            )
            yield Flaw(field, f"{rate.period!r} {what}", "tariff.rates.period")
        elif rate.period in seen:
            yield Flaw(field, f"{rate.period!r} has a rate already", "tariff.rates.unique")
        seen.add(rate.period)
    for period in sorted(periods - seen):
        yield Flaw(f"{path}.rates", f"the period {period!r} has no rate", "tariff.rates.complete")


def _calendar_flaws(path: str, calendar: Calendar) -> Iterator[Flaw]:
    taken = np.zeros((12, 8, MINUTES_A_DAY), dtype=np.bool_)
    for place, rule in enumerate(calendar.rules):
        field = f"{path}.rules[{place}]"
        if not 0 <= rule.from_minute < rule.to_minute <= MINUTES_A_DAY:
            what = f"{rule.from_minute} to {rule.to_minute}: must end after it begins; split it at midnight"
            yield Flaw(f"{field}.to_minute", what, "calendar.rule.range")
            continue
        if not rule.weekdays and not calendar.holidays:
            what = "is for holidays only, and the calendar has none"
            yield Flaw(f"{field}.weekdays", what, "calendar.holidays.some")
            continue
        days = [*rule.weekdays, 7] if rule.holidays else [*rule.weekdays]
        mine = np.ix_([month - 1 for month in rule.months], days, range(rule.from_minute, rule.to_minute))
        if taken[mine].all():
            yield Flaw(
                field, "is never reached: rules before it take all of its minutes", "calendar.rule.reached"
            )
        taken[mine] = True


def _tier_flaws(path: str, rate: PeriodRate) -> Iterator[Flaw]:
    lower = ZERO
    last = len(rate.tiers) - 1
    for place, tier in enumerate(rate.tiers):
        field = f"{path}.tiers[{place}]"
        yield from _price_flaws(field, tier)
        if tier.upper is None:
            if place < last:
                what = "only the last tier may be open: those after it overlap with it"
                yield Flaw(f"{field}.upper", what, "tariff.tiers.overlap")
            continue
        if place == last:
            what = f"the last tier must be open: what is above {tier.upper} has no price"
            yield Flaw(f"{field}.upper", what, "tariff.tiers.gap")
        if tier.upper <= lower:
            what = f"{tier.upper} is not above {lower}, where the tier begins"
            yield Flaw(f"{field}.upper", what, "tariff.tiers.order")
        lower = max(lower, tier.upper)


def _price_flaws(field: str, tier: Tier) -> Iterator[Flaw]:
    yield from _negative(f"{field}.rate", plus(tier.rate, tier.adjustment))
    yield from _negative(f"{field}.flat", tier.flat)
