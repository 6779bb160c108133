"""Policies, holds and runs in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.uow import Tx
from server.readings.frames.tables import frame
from server.readings.retention.domain import OPEN_STATES, LegalHold, Policies, Policy, Run, Step
from server.readings.retention.errors import LegalHoldNotFound, RunNotFound
from server.readings.retention.tables import legal_hold, retention_policy, retention_run, retention_step
from server.readings.tables import ingest_batch, vee_run

LOCK_CLASS = 0x52_45_54_4E
"""First key of retention's advisory locks."""
ALONE, GATE = 1, 2
"""Second keys: whoever enforces; whoever deletes, or changes what may be deleted."""

_GATE = sa.text("SELECT pg_advisory_xact_lock(:class, :key)")


async def close_gate(tx: Tx) -> None:
    """Waits until no step is under way, and keeps the next one from beginning before the transaction ends."""
    await tx.conn.execute(_GATE, {"class": LOCK_CLASS, "key": GATE})


async def policies(tx: Tx, tenant_id: UUID) -> Policies:
    """All policies of a tenant, in order of class and commodity."""
    table = retention_policy
    query = sa.select(table).where(table.c.tenant_id == tenant_id)
    rows = (await tx.conn.execute(query.order_by(table.c.data_class, table.c.commodity))).mappings()
    return Policies(
        tuple(Policy(**{name: value for name, value in row.items() if name != "tenant_id"}) for row in rows)
    )


async def set_policy(tx: Tx, policy: Policy) -> None:
    """Writes a policy."""
    values = {
        "tenant_id": tx.tenant_id,
        "data_class": policy.data_class,
        "commodity": policy.commodity,
        "keep_days": policy.keep_days,
        "cold_after_days": policy.cold_after_days,
        "update_time": policy.update_time,
        "updated_by": policy.updated_by,
    }
    insert = pg.insert(retention_policy).values(values)
    key = [retention_policy.c[name] for name in ("tenant_id", "data_class", "commodity")]
    await tx.conn.execute(insert.on_conflict_do_update(index_elements=key, set_=values))


async def delete_policy(tx: Tx, data_class: str, commodity: str) -> bool:
    """Takes a policy away; returns whether it was there."""
    table = retention_policy
    gone = await tx.conn.execute(
        sa.delete(table).where(
            table.c.tenant_id == tx.tenant_id,
            table.c.data_class == data_class,
            table.c.commodity == commodity,
        )
    )
    return gone.rowcount > 0


async def tenants(tx: Tx) -> list[UUID]:
    """Tenants that have policies."""
    return list(await tx.conn.scalars(sa.select(retention_policy.c.tenant_id).distinct()))


async def insert_hold(tx: Tx, hold: LegalHold) -> None:
    """Stores a new hold."""
    values = {name: getattr(hold, name) for name in LegalHold.__dataclass_fields__}
    await tx.conn.execute(sa.insert(legal_hold).values(tenant_id=tx.tenant_id, **values))


async def get_hold(tx: Tx, legal_hold_id: UUID) -> LegalHold:
    """One hold. Raises LegalHoldNotFound."""
    query = sa.select(legal_hold).where(
        legal_hold.c.tenant_id == tx.tenant_id, legal_hold.c.legal_hold_id == legal_hold_id
    )
    row = (await tx.conn.execute(query)).mappings().one_or_none()
    if row is None:
        raise LegalHoldNotFound(legal_hold_id)
    return _hold(row)


def _active(now: datetime) -> sa.ColumnElement[bool]:
    hold = legal_hold.c
    return sa.and_(hold.release_time.is_(None), sa.or_(hold.end_time.is_(None), hold.end_time > now))


async def holds(
    tx: Tx, *, active_only: bool = False, before: UUID | None = None, limit: int
) -> list[LegalHold]:
    """Holds, newest first."""
    query = sa.select(legal_hold).where(legal_hold.c.tenant_id == tx.tenant_id)
    if active_only:
        query = query.where(_active(tx.now))
    if before is not None:
        query = query.where(legal_hold.c.legal_hold_id < before)
    rows = await tx.conn.execute(query.order_by(legal_hold.c.legal_hold_id.desc()).limit(limit))
    return [_hold(row) for row in rows.mappings()]


async def active_holds(tx: Tx, tenant_id: UUID) -> list[LegalHold]:
    """All holds of a tenant that hold now."""
    query = sa.select(legal_hold).where(legal_hold.c.tenant_id == tenant_id, _active(tx.now))
    return [_hold(row) for row in (await tx.conn.execute(query)).mappings()]


async def release(tx: Tx, legal_hold_id: UUID, who: str) -> None:
    """Ends a hold."""
    await tx.conn.execute(
        sa.update(legal_hold)
        .where(legal_hold.c.tenant_id == tx.tenant_id, legal_hold.c.legal_hold_id == legal_hold_id)
        .values(released_by=who, release_time=tx.now)
    )


def _hold(row: sa.RowMapping) -> LegalHold:
    return LegalHold(**{name: value for name, value in row.items() if name != "tenant_id"})


async def insert_run(tx: Tx, run: Run) -> bool:
    """Stores a new run; False: the tenant has one that has not ended."""
    insert = pg.insert(retention_run).values(
        tenant_id=run.tenant_id,
        retention_run_id=run.retention_run_id,
        state=run.state,
        scheduled=run.scheduled,
        reason=run.reason,
        create_time=run.create_time,
    )
    # The count of rows is not told for an insert whose key the database may fill in: the row itself is.
    inserted = insert.on_conflict_do_nothing().returning(retention_run.c.retention_run_id)
    return (await tx.conn.execute(inserted)).one_or_none() is not None


def _mine(table: sa.Table, run: Run) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == run.tenant_id, table.c.retention_run_id == run.retention_run_id)


async def get_run(tx: Tx, retention_run_id: UUID) -> Run:
    """One run with its steps. Raises RunNotFound."""
    query = sa.select(retention_run).where(
        retention_run.c.tenant_id == tx.tenant_id, retention_run.c.retention_run_id == retention_run_id
    )
    row = (await tx.conn.execute(query)).mappings().one_or_none()
    if row is None:
        raise RunNotFound(retention_run_id)
    step = retention_step
    rows = await tx.conn.execute(
        sa.select(step)
        .where(step.c.tenant_id == tx.tenant_id, step.c.retention_run_id == retention_run_id)
        .order_by(step.c.start_time, step.c.table_name, step.c.partition_id)
    )
    steps = tuple(
        Step(
            one["table_name"],
            one["partition_id"],
            one["row_count"],
            one["dropped"],
            one["done"],
            one["start_time"],
        )
        for one in rows.mappings()
    )
    return Run(**dict(row), steps=steps)


async def runs(tx: Tx, *, before: UUID | None = None, limit: int) -> list[Run]:
    """Runs, newest first, without their steps."""
    query = sa.select(retention_run).where(retention_run.c.tenant_id == tx.tenant_id)
    if before is not None:
        query = query.where(retention_run.c.retention_run_id < before)
    rows = await tx.conn.execute(query.order_by(retention_run.c.retention_run_id.desc()).limit(limit))
    return [Run(**dict(row)) for row in rows.mappings()]


async def open_run(tx: Tx, tenant_id: UUID) -> Run | None:
    """The tenant's run that has not ended."""
    query = sa.select(retention_run).where(
        retention_run.c.tenant_id == tenant_id, retention_run.c.state.in_(OPEN_STATES)
    )
    row = (await tx.conn.execute(query)).mappings().one_or_none()
    return None if row is None else Run(**dict(row))


async def open_runs(tx: Tx) -> list[Run]:
    """Runs of all tenants that have not ended, oldest first."""
    query = sa.select(retention_run).where(retention_run.c.state.in_(OPEN_STATES))
    rows = await tx.conn.execute(query.order_by(retention_run.c.create_time))
    return [Run(**dict(row)) for row in rows.mappings()]


async def last_ends(tx: Tx) -> dict[UUID, datetime]:
    """When each tenant's newest run was asked for."""
    query = sa.select(retention_run.c.tenant_id, sa.func.max(retention_run.c.create_time))
    rows = await tx.conn.execute(query.group_by(retention_run.c.tenant_id))
    return {row[0]: row[1] for row in rows}


async def update_run(tx: Tx, run: Run, **values: Any) -> None:
    """Writes values of a run."""
    await tx.conn.execute(sa.update(retention_run).where(_mine(retention_run, run)).values(**values))


async def begin_step(tx: Tx, run: Run, table: str, partition: str, rows: int, *, dropped: bool) -> None:
    """Notes that a step is under way; one that was begun before is begun again."""
    values = {
        "tenant_id": run.tenant_id,
        "retention_run_id": run.retention_run_id,
        "table_name": table,
        "partition_id": partition,
        "row_count": rows,
        "dropped": dropped,
        "done": False,
        "start_time": tx.now,
    }
    insert = pg.insert(retention_step).values(values)
    step = retention_step.c
    # What is left of a step that a dead worker began is a part of what it had counted; what came to a
    # partition after its step was done is more.
    counted = sa.case((step.done, step.row_count + rows), else_=sa.func.greatest(step.row_count, rows))
    await tx.conn.execute(
        insert.on_conflict_do_update(
            index_elements=[retention_step.c[name] for name in list(values)[:4]],
            set_={"row_count": counted, "dropped": dropped, "done": False},
        )
    )


async def end_step(tx: Tx, run: Run, table: str, partition: str, *, dropped: bool) -> int:
    """Notes that a step is done, and counts it; returns the rows that it deleted."""
    step = retention_step
    rows = await tx.conn.scalar(
        sa.update(step)
        .where(_mine(step, run), step.c.table_name == table, step.c.partition_id == partition)
        .values(done=True, dropped=dropped)
        .returning(step.c.row_count)
    )
    done = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(step.c.row_count), 0)).where(
        _mine(step, run), step.c.done
    )
    steps, deleted = (await tx.conn.execute(done)).one()
    await update_run(tx, run, steps_done=steps, deleted_rows=int(deleted))
    return rows or 0


async def end_run(tx: Tx, run: Run, state: str, error: str) -> None:
    """Ends a run; there are no more steps than those that were done."""
    total = retention_run.c.steps_done if state == "SUCCEEDED" else retention_run.c.steps_total
    await update_run(tx, run, state=state, error=error, end_time=tx.now, steps_total=total)


Begun = dict[tuple[str, str], int]
"""Table and partition of steps, and the rows that they had counted."""


async def begun_steps(tx: Tx, run: Run) -> Begun:
    """Steps that were begun and are not done: their worker died."""
    step = retention_step
    rows = await tx.conn.execute(
        sa.select(step.c.table_name, step.c.partition_id, step.c.row_count).where(
            _mine(step, run), sa.not_(step.c.done)
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def writing(tx: Tx, writers: str, partition: str) -> bool:
    """Keeps writers of ClickHouse out until the transaction ends; returns whether one is inside.

    A batch of readings, and a run of validation, is noted before it writes.
    """
    await tx.conn.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
    await tx.conn.execute(sa.text(f"LOCK TABLE {writers} IN EXCLUSIVE MODE"))
    if writers == ingest_batch.name:
        inside = sa.exists().where(
            ingest_batch.c.store_time.is_(None), sa.literal(int(partition)) == sa.any_(ingest_batch.c.months)
        )
    else:
        # A run of validation may write to any month.
        inside = sa.exists().where(vee_run.c.end_time.is_(None))
    return bool(await tx.conn.scalar(sa.select(inside)))


async def old_frames(
    tx: Tx, tenant_id: UUID, before: datetime, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[tuple[UUID, str, datetime]]:
    """Frames kept before a time: id, DevEUI, time; oldest first, from behind ``after`` on."""
    query = sa.select(frame.c.frame_id, frame.c.dev_eui, frame.c.create_time).where(
        frame.c.tenant_id == tenant_id, frame.c.create_time < before
    )
    if after is not None:
        query = query.where(sa.tuple_(frame.c.create_time, frame.c.frame_id) > sa.tuple_(*after))
    query = query.order_by(frame.c.create_time, frame.c.frame_id).limit(limit)
    return [(row[0], row[1], row[2]) for row in await tx.conn.execute(query)]


async def frame_totals(tx: Tx, tenant_id: UUID) -> tuple[int, datetime | None]:
    """Frames of a tenant, and the time of the oldest."""
    query = sa.select(sa.func.count(), sa.func.min(frame.c.create_time)).where(frame.c.tenant_id == tenant_id)
    row = (await tx.conn.execute(query)).one()
    return row[0], row[1]


async def delete_frames(tx: Tx, tenant_id: UUID, ids: Sequence[UUID]) -> None:
    """Deletes frames; in a transaction of the system, since the application never does."""
    await tx.conn.execute(sa.delete(frame).where(frame.c.tenant_id == tenant_id, frame.c.frame_id.in_(ids)))
