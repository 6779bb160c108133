"""Health, rate limits, servers that go and come back."""

from __future__ import annotations

import asyncio

import grpc
import httpx
import pytest

from simba.devices.v1 import meter_service_pb2, meter_service_pb2_grpc
from stack.edge import Address, RateLimit
from tests.e2e.edge import upstream
from tests.e2e.edge.conftest import free_port, type_start_edge


async def until(client: httpx.AsyncClient, status: int) -> None:
    for _ in range(200):
        if (await client.get("/healthz")).status_code == status:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"/healthz never became {status}")


async def test_without_a_server_503_and_with_one_again_200(start_edge: type_start_edge) -> None:
    port = free_port()
    edge = await start_edge(upstreams=[Address("127.0.0.1", port)])
    seen = upstream.Seen()
    async with httpx.AsyncClient(base_url=edge.url, timeout=10) as client:
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/healthz")).status_code == 503
        refused = await client.get(f"/v1/meters/{upstream.METER_ID}")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        body = refused.json()
        assert body["code"] == 14
        assert body["details"][0]["reason"] == "ENGINE_UNAVAILABLE"
        assert body["details"][1]["retryDelay"] == "1s"

        for _ in range(2):
            server, _ = await upstream.start(seen, port)
            await until(client, 200)
            answer = await client.get(f"/v1/meters/{upstream.METER_ID}")
            assert answer.status_code == 200, answer.text
            await server.stop(None)
            await until(client, 503)


async def test_a_dead_server_beside_a_living_one_is_not_noticed(
    start_edge: type_start_edge, server_port: int
) -> None:
    edge = await start_edge(upstreams=[Address("127.0.0.1", free_port()), Address("127.0.0.1", server_port)])
    async with httpx.AsyncClient(base_url=edge.url, timeout=10) as client:
        await until(client, 200)
        for _ in range(20):
            response = await client.post("/v1/meters", json={"meter": {"serialNumber": "7"}})
            assert response.status_code == 200


async def test_too_many_calls_of_one_caller_are_429_and_others_are_served(
    start_edge: type_start_edge,
) -> None:
    edge = await start_edge(caller_rate_limit=RateLimit(per_second=1, burst=3))
    async with httpx.AsyncClient(base_url=edge.url, timeout=10) as client:
        await until(client, 200)
        path = f"/v1/meters/{upstream.METER_ID}"
        answers = [await client.get(path, headers={"x-api-key": "greedy"}) for _ in range(6)]
        assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["retry-after"] == "1"
        assert answers[-1].json()["details"][0]["reason"] == "OVERLOADED"
        assert (await client.get(path, headers={"x-api-key": "modest"})).status_code == 200
        assert (await client.get("/healthz")).status_code == 200
    async with grpc.aio.insecure_channel(edge.target) as channel:
        stub = meter_service_pb2_grpc.MeterServiceStub(channel)
        request = meter_service_pb2.GetMeterRequest(meter_id=upstream.METER_ID)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await asyncio.gather(
                *[stub.GetMeter(request, metadata=(("x-api-key", "greedy"),)) for _ in range(6)]
            )
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_limit_for_everybody(start_edge: type_start_edge) -> None:
    edge = await start_edge(rate_limit=RateLimit(per_second=1, burst=4))
    async with httpx.AsyncClient(base_url=edge.url, timeout=10) as client:
        answers = [
            await client.get("/v1/meters?pageSize=1", headers={"x-api-key": str(number)})
            for number in range(8)
        ]
        assert answers[-1].status_code == 429


async def test_a_self_contained_configuration_serves_the_same(start_edge: type_start_edge) -> None:
    edge = await start_edge(self_contained=True)
    async with httpx.AsyncClient(base_url=edge.url, timeout=10) as client:
        await until(client, 200)
        assert (await client.get(f"/v1/meters/{upstream.METER_ID}")).status_code == 200
