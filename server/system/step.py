"""The step around every call that records it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from opentelemetry import trace

from server.platform.rpc.call import Call, Step
from server.system.domain import PLATFORM, Operation
from server.system.recorder import Recorder

_LONGEST_PEER = 200


def recorded(recorder: Recorder, clock: Callable[[], datetime]) -> Step:
    """The step. Health checks and reflection, which anybody may call, are no operations."""

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        began, start = clock(), time.perf_counter_ns()
        try:
            yield
        finally:
            if not call.method.public:
                recorder.record(_operation(call, began, (time.perf_counter_ns() - start) // 1000))

    return step


def _operation(call: Call, began: datetime, micros: int) -> Operation:
    span = trace.get_current_span().get_span_context()
    return Operation(
        tenant_id=UUID(call.tenant) if call.tenant else PLATFORM,
        operation_id=call.operation_id,
        time=began,
        principal_id=call.principal,
        method=call.method.path.lstrip("/"),
        resource_id=call.resource_id,
        status=call.code.name,
        reason=call.reason,
        duration_us=micros,
        trace_id=trace.format_trace_id(span.trace_id) if span.is_valid else "",
        correlation_id=call.correlation_id,
        peer=_peer(call),
    )


def _peer(call: Call) -> str:
    """The address that the connection came from; behind a proxy, also the one that the proxy saw."""
    peer = str(call.context.peer() or "")
    seen = call.metadata.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return f"{seen} via {peer}"[:_LONGEST_PEER] if seen else peer[:_LONGEST_PEER]
