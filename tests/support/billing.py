"""Billing on real engines, with measurements in arrays and usage points in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import grpc
import numpy as np
import pytest
import pytest_asyncio
from google.type.date_pb2 import Date

from server.access import capability as access_capability
from server.billing import capability as billing_capability
from server.billing.ports import UsagePointInfo
from server.main import Application, worker_loops
from server.migrations.run import migrate
from server.platform.capability import Capability
from server.platform.ids import new_id
from server.platform.loops import run_all
from server.platform.outbox import OutboxRow
from server.platform.platform import Platform, open_platform
from server.platform.uow import Tx
from simba.billing.v1 import (
    billing_run_pb2,
    billing_run_service_pb2,
    customer_pb2,
    customer_service_pb2,
    invoice_pb2,
    invoice_service_pb2,
    tariff_pb2,
    tariff_service_pb2,
)
from simba.billing.v1.billing_run_service_pb2_grpc import BillingRunServiceStub
from simba.billing.v1.customer_service_pb2_grpc import CustomerServiceStub
from simba.billing.v1.invoice_service_pb2_grpc import InvoiceServiceStub
from simba.billing.v1.tariff_service_pb2_grpc import TariffServiceStub
from simba.common.v1 import types_pb2
from tests.support.engines import Engines
from tests.support.platform import (
    RunningServer,
    TestTenant,
    error_of,
    fresh_settings,
    make_tenant,
    running_server,
)
from tests.support.usage_arrays import ArrayUsage, Profile

OVER = {types_pb2.WORK_STATE_SUCCEEDED, types_pb2.WORK_STATE_FAILED, types_pb2.WORK_STATE_CANCELLED}


@dataclass(slots=True)
class Points:
    """The port ``UsagePoints`` from memory."""

    known: dict[tuple[UUID, UUID], UsagePointInfo] = field(default_factory=dict)

    async def usage_points(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> list[UsagePointInfo]:
        return [self.known[tenant_id, one] for one in usage_point_ids if (tenant_id, one) in self.known]


@dataclass(slots=True)
class Heard:
    """An event sink that keeps what it hears, in order."""

    events: list[OutboxRow] = field(default_factory=list)

    async def append(self, _tx: Tx, events: Sequence[OutboxRow]) -> None:
        self.events += events

    async def announce(self, events: Sequence[OutboxRow]) -> None:
        pass


@dataclass(frozen=True, slots=True)
class BillingStage:
    """The running parts. Two agreements make a shard, so that small runs have several."""

    platform: Platform
    application: Application
    server: RunningServer
    usage: ArrayUsage
    points: Points
    heard: Heard


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def billing_stage(engines: Engines) -> AsyncIterator[BillingStage]:
    """A server and a worker on databases of their own."""
    settings = fresh_settings(engines)
    await asyncio.to_thread(migrate, settings)
    usage, points, heard = ArrayUsage(), Points(), Heard()
    async with open_platform(settings) as platform:
        access = access_capability.build(platform)
        billing = billing_capability.build(
            platform, usage=usage, series=usage, usage_points=points, agreements_a_shard=2
        )
        listener = Capability("listener", event_sinks=[heard])
        application = Application(platform, access.authenticator, (access.capability, billing, listener))
        async with running_server(application) as server:
            stage = BillingStage(platform, application, server, usage, points, heard)
            async with billing_worker(stage):
                yield stage


@asynccontextmanager
async def billing_worker(stage: BillingStage) -> AsyncIterator[None]:
    """Jobs as a worker runs them, inside the block."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_all(worker_loops(stage.application), stop, 3.0))
    try:
        yield
    finally:
        stop.set()
        await running


@dataclass(slots=True)
class Biller:
    """A caller of one tenant, with shorthand for what most tests do."""

    tenant: TestTenant
    stage: BillingStage
    parties: CustomerServiceStub
    tariffs: TariffServiceStub
    runs: BillingRunServiceStub
    invoices: InvoiceServiceStub

    @property
    def tenant_id(self) -> UUID:
        return self.tenant.caller.tenant_id

    def usage_point(
        self, profile: Profile | None = None, zone: str = "UTC", commodity: str = "ELECTRICITY", **series: Any
    ) -> str:
        """A usage point; with a profile it has a series of that."""
        point = UsagePointInfo(new_id(), f"UP-{uuid4().hex[:6]}", "1 Test Road\nTown", commodity, zone)
        self.stage.points.known[self.tenant_id, point.usage_point_id] = point
        if profile is not None:
            add = getattr(self.stage.usage, "add", None)
            if add is not None:
                add(point.usage_point_id, uuid4().int >> 66, profile, zone, **series)
        return str(point.usage_point_id)

    async def customer(self, **changed: Any) -> customer_pb2.Customer:
        wire = customer_pb2.Customer(**{"display_name": "Ada Example", **changed})
        request = customer_service_pb2.CreateCustomerRequest(customer=wire)
        return (await self.parties.CreateCustomer(request)).customer

    async def account(self, customer_id: str = "", **changed: Any) -> customer_pb2.Account:
        owner = customer_id or (await self.customer()).customer_id
        wire = customer_pb2.Account(**{"customer_id": owner, "currency": "GBP", **changed})
        request = customer_service_pb2.CreateAccountRequest(account=wire)
        return (await self.parties.CreateAccount(request)).account

    async def tariff(self, *components: tariff_pb2.TariffComponent, **changed: Any) -> tariff_pb2.Tariff:
        values = {
            "code": uuid4().hex,
            "commodity": types_pb2.COMMODITY_ELECTRICITY,
            "currency": "GBP",
            "time_zone": "UTC",
            "versions": [tariff_pb2.TariffVersion(components=components)],
            **changed,
        }
        request = tariff_service_pb2.CreateTariffRequest(tariff=tariff_pb2.Tariff(**values))
        return (await self.tariffs.CreateTariff(request)).tariff

    async def agreement(
        self, tariff_id: str, usage_point_id: str, account_id: str = "", **changed: Any
    ) -> customer_pb2.Agreement:
        payer = account_id or (await self.account()).account_id
        values = {"start_date": wire_day(2000, 1, 1), **changed}
        wire = customer_pb2.Agreement(
            account_id=payer, usage_point_id=usage_point_id, tariff_id=tariff_id, **values
        )
        request = customer_service_pb2.CreateAgreementRequest(agreement=wire)
        return (await self.parties.CreateAgreement(request)).agreement

    async def update_agreement(self, **changed: Any) -> customer_pb2.Agreement:
        request = customer_service_pb2.UpdateAgreementRequest(agreement=customer_pb2.Agreement(**changed))
        return (await self.parties.UpdateAgreement(request)).agreement

    async def begin(self, start: date, end: date, **changed: Any) -> billing_run_pb2.BillingRun:
        """A run that has been asked for."""
        wire = billing_run_pb2.BillingRun(period_start=day(start), period_end=day(end), **changed)
        request = billing_run_service_pb2.CreateBillingRunRequest(billing_run=wire)
        return (await self.runs.CreateBillingRun(request)).billing_run

    async def over(self, run_id: str) -> billing_run_pb2.BillingRun:
        """The run when it is over, as its watchers see it."""
        request = billing_run_service_pb2.WatchBillingRunRequest(billing_run_id=run_id)
        last = None
        async for step in self.runs.WatchBillingRun(request, timeout=60):
            last = step.billing_run
        assert last is not None
        assert last.state in OVER
        return last

    async def bill(self, start: date, end: date, **changed: Any) -> billing_run_pb2.BillingRun:
        """A run to its end."""
        return await self.over((await self.begin(start, end, **changed)).billing_run_id)

    async def invoices_of(self, **which: Any) -> list[invoice_pb2.Invoice]:
        """Invoices, oldest first."""
        request = invoice_service_pb2.ListInvoicesRequest(page_size=1000, **which)
        return [*reversed((await self.invoices.ListInvoices(request)).invoices)]

    async def exceptions_of(self, run_id: str) -> list[billing_run_pb2.BillingException]:
        request = billing_run_service_pb2.ListBillingExceptionsRequest(billing_run_id=run_id)
        return list((await self.runs.ListBillingExceptions(request)).exceptions)


def biller_of(stage: BillingStage, tenant: TestTenant) -> Biller:
    """A caller with the tenant's key."""
    channel = stage.server.channel(tenant.secret)
    return Biller(
        tenant,
        stage,
        CustomerServiceStub(channel),
        TariffServiceStub(channel),
        BillingRunServiceStub(channel),
        InvoiceServiceStub(channel),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def biller(billing_stage: BillingStage) -> Biller:
    """A caller of a fresh tenant."""
    return biller_of(billing_stage, await make_tenant(billing_stage.platform))


@pytest_asyncio.fixture(loop_scope="session")
async def other_biller(billing_stage: BillingStage) -> Biller:
    """A caller of another tenant."""
    return biller_of(billing_stage, await make_tenant(billing_stage.platform))


def day(local: date) -> Date:
    return Date(year=local.year, month=local.month, day=local.day)


def wire_day(year: int, month: int, of_month: int) -> Date:
    return Date(year=year, month=month, day=of_month)


def standing(amount: str = "9", **changed: Any) -> tariff_pb2.TariffComponent:
    fixed = tariff_pb2.FixedCharge(amount=amount, per=tariff_pb2.CHARGE_PERIOD_MONTH)
    return tariff_pb2.TariffComponent(code="standing", label="Standing charge", fixed=fixed, **changed)


def priced(
    *tiers: tuple[str, str], calendar: tariff_pb2.TimeOfUseCalendar | None = None, **others: str
) -> tariff_pb2.TariffComponent:
    """A price for active energy: tiers (upper, rate); ``others`` are rates of further calendar periods."""
    first = calendar.default_period if calendar is not None else ""
    rates = [
        tariff_pb2.PeriodRate(
            period=first, tiers=[tariff_pb2.Tier(upper=upper, rate=rate) for upper, rate in tiers]
        )
    ]
    for period, rate in others.items():
        rates.append(tariff_pb2.PeriodRate(period=period, tiers=[tariff_pb2.Tier(rate=rate)]))
    charge = tariff_pb2.EnergyCharge(
        quantity=types_pb2.QUANTITY_ACTIVE_ENERGY_IMPORT, unit="kWh", calendar=calendar, rates=rates
    )
    return tariff_pb2.TariffComponent(code="energy", label="Energy", energy=charge)


def vat(percent: str = "20") -> tariff_pb2.TariffComponent:
    return tariff_pb2.TariffComponent(code="vat", label="VAT", tax=tariff_pb2.TaxCharge(percent=percent))


SUMMER_PEAK = tariff_pb2.TimeOfUseCalendar(
    default_period="base",
    rules=[
        tariff_pb2.TimeOfUseRule(
            months=[6, 7, 8], weekdays=[1, 2, 3, 4, 5], from_minute=660, to_minute=1200, period="peak"
        )
    ],
)
GOLDEN_TARIFFS = {
    "A": (priced(("", "0.1195179675994109")), standing("8.00")),
    "B": (priced(("150", "0.09"), ("300", "0.11"), ("", "0.13")), standing()),
    "D": (priced(("", "0.08"), calendar=SUMMER_PEAK, peak="0.13"), standing()),
}
GOLDEN_AMOUNTS = {
    "A": {"year": "1390.3002", "january": "97.90", "july": "198.60"},
    "B": {"year": "1407.8136", "january": "97.78", "july": "207.32"},
    "D": {"year": "1058.8276", "january": "69.17", "july": "169.10"},
}


MARCH = date(2026, 3, 1), date(2026, 4, 1)
FIRST = datetime(2026, 2, 1, tzinfo=UTC)


def flat(days: int = 300, seconds: int = 3600, missing: range = range(0)) -> Profile:
    """One kWh an interval, from February 2026 on."""
    micro = np.full(days * 86_400 // seconds, 1_000_000, np.int64)
    micro[missing.start : missing.stop] = -1
    return Profile(FIRST, seconds, micro)


async def many(biller: Biller, count: int, profile: Profile | None = None) -> None:
    """Agreements on one tariff with tax, each with an account and a usage point of its own."""
    tariff = await biller.tariff(priced(("", "0.10")), standing(), vat())
    for _ in range(count):
        await biller.agreement(tariff.tariff_id, biller.usage_point(profile or flat()))


def numbers(invoices: Sequence[invoice_pb2.Invoice]) -> list[int]:
    """The running numbers of invoices."""
    return [int(one.invoice_number.removeprefix("INV-")) for one in invoices]


async def reason(call: Awaitable[Any]) -> tuple[str, list[tuple[str, str]]]:
    """Why a call is refused: the reason, and (field, description) of what broke a rule."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    told, _, violations = error_of(caught.value)
    return told, violations
