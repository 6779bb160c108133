"""The log of operations: every call, and never at the cost of one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from server.platform.errors import Unavailable
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.system.domain import PLATFORM, Operation, OperationFilter
from server.system.recorder import Recorder
from server.system.store import OperationStore
from simba.access.v1 import principal_service_pb2 as principal_pb
from simba.access.v1 import tenant_service_pb2 as tenant_pb
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.tenant_service_pb2_grpc import TenantServiceStub
from simba.system.v1 import operation_log_service_pb2 as pb
from simba.system.v1.operation_log_service_pb2_grpc import OperationLogServiceStub
from tests.support.platform import RunningServer, eventually, make_tenant

WHO_AM_I = "simba.access.v1.PrincipalService/WhoAmI"
GET_KEY = "simba.access.v1.PrincipalService/GetApiKey"


def listed(
    channel: grpc.aio.Channel, count: int, **which: object
) -> Callable[[], Awaitable[list[pb.Operation]]]:
    """A check for ``eventually``: the operations, once there are so many."""

    async def check() -> list[pb.Operation]:
        answer = await OperationLogServiceStub(channel).ListOperations(pb.ListOperationsRequest(**which))
        return list(answer.operations) if len(answer.operations) >= count else []

    return check


async def test_a_call_is_recorded_with_who_what_and_how_it_ended(
    channel: grpc.aio.Channel, tenant: UUID
) -> None:
    stub = PrincipalServiceStub(channel)
    key_id = str(uuid4())
    metadata = (("x-correlation-id", "case-17"),)
    await stub.WhoAmI(principal_pb.WhoAmIRequest(), metadata=metadata)
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.GetApiKey(principal_pb.GetApiKeyRequest(api_key_id=key_id), metadata=metadata)
    refused, asked = await eventually(listed(channel, 2, correlation_id="case-17"))
    assert (asked.method, asked.status, asked.reason, asked.resource_id) == (WHO_AM_I, "OK", "", "")
    assert (refused.method, refused.status, refused.reason) == (GET_KEY, "NOT_FOUND", "API_KEY_NOT_FOUND")
    assert refused.resource_id == key_id
    assert asked.principal_id.startswith("api-keys/")
    assert asked.peer.startswith(("ipv4:127.0.0.1", "ipv6:"))
    assert 0 < asked.duration.ToMicroseconds() < 60_000_000
    [alone] = await eventually(listed(channel, 1, resource_id=key_id))
    assert alone == refused


async def test_what_a_call_made_is_its_resource(
    server: RunningServer, channel: grpc.aio.Channel, tenant: UUID
) -> None:
    made = await TenantServiceStub(channel).CreateTenant(
        tenant_pb.CreateTenantRequest(tenant={"code": f"t{uuid4().hex}"})
    )
    [operation] = await eventually(listed(channel, 1, resource_id=made.tenant.tenant_id))
    assert operation.method.endswith("/CreateTenant")


async def test_the_id_of_a_call_comes_back_unless_the_caller_gave_one(
    channel: grpc.aio.Channel, tenant: UUID
) -> None:
    stub = PrincipalServiceStub(channel)
    call = stub.WhoAmI(principal_pb.WhoAmIRequest())
    await call
    given = dict(await call.trailing_metadata())["x-request-id"]
    [operation] = await eventually(listed(channel, 1, correlation_id=given))
    assert operation.operation_id == given
    own = stub.WhoAmI(principal_pb.WhoAmIRequest(), metadata=(("x-request-id", "mine"),))
    await own
    assert "x-request-id" not in dict(await own.trailing_metadata())
    await eventually(listed(channel, 1, correlation_id="mine"))
    refused = stub.GetApiKey(principal_pb.GetApiKeyRequest(api_key_id="no id"))
    with pytest.raises(grpc.aio.AioRpcError) as told:
        await refused
    assert dict(told.value.trailing_metadata())["x-request-id"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-simba-reason", "a" * 1001),
        ("x-simba-reason", "%ff"),
        ("x-simba-reason", "%00"),
        ("x-correlation-id", "c" * 129),
    ],
)
async def test_metadata_that_cannot_be_taken_is_refused(
    channel: grpc.aio.Channel, tenant: UUID, header: str, value: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as told:
        await PrincipalServiceStub(channel).WhoAmI(principal_pb.WhoAmIRequest(), metadata=((header, value),))
    assert told.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert header in told.value.details()


async def test_a_tenant_sees_its_own_calls_only(
    platform: Platform, server: RunningServer, channel: grpc.aio.Channel, tenant: UUID
) -> None:
    mark = uuid4().hex
    metadata = (("x-correlation-id", mark),)
    other = await make_tenant(platform)
    await PrincipalServiceStub(server.channel(other.secret)).WhoAmI(
        principal_pb.WhoAmIRequest(), metadata=metadata
    )
    with pytest.raises(grpc.aio.AioRpcError):
        await PrincipalServiceStub(server.channel()).WhoAmI(principal_pb.WhoAmIRequest(), metadata=metadata)
    await eventually(listed(server.channel(other.secret), 2, correlation_id=mark))
    [nobodys] = await listed(channel, 1, correlation_id=mark)()
    assert (nobodys.principal_id, nobodys.status) == ("", "UNAUTHENTICATED")
    auditor = await make_tenant(platform, roles=("auditor",))
    assert await listed(server.channel(auditor.secret), 0, correlation_id=mark)() == []


async def test_pages_go_from_the_newest_to_the_oldest_without_gaps(
    platform: Platform, channel: grpc.aio.Channel, tenant: UUID
) -> None:
    store = OperationStore(platform.store, timedelta(days=400))
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    # Three of each time, so that the id decides.
    made = [operation(tenant, begin + timedelta(seconds=place // 3)) for place in range(30)]
    once = uuid4().hex
    for _ in range(2):  # as after an insert whose outcome was not known
        await store.insert(store.table(made), dedup_token=once)
    stub, token, found = OperationLogServiceStub(channel), "", []
    end = stamp(begin + timedelta(minutes=1))
    while True:
        answer = await stub.ListOperations(
            pb.ListOperationsRequest(page_size=7, page_token=token, end_time=end, method="test.T")
        )
        found += [one.operation_id for one in answer.operations]
        token = answer.next_page_token
        if not token:
            break
    assert len(found) == 30
    times = {str(one.operation_id): one.time for one in made}
    assert set(found) == set(times)
    assert [times[one] for one in found] == sorted(times.values(), reverse=True)
    day_before = await stub.ListOperations(pb.ListOperationsRequest(end_time=stamp(begin)))
    assert not day_before.operations


async def test_an_operation_is_forgotten_after_its_time(platform: Platform, tenant: UUID) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    for days, kept in ((30, 0), (40, 1)):
        store = OperationStore(platform.store, timedelta(days=days))
        one = operation(tenant, long_ago, correlation_id=f"kept {days}")
        await store.insert(store.table([one]), dedup_token=uuid4().hex)
        await platform.store.command("OPTIMIZE TABLE operation FINAL")
        which = OperationFilter(start=long_ago - timedelta(days=1), correlation_id=f"kept {days}")
        assert len(await store.newest([tenant], which, after=None, limit=9)) == kept


class Away(OperationStore):
    """A store whose engine can be taken away."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform.store, timedelta(days=1))
        self.away = True
        self.tried = 0

    async def insert(self, table, *, dedup_token):
        self.tried += 1
        if self.away:
            raise Unavailable("away")
        await super().insert(table, dedup_token=dedup_token)


@asynccontextmanager
async def running(recorder: Recorder) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(recorder.run(stop))
    yield
    stop.set()
    await task


async def test_while_the_engine_is_away_calls_wait_and_then_are_lost_and_counted(
    platform: Platform, tenant: UUID
) -> None:
    store = Away(platform)
    recorder = Recorder(store, 5, seconds=0.02)
    now = datetime.now(UTC)
    async with running(recorder):
        recorder.record(operation(tenant, now, correlation_id="waits"))
        await eventually(lambda: store.tried >= 3)
        for _ in range(7):
            recorder.record(operation(tenant, now, correlation_id="waits"))
        # One is in the batch that is tried again and again, five wait, two found no room.
        assert recorder.dropped == 2
        store.away = False
    which = OperationFilter(start=now, correlation_id="waits")
    assert len(await store.newest([tenant], which, after=None, limit=99)) == 6
    assert recorder.dropped == 2


async def test_a_thousand_calls_do_not_wait_for_the_second(platform: Platform, tenant: UUID) -> None:
    store = Away(platform)
    store.away = False
    recorder = Recorder(store, 5000, seconds=3600)
    now = datetime.now(UTC)
    async with running(recorder):
        await eventually(lambda: store.tried == 0)
        for _ in range(1500):
            recorder.record(operation(tenant, now))
        await eventually(lambda: store.tried)
        recorder.record(operation(tenant, now))
    which = OperationFilter(start=now)
    assert len(await store.newest([tenant], which, after=None, limit=9999)) == 1501


async def test_the_engine_gone_at_the_end_costs_what_waits_and_no_more(
    platform: Platform, tenant: UUID
) -> None:
    recorder = Recorder(Away(platform), 10, seconds=0.02)
    async with running(recorder):
        for _ in range(4):
            recorder.record(operation(tenant, datetime.now(UTC)))
    assert recorder.dropped == 4


def operation(tenant_id: UUID, time: datetime, **changed: str) -> Operation:
    values = {
        "principal_id": "test",
        "method": "test.Test/Do",
        "resource_id": "",
        "status": "OK",
        "reason": "",
        "trace_id": "",
        "correlation_id": "",
        "peer": "",
        **changed,
    }
    return Operation(tenant_id=tenant_id, operation_id=new_id(), time=time, duration_us=1, **values)


def stamp(time: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(time)
    return made


def test_nobodys_tenant_is_nobodys() -> None:
    assert PLATFORM.int == 0
