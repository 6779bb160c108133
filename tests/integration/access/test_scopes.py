"""Scopes: a customer's portal sees one usage point, an operator of a part of the grid sees that part."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
from google.type.date_pb2 import Date

from server.platform.platform import Platform
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import CreateApiKeyRequest, WhoAmIRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.scope_pb2 import Scope
from simba.billing.v1 import billing_run_pb2, customer_pb2, invoice_service_pb2, tariff_pb2
from simba.billing.v1 import billing_run_service_pb2 as run_pb
from simba.billing.v1 import customer_service_pb2 as party_pb
from simba.billing.v1 import tariff_service_pb2 as tariff_pb
from simba.billing.v1.billing_run_service_pb2_grpc import BillingRunServiceStub
from simba.billing.v1.customer_service_pb2_grpc import CustomerServiceStub
from simba.billing.v1.invoice_service_pb2_grpc import InvoiceServiceStub
from simba.billing.v1.tariff_service_pb2_grpc import TariffServiceStub
from simba.commands.v1 import command_pb2
from simba.commands.v1 import command_service_pb2 as command_pb
from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub
from simba.common.v1 import types_pb2
from simba.devices.v1 import hierarchy_service_pb2 as node_pb
from simba.devices.v1 import meter_service_pb2 as meter_pb
from simba.devices.v1 import node_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.events.v1 import event_service_pb2 as event_pb
from simba.events.v1.event_service_pb2_grpc import EventServiceStub
from simba.readings.v1 import reading_service_pb2 as reading_pb
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub
from tests.support.billing import standing
from tests.support.inventory import Inventory, stamp
from tests.support.platform import RunningServer, error_of, eventually, make_tenant

MOVED_IN = datetime(2025, 1, 1, tzinfo=UTC)
MAY = datetime(2025, 5, 1, tzinfo=UTC)


class Api:
    """Every stub over one channel."""

    def __init__(self, server: RunningServer, secret: str) -> None:
        channel = server.channel(secret)
        self.principals = PrincipalServiceStub(channel)
        self.devices = Inventory(channel)
        self.readings = ReadingServiceStub(channel)
        self.ingest = IngestServiceStub(channel)
        self.invoices = InvoiceServiceStub(channel)
        self.parties = CustomerServiceStub(channel)
        self.tariffs = TariffServiceStub(channel)
        self.runs = BillingRunServiceStub(channel)
        self.commands = CommandServiceStub(channel)
        self.events = EventServiceStub(channel)

    async def points(self) -> set[str]:
        answer = await self.devices.points.ListUsagePoints(point_pb.ListUsagePointsRequest())
        return {one.usage_point_id for one in answer.usage_points}

    async def meters(self) -> set[str]:
        answer = await self.devices.meters.ListMeters(meter_pb.ListMetersRequest())
        return {one.meter_id for one in answer.meters}

    async def raw(self, **subject: Any) -> list[int]:
        answer = await self.readings.QueryReadings(reading_pb.QueryReadingsRequest(**subject))
        return [one.time.ToMilliseconds() for one in answer.readings]

    async def invoice_ids(self) -> set[str]:
        answer = await self.invoices.ListInvoices(invoice_service_pb2.ListInvoicesRequest())
        return {one.invoice_id for one in answer.invoices}


@dataclass(slots=True)
class Town:
    """A tenant with two houses in two quarters; in the first one there was another customer before."""

    server: RunningServer
    admin: Api
    north: str
    street: str
    south: str
    mine: SimpleNamespace
    theirs: SimpleNamespace
    before: str
    """An invoice of the customer who lived in the first house before."""

    async def key(self, role: str, scope: Scope | None) -> Api:
        """Somebody with a key of one role and a scope."""
        wanted = ApiKey(display_name=role, roles=[role], scope=scope)
        made = await self.admin.principals.CreateApiKey(CreateApiKeyRequest(api_key=wanted))
        return Api(self.server, made.secret)

    async def portal(self) -> Api:
        """The portal of the customer of the first house."""
        return await self.key("consumer", Scope(usage_point_ids=[self.mine.point]))

    async def quarter(self) -> Api:
        """Who operates the first quarter."""
        return await self.key("operator", Scope(node_ids=[self.north]))


def day(at: datetime) -> Date:
    return Date(year=at.year, month=at.month, day=at.day)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(server: RunningServer, worker: None, platform: Platform) -> AsyncIterator[Town]:
    tenant = await make_tenant(platform)
    admin = Api(server, tenant.secret)
    north = (await admin.devices.node(kind="region")).node_id
    street = (await admin.devices.node(kind="city", parent_id=north)).node_id
    south = (await admin.devices.node(kind="region")).node_id
    mine, theirs = [await a_home(admin, place) for place in (street, south)]
    await pays(admin, mine, MOVED_IN, MAY)
    before = mine.account
    for home in (mine, theirs):
        await pays(admin, home, MAY)
        await bill(admin, home.account, MAY, datetime(2025, 6, 1, tzinfo=UTC))
        home.invoice = await invoice_of(admin, home.account)
        wanted = command_pb2.Command(meter_id=home.meter, action=command_pb2.COMMAND_ACTION_DISCONNECT)
        request = command_pb.SubmitCommandRequest(command=wanted)
        home.command = (await admin.commands.SubmitCommand(request)).command.command_id
    await bill(admin, before, datetime(2025, 4, 1, tzinfo=UTC), MAY)
    yield Town(server, admin, north, street, south, mine, theirs, await invoice_of(admin, before))


async def a_home(api: Api, place: str) -> SimpleNamespace:
    """A usage point; its meter was elsewhere before, and counted there too."""
    meter = await api.devices.meter((await api.devices.model()).device_model_id)
    elsewhere = (await api.devices.point(time_zone="UTC")).usage_point_id
    point = (await api.devices.point(place_id=place, time_zone="UTC")).usage_point_id
    await api.devices.install(elsewhere, meter.meter_id, MOVED_IN - timedelta(days=30))
    away = point_pb.RemoveMeterRequest(usage_point_id=elsewhere, remove_time=stamp(MOVED_IN))
    await api.devices.points.RemoveMeter(away)
    await api.devices.install(point, meter.meter_id, MOVED_IN)
    shown = await api.devices.points.GetUsagePoint(point_pb.GetUsagePointRequest(usage_point_id=point))
    home = SimpleNamespace(
        point=point,
        elsewhere=elsewhere,
        meter=meter.meter_id,
        channel=next(one.channel for one in meter.channels if one.code == "energy"),
        series=shown.usage_point.series[0].series,
    )
    home.before = await counted(api, home.channel, 1, MOVED_IN - timedelta(days=10))
    home.since = await counted(api, home.channel, 2, MOVED_IN + timedelta(days=10))
    return home


async def counted(api: Api, channel: int, sequence: int, start: datetime) -> list[int]:
    """Four half hours; returns their times."""
    times = [int((start + timedelta(minutes=30 * n)).timestamp() * 1000) for n in range(4)]
    block = ReadingBlock(
        source=f"scopes-{channel}",
        sequence=sequence,
        channel=[channel] * 4,
        time_ms=times,
        value_micro=[1_000_000] * 4,
    )
    call = api.ingest.IngestReadings(iter([IngestReadingsRequest(blocks=[block])]))
    acks = [ack async for response in call for ack in response.acks]
    assert len(acks) == 1
    return times


async def pays(api: Api, home: SimpleNamespace, start: datetime, end: datetime | None = None) -> None:
    """Somebody new pays for the home."""
    owner = party_pb.CreateCustomerRequest(customer=customer_pb2.Customer(display_name="Ada Example"))
    customer_id = (await api.parties.CreateCustomer(owner)).customer.customer_id
    account = customer_pb2.Account(customer_id=customer_id, currency="GBP")
    made = await api.parties.CreateAccount(party_pb.CreateAccountRequest(account=account))
    home.account = made.account.account_id
    tariff = tariff_pb2.Tariff(
        code=uuid4().hex,
        commodity=types_pb2.COMMODITY_ELECTRICITY,
        currency="GBP",
        time_zone="UTC",
        versions=[tariff_pb2.TariffVersion(components=[standing()])],
    )
    priced = (await api.tariffs.CreateTariff(tariff_pb.CreateTariffRequest(tariff=tariff))).tariff
    agreement = customer_pb2.Agreement(
        account_id=home.account,
        usage_point_id=home.point,
        tariff_id=priced.tariff_id,
        start_date=day(start),
        end_date=None if end is None else day(end),
    )
    await api.parties.CreateAgreement(party_pb.CreateAgreementRequest(agreement=agreement))


async def bill(api: Api, account_id: str, start: datetime, end: datetime) -> None:
    wanted = billing_run_pb2.BillingRun(
        period_start=day(start), period_end=day(end), account_ids=[account_id]
    )
    run = (await api.runs.CreateBillingRun(run_pb.CreateBillingRunRequest(billing_run=wanted))).billing_run
    request = run_pb.WatchBillingRunRequest(billing_run_id=run.billing_run_id)
    async for step in api.runs.WatchBillingRun(request, timeout=30):
        run = step.billing_run
    assert run.invoice_count == 1, run


async def invoice_of(api: Api, account_id: str) -> str:
    request = invoice_service_pb2.ListInvoicesRequest(account_id=account_id)
    (invoice,) = (await api.invoices.ListInvoices(request)).invoices
    return invoice.invoice_id


async def reason(call: Awaitable[Any]) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return error_of(caught.value)[0]


async def test_a_portal_sees_its_own_usage_point(town: Town):
    portal = await town.portal()
    me = await portal.principals.WhoAmI(WhoAmIRequest())
    assert list(me.scope.usage_point_ids) == [town.mine.point]
    assert await portal.points() == {town.mine.point}
    assert await portal.meters() == {town.mine.meter}
    shown = await portal.devices.points.GetUsagePoint(
        point_pb.GetUsagePointRequest(usage_point_id=town.mine.point)
    )
    assert shown.usage_point.meter_id == town.mine.meter
    for other in (town.theirs.point, town.mine.elsewhere, str(uuid4())):
        request = point_pb.GetUsagePointRequest(usage_point_id=other)
        assert await reason(portal.devices.points.GetUsagePoint(request)) == "USAGE_POINT_NOT_FOUND"
    request = meter_pb.GetMeterRequest(meter_id=town.theirs.meter)
    assert await reason(portal.devices.meters.GetMeter(request)) == "METER_NOT_FOUND"


async def test_a_portal_reads_what_was_counted_at_its_usage_point(town: Town):
    portal = await town.portal()
    assert await town.admin.raw(meter_id=town.mine.meter) == town.mine.before + town.mine.since
    for subject in (
        {"usage_point_id": town.mine.point},
        {"meter_id": town.mine.meter},
        {"channels": [town.mine.channel]},
    ):
        assert await portal.raw(**subject) == town.mine.since, "not what the meter counted elsewhere"
    assert await portal.raw(usage_point_id=town.theirs.point) == []
    assert await reason(portal.raw(meter_id=town.theirs.meter)) == "METER_NOT_FOUND"
    assert await reason(portal.raw(channels=[town.theirs.channel])) == "UNKNOWN_CHANNEL"
    for subject in ({"meter_id": town.mine.meter}, {"usage_point_id": town.mine.point}):
        request = reading_pb.GetLatestReadingsRequest(**subject)
        (latest,) = (await portal.readings.GetLatestReadings(request)).readings
        assert latest.time.ToMilliseconds() == town.mine.since[-1]
    request = reading_pb.GetLatestReadingsRequest(meter_id=town.theirs.meter)
    assert await reason(portal.readings.GetLatestReadings(request)) == "METER_NOT_FOUND"


async def test_a_portal_reads_the_intervals_of_its_own_series(town: Town):
    portal = await town.portal()
    mine = reading_pb.QueryIntervalsRequest(series=[town.mine.series])
    await portal.readings.QueryIntervals(mine)
    theirs = reading_pb.QueryIntervalsRequest(series=[town.mine.series, town.theirs.series])
    assert await reason(portal.readings.QueryIntervals(theirs)) == "RESOURCE_NOT_FOUND"
    theirs = reading_pb.QueryIntervalsRequest(usage_point_id=town.theirs.point)
    assert list((await portal.readings.QueryIntervals(theirs)).intervals) == []
    versions = reading_pb.ListReadingVersionsRequest(series=town.theirs.series, time=stamp(MAY))
    assert await reason(portal.readings.ListReadingVersions(versions)) == "RESOURCE_NOT_FOUND"


async def test_a_portal_sees_the_bills_of_who_pays_now(town: Town):
    portal = await town.portal()
    everything = {town.mine.invoice, town.theirs.invoice, town.before}
    assert await town.admin.invoice_ids() == everything
    assert await portal.invoice_ids() == {town.mine.invoice}
    shown = await portal.invoices.GetInvoice(
        invoice_service_pb2.GetInvoiceRequest(invoice_id=town.mine.invoice)
    )
    assert shown.invoice.customer_name == "Ada Example"
    for other in everything - {town.mine.invoice}:
        request = invoice_service_pb2.GetInvoiceRequest(invoice_id=other)
        assert await reason(portal.invoices.GetInvoice(request)) == "INVOICE_NOT_FOUND"
        printed = invoice_service_pb2.GetInvoicePdfRequest(invoice_id=other)
        assert await reason(portal.invoices.GetInvoicePdf(printed)) == "INVOICE_NOT_FOUND"
    # Who bills a quarter has the bills of those who have moved out, too.
    office = await town.key("billing", Scope(node_ids=[town.north]))
    assert await office.invoice_ids() == {town.mine.invoice, town.before}


async def test_what_cannot_be_limited_is_refused(town: Town):
    quarter = await town.quarter()
    change = point_pb.UpdateUsagePointRequest()
    change.usage_point.usage_point_id = town.mine.point
    change.usage_point.display_name = "Mine"
    calls = [
        quarter.devices.points.UpdateUsagePoint(change),
        quarter.devices.gateway(),
        quarter.devices.model(),
    ]
    for call in calls:
        assert await reason(call) == "SCOPE_INSUFFICIENT"
    portal = await town.portal()
    assert await reason(portal.runs.ListBillingRuns(run_pb.ListBillingRunsRequest())) == "PERMISSION_MISSING"


async def test_an_operator_of_a_quarter_sees_what_is_in_it(town: Town):
    quarter = await town.quarter()
    assert await quarter.points() == {town.mine.point}
    assert await quarter.meters() == {town.mine.meter}
    listed = await quarter.devices.nodes.ListNodes(
        node_pb.ListNodesRequest(hierarchy=node_pb2.HIERARCHY_PLACE)
    )
    assert {one.node_id for one in listed.nodes} == {town.north, town.street}
    request = node_pb.GetNodeRequest(node_id=town.south)
    assert await reason(quarter.devices.nodes.GetNode(request)) == "NODE_NOT_FOUND"
    assert await quarter.raw(meter_id=town.mine.meter) == town.mine.since
    assert await reason(quarter.raw(meter_id=town.theirs.meter)) == "METER_NOT_FOUND"


async def test_an_operator_of_a_quarter_commands_its_meters(town: Town):
    quarter = await town.quarter()
    listed = await quarter.commands.ListCommands(command_pb.ListCommandsRequest())
    assert [one.command_id for one in listed.commands] == [town.mine.command]
    theirs = town.theirs.command
    for call in (
        quarter.commands.GetCommand(command_pb.GetCommandRequest(command_id=theirs)),
        quarter.commands.CancelCommand(command_pb.CancelCommandRequest(command_id=theirs)),
        quarter.commands.WaitCommand(command_pb.WaitCommandRequest(command_id=theirs)),
        quarter.commands.WatchCommand(command_pb.WatchCommandRequest(command_id=theirs)).read(),
    ):
        assert await reason(call) == "COMMAND_NOT_FOUND"
    wanted = command_pb.SubmitCommandRequest(
        command=command_pb2.Command(meter_id=town.theirs.meter, action=command_pb2.COMMAND_ACTION_DISCONNECT)
    )
    assert await reason(quarter.commands.SubmitCommand(wanted)) == "METER_NOT_FOUND"
    wanted.command.meter_id = town.mine.meter
    assert await reason(quarter.commands.SubmitCommand(wanted)) == "COMMAND_CONFLICT"


async def test_events_of_a_quarter_only(town: Town):
    quarter = await town.quarter()
    installed = event_pb.PullEventsRequest(from_start=True, max_events=500)
    installed.wait.FromTimedelta(timedelta(seconds=0))

    async def told() -> set[str]:
        answer = await quarter.events.PullEvents(installed)
        return {one.usage_point_id for one in answer.events}

    assert await eventually(told) == {town.mine.point}
    listed = await quarter.events.ListEvents(event_pb.ListEventsRequest(page_size=1000))
    assert {one.usage_point_id for one in listed.events} == {town.mine.point}
    everybody = await town.admin.events.ListEvents(event_pb.ListEventsRequest(page_size=1000))
    assert {town.mine.point, town.theirs.point} < {one.usage_point_id for one in everybody.events}
    stream = quarter.events.Subscribe(event_pb.SubscribeRequest(from_start=True))
    seen: set[str] = set()
    async for answer in stream:
        seen |= {one.usage_point_id for one in answer.events}
        if seen:
            break
    stream.cancel()
    assert seen == {town.mine.point}


async def test_a_scope_of_nothing_sees_nothing(town: Town):
    nobody = await town.key("operator", Scope())
    assert await nobody.points() == set()
    assert await nobody.meters() == set()
    listed = await nobody.events.ListEvents(event_pb.ListEventsRequest())
    assert list(listed.events) == []
