"""A golden bill, line by line."""

from datetime import date

from tests.support.billing import GOLDEN_TARIFFS, Biller
from tests.support.usage_arrays import GOLDEN_YEAR, golden_profile


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
