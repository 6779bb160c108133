"""What happens when something happens while bills are computed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from server.platform.errors import Unavailable
from simba.billing.v1 import tariff_pb2, tariff_service_pb2
from simba.common.v1 import types_pb2
from tests.support.billing import MARCH, Biller, flat, many, numbers, priced, wire_day


@contextmanager
def once(biller: Biller, act: Any) -> Iterator[None]:
    """Does something, once, in the moment between reading agreements and writing invoices."""

    async def first() -> None:
        asked.pop(biller.tenant_id, None)
        await act()

    asked = biller.stage.usage.on_ask
    asked[biller.tenant_id] = first
    try:
        yield
    finally:
        asked.pop(biller.tenant_id, None)


async def test_a_tariff_changed_meanwhile_is_rated_again(biller: Biller) -> None:
    tariff = await biller.tariff(priced(("", "0.10")))
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat()))
    dearer = tariff_pb2.TariffVersion(components=[priced(("", "0.20"))])
    change = tariff_pb2.Tariff(tariff_id=tariff.tariff_id, versions=[dearer])

    async def raise_prices() -> None:
        await biller.tariffs.UpdateTariff(tariff_service_pb2.UpdateTariffRequest(tariff=change))

    with once(biller, raise_prices):
        await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    assert invoice.total_amount == "148.80"


async def test_a_move_out_meanwhile_is_billed_as_such(biller: Biller) -> None:
    tariff = await biller.tariff(priced(("", "0.10")))
    agreement = await biller.agreement(tariff.tariff_id, biller.usage_point(flat()))
    end = {"agreement_id": agreement.agreement_id, "end_date": wire_day(2026, 3, 11)}
    with once(biller, lambda: biller.update_agreement(**end)):
        await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    assert (invoice.period_end.day, invoice.usage.quantity) == (11, "240")


async def test_an_engine_that_is_away_delays_the_run_only(biller: Biller) -> None:
    await many(biller, 3)

    async def away() -> None:
        raise Unavailable("clickhouse is not reachable now", retry_after=timedelta(seconds=1))

    with once(biller, away):
        run = await biller.bill(*MARCH)
    assert (run.state, run.invoice_count) == (types_pb2.WORK_STATE_SUCCEEDED, 3)
    assert numbers(await biller.invoices_of()) == [1, 2, 3]


async def test_a_defect_ends_the_run_with_an_id_to_quote(biller: Biller) -> None:
    await many(biller, 1)

    async def defect() -> None:
        raise ZeroDivisionError

    with once(biller, defect):
        run = await biller.bill(*MARCH)
    assert run.state == types_pb2.WORK_STATE_FAILED
    assert run.error.startswith("a defect of the server; quote ")
    assert await biller.invoices_of() == []
    assert (await biller.bill(*MARCH)).invoice_count == 1
