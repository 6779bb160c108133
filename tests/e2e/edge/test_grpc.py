"""gRPC and gRPC-Web on the ports of REST."""

from __future__ import annotations

import base64
import ssl
import struct
import warnings

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from simba.devices.v1 import meter_service_pb2, meter_service_pb2_grpc
from tests.e2e.edge import upstream
from tests.e2e.edge.conftest import Edge

GET_METER = "/simba.devices.v1.MeterService/GetMeter"


async def test_grpc_passes_with_its_metadata_and_errors(
    channel: grpc.aio.Channel, seen: upstream.Seen
) -> None:
    stub = meter_service_pb2_grpc.MeterServiceStub(channel)
    request = meter_service_pb2.GetMeterRequest(meter_id=upstream.METER_ID)
    response = await stub.GetMeter(request, metadata=(("x-api-key", "key"),))
    assert response.meter.meter_id == upstream.METER_ID
    assert seen.metadata[-1]["x-api-key"] == "key"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.GetMeter(meter_service_pb2.GetMeterRequest(meter_id=upstream.UNKNOWN_ID))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert "grpc-status-details-bin" in dict(refused.value.trailing_metadata() or ())


async def test_health_is_asked_like_any_service(channel: grpc.aio.Channel) -> None:
    response = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    assert response.status == health_pb2.HealthCheckResponse.SERVING


async def test_an_unknown_service_is_unimplemented(channel: grpc.aio.Channel) -> None:
    call = channel.unary_unary("/simba.devices.v1.ToasterService/Toast")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(b"")
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "No such service" in (refused.value.details() or "")


async def test_channelz_is_not_for_strangers(channel: grpc.aio.Channel) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await channel.unary_unary("/grpc.channelz.v1.Channelz/GetServers")(b"")
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_tls_speaks_both(edge: Edge) -> None:
    credentials = grpc.ssl_channel_credentials(edge.ca.read_bytes())
    async with grpc.aio.secure_channel(edge.tls_url.removeprefix("https://"), credentials) as channel:
        stub = meter_service_pb2_grpc.MeterServiceStub(channel)
        response = await stub.GetMeter(meter_service_pb2.GetMeterRequest(meter_id=upstream.METER_ID))
        assert response.meter.meter_id == upstream.METER_ID
    async with httpx.AsyncClient(base_url=edge.tls_url, verify=edge_context(edge)) as client:
        assert (await client.get(f"/v1/meters/{upstream.METER_ID}")).status_code == 200


def edge_context(edge: Edge, **limits: object) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(edge.ca))
    for name, value in limits.items():
        setattr(context, name, value)
    return context


async def test_old_tls_is_refused(edge: Edge) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = edge_context(
            edge, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1
        )
    async with httpx.AsyncClient(base_url=edge.tls_url, verify=context) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/livez")


def framed(message: bytes) -> bytes:
    return b"\0" + struct.pack(">I", len(message)) + message


async def test_grpc_web_works_from_an_allowed_origin(rest: httpx.AsyncClient) -> None:
    origin = {"origin": "https://portal.example"}
    preflight = await rest.options(
        GET_METER,
        headers=origin
        | {
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-api-key,x-grpc-web,x-simba-reason,x-correlation-id",
        },
    )
    assert preflight.status_code == 200, (preflight.text, preflight.headers)
    assert preflight.headers["access-control-allow-origin"] == "https://portal.example"
    allowed = set(preflight.headers["access-control-allow-headers"].split(", "))
    assert {"x-api-key", "x-simba-reason", "x-correlation-id"} <= allowed

    request = meter_service_pb2.GetMeterRequest(meter_id=upstream.METER_ID).SerializeToString()
    headers = origin | {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"}
    response = await rest.post(GET_METER, content=framed(request), headers=headers)
    assert response.headers["access-control-allow-origin"] == "https://portal.example"
    assert "grpc-status" in response.headers["access-control-expose-headers"]
    size = struct.unpack(">I", response.content[1:5])[0]
    answer = meter_service_pb2.GetMeterResponse.FromString(response.content[5 : 5 + size])
    assert answer.meter.meter_id == upstream.METER_ID
    assert b"grpc-status:0" in response.content[5 + size :]

    headers |= {"content-type": "application/grpc-web-text", "accept": "application/grpc-web-text"}
    response = await rest.post(GET_METER, content=base64.b64encode(framed(request)), headers=headers)
    assert upstream.METER_ID.encode() in base64.b64decode(response.content[:60])


async def test_other_origins_get_no_leave(rest: httpx.AsyncClient) -> None:
    response = await rest.get("/v1/meters?pageSize=1", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in response.headers
