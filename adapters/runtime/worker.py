"""The command side of an adapter: takes the bus messages that are meant for its kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from google.protobuf.message import Message

from kernel.bus import Bus, BusMessage
from kernel.bus.message import WrongType

Handle = Callable[[Any, BusMessage], Awaitable[None]]
"""Gets the decoded message and what carried it. Returns once the work is safe; what it raises comes again."""

_CLAIM_AFTER_SECONDS: Final = 30.0


class BusWorker:
    """Consumes the stream `adapter.<kind>`; replicas of an adapter in a tenant share one consumer group.

    Other tenants' messages are left to their adapters. The bus makes a message's trace the current one while
    its handler runs.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        kind: str,
        tenant_id: str,
        instance: str,
        handlers: Mapping[type[Message], Handle],
        concurrency: int = 16,
    ) -> None:
        self._bus = bus
        self._stream = f"adapter.{kind}"
        self._tenant_id = tenant_id
        self._instance = instance
        self._handlers = {kind.DESCRIPTOR.full_name: (kind, handle) for kind, handle in handlers.items()}
        self._concurrency = concurrency

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; what was taken and not finished is handed out again."""
        await self._bus.consume(
            self._stream,
            f"{self._stream}.{self._tenant_id}",
            self._instance,
            self._handle,
            stop=stop,
            concurrency=self._concurrency,
            claim_after_seconds=_CLAIM_AFTER_SECONDS,
        )

    async def _handle(self, message: BusMessage) -> None:
        if message.tenant_id != self._tenant_id:
            return
        known = self._handlers.get(message.payload_type)
        if known is None:
            raise WrongType(f"no handler for {message.payload_type}")
        kind, handle = known
        await handle(message.decode(kind), message)
