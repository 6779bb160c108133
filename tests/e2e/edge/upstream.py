"""A small real gRPC server with the contract's services, whose answers the tests know."""

# ruff: noqa: ARG002  (names and signatures of gRPC)
from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import grpc
from google.api import httpbody_pb2
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from simba.billing.v1 import invoice_service_pb2, invoice_service_pb2_grpc
from simba.commands.v1 import command_pb2, command_service_pb2, command_service_pb2_grpc
from simba.devices.v1 import meter_pb2, meter_service_pb2, meter_service_pb2_grpc
from simba.readings.v1 import (
    exchange_service_pb2,
    exchange_service_pb2_grpc,
    ingest_service_pb2,
    ingest_service_pb2_grpc,
    reading_block_pb2,
)

METER_ID = "0190f3a8-7b1c-7c3a-9d52-3f6b8a1e4c70"
UNKNOWN_ID = "0190f3a8-7b1c-7c3a-9d52-000000000000"
PDF = b"%PDF-1.7 invoice"


@dataclass
class Seen:
    """What reached the server."""

    calls: list[str] = field(default_factory=list)
    metadata: list[dict[str, str | bytes]] = field(default_factory=list)
    unavailable: int = 0
    """How many of the next calls are refused as UNAVAILABLE."""
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)


class Recorder(grpc.aio.ServerInterceptor):
    """Writes down every unary call that was begun."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    async def intercept_service(self, continuation, call):
        handler = await continuation(call)
        if handler is None or handler.unary_unary is None or "Health" in call.method:
            return handler

        async def noted(request, context):
            # Only here is the request complete: headers alone change nothing.
            self._seen.calls.append(call.method)
            self._seen.metadata.append(dict(call.invocation_metadata))
            return await handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(
            noted,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


async def refuse(
    context: grpc.aio.ServicerContext, code: int, message: str, reason: str, *details: object
) -> None:
    status = status_pb2.Status(code=code, message=message)
    info = error_details_pb2.ErrorInfo(reason=reason, domain="simba", metadata={"meter_id": UNKNOWN_ID})
    for detail in (info, *details):
        packed = any_pb2.Any()
        packed.Pack(detail)  # type: ignore[arg-type]
        status.details.append(packed)
    await context.abort_with_status(rpc_status.to_status(status))


class Meters(meter_service_pb2_grpc.MeterServiceServicer):
    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    async def CreateMeter(self, request, context):
        if self._seen.unavailable:
            self._seen.unavailable -= 1
            await refuse(context, code_pb2.UNAVAILABLE, "busy", "ENGINE_UNAVAILABLE")
        if request.meter.serial_number == "bad":
            violation = error_details_pb2.BadRequest.FieldViolation(
                field="meter.serial_number", description="must not be bad", reason="string.not"
            )
            await refuse(
                context,
                code_pb2.INVALID_ARGUMENT,
                "meter.serial_number: must not be bad",
                "INVALID_FIELD",
                error_details_pb2.BadRequest(field_violations=[violation]),
            )
        if request.meter.serial_number == "keyless":
            await refuse(context, code_pb2.UNAUTHENTICATED, "no credential", "CREDENTIAL_MISSING")
        meter = meter_pb2.Meter(meter_id=METER_ID)
        meter.MergeFrom(request.meter)
        meter.channels.add(channel=2**53 + 1, code="energy", unit="kWh")
        return meter_service_pb2.CreateMeterResponse(meter=meter)

    async def GetMeter(self, request, context):
        if self._seen.unavailable:
            self._seen.unavailable -= 1
            await refuse(context, code_pb2.UNAVAILABLE, "busy", "ENGINE_UNAVAILABLE")
        if request.meter_id == UNKNOWN_ID:
            await refuse(context, code_pb2.NOT_FOUND, f"meter {UNKNOWN_ID} does not exist", "METER_NOT_FOUND")
        return meter_service_pb2.GetMeterResponse(meter=meter_pb2.Meter(meter_id=request.meter_id))

    async def ListMeters(self, request, context):
        count = request.page_size or 50
        rows = [
            meter_pb2.Meter(
                meter_id=METER_ID, serial_number=f"S{row:06}", display_name=request.external_id.value
            )
            for row in range(count)
        ]
        return meter_service_pb2.ListMetersResponse(meters=rows)

    async def UpdateMeter(self, request, context):
        if request.HasField("update_mask"):
            request.meter.display_name = ",".join(request.update_mask.paths)
        return meter_service_pb2.UpdateMeterResponse(meter=request.meter)


class Commands(command_service_pb2_grpc.CommandServiceServicer):
    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    async def WatchCommand(self, request, context) -> AsyncIterator[command_service_pb2.WatchCommandResponse]:
        states = (command_pb2.COMMAND_STATE_ACCEPTED, command_pb2.COMMAND_STATE_SENT)
        for number, state in enumerate(states):
            yield command_service_pb2.WatchCommandResponse(
                command=command_pb2.Command(command_id=request.command_id, state=state),
                resume_token=str(number),
            )
        if request.resume_token == "fail":
            await refuse(context, code_pb2.UNAVAILABLE, "lost", "ENGINE_UNAVAILABLE")
        if request.resume_token == "hold":
            try:
                await asyncio.sleep(30)
            finally:
                self._seen.cancelled.set()

    async def WaitCommand(self, request, context):
        try:
            await asyncio.sleep(request.timeout.ToTimedelta().total_seconds())
        except asyncio.CancelledError:
            self._seen.cancelled.set()
            raise
        remaining = str(context.time_remaining())
        return command_service_pb2.WaitCommandResponse(command=command_pb2.Command(error=remaining))


class Invoices(invoice_service_pb2_grpc.InvoiceServiceServicer):
    async def GetInvoicePdf(self, request, context):
        return invoice_service_pb2.GetInvoicePdfResponse(
            document=httpbody_pb2.HttpBody(content_type="application/pdf", data=PDF), file_name="a.pdf"
        )


class Imports(exchange_service_pb2_grpc.ExchangeServiceServicer):
    async def CreateImport(self, request, context):
        response = exchange_service_pb2.CreateImportResponse()
        response.import_job.stored = len(request.content)
        return response


class Ingest(ingest_service_pb2_grpc.IngestServiceServicer):
    async def IngestReadings(
        self, requests, context
    ) -> AsyncIterator[ingest_service_pb2.IngestReadingsResponse]:
        async for request in requests:
            acks = [
                reading_block_pb2.IngestAck(
                    source=block.source, sequence=block.sequence, stored=len(block.channel)
                )
                for block in request.blocks
            ]
            yield ingest_service_pb2.IngestReadingsResponse(acks=acks)


async def start(seen: Seen, port: int = 0) -> tuple[grpc.aio.Server, int]:
    server = grpc.aio.server(
        interceptors=[Recorder(seen)],
        options=[("grpc.max_receive_message_length", 64 << 20), ("grpc.so_reuseport", 0)],
    )
    meter_service_pb2_grpc.add_MeterServiceServicer_to_server(Meters(seen), server)
    command_service_pb2_grpc.add_CommandServiceServicer_to_server(Commands(seen), server)
    invoice_service_pb2_grpc.add_InvoiceServiceServicer_to_server(Invoices(), server)
    exchange_service_pb2_grpc.add_ExchangeServiceServicer_to_server(Imports(), server)
    ingest_service_pb2_grpc.add_IngestServiceServicer_to_server(Ingest(), server)
    checks = health.aio.HealthServicer()
    await checks.set("", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    return server, bound


def now_ms() -> float:
    return time.monotonic() * 1000
