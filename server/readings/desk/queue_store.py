"""The work queue in PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.ids import new_id
from server.platform.sql import recordset
from server.platform.uow import Tx
from server.readings.desk.domain import FindingKey, Item, QueueState
from server.readings.desk.tables import change, item

_KEYS = sa.text(
    "SELECT * FROM unnest(CAST(:series AS bigint[]), CAST(:days AS date[]), CAST(:rules AS text[]))"
    " AS k (series, day, rule)"
).columns(sa.column("series", sa.BigInteger), sa.column("day", sa.Date), sa.column("rule", sa.Text))
_COLUMNS = (
    "series",
    "day",
    "rule",
    "state",
    "finding_version",
    "assignee",
    "reason_code",
    "note",
    "update_time",
)


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does with a finding."""

    before: QueueState
    after: Item
    edit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """What somebody did with a finding."""

    change_id: UUID
    rule: str
    time: datetime
    actor: str
    old_state: QueueState
    new_state: QueueState
    assignee: str
    reason_code: str
    note: str
    edit_id: UUID | None


async def items_of(tx: Tx, keys: Sequence[FindingKey]) -> dict[FindingKey, Item]:
    """What people said of findings; those of whom nobody said anything are left out."""
    if not keys:
        return {}
    asked = _KEYS.bindparams(
        series=[key.series for key in keys],
        days=[key.day for key in keys],
        rules=[key.rule for key in keys],
    ).subquery("k")
    mine = sa.and_(
        item.c.tenant_id == tx.tenant_id,
        item.c.series == asked.c.series,
        item.c.day == asked.c.day,
        item.c.rule == asked.c.rule,
    )
    rows = await tx.conn.execute(sa.select(*(item.c[name] for name in _COLUMNS)).join(asked, mine))
    return {one.key: one for one in map(_item, rows)}


async def items_in(
    tx: Tx,
    *,
    states: Iterable[QueueState] = (),
    assignee: str = "",
    after: FindingKey | None = None,
    limit: int,
) -> list[Item]:
    """Items in one of these states (none: any) and of this assignee, if given, in order of their keys."""
    query = sa.select(*(item.c[name] for name in _COLUMNS)).where(item.c.tenant_id == tx.tenant_id)
    wanted = [int(one) for one in states]
    if wanted:
        query = query.where(item.c.state.in_(wanted))
    if assignee:
        query = query.where(item.c.assignee == assignee)
    key = sa.tuple_(item.c.series, item.c.day, item.c.rule)
    if after is not None:
        last = sa.tuple_(sa.literal(after.series), sa.literal(after.day), sa.literal(after.rule))
        query = query.where(key > last)
    rows = await tx.conn.execute(query.order_by(item.c.series, item.c.day, item.c.rule).limit(limit))
    return [_item(row) for row in rows]


async def put(tx: Tx, steps: Sequence[Step], actor: str) -> None:
    """Stores what somebody does, and that they did it."""
    if not steps:
        return
    rows = [
        {
            "tenant_id": str(tx.tenant_id),
            "series": one.after.key.series,
            "day": one.after.key.day.isoformat(),
            "rule": one.after.key.rule,
            "state": int(one.after.state),
            "finding_version": one.after.finding_version,
            "assignee": one.after.assignee,
            "reason_code": one.after.reason_code,
            "note": one.after.note,
            "update_time": tx.now,
        }
        for one in steps
    ]
    insert = pg.insert(item).from_select(list(rows[0]), recordset(item, rows))
    key = ("tenant_id", "series", "day", "rule")
    told = {name: insert.excluded[name] for name in rows[0] if name not in key}
    await tx.conn.execute(insert.on_conflict_do_update(index_elements=list(key), set_=told))
    changes = [
        {
            "tenant_id": str(tx.tenant_id),
            "change_id": new_id(),
            "series": one.after.key.series,
            "day": one.after.key.day.isoformat(),
            "rule": one.after.key.rule,
            "change_time": tx.now,
            "actor": actor,
            "old_state": int(one.before),
            "new_state": int(one.after.state),
            "assignee": one.after.assignee,
            "reason_code": one.after.reason_code,
            "note": one.after.note,
            "edit_id": one.edit_id,
        }
        for one in steps
    ]
    await tx.conn.execute(sa.insert(change).from_select(list(changes[0]), recordset(change, changes)))


async def history(
    tx: Tx, series: int, day: date, rule: str, *, after: UUID | None, limit: int
) -> list[StoredChange]:
    """What people did with the findings of a day, newest first, from behind ``after`` on."""
    names = (
        "change_id",
        "rule",
        "change_time",
        "actor",
        "old_state",
        "new_state",
        "assignee",
        "reason_code",
        "note",
        "edit_id",
    )
    query = sa.select(*(change.c[name] for name in names)).where(
        change.c.tenant_id == tx.tenant_id, change.c.series == series, change.c.day == day
    )
    if rule:
        query = query.where(change.c.rule == rule)
    if after is not None:
        query = query.where(change.c.change_id < after)
    rows = await tx.conn.execute(query.order_by(change.c.change_id.desc()).limit(limit))
    return [
        StoredChange(
            row.change_id,
            row.rule,
            row.change_time,
            row.actor,
            QueueState(row.old_state),
            QueueState(row.new_state),
            row.assignee,
            row.reason_code,
            row.note,
            row.edit_id,
        )
        for row in rows
    ]


def _item(row: sa.Row[tuple[object, ...]]) -> Item:
    values = row._mapping  # noqa: SLF001 - how rows are read by name
    return Item(
        FindingKey(values["series"], values["day"], values["rule"]),
        QueueState(values["state"]),
        values["finding_version"],
        values["assignee"],
        values["reason_code"],
        values["note"],
        values["update_time"],
    )
