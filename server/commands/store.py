"""Commands in PostgreSQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from kernel.telemetry.context import inject
from server.commands import tables
from server.commands.actions import Action
from server.commands.domain import Attempt, Command, Transition
from server.commands.evolution import Change
from server.commands.rows import (
    CHANGING,
    LOADED,
    attempt_of,
    command_of,
    command_values,
    transition_of,
)
from server.commands.states import RANK, State
from server.platform.scope import Narrowing, Visible, narrowing
from server.platform.uow import Tx

_command = tables.command
_BEFORE_SENT = [state.value for state, rank in RANK.items() if rank < RANK[State.SENT]]


Conditions = Sequence[sa.ColumnElement[bool]]


def seen_by_caller(visible_points: Visible | None) -> Narrowing:
    """What leaves the commands of usage points that the caller may see, when they were submitted."""
    return narrowing(_command.c.usage_point_id, visible_points)


@dataclass(frozen=True, slots=True)
class CommandFilter:
    """Which commands; empty fields do not restrict."""

    meter_id: UUID | None = None
    state: State | None = None
    issuer_tracking_id: str = ""


async def insert(tx: Tx, change: Change) -> bool:
    """Stores a new command with its first step; False when the same action is under way at the meter."""
    values = {
        **command_values(change.command),
        "tenant_id": tx.tenant_id,
        "trace": inject(),
    }
    statement = (
        pg.insert(_command)
        .values(values)
        .on_conflict_do_nothing(
            index_elements=["tenant_id", "meter_id", "action"], index_where=_command.c.active
        )
        .returning(_command.c.command_id)
    )
    if (await tx.conn.execute(statement)).first() is None:
        return False
    await _write_history(tx, change)
    return True


async def save(tx: Tx, change: Change) -> None:
    """Stores what became of a command that this transaction has locked."""
    values = command_values(change.command)
    await tx.conn.execute(
        sa.update(_command)
        .where(_command.c.tenant_id == tx.tenant_id, _command.c.command_id == change.command.command_id)
        .values({name: values[name] for name in CHANGING})
    )
    await _write_history(tx, change)


async def active_command(tx: Tx, meter_id: UUID, action: Action) -> UUID | None:
    """The command of this action that is under way at the meter."""
    found: UUID | None = await tx.conn.scalar(
        sa.select(_command.c.command_id).where(
            _command.c.tenant_id == tx.tenant_id,
            _command.c.meter_id == meter_id,
            _command.c.action == action.value,
            _command.c.active,
        )
    )
    return found


async def get(tx: Tx, command_id: UUID, seen: Conditions = ()) -> Command | None:
    """A command with its whole history; None for one that does not meet the conditions ``seen``."""
    query = sa.select(*LOADED).where(
        _command.c.tenant_id == tx.tenant_id, _command.c.command_id == command_id, *seen
    )
    row = (await tx.conn.execute(query)).mappings().first()
    if row is None:
        return None
    steps = await transitions(tx, command_id)
    # Each statement sees its own moment: the command may have gone on after its row was read.
    known = [step for step in steps if step.sequence <= row["transition_count"]]
    return command_of(row, await attempts(tx, command_id), known)


async def lock(tx: Tx, command_id: UUID, seen: Conditions = ()) -> Command | None:
    """A command with its attempts, held against other writers until the end of the transaction."""
    query = (
        sa.select(*LOADED)
        .where(_command.c.tenant_id == tx.tenant_id, _command.c.command_id == command_id, *seen)
        .with_for_update()
    )
    row = (await tx.conn.execute(query)).mappings().first()
    return None if row is None else command_of(row, await attempts(tx, command_id))


async def lock_due(
    tx: Tx, tenant_id: UUID, now: datetime, limit: int
) -> list[tuple[Command, Mapping[str, str]]]:
    """Commands of one tenant that the timer must look at, locked, with the trace of their submit.

    Those that another worker has locked are its business.
    """
    query = (
        sa.select(*LOADED)
        .where(
            _command.c.tenant_id == tenant_id,
            _command.c.active,
            _command.c.wake_time <= now,
        )
        .order_by(_command.c.wake_time)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = (await tx.conn.execute(query)).mappings().all()
    tried = await _attempts_of(tx, tenant_id, [row["command_id"] for row in rows])
    return [(command_of(row, tried[row["command_id"]]), {**row["trace"]}) for row in rows]


async def due_tenants(tx: Tx, now: datetime) -> list[UUID]:
    """Tenants that have something due; for a system transaction."""
    query = (
        sa.select(_command.c.tenant_id)
        .where(_command.c.active, _command.c.wake_time <= now)
        .distinct()
        .limit(100)
    )
    return list((await tx.conn.scalars(query)).all())


async def next_wake(tx: Tx) -> datetime | None:
    """When the timer has something to do next; for a system transaction."""
    earliest: datetime | None = await tx.conn.scalar(
        sa.select(sa.func.min(_command.c.wake_time)).where(_command.c.active)
    )
    return earliest


async def publish_again(tx: Tx, now: datetime) -> int:
    """Makes everything due for the bus that was handed to it and has not been sent; how many.

    For a system transaction, after the bus lost its memory.
    """
    result = await tx.conn.execute(
        sa.update(_command)
        .where(
            _command.c.active,
            _command.c.publish_count > 0,
            _command.c.state.in_(_BEFORE_SENT),
        )
        .values(publish_due=now, wake_time=now)
    )
    return int(result.rowcount)


async def page(
    tx: Tx, which: CommandFilter, *, before: UUID | None, limit: int, seen: Conditions = ()
) -> list[Command]:
    """Commands, newest first, without their history; ids grow with time."""
    query = sa.select(*LOADED).where(_command.c.tenant_id == tx.tenant_id, *seen)
    if which.meter_id is not None:
        query = query.where(_command.c.meter_id == which.meter_id)
    if which.state is not None:
        query = query.where(_command.c.state == which.state.value)
    if which.issuer_tracking_id:
        query = query.where(_command.c.issuer_tracking_id == which.issuer_tracking_id)
    if before is not None:
        query = query.where(_command.c.command_id < before)
    rows = await tx.conn.execute(query.order_by(_command.c.command_id.desc()).limit(limit))
    return [command_of(row) for row in rows.mappings()]


async def transitions(tx: Tx, command_id: UUID) -> list[Transition]:
    """All steps of a command, oldest first."""
    table = tables.command_transition
    query = (
        sa.select(table)
        .where(table.c.tenant_id == tx.tenant_id, table.c.command_id == command_id)
        .order_by(table.c.sequence)
    )
    return [transition_of(row) for row in (await tx.conn.execute(query)).mappings()]


async def attempts(tx: Tx, command_id: UUID) -> list[Attempt]:
    """All tries of a command, oldest first."""
    return (await _attempts_of(tx, tx.tenant_id, [command_id]))[command_id]


async def _attempts_of(tx: Tx, tenant_id: UUID, command_ids: list[UUID]) -> dict[UUID, list[Attempt]]:
    table = tables.command_attempt
    query = (
        sa.select(table)
        .where(table.c.tenant_id == tenant_id, table.c.command_id.in_(command_ids))
        .order_by(table.c.number)
    )
    found: dict[UUID, list[Attempt]] = defaultdict(list)
    for row in (await tx.conn.execute(query)).mappings():
        found[row["command_id"]].append(attempt_of(row))
    return found


async def remember_report(tx: Tx, row: dict[str, Any]) -> bool:
    """Keeps a report; False when it is known already."""
    table = tables.command_report
    statement = (
        pg.insert(table)
        .values(tenant_id=tx.tenant_id, **row)
        .on_conflict_do_nothing()
        .returning(table.c.report_id)
    )
    return (await tx.conn.execute(statement)).first() is not None


async def _write_history(tx: Tx, change: Change) -> None:
    key = {"tenant_id": tx.tenant_id, "command_id": change.command.command_id}
    if change.steps:
        rows = [_transition_row(step.transition) | key for step in change.steps]
        await tx.conn.execute(sa.insert(tables.command_transition), rows)
    if change.command.attempts:
        # Only the last two can have changed: one ended, or was named, and one began.
        statement = pg.insert(tables.command_attempt).values(
            [_attempt_row(one) | key for one in change.command.attempts[-2:]]
        )
        await tx.conn.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "command_id", "number"],
                set_={name: statement.excluded[name] for name in ("link_id", "outcome")},
            )
        )


def _transition_row(step: Transition) -> dict[str, Any]:
    names: Sequence[str] = ("sequence", "attempt", "time", "record_time", "description")
    return {"state": step.state.value, **{name: getattr(step, name) for name in names}}


def _attempt_row(one: Attempt) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("number", "start_time", "link_id", "outcome")}
