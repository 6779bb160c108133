"""Server processes: drain, health, shared ports, engines that come back; traces over OTLP."""

import asyncio
import json
import signal

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from simba.access.v1.principal_service_pb2 import WhoAmIRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.commands.v1.command_service_pb2 import WatchCommandRequest, WatchCommandResponse
from tests.support.otlp import collecting
from tests.support.platform import error_of, eventually
from tests.support.processes import process

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SERVING = health_pb2.HealthCheckResponse.SERVING


async def serving(channel: grpc.aio.Channel, service: str = "") -> bool:
    answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
    return answer.status == SERVING


def keyed(secret: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {secret}"),)


async def test_a_server_serves_drains_and_logs_json(settings, tenant, api_key):
    async with (
        process("serve", settings) as (child, port),
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        await eventually(lambda: serving(channel), 20)
        me = await PrincipalServiceStub(channel).WhoAmI(WhoAmIRequest(), metadata=keyed(api_key))
        assert me.tenant_id == str(tenant)
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert (await watch.read()).status == SERVING
        child.send_signal(signal.SIGTERM)
        assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
        watch.cancel()
        _, errors = await asyncio.wait_for(child.communicate(), 15)
        assert child.returncode == 0
    lines = [json.loads(line) for line in errors.decode().splitlines()]
    assert any(line.get("method") == "/simba.access.v1.PrincipalService/WhoAmI" for line in lines)
    assert not [line for line in lines if line["level"] in {"ERROR", "CRITICAL"}]


async def test_two_servers_share_a_port(settings, api_key, unused_tcp_port):
    address = f"127.0.0.1:{unused_tcp_port}"
    shared = {"grpc_listen": address, "grpc_reuse_port": "true"}
    async with process("serve", settings, **shared) as (first, _), process("serve", settings, **shared):
        async with grpc.aio.insecure_channel(address) as channel:
            await eventually(lambda: serving(channel), 20)
        first.send_signal(signal.SIGTERM)
        await asyncio.wait_for(first.wait(), 15)
        async with grpc.aio.insecure_channel(address) as channel:
            await PrincipalServiceStub(channel).WhoAmI(WhoAmIRequest(), metadata=keyed(api_key))


async def test_open_streams_are_told_to_go_elsewhere(platform, api_key):
    from tests.support.calls import probe_server

    async def watch(request, context):
        while True:
            yield WatchCommandResponse()
            await asyncio.sleep(0.01)

    async with probe_server(platform) as probes:
        from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub

        probes.stream.watch = watch
        channel = grpc.aio.insecure_channel(probes.server.address)
        call = CommandServiceStub(channel).WatchCommand(
            WatchCommandRequest(command_id="0192e4a0-0000-7000-8000-000000000000"), metadata=keyed(api_key)
        )
        await call.read()
        leaving = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - leaving < 0.9, "did not wait for the grace period"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        while await call.read() is not grpc.aio.EOF:
            pass
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert error_of(caught.value)[1] == {"engine": "server"}
    await channel.close()


async def test_traces_metrics_and_logs_reach_a_collector(settings, api_key):
    async with collecting() as collector:
        exporting = {"otlp_endpoint": collector.endpoint, "instance_id": "server-1"}
        async with process("serve", settings, **exporting) as (child, port):
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                await eventually(lambda: serving(channel), 20)
                metadata = (*keyed(api_key), ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01"))
                await PrincipalServiceStub(channel).WhoAmI(WhoAmIRequest(), metadata=metadata)
            await eventually(lambda: collector.trace(TRACE), 10)
            child.send_signal(signal.SIGTERM)
            await asyncio.wait_for(child.wait(), 20)
    span = collector.trace(TRACE)[0]
    assert (span.service, span.name) == ("simba-server", "simba.access.v1.PrincipalService/WhoAmI")
    assert span.parent_id == "00f067aa0ba902b7"
    assert span.attributes["rpc.grpc.status_code"] == 0
    assert any(about["service.instance.id"] == "server-1" for about in collector.resources)
    assert "rpc.server.duration" in collector.metrics["simba-server"]
    assert any(trace_id == TRACE and "WhoAmI" in said for _, said, trace_id in collector.logs)
