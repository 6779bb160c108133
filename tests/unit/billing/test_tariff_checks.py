"""Bad tariffs: each is refused with the field, the value and the rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from server.billing.calendar import Calendar, Rule
from server.billing.money import Rounding
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
from server.billing.tariff_checks import version_flaws, zone_flaws
from server.billing.tariff_document import version
from tests.unit.billing.strategies import contents
from tests.unit.billing.tariffs import (
    GOLDEN_A,
    GOLDEN_B,
    GOLDEN_D,
    energy,
    graduated,
    monthly,
    tariff,
    tax,
    tiers,
)

D = Decimal
RATE = PeriodRate(tiers((None, "1")))
TWO = (PeriodRate(tiers((None, "1")), "day"), PeriodRate(tiers((None, "1")), "night"))
NIGHT = Rule("night", to_minute=420)


def timed(*rules: Rule, holidays: frozenset[date] = frozenset()) -> Component:
    return energy(*TWO, calendar=Calendar("day", rules, holidays))


def found(
    *components: Component, commodity: str = "ELECTRICITY", gate: Gate | None = None
) -> list[tuple[str, str]]:
    content = Content(components, Rounding(), gate or Gate())
    flaws = version_flaws([version(None, content)], commodity)
    return [(flaw.field.removeprefix("versions[0]."), flaw.rule) for flaw in flaws]


ENERGY = "components[0].energy"
TIER = f"{ENERGY}.rates[0].tiers"
BAD: dict[str, tuple[Callable[[], list[tuple[str, str]]], tuple[str, str]]] = {
    "gap above the tiers": (
        lambda: found(graduated(("100", "1"), ("200", "2"))),
        (f"{TIER}[1].upper", "tariff.tiers.gap"),
    ),
    "overlap below": (
        lambda: found(graduated(("100", "1"), ("90", "2"), (None, "3"))),
        (f"{TIER}[1].upper", "tariff.tiers.order"),
    ),
    "empty tier": (
        lambda: found(graduated(("100", "1"), ("100", "2"), (None, "3"))),
        (f"{TIER}[1].upper", "tariff.tiers.order"),
    ),
    "tier of nothing": (
        lambda: found(graduated(("0", "1"), (None, "3"))),
        (f"{TIER}[0].upper", "tariff.tiers.order"),
    ),
    "open tier in the middle": (
        lambda: found(graduated((None, "1"), (None, "3"))),
        (f"{TIER}[0].upper", "tariff.tiers.overlap"),
    ),
    "negative rate": (
        lambda: found(graduated((None, "-0.1"))),
        (f"{TIER}[0].rate", "tariff.price.not_negative"),
    ),
    "adjustment below the rate": (
        lambda: found(energy(PeriodRate((Tier(D("0.1"), adjustment=D("-0.2")),)))),
        (f"{TIER}[0].rate", "tariff.price.not_negative"),
    ),
    "negative flat": (
        lambda: found(energy(PeriodRate((Tier(D(1), flat=D(-1)),)))),
        (f"{TIER}[0].flat", "tariff.price.not_negative"),
    ),
    "negative standing charge": (
        lambda: found(monthly("-8")),
        ("components[0].fixed.amount", "tariff.price.not_negative"),
    ),
    "period without a rate": (
        lambda: found(energy(TWO[0], calendar=Calendar("day", (NIGHT,)))),
        (f"{ENERGY}.rates", "tariff.rates.complete"),
    ),
    "rate of no period": (
        lambda: found(energy(*TWO, calendar=Calendar("day"))),
        (f"{ENERGY}.rates[1].period", "tariff.rates.period"),
    ),
    "rate of a period without a calendar": (
        lambda: found(energy(RATE, TWO[1])),
        (f"{ENERGY}.rates[1].period", "tariff.rates.period"),
    ),
    "two rates of one period": (
        lambda: found(energy(RATE, RATE)),
        (f"{ENERGY}.rates[1].period", "tariff.rates.unique"),
    ),
    "range over midnight": (
        lambda: found(timed(NIGHT, Rule("night", from_minute=1320, to_minute=360))),
        (f"{ENERGY}.calendar.rules[1].to_minute", "calendar.rule.range"),
    ),
    "rule that is never reached": (
        lambda: found(timed(NIGHT, Rule("night", months=frozenset({5}), to_minute=60))),
        (f"{ENERGY}.calendar.rules[1]", "calendar.rule.reached"),
    ),
    "holiday rule without holidays": (
        lambda: found(timed(NIGHT, Rule("night", weekdays=frozenset(), from_minute=900))),
        (f"{ENERGY}.calendar.rules[1].weekdays", "calendar.holidays.some"),
    ),
    "tax on nothing known": (
        lambda: found(monthly("1"), tax("20", "energy")),
        ("components[1].tax.on[0]", "tariff.tax.on"),
    ),
    "tax on itself": (
        lambda: found(monthly("1"), tax("20", "vat")),
        ("components[1].tax.on[0]", "tariff.tax.on"),
    ),
    "tax twice on one": (
        lambda: found(monthly("1"), tax("20", "standing", "standing")),
        ("components[1].tax.on[1]", "tariff.tax.on"),
    ),
    "negative tax": (
        lambda: found(monthly("1"), tax("-1")),
        ("components[1].tax.percent", "tariff.tax.percent"),
    ),
    "only taxes": (lambda: found(tax("20")), ("components", "tariff.components.some")),
    "one code twice": (
        lambda: found(monthly("1"), monthly("2")),
        ("components[1].code", "tariff.components.unique"),
    ),
    "a voltage for sale": (
        lambda: found(Component("volts", EnergyCharge("VOLTAGE", "V", (RATE,)))),
        (f"{ENERGY}.quantity", "tariff.energy.quantity"),
    ),
    "electricity on a water tariff": (
        lambda: found(energy(RATE), commodity="COLD_WATER"),
        (f"{ENERGY}.quantity", "tariff.energy.quantity"),
    ),
    "gate above one": (
        lambda: found(monthly("1"), gate=Gate(max_missing=D("1.5"))),
        ("gate.max_missing_share", "tariff.gate.share"),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tariffs_name_the_field_and_the_rule(name: str) -> None:
    find, flaw = BAD[name]
    assert find() == [flaw]


@pytest.mark.parametrize("good", [GOLDEN_A, GOLDEN_B, GOLDEN_D])
def test_golden_tariffs_are_good(good: Version) -> None:
    assert list(version_flaws([good], "ELECTRICITY")) == []


def test_every_flaw_is_told_at_once_with_its_value() -> None:
    bad = tariff(monthly("-1"), replace(graduated(("5", "1"), ("4", "-2")), code="energy"))
    told = [flaw.description for flaw in version_flaws([bad], "ELECTRICITY")]
    assert [text.split()[0] for text in told] == ["-1", "-2", "the", "4"]


def test_versions_follow_one_another() -> None:
    content = tariff(monthly("1")).content
    first, second = date(2026, 1, 1), date(2026, 2, 1)

    def rules(*days: date | None) -> list[tuple[str, str]]:
        flaws = version_flaws([version(day, content) for day in days], "GAS")
        return [(flaw.field, flaw.rule) for flaw in flaws]

    assert rules(None, first, second) == []
    assert rules(first, second) == []
    assert rules(second, first) == [("versions[1].effective_from", "tariff.versions.order")]
    assert rules(first, first) == [("versions[1].effective_from", "tariff.versions.order")]
    assert rules(first, None) == [("versions[1].effective_from", "tariff.versions.order")]
    assert rules() == [("versions", "tariff.versions.some")]


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "/etc/passwd", "Europe"])
def test_unknown_time_zones(name: str) -> None:
    assert [flaw.rule for flaw in zone_flaws("time_zone", name)] == ["time_zone.known"]


def test_known_time_zones() -> None:
    assert not list(zone_flaws("time_zone", "Europe/London"))


@given(contents())
def test_only_calendars_of_random_tariffs_may_be_bad(content: Content) -> None:
    rules = {flaw.rule for flaw in version_flaws([version(None, content)], "ELECTRICITY")}
    assert rules <= {"calendar.rule.reached"}


def test_fixed_and_tax_kinds_are_checked_without_energy() -> None:
    parts = (Component("a", FixedCharge(D(1))), Component("vat", TaxCharge(D(20), ("a",))))
    assert found(*parts) == []
