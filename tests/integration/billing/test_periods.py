"""What a bill covers: clock changes, holidays, moves and price changes within the month."""

from datetime import date
from decimal import Decimal

import pytest

from simba.billing.v1 import (
    tariff_pb2,
)
from tests.support.billing import (
    MARCH,
    Biller,
    flat,
    priced,
    standing,
    vat,
    wire_day,
)

LONDON = "Europe/London"
OCTOBER = date(2026, 10, 1), date(2026, 11, 1)
NIGHT = tariff_pb2.TimeOfUseCalendar(
    default_period="day",
    rules=[tariff_pb2.TimeOfUseRule(from_minute=0, to_minute=420, period="night")],
)


@pytest.mark.parametrize(("month", "hours", "night"), [(MARCH, 743, 216), (OCTOBER, 745, 218)])
async def test_months_with_a_clock_change(
    biller: Biller, month: tuple[date, date], hours: int, night: int
) -> None:
    tariff = await biller.tariff(priced(("", "0.20"), calendar=NIGHT, night="0.10"), time_zone=LONDON)
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat(), LONDON))
    await biller.bill(*month)
    (invoice,) = await biller.invoices_of()
    used = {line.period: (line.quantity, line.amount) for line in invoice.lines}
    day_hours = hours - night
    assert used == {
        "night": (str(night), f"{Decimal(night) / 10:.2f}"),
        "day": (str(day_hours), f"{Decimal(day_hours) / 5:.2f}"),
    }
    assert invoice.usage.interval_count == hours
    assert invoice.period.end.seconds - invoice.period.start.seconds == hours * 3600


async def test_holidays_have_their_own_price(biller: Biller) -> None:
    calendar = tariff_pb2.TimeOfUseCalendar(
        default_period="day",
        rules=[tariff_pb2.TimeOfUseRule(weekdays=[tariff_pb2.WEEKDAY_HOLIDAY], period="night")],
        holidays=[wire_day(2026, 3, 17), wire_day(2026, 3, 29)],
    )
    tariff = await biller.tariff(priced(("", "1"), calendar=calendar, night="0"), time_zone=LONDON)
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat(), LONDON))
    await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    # The second holiday is the 23 h day of the clock change.
    assert {line.period: line.quantity for line in invoice.lines} == {"day": "696", "night": "47"}


async def test_moving_house_in_the_middle_of_the_month(biller: Biller) -> None:
    tariff = await biller.tariff(priced(("310", "0.10"), ("", "0.20")), standing("31"))
    point = biller.usage_point(flat())
    await biller.agreement(tariff.tariff_id, point, end_date=wire_day(2026, 3, 11))
    await biller.agreement(tariff.tariff_id, point, start_date=wire_day(2026, 3, 11))
    run = await biller.bill(*MARCH)
    assert run.invoice_count == 2
    first, second = sorted(await biller.invoices_of(), key=lambda one: one.period_start.day)
    assert (first.period_end.day, second.period_start.day) == (11, 11)
    assert [line.quantity for line in first.lines] == ["100", "140", "0.322580645"]
    assert first.lines[2].amount == "10.00"
    assert second.lines[2].amount == "21.00"
    # Every interval is in exactly one bill.
    assert Decimal(first.usage.quantity) + Decimal(second.usage.quantity) == 744


async def test_a_price_change_in_the_middle_of_the_month(biller: Biller) -> None:
    old = tariff_pb2.TariffVersion(components=[priced(("", "0.10")), vat("10")])
    new = tariff_pb2.TariffVersion(
        effective_from=wire_day(2026, 3, 11), components=[priced(("", "0.20")), vat("10")]
    )
    tariff = await biller.tariff(versions=[old, new])
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat()))
    await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    told = [(line.period_start.day, line.quantity, line.rate, line.amount) for line in invoice.lines]
    assert told == [(1, "240", "0.1", "24.00"), (11, "504", "0.2", "100.80")]
    assert [(tax.base_amount, tax.amount) for tax in invoice.taxes] == [("124.8", "12.48")]
    assert invoice.total_amount == "137.28"
