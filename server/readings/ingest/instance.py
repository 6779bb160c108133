"""A sign of life that cannot outlive its process: a session lock in PostgreSQL."""

import asyncio
import secrets
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.platform.engine_errors import translate

CLASS = 0x52_45_41_44
"""First key of the advisory locks: instances that write readings."""

_LOCK = sa.text("SELECT pg_advisory_lock(:class, :instance)")
_ALIVE = sa.text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_SIGN_OF_LIFE = sa.text("SELECT 1")
_CHECK_SECONDS = 5.0


class Instance:
    """This process as a writer of readings.

    It holds an advisory lock as long as it lives; when the connection breaks, it comes back under a new
    number, so that what it had under way is taken for doubtful. That is always safe, merely slow.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._held: AsyncConnection | None = None
        self._number = 0
        self._lock = asyncio.Lock()
        self._checked = 0.0

    async def number(self) -> int:
        """The number under which this process claims batches; takes the lock when it is not held."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._held is not None and now - self._checked > _CHECK_SECONDS:
                await self._check()
            if self._held is None:
                await self._take()
            self._checked = now
            return self._number

    async def close(self) -> None:
        """Gives the lock up."""
        async with self._lock:
            await self._drop()

    async def _take(self) -> None:
        number = secrets.randbelow(2**31 - 1) + 1
        try:
            held = await self._engine.connect()
            await held.execution_options(isolation_level="AUTOCOMMIT")
            await held.execute(_LOCK, {"class": CLASS, "instance": number})
        except Exception as error:
            raise translate(error) or error from error
        self._held, self._number = held, number

    async def _check(self) -> None:
        assert self._held is not None
        try:
            await self._held.execute(_SIGN_OF_LIFE)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, another connection is taken
            await self._drop()

    async def _drop(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            with suppress(Exception):
                # Back in the pool the lock would live on.
                await held.invalidate()
            with suppress(Exception):
                await held.close()


async def alive(conn: AsyncConnection) -> set[int]:
    """The numbers of all instances that live now."""
    return {int(number) for (number,) in await conn.execute(_ALIVE, {"class": CLASS})}
