"""Edits in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.uow import Tx
from server.readings.calendar import from_ms
from server.readings.desk.domain import BilledDays, Edit, EditedSeries, EditKind, EditState, FindingKey
from server.readings.desk.tables import edit, edit_series, setting
from server.readings.desk.values import packed, unpacked

_PLAIN = (
    "edit_id",
    "reason_code",
    "note",
    "description",
    "author",
    "create_time",
    "approver",
    "decide_time",
    "decision_note",
    "apply_time",
    "other_edit_id",
    "request_id",
    "value_count",
)


@dataclass(frozen=True, slots=True)
class EditFilter:
    """Which edits; what is empty does not matter."""

    state: EditState | None = None
    series: int = 0
    usage_point_id: UUID | None = None
    author: str = ""
    start: datetime | None = None
    end: datetime | None = None


async def insert(tx: Tx, one: Edit) -> None:
    """Stores a new edit with its values."""
    columns: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    await tx.conn.execute(
        sa.insert(edit).values(
            tenant_id=tx.tenant_id,
            kind=int(one.kind),
            state=int(one.state),
            accepted=[[key.series, key.day.isoformat(), key.rule, seen] for key, seen in one.accepted],
            billed=[[b.usage_point_id, b.invoice_id, b.first_day, b.last_day] for b in one.billed],
            **columns,
        )
    )
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "edit_id": one.edit_id,
            "series": part.series,
            "usage_point_id": part.usage_point_id,
            "unit": part.unit,
            "tz": part.tz,
            "first_time": from_ms(part.first_ms),
            "until_time": from_ms(part.until_ms),
            "before": packed(part.before),
            "after": packed(part.after),
        }
        for part in one.series
    ]
    if rows:
        await tx.conn.execute(sa.insert(edit_series), rows)


async def get(tx: Tx, edit_id: UUID, *, lock: bool = False) -> Edit | None:
    """One with its values; None: there is none."""
    query = sa.select(edit).where(edit.c.tenant_id == tx.tenant_id, edit.c.edit_id == edit_id)
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).mappings().first()
    return None if row is None else _edit(row, (await _series(tx, [edit_id])).get(edit_id, ()))


async def asked_by(tx: Tx, request_id: UUID) -> list[Edit]:
    """The edit that a request made before, if any."""
    query = sa.select(edit.c.edit_id).where(edit.c.tenant_id == tx.tenant_id, edit.c.request_id == request_id)
    found = [await get(tx, edit_id) for edit_id in (await tx.conn.scalars(query)).all()]
    return [one for one in found if one is not None]


async def page(tx: Tx, wanted: EditFilter, *, after: UUID | None, limit: int) -> list[Edit]:
    """Edits, newest first, from behind ``after`` on."""
    query = sa.select(edit).where(edit.c.tenant_id == tx.tenant_id)
    if wanted.state is not None:
        query = query.where(edit.c.state == int(wanted.state))
    if wanted.author:
        query = query.where(edit.c.author == wanted.author)
    if after is not None:
        query = query.where(edit.c.edit_id < after)
    parts = _parts(wanted)
    if parts:
        mine = sa.and_(edit_series.c.tenant_id == edit.c.tenant_id, edit_series.c.edit_id == edit.c.edit_id)
        query = query.where(sa.exists().where(mine, *parts))
    rows = (await tx.conn.execute(query.order_by(edit.c.edit_id.desc()).limit(limit))).mappings().all()
    series = await _series(tx, [row["edit_id"] for row in rows])
    return [_edit(row, series.get(row["edit_id"], ())) for row in rows]


def _parts(wanted: EditFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.series:
        found.append(edit_series.c.series == wanted.series)
    if wanted.usage_point_id is not None:
        found.append(edit_series.c.usage_point_id == wanted.usage_point_id)
    if wanted.start is not None:
        found.append(edit_series.c.until_time > wanted.start)
    if wanted.end is not None:
        found.append(edit_series.c.first_time < wanted.end)
    return found


async def move(tx: Tx, edit_id: UUID, before: EditState, after: EditState, **told: Any) -> bool:
    """Puts an edit into another state; False when it is not in the one before any more."""
    result = await tx.conn.execute(
        sa.update(edit)
        .where(edit.c.tenant_id == tx.tenant_id, edit.c.edit_id == edit_id, edit.c.state == int(before))
        .values(state=int(after), **told)
        .returning(edit.c.edit_id)
    )
    return result.first() is not None


async def pending_findings(tx: Tx) -> set[FindingKey]:
    """Findings that edits would settle which wait for approval."""
    query = sa.select(edit.c.accepted).where(
        edit.c.tenant_id == tx.tenant_id, edit.c.state == int(EditState.PENDING_APPROVAL)
    )
    return {key for (stored,) in await tx.conn.execute(query) for key, _ in _accepted(stored)}


async def unfinished(tx: Tx, before: datetime) -> list[tuple[UUID, UUID]]:
    """Tenants and ids of edits that have been in APPLYING since before a time; for the system."""
    since = sa.func.coalesce(edit.c.decide_time, edit.c.create_time)
    rows = await tx.conn.execute(
        sa.select(edit.c.tenant_id, edit.c.edit_id)
        .where(edit.c.state == int(EditState.APPLYING), since < before)
        .order_by(edit.c.edit_id)
        .limit(100)
    )
    return [(tenant_id, edit_id) for tenant_id, edit_id in rows]


async def four_eyes(tx: Tx) -> tuple[bool, datetime | None]:
    """Whether edits need approval, and since when that is so."""
    query = sa.select(setting.c.four_eyes, setting.c.update_time).where(setting.c.tenant_id == tx.tenant_id)
    row = (await tx.conn.execute(query)).first()
    return (False, None) if row is None else (row.four_eyes, row.update_time)


async def set_four_eyes(tx: Tx, wanted: bool) -> None:  # noqa: FBT001 - the setting itself
    """Says whether edits need approval."""
    await tx.conn.execute(sa.delete(setting).where(setting.c.tenant_id == tx.tenant_id))
    await tx.conn.execute(
        sa.insert(setting).values(tenant_id=tx.tenant_id, four_eyes=wanted, update_time=tx.now)
    )


async def _series(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, tuple[EditedSeries, ...]]:
    table = edit_series
    rows = await tx.conn.execute(
        sa.select(table)
        .where(table.c.tenant_id == tx.tenant_id, table.c.edit_id.in_(ids))
        .order_by(table.c.edit_id, table.c.series)
    )
    found: dict[UUID, tuple[EditedSeries, ...]] = {}
    for row in rows:
        part = EditedSeries(
            row.series, row.usage_point_id, row.unit, row.tz, unpacked(row.before), unpacked(row.after)
        )
        found[row.edit_id] = (*found.get(row.edit_id, ()), part)
    return found


def _edit(row: sa.RowMapping, series: tuple[EditedSeries, ...]) -> Edit:
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return Edit(
        kind=EditKind(row["kind"]),
        state=EditState(row["state"]),
        accepted=_accepted(row["accepted"]),
        billed=tuple(BilledDays(*one) for one in row["billed"]),
        series=series,
        **plain,
    )


def _accepted(stored: Sequence[Any]) -> tuple[tuple[FindingKey, int], ...]:
    return tuple(
        (FindingKey(series, date.fromisoformat(day), rule), seen) for series, day, rule, seen in stored
    )
