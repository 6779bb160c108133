"""The bus itself: publish, consume, listen."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import redis.asyncio as redis
from google.protobuf.message import Message
from redis.exceptions import RedisError

from kernel.bus.consumer import Consumer, Handler
from kernel.bus.message import BusMessage
from kernel.telemetry.context import inject

KEEP_ENTRIES = 100_000
"""Entries that a stream keeps, about. PostgreSQL is the truth: what is trimmed unread is published again."""


class Bus:
    """Streams of protobuf messages in Valkey.

    ``client`` must return bytes (redis-py's default). Methods raise redis errors when Valkey is away;
    consumers and listeners wait for it to come back.
    """

    def __init__(
        self, client: "redis.Redis", *, prefix: str = "simba:bus:", keep: int = KEEP_ENTRIES
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._keep = keep

    def key(self, stream: str) -> str:
        """The Valkey key of a stream."""
        return self._prefix + stream

    async def publish(
        self, stream: str, payload: Message, *, tenant_id: str = "", message_id: str = ""
    ) -> str:
        """Appends one message in the current trace; returns its entry id."""
        message = BusMessage(
            message_id=message_id or str(uuid4()),
            payload_type=payload.DESCRIPTOR.full_name,
            payload=payload.SerializeToString(deterministic=True),
            tenant_id=tenant_id,
            trace=inject(),
        )
        return (await self.publish_all([(stream, message)]))[0]

    async def publish_all(self, messages: Sequence[tuple[str, BusMessage]]) -> list[str]:
        """Appends messages, given with their streams, in one round trip; returns the entry ids."""
        pipeline = self._client.pipeline(transaction=False)
        for stream, message in messages:
            pipeline.xadd(self.key(stream), message.to_entry(), maxlen=self._keep, approximate=True)
        return [str(entry_id.decode()) for entry_id in await pipeline.execute()]

    async def consume(
        self,
        stream: str,
        group: str,
        consumer: str,
        handler: Handler,
        *,
        stop: asyncio.Event,
        concurrency: int = 1,
        claim_after_seconds: float = 15.0,
        max_deliveries: int = 10,
    ) -> None:
        """Hands messages to ``handler`` until ``stop`` is set; each goes to one consumer of the group.

        A message is acknowledged when the handler returns. When it raises, or its process dies, the message
        is handed out again, to any consumer, after ``claim_after_seconds``; after ``max_deliveries`` it is
        moved to the stream ``<stream>.dead`` with the error. A lost group or stream is made again. Messages
        come in order with ``concurrency`` 1, except those that are handed out again.
        """
        await Consumer(
            client=self._client,
            key=self.key(stream),
            dead_key=self.key(f"{stream}.dead"),
            group=group,
            name=consumer,
            handler=handler,
            concurrency=concurrency,
            claim_after_ms=int(claim_after_seconds * 1000),
            max_deliveries=max_deliveries,
        ).run(stop)

    async def tail(self, stream: str, *, after: str = "$", stop: asyncio.Event) -> AsyncIterator[BusMessage]:
        """Everything appended after an entry id (``$``: from now on), to each listener, until ``stop``.

        For live fan-out: no acknowledgement, and what was trimmed meanwhile is missed.
        """
        key, position = self.key(stream), after
        if position == "$":
            position = await self._last_entry(key)
        while not stop.is_set():
            try:
                answer: Any = await self._client.xread({key: position}, count=500, block=500)
            except (RedisError, OSError):
                await asyncio.sleep(0.2)
                continue
            for _, entries in answer or []:
                for raw_id, entry in entries:
                    position = raw_id.decode()
                    yield BusMessage.from_entry(position, entry)

    async def _last_entry(self, key: str) -> str:
        last: Any = await self._client.xrevrange(key, count=1)
        return str(last[0][0].decode()) if last else "0-0"
