"""Versions of final data: made to grow, seen only when their run has ended.

A version is the time at which its run began to store, in microseconds since 1970. What an open run stores
is not seen: readers ask for the watermark below which everything is complete, and read up to it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from server.platform.engine_errors import translate
from server.platform.uow import Tx
from server.readings.tables import vee_run

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LOCK_CLASS = 0x56_45_45_00
_TRY = sa.text("SELECT pg_try_advisory_lock(:class, hashtext(:tenant))")
_WAIT = sa.text("SELECT pg_advisory_lock(:class, hashtext(:tenant))")


def version_at(at: datetime) -> int:
    """The version that a run would have that begins to store at this time."""
    return (at - _EPOCH) // _MICROSECOND


def stored_time(version: int) -> datetime:
    """When the run of a version began to store."""
    return _EPOCH + version * _MICROSECOND


async def begin(tx: Tx, run_id: UUID) -> int:
    """Makes a version for a run that is about to store. Runs of one tenant begin one at a time."""
    last = await tx.conn.scalar(sa.select(sa.func.max(vee_run.c.version)))
    version = max((last or 0) + 1, version_at(tx.now))
    await tx.conn.execute(
        sa.insert(vee_run).values(
            tenant_id=tx.tenant_id, version=version, run_id=run_id, start_time=tx.now, counts={}
        )
    )
    return version


async def end(tx: Tx, version: int, counts: dict[str, Any]) -> None:
    """Ends a run: what it stored is seen from now on."""
    await tx.conn.execute(
        sa.update(vee_run).where(vee_run.c.version == version).values(end_time=tx.now, counts=counts)
    )


async def open_runs(tx: Tx) -> list[tuple[int, UUID]]:
    """Versions and ids of runs that have not ended, oldest first."""
    rows = await tx.conn.execute(
        sa.select(vee_run.c.version, vee_run.c.run_id)
        .where(vee_run.c.end_time.is_(None))
        .order_by(vee_run.c.version)
    )
    return [(version, run_id) for version, run_id in rows]


async def watermark(tx: Tx, at: datetime | None = None) -> int:
    """The newest version that was to be seen at a time, or is to be seen now."""
    unseen = vee_run.c.end_time.is_(None)
    if at is None:
        newest, blocked = (
            await tx.conn.execute(
                sa.select(
                    sa.select(sa.func.max(vee_run.c.version)).scalar_subquery(),
                    sa.select(sa.func.min(vee_run.c.version)).where(unseen).scalar_subquery(),
                )
            )
        ).one()
        newest = newest or 0
    else:
        newest = version_at(at)
        blocked = await tx.conn.scalar(
            sa.select(sa.func.min(vee_run.c.version)).where(
                vee_run.c.version <= newest, unseen | (vee_run.c.end_time > at)
            )
        )
    return int(newest if blocked is None else min(newest, blocked - 1))


async def seen_since(tx: Tx, newest: int) -> datetime:
    """The earliest time at which all up to a version, of which none is open, was to be seen.

    It gives the same watermark again, in effect: what begins or ends later was not to be seen then. It is not
    :func:`stored_time`, at which the run was still open.
    """
    ended, last = (
        await tx.conn.execute(
            sa.select(
                sa.select(sa.func.max(vee_run.c.end_time))
                .where(vee_run.c.version <= newest)
                .scalar_subquery(),
                sa.select(sa.func.max(vee_run.c.version))
                .where(vee_run.c.version <= newest)
                .scalar_subquery(),
            )
        )
    ).one()
    # Where two runs began at once, the later version is a little ahead of the clock.
    begun = stored_time(last or 0)
    return begun if ended is None else max(begun, ended.astimezone(UTC))


@asynccontextmanager
async def alone(engine: AsyncEngine, tenant_id: UUID, *, wait: bool) -> AsyncIterator[bool]:
    """Holds the tenant's right to run, on a connection of its own; yields False when another one has it.

    The right goes with the connection, so a process that dies gives it up.
    """
    try:
        async with engine.connect() as conn:
            await conn.execution_options(isolation_level="AUTOCOMMIT")
            given = {"class": _LOCK_CLASS, "tenant": str(tenant_id)}
            if wait:
                await conn.execute(_WAIT, given)
                held = True
            else:
                held = bool(await conn.scalar(_TRY, given))
            try:
                yield held
            finally:
                # Back in the pool the lock would live on.
                await conn.invalidate()
    except sa.exc.DBAPIError as error:
        raise translate(error) or error from error
