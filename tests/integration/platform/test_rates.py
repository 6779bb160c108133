"""Rates of tenants: several servers together, and each alone while Valkey is away."""

import asyncio
from uuid import uuid4

import grpc
import pytest
import redis.asyncio as redis
from google.rpc import error_details_pb2

from server.platform.caller import Caller, Quota
from server.platform.rates import Bucket, RateExceeded, Rates
from simba.access.v1.principal_service_pb2 import GetApiKeyRequest, WhoAmIRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.tenant_pb2 import Quota as WireQuota
from simba.access.v1.tenant_pb2 import Tenant
from simba.access.v1.tenant_service_pb2 import UpdateTenantRequest
from simba.access.v1.tenant_service_pb2_grpc import TenantServiceStub
from simba.commands.v1.command_service_pb2 import WatchCommandRequest, WatchCommandResponse
from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub
from tests.support.calls import probe_server
from tests.support.platform import error_of, eventually, make_tenant, status_of


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def caller(**quota) -> Caller:
    return Caller(uuid4(), "api-keys/1", "Test", frozenset(), quota=Quota(**quota))


async def granted(rates: Rates, who: Caller, times: int) -> int:
    done = 0
    for _ in range(times):
        try:
            await rates.request(who)
        except RateExceeded:
            continue
        done += 1
    return done


def test_a_bucket_empties_and_fills():
    bucket = Bucket()
    assert [bucket.take(2.0, 3.0, 1.0, 10.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert bucket.take(2.0, 3.0, 1.0, 10.0) == pytest.approx(0.5)
    assert bucket.take(2.0, 3.0, 1.0, 10.5) == 0.0
    assert bucket.take(2.0, 3.0, 1.0, 10.6) == pytest.approx(0.4)


def test_what_is_larger_than_the_bucket_takes_it_into_debt_once_it_is_full():
    bucket = Bucket()
    assert bucket.take(10.0, 20.0, 1.0, 0.0) == 0.0
    assert bucket.take(10.0, 20.0, 100.0, 0.0) == pytest.approx(0.1)
    assert bucket.take(10.0, 20.0, 100.0, 0.2) == 0.0
    assert bucket.take(10.0, 20.0, 1.0, 0.2) == pytest.approx(8.1)


async def test_two_servers_keep_one_rate(platform):
    one, two = Rates(platform.redis), Rates(platform.redis)
    who = caller(requests_per_second=0.001, request_burst=10)
    counts = await asyncio.gather(granted(one, who, 10), granted(two, who, 10))
    assert sum(counts) == 10
    with pytest.raises(RateExceeded) as caught:
        await one.request(who)
    assert 900 < caught.value.retry_after.total_seconds() <= 1000
    assert await granted(two, caller(requests_per_second=0.001, request_burst=1), 2) == 1, "by tenant"
    assert await granted(two, caller(), 100) == 100, "no bound"


async def test_without_valkey_each_server_keeps_the_rate():
    clock = Clock()
    client = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1)
    rates = Rates(client, clock)
    who = caller(requests_per_second=2, request_burst=3)
    assert await granted(rates, who, 10) == 3
    clock.now += 1.0
    assert await granted(rates, who, 10) == 2
    await client.aclose()


async def test_when_valkey_goes_away_the_bucket_is_not_full_again(platform):
    clock = Clock()
    rates = Rates(platform.redis, clock)
    who = caller(requests_per_second=0.01, request_burst=5)
    assert await granted(rates, who, 4) == 4
    gone = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1)
    rates._client, rates._take = gone, gone.register_script("return 0")
    assert await granted(rates, who, 5) == 1
    await gone.aclose()


async def test_rows_are_held_up_and_then_refused(platform):
    rates = Rates(platform.redis)
    who = caller(readings_per_second=1000)
    began = asyncio.get_running_loop().time()
    await rates.pace_readings(who, 2000)
    await rates.pace_readings(who, 200)
    assert asyncio.get_running_loop().time() - began >= 0.15
    await asyncio.sleep(0)
    with pytest.raises(RateExceeded):
        await rates.readings(who, 1000)
    await rates.pace_readings(caller(readings_per_second=100), 100_000)


async def test_streams_are_counted_over_servers(platform):
    one, two = Rates(platform.redis), Rates(platform.redis)
    who = caller(max_streams=2)
    async with one.stream(who):
        async with two.stream(who):
            with pytest.raises(RateExceeded) as caught:
                async with one.stream(who):
                    pass
            assert caught.value.metadata["quota"] == "max_streams"
        async with two.stream(who):
            pass


async def bound(server, api_key: str, tenant_id: str, **quota) -> None:
    """Sets a tenant's quota, as the platform's administrator."""
    request = UpdateTenantRequest(tenant=Tenant(tenant_id=tenant_id, quota=WireQuota(**quota)))
    await TenantServiceStub(server.channel(api_key)).UpdateTenant(request)


async def test_a_call_beyond_the_rate_is_told_when_to_come_again(server, platform, api_key):
    other = await make_tenant(platform)
    stub = PrincipalServiceStub(server.channel(other.secret))
    await bound(server, api_key, str(other.caller.tenant_id), requests_per_second=0.01, request_burst=3)
    for _ in range(3):
        await stub.WhoAmI(WhoAmIRequest())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetApiKey(GetApiKeyRequest(api_key_id=str(uuid4())))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    reason, metadata, _ = error_of(caught.value)
    assert (reason, metadata) == ("RATE_EXCEEDED", {"quota": "requests_per_second", "limit": "0.01"})
    retry = error_details_pb2.RetryInfo()
    assert any(detail.Unpack(retry) for detail in status_of(caught.value).details)
    assert 90 < retry.retry_delay.seconds <= 100


async def test_streams_beyond_the_bound_are_refused_until_one_ends(server, platform, api_key):
    other = await make_tenant(platform)
    await bound(server, api_key, str(other.caller.tenant_id), max_streams=1)
    async with probe_server(platform) as probes:

        async def watch(request, context):
            yield WatchCommandResponse()
            await asyncio.Event().wait()

        probes.stream.watch = watch
        stub = CommandServiceStub(probes.server.channel(other.secret))
        first = stub.WatchCommand(WatchCommandRequest(command_id=str(uuid4())))
        await first.read()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.WatchCommand(WatchCommandRequest(command_id=str(uuid4()))).read()
        assert error_of(caught.value)[0] == "RATE_EXCEEDED"
        first.cancel()

        async def free() -> bool:
            second = stub.WatchCommand(WatchCommandRequest(command_id=str(uuid4())))
            try:
                await second.read()
            except grpc.aio.AioRpcError:
                return False
            second.cancel()
            return True

        await eventually(free)
