"""From a meter's intervals to the bill, through every real part: ingest, validation, run, invoice, PDF."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from google.protobuf.duration_pb2 import Duration

from server.billing.period import Period
from simba.billing.v1 import invoice_service_pb2, tariff_pb2
from simba.common.v1 import types_pb2
from simba.readings.v1 import vee_service_pb2
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.vee_service_pb2_grpc import VeeServiceStub
from tests.support.billing import GOLDEN_AMOUNTS, GOLDEN_TARIFFS, Biller, biller_of, priced
from tests.support.inventory import Inventory, interval, stamp
from tests.support.platform import RunningServer, TestTenant
from tests.support.usage_arrays import GOLDEN_YEAR, golden_load

pytestmark = pytest.mark.usefixtures("worker")
LONDON = "Europe/London"
NIGHT = tariff_pb2.TimeOfUseCalendar(
    default_period="day",
    rules=[tariff_pb2.TimeOfUseRule(from_minute=0, to_minute=420, period="night")],
)


@pytest.fixture
def caller_of(server: RunningServer, own_tenant: TestTenant) -> Biller:
    return biller_of(SimpleNamespace(server=server), own_tenant)


class Field:
    """Meters with hourly intervals, and what they send."""

    def __init__(self, server: RunningServer, tenant: TestTenant) -> None:
        channel = server.channel(tenant.secret)
        self._inventory = Inventory(channel)
        self._ingest = IngestServiceStub(channel)
        self._vee = VeeServiceStub(channel)

    async def homes(self, count: int, zone: str, since: datetime) -> list[tuple[str, int]]:
        """Usage points with a meter each: (usage point, channel number)."""
        hourly = interval(interval=Duration(seconds=3600))
        model = await self._inventory.model(channel_templates=[hourly], command_templates=[])
        made = []
        for _ in range(count):
            meter = await self._inventory.meter(model.device_model_id)
            point = await self._inventory.point(time_zone=zone, address="1 Test Road\nTown")
            await self._inventory.install(point.usage_point_id, meter.meter_id, since)
            made.append((point.usage_point_id, meter.channels[0].channel))
        return made

    async def send(
        self, homes: Sequence[tuple[str, int]], first: datetime, micro: npt.NDArray[np.int64]
    ) -> None:
        """The same hours from all of them, acknowledged and validated."""
        times = int(first.timestamp() * 1000) + np.arange(len(micro), dtype=np.int64) * 3_600_000
        blocks = [
            ReadingBlock(
                source=uuid4().hex,
                sequence=1,
                channel=[channel] * len(micro),
                time_ms=times,
                value_micro=micro,
            )
            for _, channel in homes
        ]
        call = self._ingest.IngestReadings(iter([IngestReadingsRequest(blocks=blocks)]))
        acks = [ack async for response in call for ack in response.acks]
        assert [ack.stored for ack in acks] == [len(micro)] * len(homes)
        end = first + timedelta(hours=len(micro))
        period = types_pb2.TimeInterval(start=stamp(first), end=stamp(end))
        for point, _ in homes:
            await self._vee.RunVee(vee_service_pb2.RunVeeRequest(usage_point_id=point, period=period))


@pytest.fixture
def field(server: RunningServer, own_tenant: TestTenant) -> Field:
    return Field(server, own_tenant)


async def test_golden_bills_from_the_meter_to_the_invoice(caller_of: Biller, field: Field) -> None:
    since = datetime(GOLDEN_YEAR, 1, 1, tzinfo=UTC)
    homes = await field.homes(3, "UTC", since)
    await field.send(homes, since, golden_load())
    names = {}
    for (name, components), (point, _) in zip(GOLDEN_TARIFFS.items(), homes, strict=True):
        tariff = await caller_of.tariff(*components)
        names[(await caller_of.agreement(tariff.tariff_id, point)).agreement_id] = name
    for month in range(1, 13):
        days = Period.of_month(GOLDEN_YEAR, month)
        run = await caller_of.bill(days.start, days.end)
        assert (run.invoice_count, run.exception_count) == (3, 0), await caller_of.exceptions_of(
            run.billing_run_id
        )

    invoices = await caller_of.invoices_of()
    for name, golden in GOLDEN_AMOUNTS.items():
        by_month = {one.period_start.month: one for one in invoices if names[one.agreement_id] == name}
        assert by_month[1].total_amount == golden["january"]
        assert by_month[7].total_amount == golden["july"]
        lines = [line for one in by_month.values() for line in one.lines]
        exact = sum((Decimal(line.unrounded_amount) for line in lines), Decimal(0))
        assert abs(exact - Decimal(golden["year"])) <= Decimal("0.0001")
    request = invoice_service_pb2.GetInvoicePdfRequest(invoice_id=invoices[-1].invoice_id)
    document = await caller_of.invoices.GetInvoicePdf(request)
    assert document.document.data.startswith(b"%PDF-")


@pytest.mark.parametrize(("month", "hours", "night"), [(3, 743, 216), (10, 745, 218)])
async def test_time_of_use_over_clock_changes(
    caller_of: Biller, field: Field, month: int, hours: int, night: int
) -> None:
    days = Period.of_month(2025, month)
    first, end = days.instants(LONDON)
    homes = await field.homes(1, LONDON, first)
    count = int((end - first).total_seconds()) // 3600
    await field.send(homes, first, np.arange(count, dtype=np.int64) % 24 * 1000 + 1_000_000)
    tariff = await caller_of.tariff(priced(("", "1"), calendar=NIGHT, night="1"), time_zone=LONDON)
    await caller_of.agreement(tariff.tariff_id, homes[0][0])
    run = await caller_of.bill(days.start, days.end)
    assert run.exception_count == 0, await caller_of.exceptions_of(run.billing_run_id)
    (invoice,) = await caller_of.invoices_of()
    assert invoice.usage.interval_count == hours == count
    # Each hour tells by its value which hour it is: a wrong one would show in the sums.
    values = [1 + Decimal(place % 24) / 1000 for place in range(count)]
    local = [(first + timedelta(hours=place)).astimezone(ZoneInfo(LONDON)).hour for place in range(count)]
    by_night = [value for value, hour in zip(values, local, strict=True) if hour < 7]
    assert len(by_night) == night
    used = {line.period: Decimal(line.quantity) for line in invoice.lines}
    assert used == {"night": sum(by_night), "day": sum(values) - sum(by_night)}
