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
