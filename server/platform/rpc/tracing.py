"""Step 1: a server span for every call, as a child of the caller's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from opentelemetry import trace

from kernel.telemetry.context import extract
from server.platform.rpc.call import Call

_tracer = trace.get_tracer("simba.server")

_SERVER_FAULTS = {
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DATA_LOSS,
}


@asynccontextmanager
async def traced(call: Call) -> AsyncIterator[None]:
    """Opens the span in the W3C context of the metadata (Envoy makes or forwards it)."""
    with _tracer.start_as_current_span(
        call.method.path.lstrip("/"),
        context=extract(call.metadata),
        kind=trace.SpanKind.SERVER,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        finally:
            if span.is_recording():
                span.set_attributes(
                    {
                        "rpc.system": "grpc",
                        "rpc.service": call.method.service,
                        "rpc.method": call.method.name,
                        "rpc.grpc.status_code": call.code.value[0],
                        "simba.tenant_id": call.tenant,
                        "simba.error_reason": call.reason,
                    }
                )
                if call.code in _SERVER_FAULTS:
                    span.set_status(trace.StatusCode.ERROR, call.reason)
