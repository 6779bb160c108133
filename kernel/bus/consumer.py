"""One consumer of a consumer group."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio as redis
from opentelemetry import trace
from redis.exceptions import RedisError, ResponseError

from kernel.bus.message import BusMessage
from kernel.telemetry.context import extract

Handler = Callable[[BusMessage], Awaitable[object]]

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("simba.bus")

_BLOCK_MS = 500
_BATCH = 64


@dataclass(slots=True)
class Consumer:
    """Reads, handles, acknowledges, reclaims; see :meth:`kernel.bus.Bus.consume`."""

    client: "redis.Redis"
    key: str
    dead_key: str
    group: str
    name: str
    handler: Handler
    concurrency: int
    claim_after_ms: int
    max_deliveries: int
    _next_claim: float = field(default=0.0, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set, whatever happens to Valkey meanwhile."""
        wait = 0.05
        while not stop.is_set():
            try:
                await self._round()
                wait = 0.05
            except ResponseError as error:
                if "NOGROUP" not in str(error):
                    raise
                await self._make_group()
            except (RedisError, OSError) as error:
                _log.warning(
                    "bus is away, %s waits", self.name, extra={"stream": self.key, "error": str(error)}
                )
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)

    async def _make_group(self) -> None:
        try:
            # From the very beginning: what was published before anybody listened is for this group as well.
            await self.client.xgroup_create(self.key, self.group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _round(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._next_claim:
            self._next_claim = now + self.claim_after_ms / 1000 / 3
            await self._handle(await self._claimed())
        answer: Any = await self.client.xreadgroup(
            self.group,
            self.name,
            {self.key: ">"},
            count=max(1, min(_BATCH, self.concurrency * 2)),
            block=_BLOCK_MS,
        )
        for _, entries in answer or []:
            await self._handle([BusMessage.from_entry(raw.decode(), entry) for raw, entry in entries])

    async def _claimed(self) -> list[BusMessage]:
        """Messages that somebody took and did not acknowledge in time, ours from now on."""
        claimed: Any = await self.client.xautoclaim(
            self.key, self.group, self.name, min_idle_time=self.claim_after_ms, start_id="0-0", count=_BATCH
        )
        messages = []
        entries = claimed[1]
        for raw, entry in entries:
            pending: Any = await self.client.xpending_range(self.key, self.group, min=raw, max=raw, count=1)
            deliveries = int(pending[0]["times_delivered"]) if pending else 1
            messages.append(BusMessage.from_entry(raw.decode(), entry, deliveries))
        return messages

    async def _handle(self, messages: list[BusMessage]) -> None:
        if self.concurrency == 1:
            for message in messages:
                await self._one(message)
            return
        limit = asyncio.Semaphore(self.concurrency)

        async def limited(message: BusMessage) -> None:
            async with limit:
                await self._one(message)

        async with asyncio.TaskGroup() as group:
            for message in messages:
                group.create_task(limited(message))

    async def _one(self, message: BusMessage) -> None:
        span = _tracer.start_as_current_span(
            f"{self.key} process",
            context=extract(message.trace),
            kind=trace.SpanKind.CONSUMER,
            attributes={
                "messaging.system": "valkey",
                "messaging.destination.name": self.key,
                "messaging.message.id": message.message_id,
            },
        )
        with span:
            try:
                await self.handler(message)
            except Exception as error:  # noqa: BLE001 - whatever a handler raises means: again
                trace.get_current_span().record_exception(error)
                await self._failed(message, error)
                return
        await self.client.xack(self.key, self.group, message.entry_id)

    async def _failed(self, message: BusMessage, error: Exception) -> None:
        extra = {"stream": self.key, "message_id": message.message_id, "deliveries": message.deliveries}
        if message.deliveries < self.max_deliveries:
            _log.warning("bus message failed, will be handed out again: %s", error, extra=extra)
            return
        _log.error("bus message failed for good: %s", error, exc_info=error, extra=extra)
        text = "".join(traceback.format_exception_only(error)).strip()
        pipeline = self.client.pipeline(transaction=True)
        pipeline.xadd(self.dead_key, {**message.to_entry(), "error": text}, maxlen=10_000, approximate=True)
        pipeline.xack(self.key, self.group, message.entry_id)
        await pipeline.execute()
