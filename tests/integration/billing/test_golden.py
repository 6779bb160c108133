"""The golden bills through runs: every month of the year, to the cent."""

from datetime import date
from decimal import Decimal

from server.billing.period import Period
from tests.support.billing import GOLDEN_AMOUNTS, GOLDEN_TARIFFS, Biller
from tests.support.usage_arrays import GOLDEN_YEAR, golden_profile


async def test_a_year_of_golden_bills(biller: Biller) -> None:
    names = {}
    for name, components in GOLDEN_TARIFFS.items():
        tariff = await biller.tariff(*components)
        agreement = await biller.agreement(tariff.tariff_id, biller.usage_point(golden_profile()))
        names[agreement.agreement_id] = name
    for month in range(1, 13):
        days = Period.of_month(GOLDEN_YEAR, month)
        run = await biller.bill(days.start, days.end)
        assert (run.invoice_count, run.exception_count) == (3, 0)

    invoices = await biller.invoices_of()
    assert len(invoices) == 36
    for name, golden in GOLDEN_AMOUNTS.items():
        mine = [one for one in invoices if names[one.agreement_id] == name]
        by_month = {one.period_start.month: one for one in mine}
        assert by_month[1].total_amount == golden["january"]
        assert by_month[7].total_amount == golden["july"]
        exact = sum((Decimal(line.unrounded_amount) for one in mine for line in one.lines), Decimal(0))
        assert abs(exact - Decimal(golden["year"])) <= Decimal("0.0001")
    assert sum(Decimal(one.usage.quantity) for one in invoices) == 3 * Decimal("10829.335373")
    assert {one.usage.interval_count for one in invoices if one.period_start.month == 2} == {672}
    assert [one.invoice_number for one in invoices] == [f"INV-{n:08d}" for n in range(1, 37)]


async def test_january_b_line_by_line(biller: Biller) -> None:
    tariff = await biller.tariff(*GOLDEN_TARIFFS["B"])
    await biller.agreement(tariff.tariff_id, biller.usage_point(golden_profile()))
    await biller.bill(date(GOLDEN_YEAR, 1, 1), date(GOLDEN_YEAR, 2, 1))
    (invoice,) = await biller.invoices_of()
    told = [(line.tier, line.quantity, line.unit, line.rate, line.amount) for line in invoice.lines]
    assert told == [
        (1, "150", "kWh", "0.09", "13.50"),
        (2, "150", "kWh", "0.11", "16.50"),
        (3, "452.185785", "kWh", "0.13", "58.78"),
        (0, "1", "month", "9", "9.00"),
    ]
    assert (invoice.net_amount, invoice.tax_amount, invoice.total_amount) == ("97.78", "0.00", "97.78")
