"""Who is stored when: live data before backfill, tenants in turn, whatever each of them brings."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import numpy as np

from server.readings.domain import Block
from server.readings.ingest import pipeline as module
from server.readings.ingest.batches import Ack, Delivery
from server.readings.ingest.ledger import Key
from server.readings.ingest.pipeline import Pipeline

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
YEAR_MS = 365 * 86_400_000
A, B = uuid4(), uuid4()


class Slow:
    """Takes a while for each batch, and remembers them in the order in which they began."""

    def __init__(self, seconds: float = 0.005) -> None:
        self.seconds = seconds
        self.batches: list[tuple[UUID, list[str], int]] = []
        self.at_once = 0
        self.most_past_at_once = 0
        self._past_now = 0

    def now(self) -> datetime:
        return NOW

    async def store(self, tenant_id: UUID, deliveries: Sequence[Delivery]) -> dict[Key, Ack | None]:
        past = deliveries[0].block.source.startswith("past")
        self.batches.append(
            (tenant_id, [d.block.source for d in deliveries], sum(len(d.block) for d in deliveries))
        )
        self._past_now += past
        self.most_past_at_once = max(self.most_past_at_once, self._past_now)
        await asyncio.sleep(self.seconds)
        self._past_now -= past
        return {d.key: Ack(*d.key, stored=len(d.block)) for d in deliveries}

    def close(self) -> None:
        pass


def block(source: str, sequence: int, rows: int = 100, at: int = NOW_MS, *, backfill: bool = False) -> Block:
    return Block(
        source,
        sequence,
        np.ones(rows, np.uint64),
        np.full(rows, at, np.int64),
        np.zeros(rows, np.int64),
        np.empty(0, np.uint32),
        backfill,
    )


async def test_live_data_overtake_backfill():
    batches = Slow()
    pipeline = Pipeline(batches, batch_rows=100, room_rows=1_000_000)
    old = [await pipeline.put(A, block("past", n, at=NOW_MS - YEAR_MS)) for n in range(50)]
    await asyncio.sleep(0.01)
    before = len(batches.batches)
    began = asyncio.get_running_loop().time()
    live = [await pipeline.put(A, block("live", n)) for n in range(5)]
    await asyncio.gather(*live)
    waited = asyncio.get_running_loop().time() - began
    overtook = batches.batches[before:]
    # All that could come between is what had its place already, and the one place that backfill keeps.
    assert sum(sources == ["past"] for _, sources, _ in overtook) < 10
    assert waited < 50 * batches.seconds
    await asyncio.gather(*old)
    assert batches.most_past_at_once < module.BATCHES_AT_ONCE
    await pipeline.close()


async def test_a_sender_says_that_recent_readings_may_wait():
    batches = Slow()
    pipeline = Pipeline(batches, batch_rows=100)
    waiting = [await pipeline.put(A, block("past", n, backfill=True)) for n in range(20)]
    waiting += [await pipeline.put(A, block("live", n)) for n in range(3)]
    await asyncio.gather(*waiting)
    order = [sources[0] for _, sources, _ in batches.batches]
    assert max(n for n, source in enumerate(order) if source == "live") < 10
    await pipeline.close()


async def test_backfill_goes_on_while_live_data_come_all_the_time():
    batches = Slow(0.001)
    pipeline = Pipeline(batches, batch_rows=100)
    old = [await pipeline.put(A, block("past", n, backfill=True)) for n in range(10)]
    done = asyncio.gather(*old)
    count = 0
    while not done.done():
        await asyncio.gather(*[await pipeline.put(A, block("live", count + n)) for n in range(20)])
        count += 20
        assert count < 20_000
    await pipeline.close()


async def test_fifty_streams_of_one_tenant_do_not_starve_the_single_one_of_another():
    batches = Slow()
    pipeline = Pipeline(batches, batch_rows=100, room_rows=1_000)
    stop = asyncio.Event()

    async def stream(number: int) -> None:
        for sequence in range(10_000):
            if stop.is_set():
                return
            await (await pipeline.put(A, block(f"greedy:{number}", sequence)))

    greedy = [asyncio.create_task(stream(n)) for n in range(50)]
    await asyncio.sleep(0.05)
    before = len(batches.batches)
    for sequence in range(10):
        await (await pipeline.put(B, block("single", sequence)))
    between = batches.batches[before:]
    mine = sum(tenant == B for tenant, _, _ in between)
    assert mine == 10
    # Turn by turn: for each of its batches the other had a few, not fifty.
    assert len(between) <= mine * (module.BATCHES_AT_ONCE + 2)
    stop.set()
    await asyncio.gather(*greedy)
    await pipeline.close()


async def test_no_more_is_taken_in_than_there_is_room_for():
    batches = Slow(0.02)
    pipeline = Pipeline(batches, batch_rows=100, room_rows=1_000)
    taken = 0

    async def stream() -> None:
        nonlocal taken
        for sequence in range(30):
            await pipeline.put(A, block("live", sequence))
            taken += 1

    sending = asyncio.create_task(stream())
    await asyncio.sleep(0.01)
    # One tenant, half of the room: five blocks, the sixth is not read.
    assert taken <= 5 + module.BATCHES_AT_ONCE
    await sending
    await pipeline.close()
