"""Tariffs of the tests: the golden ones and shorthands."""

from decimal import Decimal

from server.billing.calendar import Calendar, Rule
from server.billing.money import Rounding
from server.billing.tariff import (
    Component,
    Content,
    EnergyCharge,
    FixedCharge,
    PeriodRate,
    TaxCharge,
    Tier,
    TierMode,
    Version,
)
from server.billing.tariff_document import version

D = Decimal


def tiers(*steps: tuple[str | None, str]) -> tuple[Tier, ...]:
    """Tiers from (upper, rate) texts."""
    return tuple(Tier(D(rate), None if upper is None else D(upper)) for upper, rate in steps)


def energy(*rates: PeriodRate, calendar: Calendar | None = None, code: str = "energy") -> Component:
    """A price for active energy in kWh."""
    return Component(code, EnergyCharge("ACTIVE_ENERGY_IMPORT", "kWh", rates, calendar))


def flat_energy(rate: str) -> Component:
    """One price for every kWh."""
    return energy(PeriodRate(tiers((None, rate))))


def monthly(amount: str) -> Component:
    """A standing charge."""
    return Component("standing", FixedCharge(D(amount)), "Standing charge")


def tax(percent: str, *on: str) -> Component:
    """A tax."""
    return Component("vat", TaxCharge(D(percent), on), "VAT")


def tariff(*components: Component, rounding: Rounding | None = None) -> Version:
    """A tariff version that always holds."""
    return version(None, Content(components, rounding or Rounding()))


def graduated(*steps: tuple[str | None, str], mode: TierMode = TierMode.GRADUATED) -> Component:
    """Tiers over the whole period."""
    return energy(PeriodRate(tiers(*steps), mode=mode))


SUMMER_PEAK = Calendar(
    default_period="base",
    rules=(
        Rule(
            "peak", frozenset({6, 7, 8}), frozenset(range(5)), holidays=False, from_minute=660, to_minute=1200
        ),
    ),
)
GOLDEN_A = tariff(flat_energy("0.1195179675994109"), monthly("8.00"))
GOLDEN_B = tariff(graduated(("150", "0.09"), ("300", "0.11"), (None, "0.13")), monthly("9"))
GOLDEN_D = tariff(
    energy(
        PeriodRate(tiers((None, "0.08")), "base"),
        PeriodRate(tiers((None, "0.13")), "peak"),
        calendar=SUMMER_PEAK,
    ),
    monthly("9"),
)
