"""The golden bills, from the 8,760 hours of the load to the cent."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from server.billing.money import plus
from server.billing.period import Period
from server.billing.rating import Bill, Determinant, Rated, rate
from server.billing.tariff import Component, EnergyCharge, Part, Version
from tests.support.usage_arrays import GOLDEN_YEAR, golden_load
from tests.unit.billing.tariffs import GOLDEN_A, GOLDEN_B, GOLDEN_D

LOAD = golden_load()
HOURS = np.datetime64(f"{GOLDEN_YEAR}-01-01T00", "h") + np.arange(8760)
MONTHLY_KWH = (
    "752.1858 642.3818 647.7548 643.76 777.2225 1151.6951 "
    "1594.7795 1393.3611 1016.156 837.847 640.3785 731.8133"
)
GOLDEN = {
    "A": (GOLDEN_A, "1390.3002", "97.8997", "198.6048"),
    "B": (GOLDEN_B, "1407.8136", "97.7842", "207.3213"),
    "D": (GOLDEN_D, "1058.8276", "69.1749", "169.0989"),
}


def periods_of(component: Component) -> np.ndarray:
    """Name of the calendar period of every hour of the year."""
    charge = component.kind
    assert isinstance(charge, EnergyCharge)
    if charge.calendar is None:
        return np.full(8760, "", dtype=object)
    names = []
    for hour in HOURS.astype("datetime64[s]").astype(int):
        local = datetime.fromtimestamp(int(hour), UTC)
        names.append(charge.calendar.period_at(local.date(), local.hour * 60))
    return np.array(names, dtype=object)


def determinants(version: Version, days: Period) -> tuple[Determinant, ...]:
    inside = (np.datetime64(days.start) <= HOURS) & (np.datetime64(days.end) > HOURS)
    found = []
    for component in version.content.components:
        if not isinstance(component.kind, EnergyCharge):
            continue
        names = periods_of(component)[inside]
        for name in sorted(set(names)):
            micro = int(LOAD[inside][names == name].sum())
            found.append(Determinant(component.code, name, Decimal(micro).scaleb(-6)))
    return tuple(found)


def bill(version: Version, month: int) -> Bill:
    days = Period.of_month(GOLDEN_YEAR, month)
    return rate([Rated(Part(days, version), determinants(version, days))])


def exact(one: Bill) -> Decimal:
    return plus(*(line.exact for line in one.lines))


def cents(amount: str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def close(amount: Decimal, golden: str) -> bool:
    return abs(amount - Decimal(golden)) <= Decimal("0.0001")


def test_the_load_is_the_golden_one() -> None:
    assert int(LOAD.sum()) == 10_829_335_373
    assert int(LOAD.max()) == 4_304_530
    for month, kwh in enumerate(MONTHLY_KWH.split(), start=1):
        days = Period.of_month(GOLDEN_YEAR, month)
        assert close(determinants(GOLDEN_A, days)[0].value, kwh)


@pytest.mark.parametrize("name", GOLDEN)
def test_january_july_and_the_year(name: str) -> None:
    version, year, january, july = GOLDEN[name]
    bills = [bill(version, month) for month in range(1, 13)]
    assert close(exact(bills[0]), january)
    assert close(exact(bills[6]), july)
    assert close(plus(*(exact(one) for one in bills)), year)
    assert bills[0].total == cents(january)
    assert bills[6].total == cents(july)


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_its_rounded_lines(name: str, month: int) -> None:
    version = GOLDEN[name][0]
    one = bill(version, month)
    assert one.total == one.net == plus(*(line.amount for line in one.lines))
    assert all(abs(line.amount - line.exact) <= Decimal("0.005") for line in one.lines)
    kwh = plus(*(line.quantity for line in one.lines if line.unit == "kWh"))
    assert close(kwh, MONTHLY_KWH.split()[month - 1])


def test_b_in_january_by_hand() -> None:
    one = bill(GOLDEN_B, 1)
    lines = [(line.tier, line.quantity, line.rate, line.amount) for line in one.lines]
    assert lines == [
        (1, Decimal(150), Decimal("0.09"), Decimal("13.50")),
        (2, Decimal(150), Decimal("0.11"), Decimal("16.50")),
        (
            3,
            determinants(GOLDEN_B, Period.of_month(GOLDEN_YEAR, 1))[0].value - 300,
            Decimal("0.13"),
            Decimal("58.78"),
        ),
        (0, Decimal(1), Decimal(9), Decimal("9.00")),
    ]
    assert one.total == Decimal("97.78")
