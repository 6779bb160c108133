"""Between steps 3 and 4: why the caller does it and what belongs together, for history and operations."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.platform.history_context import CallContext, correlation_of, in_context, reason_of
from server.platform.rpc.call import Call


@asynccontextmanager
async def in_call_context(call: Call) -> AsyncIterator[None]:
    """Sets the context of the call. Raises InvalidField for metadata that cannot be taken."""
    reason = reason_of(call.metadata)
    call.correlation_id = correlation_of(call.metadata) or call.call_id
    with in_context(CallContext(reason, call.correlation_id, call.method.path.lstrip("/"))):
        yield
