"""What every call passes through, over a real server and channel."""

import asyncio
import json
import logging
from uuid import uuid4

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from server.platform.caller import current_caller
from server.platform.deadline import remaining_seconds
from server.platform.errors import FieldViolation, InvalidArgument, ResourceExhausted
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    GetApiKeyRequest,
    GetApiKeyResponse,
    WhoAmIRequest,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.commands.v1.command_service_pb2 import WatchCommandRequest, WatchCommandResponse
from simba.readings.v1.ingest_service_pb2 import IngestReadingsResponse
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.support.platform import error_of, eventually, make_tenant, status_of

KEY_ID = "0192e4a0-0000-7000-8000-000000000000"


async def refused(call) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


def ask() -> GetApiKeyRequest:
    return GetApiKeyRequest(api_key_id=KEY_ID)


async def test_missing_and_unknown_credentials(probes):
    stub = PrincipalServiceStub(probes.server.channel())
    error = await refused(stub.GetApiKey(ask()))
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert error_of(error)[0] == "CREDENTIAL_MISSING"
    for metadata in (
        ("authorization", "Bearer simba_nobody-has-this"),
        ("authorization", "Basic dXNlcjpwYXNz"),
        ("authorization", "Bearer"),
        ("x-api-key", "x"),
    ):
        error = await refused(stub.GetApiKey(ask(), metadata=(metadata,)))
        assert error.code() is grpc.StatusCode.UNAUTHENTICATED
        assert error_of(error)[0] == "CREDENTIAL_INVALID"


async def test_handler_sees_the_caller_and_a_deadline(probes, unary_stub, tenant):
    seen = {}

    async def get(request, context):
        seen["caller"], seen["left"] = current_caller(), remaining_seconds()
        return GetApiKeyResponse()

    probes.unary.get = get
    await unary_stub.GetApiKey(ask(), timeout=7)
    assert seen["caller"].tenant_id == tenant
    assert 6 < seen["left"] <= 7
    await unary_stub.GetApiKey(ask())
    assert 50 < seen["left"] <= 60, "the default deadline"


async def test_permission_is_named_when_it_is_missing(probes, platform):
    analyst = await make_tenant(platform, roles=("analyst",))
    error = await refused(PrincipalServiceStub(probes.server.channel(analyst.secret)).GetApiKey(ask()))
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    reason, metadata, _ = error_of(error)
    assert reason == "PERMISSION_MISSING"
    assert metadata["permission"] == "access.api_keys.read"


async def test_validation_names_field_rule_and_value(unary_stub):
    error = await refused(unary_stub.GetApiKey(GetApiKeyRequest(api_key_id="not-a-uuid")))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    reason, _, violations = error_of(error)
    assert reason == "INVALID_FIELD"
    assert violations == [("api_key_id", "must be a valid UUID, but is 'not-a-uuid'")]
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in status_of(error).details)
    assert bad.field_violations[0].reason == "STRING_UUID"


async def test_every_violation_is_listed(unary_stub):
    request = CreateApiKeyRequest(api_key=ApiKey(display_name="", roles=["a", "a"]), request_id="x")
    error = await refused(unary_stub.CreateApiKey(request))
    fields = [field for field, _ in error_of(error)[2]]
    assert sorted(fields) == ["api_key.display_name", "api_key.roles", "request_id"]


async def test_bytes_that_are_no_message(probes, probe_channel):
    method = probe_channel.unary_unary(
        "/simba.access.v1.PrincipalService/GetApiKey",
        request_serializer=lambda raw: raw,
        response_deserializer=GetApiKeyResponse.FromString,
    )
    error = await refused(method(b"\x0a\xff\xff"))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_of(error)[0] == "INVALID_FIELD"


async def test_errors_carry_metadata_violations_and_delay(probes, unary_stub):
    from datetime import timedelta

    async def get(request, context):
        raise ResourceExhausted("too much", retry_after=timedelta(seconds=1.5), queue="vee", nothing=None)

    probes.unary.get = get
    error = await refused(unary_stub.GetApiKey(ask()))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert error.details() == "too much"
    assert error_of(error)[:2] == ("OVERLOADED", {"queue": "vee"})
    retry = error_details_pb2.RetryInfo()
    assert any(detail.Unpack(retry) for detail in status_of(error).details)
    assert retry.retry_delay.ToTimedelta() == timedelta(seconds=1.5)


async def test_a_thousand_violations_fit_into_the_headers(probes, unary_stub):
    async def get(request, context):
        many = [FieldViolation(f"rows[{n}].value", "x" * 1000, "r") for n in range(1000)]
        raise InvalidArgument("много ошибок", violations=many)

    probes.unary.get = get
    error = await refused(unary_stub.GetApiKey(ask()))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error.details() == "много ошибок"
    _, metadata, violations = error_of(error)
    assert len(violations) + int(metadata["violations_left_out"]) == 1000
    assert violations


async def test_a_defect_tells_an_id_and_nothing_else(probes, unary_stub, caplog):
    async def get(request, context):
        raise KeyError("secret detail")

    probes.unary.get = get
    with caplog.at_level(logging.ERROR, "simba.errors"):
        error = await refused(unary_stub.GetApiKey(ask()))
    assert error.code() is grpc.StatusCode.INTERNAL
    reason, metadata, violations = error_of(error)
    assert reason == "INTERNAL"
    assert set(metadata) == {"error_id"}
    assert not violations
    assert "secret detail" not in str(status_of(error))
    logged = [record for record in caplog.records if record.name == "simba.errors"]
    assert logged[0].error_id == metadata["error_id"]
    assert logged[0].exc_info[1].args == ("secret detail",)


async def test_text_that_postgresql_cannot_store_is_the_callers_mistake(probes, unary_stub, notes, platform):
    async def get(request, context):
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name="a\0b"))
        return GetApiKeyResponse()

    probes.unary.get = get
    error = await refused(unary_stub.GetApiKey(ask()))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_access_log_has_one_line_for_a_call(probes, unary_stub, tenant, caplog):
    with caplog.at_level(logging.INFO, "simba.access_log"):
        await unary_stub.GetApiKey(ask(), metadata=(("x-request-id", "r-1"),))
        await refused(unary_stub.GetApiKey(GetApiKeyRequest(api_key_id="x")))
        await eventually(lambda: len([r for r in caplog.records if r.name == "simba.access_log"]) >= 2)
    good, bad = (r for r in caplog.records if r.name == "simba.access_log")
    assert (good.code, good.tenant_id, good.http_request_id) == ("OK", str(tenant), "r-1")
    assert good.duration_ms > 0
    assert (bad.code, bad.reason) == ("INVALID_ARGUMENT", "INVALID_FIELD")


async def test_streams_pass_the_same_steps(probes, stream_stub, tenant):
    async def watch(request, context):
        assert current_caller().tenant_id == tenant
        yield WatchCommandResponse()
        yield WatchCommandResponse()
        raise ResourceExhausted("enough")

    probes.stream.watch = watch
    got, request = 0, WatchCommandRequest(command_id=KEY_ID)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in stream_stub.WatchCommand(request):
            got += 1
    assert got == 2
    assert error_of(caught.value)[0] == "OVERLOADED"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in stream_stub.WatchCommand(WatchCommandRequest(command_id="x")):
            pass
    assert error_of(caught.value)[2][0][0] == "command_id"


async def test_a_stream_that_is_left_closes_its_handler_in_its_own_task(probes, stream_stub):
    closed = asyncio.Event()
    tasks = []

    async def watch(request, context):
        tasks.append(asyncio.current_task())
        try:
            while True:
                yield WatchCommandResponse()
                await asyncio.sleep(0.01)
        finally:
            tasks.append(asyncio.current_task())
            closed.set()

    probes.stream.watch = watch
    call = stream_stub.WatchCommand(WatchCommandRequest(command_id=KEY_ID))
    await call.read()
    call.cancel()
    await asyncio.wait_for(closed.wait(), 5)
    assert tasks[0] is tasks[1]


async def test_both_way_streams_answer_and_validate_each_message(probes, bidi_stub):
    from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest

    async def ingest(requests, context):
        async for _ in requests:
            yield IngestReadingsResponse()

    probes.bidi.ingest = ingest
    call = bidi_stub.IngestReadings()
    good = IngestReadingsRequest(blocks=[ReadingBlock(source="s", sequence=1)])
    for _ in range(3):
        await call.write(good)
        assert await call.read() is not grpc.aio.EOF
    await call.write(IngestReadingsRequest(blocks=[ReadingBlock(source="x"), ReadingBlock()]))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_of(caught.value)[2][0][0] == "blocks[1].source"


async def test_health_and_reflection_need_no_key(probes):
    channel = probes.server.channel()
    stub = health_pb2_grpc.HealthStub(channel)

    async def serving() -> bool:
        answer = await stub.Check(health_pb2.HealthCheckRequest())
        return answer.status == health_pb2.HealthCheckResponse.SERVING

    await eventually(serving)
    for name in ("simba.access.v1.PrincipalService", "simba.engines"):
        answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    reflection = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(
        iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    )
    names = {each.name for each in (await reflection.read()).list_services_response.service}
    assert {"simba.access.v1.PrincipalService", "grpc.health.v1.Health", "grpc.channelz.v1.Channelz"} <= names


async def test_channelz_needs_a_permission(probes, platform, api_key):
    from grpc_channelz.v1 import channelz_pb2, channelz_pb2_grpc

    analyst = await make_tenant(platform, roles=("analyst",))
    request = channelz_pb2.GetServersRequest()
    error = await refused(
        channelz_pb2_grpc.ChannelzStub(probes.server.channel(analyst.secret)).GetServers(request)
    )
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    servers = await channelz_pb2_grpc.ChannelzStub(probes.server.channel(api_key)).GetServers(request)
    assert servers.server


async def test_a_method_without_implementation_is_unimplemented(unary_stub):
    error = await refused(unary_stub.WhoAmI(WhoAmIRequest()))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_logs_are_json_with_trace_ids(probes, unary_stub):
    from opentelemetry import trace

    from kernel.telemetry.logs import JsonFormatter

    lines = []

    async def get(request, context):
        record = logging.LogRecord("x", logging.INFO, __file__, 1, "hello %s", ("you",), None)
        record.meter_id = uuid4()
        lines.append(json.loads(JsonFormatter().format(record)))
        lines.append(trace.get_current_span().get_span_context())
        return GetApiKeyResponse()

    probes.unary.get = get
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await unary_stub.GetApiKey(ask(), metadata=(("traceparent", parent),))
    assert lines[0]["message"] == "hello you"
    assert lines[0]["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert lines[0]["meter_id"]


async def test_a_method_that_names_no_permission_is_refused_to_everybody(platform, api_key):
    from server.access import capability as access_capability
    from server.main import Application
    from server.platform.capability import Capability, Service
    from tests.support.platform import running_server

    async def thing(request, context):
        return b"done"

    def add(servicer, to_server) -> None:
        handler = grpc.unary_unary_rpc_method_handler(thing, lambda raw: raw, lambda raw: raw)
        to_server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("x.Forgotten", {"Thing": handler}),)
        )

    parts = (Capability("forgotten", [Service("x.Forgotten", add, None)]),)
    authenticator = access_capability.build(platform).authenticator
    async with running_server(Application(platform, authenticator, parts)) as server:
        error = await refused(server.channel(api_key).unary_unary("/x.Forgotten/Thing")(b""))
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    assert error_of(error)[1]["method"] == "/x.Forgotten/Thing"
