"""Blocks of many senders come together to batches: large inserts under load, no waiting without."""

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.platform.caller import acting_as, system_caller
from server.readings.calendar import to_ms
from server.readings.domain import Block
from server.readings.ingest.batches import Ack, Batches, Delivery
from server.readings.ingest.ledger import Key
from server.readings.ingest.room import Room

_log = logging.getLogger(__name__)

BATCH_ROWS = 1_000_000
"""Rows that are gathered for one insert at most; a larger block is inserted alone."""
LINGER_SECONDS = 0.003
"""How long a small batch waits for more while others are being stored."""
BATCHES_AT_ONCE = 3
"""While one batch is inserted, the next ones are checked and sent; the last place is for live data."""
ROOM_ROWS = 8_000_000
"""Rows on their way at most; 28 bytes each, three times that while they are inserted."""
BACKFILL_AGE_MS = 2 * 86_400_000
"""A block whose last reading is older than this is backfill, whether it says so or not."""
BACKFILL_TURN = 8
"""While live data wait all the time, one batch of so many is backfill."""
LIVE_LATELY_SECONDS = 1.0
"""For so long after live data came, backfill is stored one small batch at a time."""
_RECHECK_SECONDS = 0.1
_CLOSE_SECONDS = 3.0


@dataclass(slots=True, eq=False)
class _Waiting:
    delivery: Delivery
    backfill: bool
    done: "asyncio.Future[Ack]"


@dataclass(slots=True)
class _Queue:
    waiting: deque[_Waiting] = field(default_factory=deque)
    rows: int = 0


class Pipeline:
    """Takes blocks in and tells when they are stored.

    Live data go first. Backfill (``BACKFILL_AGE_MS``) has a lane of its own, never all places, and small
    batches while live data come. Within a lane tenants take turns, batch by batch.
    """

    def __init__(self, batches: Batches, *, batch_rows: int = BATCH_ROWS, room_rows: int = ROOM_ROWS) -> None:
        self._batches = batches
        self._batch_rows = batch_rows
        self._room = Room(room_rows)
        self._live: dict[UUID, _Queue] = {}
        self._past: dict[UUID, _Queue] = {}
        self._active: dict[tuple[UUID, Key], asyncio.Future[Ack]] = {}
        self._changed = asyncio.Event()
        self._storing = 0
        self._storing_past = 0
        self._live_streak = 0
        self._live_seen = float("-inf")
        self._pump: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def put(
        self, tenant_id: UUID, block: Block, *, only_new: bool = False, checked: bool = False
    ) -> "asyncio.Future[Ack]":
        """Takes a block in, waiting while there is no room; the future is done when it is stored.

        Raises ResourceExhausted when there is no room for long; the future raises Unavailable when an
        engine is away.
        """
        rows = max(len(block), 1)
        backfill = self._is_backfill(block)
        await self._room.admit(tenant_id, rows, backfill=backfill)
        done: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        done.add_done_callback(lambda _: self._room.leave(tenant_id, rows, backfill=backfill))
        self._enter(tenant_id, _Waiting(Delivery(block, only_new, checked), backfill, done))
        return done

    async def store(
        self, tenant_id: UUID, block: Block, *, only_new: bool = False, checked: bool = False
    ) -> Ack:
        """Stores one block."""
        return await asyncio.shield(await self.put(tenant_id, block, only_new=only_new, checked=checked))

    async def close(self) -> None:
        """Lets batches that are being stored end, then gives up the rest; senders will send it again."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
        tasks = [*self._tasks, *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._batches.close()

    def _enter(self, tenant_id: UUID, waiting: _Waiting) -> None:
        key = (tenant_id, waiting.delivery.key)
        earlier = self._active.get(key)
        if earlier is not None:
            # The same block is on its way already; look at it again when its fate is known.
            earlier.add_done_callback(lambda _: self._enter(tenant_id, waiting))
            return
        self._active[key] = waiting.done
        waiting.done.add_done_callback(lambda _: self._active.pop(key, None))
        self._queue(tenant_id, waiting)

    def _is_backfill(self, block: Block) -> bool:
        if block.backfill:
            return True
        now_ms = to_ms(self._batches.now())
        return bool(len(block.time_ms)) and int(block.time_ms.max()) < now_ms - BACKFILL_AGE_MS

    def _queue(self, tenant_id: UUID, waiting: _Waiting) -> None:
        if not waiting.backfill:
            self._live_seen = asyncio.get_running_loop().time()
        lane = self._past if waiting.backfill else self._live
        queue = lane.setdefault(tenant_id, _Queue())
        queue.waiting.append(waiting)
        queue.rows += len(waiting.delivery.block)
        self._changed.set()
        if self._pump is None or self._pump.done():
            # A batch is nobody's call: it neither joins a transaction nor obeys a deadline.
            self._pump = asyncio.create_task(self._pumping(), context=contextvars.Context())

    async def _pumping(self) -> None:
        while self._live or self._past:
            self._changed.clear()
            lane = self._next_lane()
            if lane is not None and self._storing and self._fullest(lane) < self._batch_rows:
                await asyncio.sleep(LINGER_SECONDS)
                lane = self._next_lane()
            if lane is None:
                # Nothing may begin before a batch ends, or something else comes.
                await self._changed.wait()
                continue
            self._begin(lane)

    def _next_lane(self) -> dict[UUID, _Queue] | None:
        """The lane whose turn it is; None while neither may begin a batch."""
        if self._storing >= BATCHES_AT_ONCE:
            return None
        past_places = 1 if self._live_lately() else BATCHES_AT_ONCE - 1
        past = bool(self._past) and self._storing_past < past_places
        if self._live and not (past and self._live_streak >= BACKFILL_TURN - 1):
            return self._live
        return self._past if past else None

    def _live_lately(self) -> bool:
        return asyncio.get_running_loop().time() - self._live_seen < LIVE_LATELY_SECONDS

    def _fullest(self, lane: dict[UUID, _Queue]) -> int:
        return max(queue.rows for queue in lane.values())

    def _begin(self, lane: dict[UUID, _Queue]) -> None:
        past = lane is self._past
        small = past and self._live_lately()
        tenant_id, taken = self._take(lane, self._batch_rows // 4 if small else self._batch_rows)
        self._live_streak = 0 if past else self._live_streak + 1
        self._storing += 1
        self._storing_past += past
        self._spawn(self._store(tenant_id, taken, past=past))

    def _take(self, lane: dict[UUID, _Queue], most: int) -> tuple[UUID, list[_Waiting]]:
        """The next batch: tenants take turns."""
        tenant_id = next(iter(lane))
        queue = lane.pop(tenant_id)
        taken = [queue.waiting.popleft()]
        rows = len(taken[0].delivery.block)
        while queue.waiting and rows + len(queue.waiting[0].delivery.block) <= most:
            taken.append(queue.waiting.popleft())
            rows += len(taken[-1].delivery.block)
        queue.rows -= rows
        if queue.waiting:
            lane[tenant_id] = queue
        return tenant_id, taken

    async def _store(self, tenant_id: UUID, taken: list[_Waiting], *, past: bool) -> None:
        try:
            with acting_as(system_caller(tenant_id)):
                acks = await self._batches.store(tenant_id, [waiting.delivery for waiting in taken])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the senders' answer
            _log.warning("a batch of %d blocks was not stored: %s", len(taken), error)
            for waiting in taken:
                if not waiting.done.done():
                    waiting.done.set_exception(error)
                    # A sender that has gone does not ask.
                    waiting.done.exception()
            return
        finally:
            self._storing -= 1
            self._storing_past -= past
            self._changed.set()
        for waiting in taken:
            ack = acks[waiting.delivery.key]
            if ack is None:
                asyncio.get_running_loop().call_later(_RECHECK_SECONDS, self._queue, tenant_id, waiting)
            elif not waiting.done.done():
                waiting.done.set_result(ack)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
