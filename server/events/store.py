"""The newest events, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.events.domain import Batch, Criteria, Event, Filter, Marks, Severity, Span
from server.events.tables import event_counter, event_log
from server.platform.uow import Tx

SCAN = 20_000
"""Sequences that one read looks at: a filter that matches nothing must not hold a connection for long."""

_c = event_log.c
_MARKS = (event_counter.c.last, event_counter.c.copied, event_counter.c.pruned, event_counter.c.floor)


async def marks(tx: Tx, tenant_id: UUID) -> Marks:
    """Where the tenant's log stands."""
    query = sa.select(*_MARKS).where(event_counter.c.tenant_id == tenant_id)
    row = (await tx.conn.execute(query)).mappings().first()
    return Marks(**row) if row is not None else Marks()


async def after(tx: Tx, tenant_id: UUID, position: int, which: Filter, limit: int) -> tuple[Batch, Marks]:
    """Events after a position, with the marks of the same moment.

    One statement, so that both belong to one snapshot: a pruning in between would look like a hole. The batch
    is worthless when ``position`` lies before ``pruned``; the history has those.
    """
    inner = (
        sa.select(event_log)
        .where(
            _c.tenant_id == event_counter.c.tenant_id,
            _c.sequence > position,
            _c.sequence <= position + SCAN,
            _c.sequence <= event_counter.c.last,
            *_conditions(which),
        )
        .order_by(_c.sequence)
        .limit(limit)
        .lateral("entry")
    )
    query = (
        sa.select(*_MARKS, inner)
        .select_from(event_counter.outerjoin(inner, sa.true()))
        .where(event_counter.c.tenant_id == tenant_id)
        .order_by(inner.c.sequence)
    )
    rows = (await tx.conn.execute(query)).mappings().all()
    if not rows:
        return Batch((), position, 0), Marks()
    found = Marks(**{name: rows[0][name] for name in ("last", "copied", "pruned", "floor")})
    events = tuple(event_of(row) for row in rows if row["sequence"] is not None)
    return batch_of(events, position, limit, upto=min(found.last, position + SCAN), last=found.last), found


def batch_of(events: tuple[Event, ...], position: int, limit: int, *, upto: int, last: int) -> Batch:
    """The batch of a read that looked at everything in (position, upto], or stopped at ``limit`` events."""
    reached = events[-1].sequence if len(events) >= limit else max(upto, position)
    return Batch(events, reached, last)


async def newest(
    tx: Tx, tenant_id: UUID, before: int | None, which: Filter, span: Span, limit: int
) -> list[Event]:
    """Events before a sequence, newest first, that are not pruned."""
    query = sa.select(event_log).where(_c.tenant_id == tenant_id, *_conditions(which), *_within(span))
    if before is not None:
        query = query.where(_c.sequence < before)
    rows = await tx.conn.execute(query.order_by(_c.sequence.desc()).limit(limit))
    return [event_of(row) for row in rows.mappings()]


async def to_copy(tx: Tx, limit: int) -> list[tuple[UUID, int]]:
    """Tenants with events that the history does not have, and up to where it has them."""
    query = (
        sa.select(event_counter.c.tenant_id, event_counter.c.copied)
        .where(event_counter.c.copied < event_counter.c.last)
        .order_by(event_counter.c.tenant_id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await tx.conn.execute(query)]


async def mark_copied(tx: Tx, tenant_id: UUID, sequence: int) -> None:
    """The history has everything up to a sequence."""
    await tx.conn.execute(
        sa.update(event_counter)
        .where(event_counter.c.tenant_id == tenant_id, event_counter.c.copied < sequence)
        .values(copied=sequence)
    )


async def prune(tx: Tx, before: datetime, limit: int) -> int:
    """Deletes events older than ``before`` that the history has, oldest first; how many."""
    candidates = (
        sa.select(event_counter.c.tenant_id, sa.func.max(_c.sequence).label("upto"))
        .join(event_log, _c.tenant_id == event_counter.c.tenant_id)
        .where(
            _c.sequence <= event_counter.c.copied,
            _c.sequence <= event_counter.c.pruned + limit,
            _c.publish_time < before,
        )
        .group_by(event_counter.c.tenant_id)
    )
    count = 0
    for tenant_id, upto in (await tx.conn.execute(candidates)).all():
        gone = await tx.conn.execute(
            sa.delete(event_log).where(_c.tenant_id == tenant_id, _c.sequence <= upto)
        )
        await tx.conn.execute(
            sa.update(event_counter)
            .where(event_counter.c.tenant_id == tenant_id, event_counter.c.pruned < upto)
            .values(pruned=upto)
        )
        count += gone.rowcount
    return count


def event_of(row: sa.RowMapping) -> Event:
    """The event of a row."""
    return Event(
        **{name: row[name] for name in _FIELDS if name != "severity"}, severity=Severity(row["severity"])
    )


_FIELDS = tuple(Event.__dataclass_fields__)


def _conditions(which: Filter) -> list[sa.ColumnElement[bool]]:
    conditions = [_named(_c.type, which.types), _named(_c.subject, which.subjects)]
    if which.min_severity > Severity.INFO:
        conditions.append(_c.severity >= int(which.min_severity))
    if which.within is not None:
        texts: sa.types.TypeEngine[list[str]] = pg.ARRAY(sa.Text)  # type: ignore[assignment]  # a list of texts
        points = sa.bindparam("within", sorted(which.within), type_=texts, unique=True)
        conditions.append(_c.usage_point_id == sa.any_(points))
    return conditions


def _named(column: sa.ColumnElement[str], wanted: Criteria) -> sa.ColumnElement[bool]:
    if wanted.everything:
        return sa.true()
    begins = [sa.func.starts_with(column, prefix) for prefix in wanted.prefixes]
    return sa.or_(column == sa.any_(_texts(wanted.exact)), *begins)


def _texts(values: Sequence[str]) -> Any:
    return sa.cast(list(values), pg.ARRAY(sa.Text))


def _within(span: Span) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if span.start is not None:
        conditions.append(_c.event_time >= span.start)
    if span.end is not None:
        conditions.append(_c.event_time < span.end)
    if span.correlation_id:
        conditions.append(_c.correlation_id == span.correlation_id)
    return conditions
