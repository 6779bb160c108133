"""Tails: the newest events of a tenant in memory, read once per process however many follow them.

A follower takes from the tail what lies in it and from the log what does not; nothing is queued for anybody,
so one who reads slowly, or never, costs the others nothing and loses nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from server.events.domain import Event, Filter
from server.events.log import Log
from server.platform.hints import Hints, hinted

_log = logging.getLogger(__name__)

KEEP = 5_000
"""Events that a tail holds at least, once there were so many."""
POLL_SECONDS = 1.0
"""How often the log is looked at without a hint."""
_PAGE = 1_000
_EVERYTHING = Filter()


class Tail:
    """The end of one tenant's log."""

    def __init__(self, last: int, *, keep: int = KEEP) -> None:
        self._events: list[Event] = []
        self._before = last
        self._keep = keep
        self._news = asyncio.Event()
        self._done = False

    @property
    def ended(self) -> bool:
        """Whether nobody follows it any more."""
        return self._done

    @property
    def last(self) -> int:
        """The newest sequence that it knows."""
        return self._before + len(self._events)

    def after(self, position: int, limit: int) -> Sequence[Event] | None:
        """At most ``limit`` events right after a position; None when it does not hold them."""
        if position < self._before:
            return None
        begin = position - self._before
        return self._events[begin : begin + limit]

    def append(self, events: Sequence[Event]) -> None:
        """Adds the events that follow; wakes everybody who waits for news."""
        self._events += events
        if len(self._events) > 2 * self._keep:
            surplus = len(self._events) - self._keep
            del self._events[:surplus]
            self._before += surplus
        if events:
            self._wake()

    async def news(self, position: int, seconds: float) -> None:
        """Waits until there is something after a position, but no longer than ``seconds``."""
        if self.last > position or self._done:
            return
        # Shared by all who wait: whoever wakes them puts a fresh one in its place.
        await hinted(self._news, seconds)

    def end(self) -> None:
        """Nothing more will come; nobody shall wait for it."""
        self._done = True
        self._wake()

    def _wake(self) -> None:
        woken, self._news = self._news, asyncio.Event()
        woken.set()


class Tails:
    """The tails of a process: made when somebody follows a tenant, dropped when nobody does."""

    def __init__(self, log: Log, hints: Hints, *, keep: int = KEEP) -> None:
        self._log = log
        self._hints = hints
        self._keep = keep
        self._followed: dict[UUID, tuple[Tail, asyncio.Task[None], int]] = {}

    @asynccontextmanager
    async def follow(self, tenant_id: UUID) -> AsyncIterator[Tail]:
        """The tenant's tail, kept up to date inside the block."""
        marks = await self._log.marks(tenant_id)
        tail, task, count = self._followed.get(tenant_id) or self._begin(tenant_id, marks.last)
        self._followed[tenant_id] = (tail, task, count + 1)
        try:
            yield tail
        finally:
            await self._leave(tenant_id)

    def _begin(self, tenant_id: UUID, last: int) -> tuple[Tail, asyncio.Task[None], int]:
        tail = Tail(last, keep=self._keep)
        task = asyncio.get_running_loop().create_task(self._read(tenant_id, tail), name=f"tail-{tenant_id}")
        return tail, task, 0

    async def _leave(self, tenant_id: UUID) -> None:
        tail, task, count = self._followed[tenant_id]
        if count > 1:
            self._followed[tenant_id] = (tail, task, count - 1)
            return
        del self._followed[tenant_id]
        tail.end()
        # In Python 3.11 a cancellation gets lost when the database answers in the same moment.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=0.1)

    async def _read(self, tenant_id: UUID, tail: Tail) -> None:
        with self._hints.on(str(tenant_id)) as hint:
            while not tail.ended:
                hint.clear()
                try:
                    batch = await self._log.after(tenant_id, tail.last, _EVERYTHING, _PAGE)
                except Exception:  # noqa: BLE001 - a follower must never wait for a dead reader
                    # The engine comes back; followers live on heartbeats until then.
                    _log.exception("the event log cannot be read now")
                    await asyncio.sleep(POLL_SECONDS)
                    continue
                tail.append(batch.events)
                if batch.caught_up and not tail.ended:
                    await hinted(hint, POLL_SECONDS)
