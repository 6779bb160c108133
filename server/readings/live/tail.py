"""Tails: what was stored last, in memory, read once per process however many subscribers there are.

A subscriber takes from the tail what lies in it and from the log what does not; nothing is queued for
anybody, so one who reads slowly, or never, costs the others nothing and loses nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from server.platform.hints import Hints, hinted
from server.readings.live.domain import Marks, Told
from server.readings.live.log import NO_ROWS, LiveLog

_log = logging.getLogger(__name__)

KEEP_ROWS = 400_000
"""Rows that a tail holds at most: eleven megabytes."""
READ_ROWS = 50_000
"""Rows that are read at once; what comes in larger batches is left to the subscribers."""
POLL_SECONDS = 0.5
"""How often the log is looked at without a hint."""
BATCHES_AT_ONCE = 500
"""Batches that a subscriber takes at once."""
PAUSE_SECONDS = 0.01
"""Between two looks: batches that come meanwhile are read together."""


class Tail:
    """The end of one tenant's log."""

    def __init__(self, marks: Marks, *, keep: int = KEEP_ROWS) -> None:
        self._told: list[Told] = []
        self._before = marks.last
        self._rows = 0
        self._keep = keep
        self._news = asyncio.Event()
        self._done = False
        self.marks = marks
        """Where the log stands, as far as is known."""

    @property
    def ended(self) -> bool:
        """Whether nobody follows it any more."""
        return self._done

    @property
    def read(self) -> int:
        """The last position that it has looked at."""
        return self._before + len(self._told)

    def after(self, position: int) -> Sequence[Told] | None:
        """The batches right after a position; None when it does not hold them."""
        if position < self._before:
            return None
        begin = position - self._before
        return self._told[begin : begin + BATCHES_AT_ONCE]

    def append(self, told: Sequence[Told]) -> None:
        """Adds the batches that follow, none left out; the oldest make room."""
        self._told.extend(told)
        self._rows += sum(len(one.rows) for one in told)
        if self._rows <= self._keep:
            return
        surplus = 0
        # A little more than needed, so that it is not done for each batch.
        while surplus < len(self._told) and self._rows > self._keep - self._keep // 4:
            self._rows -= len(self._told[surplus].rows)
            surplus += 1
        del self._told[:surplus]
        self._before += surplus

    def skip(self, position: int) -> None:
        """Forgets all: what lies up to a position is not held."""
        self._told.clear()
        self._rows = 0
        self._before = position

    def stand(self, marks: Marks) -> None:
        """Notes where the log stands; wakes everybody who waits for news."""
        if marks != self.marks:
            self.marks = marks
            self._wake()

    def fresh(self) -> asyncio.Event:
        """An event that is set when there is news from now on."""
        return self._news

    def end(self) -> None:
        """Nothing more will come; nobody shall wait for it."""
        self._done = True
        self._wake()

    def _wake(self) -> None:
        # Shared by all who wait: whoever wakes them puts a fresh one in its place.
        woken, self._news = self._news, asyncio.Event()
        woken.set()


class Tails:
    """The tails of a process: made when somebody follows a tenant, dropped when nobody does."""

    def __init__(self, log: LiveLog, hints: Hints, *, keep: int = KEEP_ROWS) -> None:
        self._log = log
        self._hints = hints
        self._keep = keep
        self._followed: dict[UUID, tuple[Tail, asyncio.Task[None], int]] = {}

    @asynccontextmanager
    async def follow(self, tenant_id: UUID) -> AsyncIterator[Tail]:
        """The tenant's tail, kept up to date inside the block."""
        marks = await self._log.marks(tenant_id)
        tail, task, count = self._followed.get(tenant_id) or self._begin(tenant_id, marks)
        self._followed[tenant_id] = (tail, task, count + 1)
        try:
            yield tail
        finally:
            await self._leave(tenant_id)

    def _begin(self, tenant_id: UUID, marks: Marks) -> tuple[Tail, asyncio.Task[None], int]:
        tail = Tail(marks, keep=self._keep)
        task = asyncio.get_running_loop().create_task(self._read(tenant_id, tail), name=f"live-{tenant_id}")
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
                    marks = await self._log.marks(tenant_id)
                    while tail.read < marks.last and not tail.ended:
                        await self._more(tenant_id, tail)
                    tail.stand(marks)
                except Exception:  # noqa: BLE001 - a follower must never wait for a dead reader
                    # The engine comes back; followers live on heartbeats until then.
                    _log.exception("what was stored cannot be read now")
                    await asyncio.sleep(POLL_SECONDS)
                    continue
                if not tail.ended:
                    await asyncio.sleep(PAUSE_SECONDS)
                    await hinted(hint, POLL_SECONDS)

    async def _more(self, tenant_id: UUID, tail: Tail) -> None:
        """Reads on; what is too much for a tail is skipped, at once if there is a lot."""
        entries = await self._log.entries(tenant_id, tail.read, READ_ROWS)
        if sum(one.rows for one in entries) > READ_ROWS:
            tail.skip(entries[-1].position)
            return
        found = {one.entry.position: one for one in await self._log.read(tenant_id, entries)}
        tail.append([found.get(one.position) or Told(one, NO_ROWS) for one in entries])
