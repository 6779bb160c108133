"""Wakes the relays after commits.

A NOTIFY inside the business transactions would make their commits queue behind one another (PostgreSQL takes
a global lock for it), so one task per process sends it afterwards, many commits at a time. A lost wake-up
costs the relays' polling interval, nothing else.
"""

import asyncio
import logging
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.platform.outbox import CHANNEL

_log = logging.getLogger(__name__)


class OutboxSignal:
    """Call :meth:`set` after a commit that filled the outbox."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def set(self) -> None:
        """Asks for a notification; returns at once."""
        self._wanted.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="outbox-signal")

    async def close(self) -> None:
        """Stops the task."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while self._wanted.is_set():
            self._wanted.clear()
            try:
                async with self._engine.connect() as plain:
                    conn = await plain.execution_options(isolation_level="AUTOCOMMIT")
                    await conn.execute(sa.text(f"NOTIFY {CHANNEL}"))
            except SQLAlchemyError as error:
                _log.warning("outbox notification was lost, relays will poll: %s", error)
