"""Jobs of the dead letter in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.uow import Tx
from server.readings.dead_letter.domain import Action, Counts, DeadLetterJob, Selector
from server.readings.dead_letter.errors import DeadLetterJobNotFound
from server.readings.dead_letter.tables import dead_letter_job as table

_COUNTS = ("total", "done", "stored", "duplicates", "discarded", "failed")
_OPEN = ("PENDING", "RUNNING")
_GIVEN_UP = timedelta(hours=1)
"""A job that failed as often as jobs may is not waited for any longer."""


async def insert(tx: Tx, job: DeadLetterJob) -> None:
    """Stores a new job."""
    await tx.conn.execute(
        sa.insert(table).values(
            tenant_id=tx.tenant_id,
            job_id=job.job_id,
            action=job.action.value,
            selector=job.selector.as_json(),
            automatic=job.automatic,
            state=job.state,
            error="",
            create_time=job.create_time,
            **asdict(job.counts),
        )
    )


async def get(tx: Tx, job_id: UUID, *, lock: bool = False) -> DeadLetterJob:
    """One. Raises DeadLetterJobNotFound."""
    query = sa.select(table).where(table.c.tenant_id == tx.tenant_id, table.c.job_id == job_id)
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if row is None:
        raise DeadLetterJobNotFound(job_id)
    return _read(row)


async def page(tx: Tx, *, before: UUID | None, limit: int) -> Sequence[DeadLetterJob]:
    """Newest first."""
    query = sa.select(table).where(table.c.tenant_id == tx.tenant_id)
    if before is not None:
        query = query.where(table.c.job_id < before)
    rows = await tx.conn.execute(query.order_by(table.c.job_id.desc()).limit(limit))
    return [_read(row) for row in rows.mappings()]


async def automatic_open(tx: Tx) -> bool:
    """Whether a job that the server began by itself a while ago is not over yet."""
    query = sa.select(table.c.job_id).where(
        table.c.tenant_id == tx.tenant_id,
        table.c.automatic,
        table.c.state.in_(_OPEN),
        table.c.create_time > tx.now - _GIVEN_UP,
    )
    return (await tx.conn.execute(query.limit(1))).first() is not None


async def step(tx: Tx, job: DeadLetterJob) -> None:
    """Writes how far it is."""
    await _set(tx, job.job_id, reached=list(job.reached) if job.reached else None, **asdict(job.counts))


async def set_state(tx: Tx, job_id: UUID, state: str, **values: Any) -> None:
    """Writes the state and whatever else is given."""
    await _set(tx, job_id, state=state, **values)


async def _set(tx: Tx, job_id: UUID, **values: Any) -> None:
    mine = (table.c.tenant_id == tx.tenant_id, table.c.job_id == job_id)
    await tx.conn.execute(sa.update(table).where(*mine).values(**values))


def _read(row: sa.RowMapping) -> DeadLetterJob:
    reached = row["reached"]
    return DeadLetterJob(
        job_id=row["job_id"],
        action=Action(row["action"]),
        selector=Selector.of_json(row["selector"]),
        automatic=row["automatic"],
        state=row["state"],
        create_time=row["create_time"],
        counts=Counts(**{name: row[name] for name in _COUNTS}),
        reached=None if reached is None else (reached[0], reached[1], reached[2]),
        error=row["error"],
        end_time=row["end_time"],
    )
