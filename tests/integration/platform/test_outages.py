"""Engines that go away and come back: callers are told to come again, and then all is well."""

import asyncio
from contextlib import asynccontextmanager

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct

from kernel.bus import BusMessage
from server.platform.platform import open_platform
from simba.access.v1.principal_service_pb2 import GetApiKeyRequest, GetApiKeyResponse
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from tests.support.calls import probe_server
from tests.support.platform import error_of, eventually, make_tenant
from tests.support.proxy import Cable

REQUEST = GetApiKeyRequest(api_key_id="0192e4a0-0000-7000-8000-000000000000")


@asynccontextmanager
async def cabled(settings):
    """A platform whose engines hang on cables."""
    cables = {
        name: Cable(getattr(settings, name)) for name in ("postgres_dsn", "clickhouse_url", "redis_url")
    }
    for cable in cables.values():
        await cable.plug()
    through = settings.model_copy(update={name: cable.url for name, cable in cables.items()})
    try:
        async with open_platform(through) as platform:
            yield platform, cables
    finally:
        for cable in cables.values():
            await cable.pull()


@pytest.mark.parametrize("engine", ["postgres_dsn", "clickhouse_url", "redis_url"])
async def test_an_engine_that_is_away_is_unavailable_never_internal(settings, platform, engine):
    tenant = await make_tenant(platform)
    async with cabled(settings) as (shaky, cables), probe_server(shaky) as probes:
        stub = PrincipalServiceStub(probes.server.channel(tenant.secret))

        async def get(request, context):
            async with shaky.uow():
                pass
            await shaky.store.rows("SELECT 1")
            await shaky.redis.ping()
            return GetApiKeyResponse()

        probes.unary.get = get
        told: set[tuple[grpc.StatusCode, str]] = set()
        good = [0]
        stop = asyncio.Event()

        async def calling() -> None:
            while not stop.is_set():
                try:
                    await stub.GetApiKey(REQUEST)
                    good[0] += 1
                except grpc.aio.AioRpcError as error:
                    told.add((error.code(), error_of(error)[0]))
                await asyncio.sleep(0.005)

        callers = [asyncio.create_task(calling()) for _ in range(4)]
        await eventually(lambda: good[0] > 20)
        await cables[engine].pull()
        await eventually(lambda: told)
        await asyncio.sleep(0.3)
        await cables[engine].plug()
        before = good[0]
        await eventually(lambda: good[0] > before + 20)
        stop.set()
        await asyncio.gather(*callers)
    assert told == {(grpc.StatusCode.UNAVAILABLE, "ENGINE_UNAVAILABLE")}


async def test_consumers_and_listeners_wait_for_the_bus_to_come_back(settings):
    async with cabled(settings) as (platform, cables):
        got, heard, stop = [], [], asyncio.Event()

        async def handle(message: BusMessage) -> None:
            got.append(message.message_id)

        async def listen() -> None:
            async for message in platform.bus.tail("outage", stop=stop):
                heard.append(message.message_id)  # noqa: PERF401 - looked at while it grows

        tasks = [
            asyncio.create_task(platform.bus.consume("outage", "g", "c", handle, stop=stop)),
            asyncio.create_task(listen()),
        ]
        await asyncio.sleep(0.1)
        await platform.bus.publish("outage", Struct(), message_id="before")
        await eventually(lambda: got == heard == ["before"])
        await cables["redis_url"].pull()
        await asyncio.sleep(0.2)
        await cables["redis_url"].plug()
        await platform.bus.publish("outage", Struct(), message_id="after")
        await eventually(lambda: got == heard == ["before", "after"])
        stop.set()
        await asyncio.gather(*tasks)


async def test_health_is_serving_only_once_the_engines_answer(settings):
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    async with cabled(settings) as (platform, cables):
        await cables["clickhouse_url"].pull()
        async with probe_server(platform) as probes:
            stub = health_pb2_grpc.HealthStub(probes.server.channel())

            async def says(state: int, service: str = "") -> bool:
                return (await stub.Check(health_pb2.HealthCheckRequest(service=service))).status == state

            states = health_pb2.HealthCheckResponse
            await asyncio.sleep(0.3)
            assert await says(states.NOT_SERVING)
            await cables["clickhouse_url"].plug()
            await eventually(lambda: says(states.SERVING))
            await cables["redis_url"].pull()
            await eventually(lambda: says(states.NOT_SERVING, "simba.engines"))
            assert await says(states.SERVING), "calls still get clear errors, and most things work"


async def test_a_worker_goes_on_when_its_database_is_back(settings):
    from uuid import uuid4

    from server.main import Application, worker_loops
    from server.platform.caller import acting_as, system_caller
    from server.platform.capability import Capability
    from server.platform.jobs import Job
    from server.platform.loops import run_all

    ran, queue = [], uuid4().hex

    async def work(*, number: int) -> None:
        ran.append(number)

    async with cabled(settings.model_copy(update={"worker_queues": (queue,)})) as (platform, cables):

        async def defer(number: int) -> None:
            with acting_as(system_caller(uuid4())):
                async with platform.uow() as tx:
                    await tx.defer("test.work", queue=queue, number=number)

        part = Capability("test", jobs=[Job("test.work", work, queue=queue)])
        stop = asyncio.Event()
        loops = worker_loops(Application(platform, None, (part,)))
        worker = asyncio.create_task(run_all([each for each in loops if each.name == "jobs"], stop, 2.0))
        await defer(1)
        await eventually(lambda: 1 in ran)
        await cables["postgres_dsn"].pull()
        await asyncio.sleep(0.5)
        await cables["postgres_dsn"].plug()
        await defer(2)
        # Job 1 may run twice: its end may not have been noted when the database went away.
        await eventually(lambda: 2 in ran, 30)
        stop.set()
        await asyncio.wait_for(worker, 20)


async def test_a_full_server_says_when_to_come_again(settings, platform):
    tenant = await make_tenant(platform)
    async with (
        open_platform(settings.model_copy(update={"max_calls": 2})) as small,
        probe_server(small) as probes,
    ):
        stub = PrincipalServiceStub(probes.server.channel(tenant.secret))
        release = asyncio.Event()

        async def get(request, context):
            await release.wait()
            return GetApiKeyResponse()

        probes.unary.get = get
        busy = [asyncio.ensure_future(_outcome(stub.GetApiKey(REQUEST))) for _ in range(5)]
        done, pending = await asyncio.wait(busy, timeout=1.0)
        assert [task.result() for task in done] == ["OVERLOADED"] * 3
        release.set()
        assert await asyncio.gather(*pending) == ["OK"] * 2
        assert await _outcome(stub.GetApiKey(REQUEST)) == "OK"


async def _outcome(call) -> str:
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error_of(error)[0]
    return "OK"
