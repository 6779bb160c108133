"""Records every call, and never slows or fails one.

A call leaves a row in a buffer of bounded size; a loop inserts what is there each second, or sooner when a
thousand rows wait, and at the end of the server. While ClickHouse is away the rows wait and are tried
again; rows that find no room are counted and lost, as are those of a server that is killed: at most those
of the last second. What must never be lost is the history of changes, not this.
"""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from uuid import uuid4

import pyarrow as pa
from opentelemetry import metrics

from server.platform.errors import SimbaError
from server.system.domain import Operation
from server.system.store import OperationStore

_SECONDS = 1.0
_SOON = 1000
_LARGEST_INSERT = 10_000

_meter = metrics.get_meter("simba.server")
_dropped = _meter.create_counter(
    "simba.operations.dropped", unit="{call}", description="Calls that the log of operations lost."
)
_log = logging.getLogger(__name__)


class Recorder:
    """The buffer of one server, and the loop that empties it."""

    def __init__(self, store: OperationStore, room: int, *, seconds: float = _SECONDS) -> None:
        self._store = store
        self._room = room
        self._seconds = seconds
        self._waiting: deque[Operation] = deque()
        self._batch: tuple[str, pa.Table] | None = None
        self._soon = asyncio.Event()
        self._away = False
        self.dropped = 0
        """Calls that were lost so far."""

    def record(self, operation: Operation) -> None:
        """Takes note of a call; returns at once, whatever happens."""
        if len(self._waiting) >= self._room:
            self._lose(1)
            return
        self._waiting.append(operation)
        if len(self._waiting) >= _SOON and not self._away:
            self._soon.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Inserts until ``stop`` is set, and then what is left, if ClickHouse takes it."""
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                await self.flush()
                self._soon.clear()
                full = asyncio.ensure_future(self._soon.wait())
                await asyncio.wait(
                    {stopped, full}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED
                )
                full.cancel()
        finally:
            stopped.cancel()
            with suppress(asyncio.CancelledError):
                await stopped
        if not await self.flush():
            self._lose(len(self._waiting) + (self._batch[1].num_rows if self._batch else 0))

    async def flush(self) -> bool:
        """Inserts what is waiting; False when ClickHouse did not take it, which is tried again."""
        while self._batch is not None or self._waiting:
            if self._batch is None:
                count = min(len(self._waiting), _LARGEST_INSERT)
                rows = [self._waiting.popleft() for _ in range(count)]
                self._batch = (f"operations-{uuid4().hex}", self._store.table(rows))
            if not await self._insert(*self._batch):
                return False
            self._batch = None
        return True

    async def _insert(self, token: str, table: pa.Table) -> bool:
        try:
            await self._store.insert(table, dedup_token=token)
        except SimbaError as error:
            if not self._away:
                _log.warning("operations wait: %s", error)
            self._away = True
            return False
        except Exception:  # noqa: BLE001 - a log must go on whatever one insert met
            # Refused for good: it would be refused again, and hold back all that come after it.
            _log.exception("operations were refused")
            self._lose(table.num_rows)
        self._away = False
        return True

    def _lose(self, count: int) -> None:
        self.dropped += count
        if count:
            _dropped.add(count)
