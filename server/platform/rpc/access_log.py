"""Step 2: one line in the access log and one measurement for every call; overload is refused here."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from opentelemetry import metrics

from server.platform.rpc.call import Call

_log = logging.getLogger("simba.access_log")
_meter = metrics.get_meter("simba.server")
_duration = _meter.create_histogram("rpc.server.duration", unit="ms", description="Duration of calls.")
_active = _meter.create_up_down_counter("simba.calls.active", description="Calls that are being served.")

_LOUD = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS}
_QUIET_SERVICES = ("grpc.health.v1.Health",)


@asynccontextmanager
async def logged(call: Call) -> AsyncIterator[None]:
    """Logs and measures the call when it is over, however it ended."""
    start = time.perf_counter()
    labels = {"rpc.service": call.method.service, "rpc.method": call.method.name}
    _active.add(1, labels)
    try:
        yield
    except asyncio.CancelledError:
        call.code = grpc.StatusCode.DEADLINE_EXCEEDED if call.late() else grpc.StatusCode.CANCELLED
        raise
    finally:
        _active.add(-1, labels)
        millis = (time.perf_counter() - start) * 1000
        _duration.record(millis, {**labels, "rpc.grpc.status_code": call.code.value[0]})
        _write(call, millis)


def _write(call: Call, millis: float) -> None:
    quiet = call.method.service in _QUIET_SERVICES and call.code is grpc.StatusCode.OK
    level = logging.ERROR if call.code in _LOUD else logging.DEBUG if quiet else logging.INFO
    if not _log.isEnabledFor(level):
        return
    fields: dict[str, object] = {
        "method": call.method.path,
        "code": call.code.name,
        "duration_ms": round(millis, 2),
        "tenant_id": call.tenant,
        "principal_id": call.principal,
        "peer": call.context.peer(),
        "user_agent": call.metadata.get("user-agent", ""),
        "http_request_id": call.metadata.get("x-request-id", ""),
        **call.notes,
    }
    if call.reason:
        fields["reason"] = call.reason
    if call.streaming:
        fields.update(received=call.received, sent=call.sent)
    _log.log(level, "%s %s", call.method.path, call.code.name, extra=fields)
