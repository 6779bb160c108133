"""Rating by hand-computed examples."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from server.billing.money import Rounding, RoundingMode, TaxBase, plus
from server.billing.period import Period
from server.billing.rating import Bill, Determinant, Rated, RatingError, rate
from server.billing.tariff import (
    ChargePeriod,
    Component,
    FixedCharge,
    Part,
    PeriodRate,
    Proration,
    Tier,
    TierLimit,
    TierMode,
    Version,
    parts_of,
)
from server.billing.tariff_document import version
from tests.unit.billing.tariffs import energy, flat_energy, graduated, monthly, tariff, tax, tiers

D = Decimal
MARCH = Period.of_month(2026, 3)


def bill(used: Version, kwh: str | None = None, days: Period = MARCH) -> Bill:
    determinants = () if kwh is None else (Determinant("energy", "", D(kwh)),)
    return rate([Rated(Part(days, used), determinants)])


STEPPED = tariff(
    energy(PeriodRate((Tier(D(10), D(10), D(2)), Tier(D(5), D(20), D(3)), Tier(D(5), None, D(3))))),
)


@pytest.mark.parametrize(("kwh", "total"), [("0", "2"), ("1", "12"), ("10", "102"), ("11", "110")])
def test_graduated_tiers_with_flat_amounts(kwh: str, total: str) -> None:
    assert bill(STEPPED, kwh).total == D(total)


def test_two_thousand_a_month_with_an_adjustment() -> None:
    steps = (Tier(D("0.07531"), D(1000), adjustment=D("0.0119")), Tier(D("0.09613"), adjustment=D("0.0119")))
    used = tariff(energy(PeriodRate(steps)))
    assert 12 * bill(used, "2000").total == D("2342.88")


@pytest.mark.parametrize(("base", "total"), [(TaxBase.INVOICE, "334.99"), (TaxBase.LINE, "335.00")])
def test_tax_on_the_invoice_and_on_lines(base: TaxBase, total: str) -> None:
    amounts = ("68.33", "68.33", "57.50", "85.00")
    parts = [Component(f"part{i}", FixedCharge(D(amount))) for i, amount in enumerate(amounts)]
    one = bill(tariff(*parts, tax("20"), rounding=Rounding(tax_base=base)))
    assert one.net == D("279.16")
    assert one.total == D(total)


def test_invoice_tax_is_on_unrounded_lines() -> None:
    # Three lines of 0.004 round to nothing each, but 1000 % of their exact sum is 0.12.
    parts = [Component(f"part{i}", FixedCharge(D("0.004"))) for i in range(3)]
    assert bill(tariff(*parts, tax("1000"))).tax == D("0.12")
    assert bill(tariff(*parts, tax("1000"), rounding=Rounding(tax_base=TaxBase.LINE))).tax == D("0.00")


def test_a_tax_on_some_components() -> None:
    one = bill(tariff(monthly("10"), flat_energy("0.10"), tax("5", "energy")), "100")
    assert [(line.base, line.amount) for line in one.taxes] == [(D("10.00"), D("0.50"))]
    assert (one.net, one.tax, one.total) == (D("20.00"), D("0.50"), D("20.50"))


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 3, 5), date(2026, 3, 21), Fraction(16, 31)),
        (date(2026, 2, 10), date(2026, 3, 1), Fraction(19, 28)),
        (date(2026, 4, 1), date(2026, 4, 11), Fraction(10, 30)),
        (date(2024, 2, 29), date(2024, 3, 1), Fraction(1, 29)),
        (date(2025, 12, 15), date(2026, 1, 16), Fraction(17, 31) + Fraction(15, 31)),
    ],
)
def test_proration_by_day(first: date, last: date, months: Fraction) -> None:
    days = Period(first, last)
    assert days.months() == months
    line = bill(tariff(monthly("31.00")), days=days).lines[0]
    assert line.exact == pytest.approx(D(31) * months.numerator / months.denominator, abs=D("1e-20"))
    assert abs(line.quantity - D(months.numerator) / months.denominator) <= D("5e-10")


def test_a_tie_stays_a_tie() -> None:
    # 0.15 a month for one day of thirty is exactly half a cent; through 0.033333333 it would be less.
    line = bill(tariff(monthly("0.15")), days=Period(date(2026, 4, 1), date(2026, 4, 2))).lines[0]
    assert (line.exact, line.amount) == (D("0.005"), D("0.01"))


def test_without_proration_each_month_touched_is_whole() -> None:
    component = replace(monthly("8"), proration=Proration.NONE)
    assert bill(tariff(component), days=Period(date(2026, 3, 31), date(2026, 4, 2))).total == 16
    assert bill(tariff(component), days=Period(date(2025, 12, 1), date(2026, 1, 1))).total == 8


@pytest.mark.parametrize(("per", "total"), [(ChargePeriod.DAY, "310.00"), (ChargePeriod.BILL, "10.00")])
def test_fixed_amounts_by_day_and_by_bill(per: ChargePeriod, total: str) -> None:
    assert bill(tariff(Component("standing", FixedCharge(D(10), per)))).total == D(total)


def test_whole_tiers_price_everything_by_the_tier_reached() -> None:
    used = tariff(graduated(("100", "0.20"), ("200", "0.15"), (None, "0.10"), mode=TierMode.WHOLE))
    for kwh, total in (("99.999999", "20.00"), ("100", "15.00"), ("199", "29.85"), ("200", "20.00")):
        one = bill(used, kwh)
        assert len(one.lines) == 1
        assert one.total == D(total)


def test_monthly_limits_shrink_with_the_days() -> None:
    used = tariff(graduated(("310", "1"), (None, "2")))
    half = Period(date(2026, 3, 1), date(2026, 3, 11))
    assert [line.quantity for line in bill(used, "150", half).lines] == [D(100), D(50)]
    whole = tariff(replace(graduated(("310", "1"), (None, "2")), proration=Proration.NONE))
    assert [line.quantity for line in bill(whole, "150", half).lines] == [D(150)]


def test_daily_limits_grow_with_the_days() -> None:
    component = energy(PeriodRate(tiers(("10", "1"), (None, "2")), limit=TierLimit.PER_DAY))
    assert [line.quantity for line in bill(tariff(component), "400").lines] == [D(310), D(90)]


def test_nothing_used_is_a_line_too() -> None:
    lines = bill(tariff(graduated(("10", "1"), (None, "2"))), "0").lines
    assert [(line.quantity, line.amount) for line in lines] == [(D(0), D("0.00"))]


def test_a_negative_quantity_is_refused() -> None:
    with pytest.raises(RatingError, match="below zero: -1 kWh"):
        bill(tariff(flat_energy("1")), "-1")


def test_a_period_without_a_rate_is_refused() -> None:
    with pytest.raises(RatingError, match="no rate for the period 'night'"):
        rate([Rated(Part(MARCH, tariff(flat_energy("1"))), (Determinant("energy", "night", D(1)),))])


@pytest.mark.parametrize(
    ("rounding", "amount"),
    [
        (Rounding(), "2.35"),
        (Rounding(RoundingMode.HALF_EVEN), "2.34"),
        (Rounding(decimals=0), "2"),
        (Rounding(decimals=3), "2.345"),
    ],
)
def test_rounding_is_as_declared(rounding: Rounding, amount: str) -> None:
    line = bill(tariff(Component("x", FixedCharge(D("2.345"))), rounding=rounding)).lines[0]
    assert str(line.amount) == amount
    assert line.exact == D("2.345")


def test_a_price_change_in_the_middle_of_the_month() -> None:
    old = version(None, tariff(flat_energy("0.10"), monthly("31"), tax("10")).content)
    new = version(date(2026, 3, 11), tariff(flat_energy("0.20"), monthly("62"), tax("10")).content)
    parts, uncovered = parts_of([old, new], MARCH)
    assert uncovered is None
    assert [part.days.days for part in parts] == [10, 21]
    used = (Determinant("energy", "", D(100)),)
    one = rate([Rated(part, used) for part in parts])
    assert [line.amount for line in one.lines] == [D("10.00"), D("10.00"), D("20.00"), D("42.00")]
    assert [(line.base, line.amount) for line in one.taxes] == [(D(82), D("8.20"))]


def test_days_before_the_first_version_are_told() -> None:
    new = version(date(2026, 3, 11), tariff(monthly("1")).content)
    parts, uncovered = parts_of([new], MARCH)
    assert uncovered == Period(date(2026, 3, 1), date(2026, 3, 11))
    assert [part.days for part in parts] == [Period(date(2026, 3, 11), date(2026, 4, 1))]


def test_a_tax_change_in_the_middle_of_the_month_gives_two_tax_lines() -> None:
    old = version(None, tariff(monthly("31"), tax("10")).content)
    new = version(date(2026, 3, 11), tariff(monthly("31"), tax("20")).content)
    one = rate([Rated(part, ()) for part in parts_of([old, new], MARCH)[0]])
    assert [(line.percent, line.amount) for line in one.taxes] == [(D(10), D("1.00")), (D(20), D("4.20"))]
    assert one.total == plus(D(31), D("5.20"))
