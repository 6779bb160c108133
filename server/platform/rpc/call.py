"""One call on its way through the steps."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import grpc

from server.platform.ids import new_id
from server.platform.rpc.methods import MethodInfo


@dataclass(slots=True)
class Call:
    """A call that is being served."""

    method: MethodInfo
    context: "grpc.aio.ServicerContext[Any, Any]"
    metadata: Mapping[str, str]
    """Text metadata with lower-case keys; of repeated keys the first."""
    streaming: bool
    """Whether either side is a stream."""
    code: grpc.StatusCode = grpc.StatusCode.OK
    """How the call ended."""
    reason: str = ""
    """The reason of the error that it ended with."""
    operation_id: UUID = field(default_factory=new_id)
    """Names the call in the log of operations."""
    call_id: str = ""
    """The ``x-request-id`` that came with the call, else its operation id, which the answer then carries."""
    correlation_id: str = ""
    """What belongs together: the caller's, else the id of the call."""
    resource_id: str = ""
    """Id of the resource that the request names, or that the answer says was made."""
    answer_metadata: tuple[tuple[str, str], ...] = ()
    """Trailing metadata, whatever the outcome."""
    tenant: str = ""
    principal: str = ""
    received: int = 0
    """Messages received."""
    sent: int = 0
    """Messages sent."""
    notes: dict[str, str] = field(default_factory=dict)
    """What the access log says besides."""

    def late(self) -> bool:
        """Whether the caller's deadline is over."""
        remaining = self.context.time_remaining()
        return remaining is not None and remaining <= 0


class Step(Protocol):
    """Something around every call. The first step is the outermost."""

    def __call__(self, call: Call, /) -> AbstractAsyncContextManager[None]:
        """Entered before the handler runs, left when it is over."""
