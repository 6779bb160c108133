"""What a capability gives to the composition root."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from server.platform.jobs import Job, Loop
from server.platform.outbox import OutboxRow
from server.platform.uow import Tx


@dataclass(frozen=True, slots=True)
class Service:
    """One gRPC service: its full name, the generated ``add_…_to_server``, and the servicer."""

    name: str
    add: Callable[[Any, Any], None]
    servicer: object


class EventSink(Protocol):
    """Takes the events of the outbox: the event log does."""

    async def append(self, tx: Tx, events: Sequence[OutboxRow]) -> None:
        """Stores events in the relay's own system transaction, in the given order: exactly once.

        May be handed the same rows again when the transaction fails.
        """

    async def announce(self, events: Sequence[OutboxRow]) -> None:
        """Tells listeners after the commit; may be lost, so listeners look at the log as well."""


@dataclass(slots=True)
class Capability:
    """A capability, built: everything that ``serve`` and ``worker`` run of it."""

    name: str
    services: list[Service] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    worker_loops: list[Loop] = field(default_factory=list)
    server_loops: list[Loop] = field(default_factory=list)
    event_sinks: list[EventSink] = field(default_factory=list)
    around_calls: list[Callable[[Any], AbstractAsyncContextManager[None]]] = field(default_factory=list)
    """Steps around every call (:class:`server.platform.rpc.call.Step`), outside of all but the trace."""
