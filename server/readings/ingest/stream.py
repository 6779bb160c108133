"""A stream of blocks in, a stream of acknowledgements out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from server.readings.domain import Block
from server.readings.ingest.batches import Ack
from server.readings.ingest.pipeline import Pipeline

ACKS_AT_ONCE = 512
"""Acknowledgements that go into one message at most."""


async def acknowledge(
    pipeline: Pipeline, tenant_id: UUID, incoming: AsyncIterator[Sequence[Block]]
) -> AsyncIterator[list[Ack]]:
    """Stores blocks as they come and yields their acknowledgements as they become ready.

    Reading goes on while blocks are being stored, as long as there is room for them. Ends when all blocks
    of an ended stream are acknowledged; raises the first error of a block or of the stream.
    """
    ready: asyncio.Queue[asyncio.Future[Ack] | None] = asyncio.Queue()
    reader = asyncio.create_task(_read(pipeline, tenant_id, incoming, ready))
    reader.add_done_callback(lambda _: ready.put_nowait(None))
    acknowledged, ended = 0, False
    try:
        while True:
            together: list[Ack] = []
            item = await ready.get()
            while True:
                if item is None:
                    ended = True
                else:
                    together.append(item.result())
                if ready.empty() or len(together) >= ACKS_AT_ONCE:
                    break
                item = ready.get_nowait()
            acknowledged += len(together)
            if together:
                yield together
            if ended and acknowledged == reader.result():
                return
    finally:
        reader.cancel()


async def _read(
    pipeline: Pipeline,
    tenant_id: UUID,
    incoming: AsyncIterator[Sequence[Block]],
    ready: "asyncio.Queue[asyncio.Future[Ack] | None]",
) -> int:
    """Puts blocks on their way; returns how many there were."""
    count = 0
    async for blocks in incoming:
        for block in blocks:
            done = await pipeline.put(tenant_id, block)
            done.add_done_callback(ready.put_nowait)
            count += 1
    return count
