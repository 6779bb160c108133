"""Reads the history of changes: newest first, those that are not linked yet among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.history import FieldDiff
from server.platform.history_chain import read_fields
from server.platform.history_seal import is_sealed, known_keys, unseal
from server.platform.history_tables import COPIED, change, change_pending
from server.platform.uow import Tx

After = tuple[datetime, UUID]
"""Key of a page: time and id of the last change of the page before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """One change as it is stored."""

    sequence: int
    """Place in the chain, from 1; 0: not linked yet."""
    previous_hash: bytes
    """Empty when not linked yet, as :attr:`hash`."""
    hash: bytes
    change_id: UUID
    time: datetime
    principal_id: str
    principal_name: str
    action: str
    resource_kind: str
    resource_id: str
    subject: str
    """Whose personal data is in it: ``customer/<id>``; empty: nobody's."""
    fields: tuple[FieldDiff, ...]
    """Those that hold personal data are sealed; see :func:`opened`."""
    reason: str
    correlation_id: str
    method: str
    trace_id: str

    @property
    def key(self) -> After:
        """Sort key."""
        return self.time, self.change_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFilter:
    """Which changes; unset fields do not narrow."""

    resource_kind: str = ""
    resource_id: str = ""
    principal_id: str = ""
    correlation_id: str = ""
    action: str = ""
    start: datetime | None = None
    end: datetime | None = None


async def changes(
    tx: Tx, which: ChangeFilter, *, after: After | None = None, limit: int
) -> list[StoredChange]:
    """Changes of the tenant, newest first."""
    return await _newest(tx, lambda table: _clauses(table, which), after, limit)


async def changes_of(
    tx: Tx, resources: Iterable[tuple[str, UUID | str]], *, after: After | None = None, limit: int
) -> list[StoredChange]:
    """Changes of some resources, each given by kind and id, newest first."""
    wanted = [(kind, str(resource_id)) for kind, resource_id in resources]
    ids = sorted({resource_id for _, resource_id in wanted})
    return await _newest(
        tx,
        lambda table: [
            table.c.resource_id.in_(ids),
            sa.tuple_(table.c.resource_kind, table.c.resource_id).in_(wanted),
        ],
        after,
        limit,
    )


async def change_by_id(tx: Tx, change_id: UUID) -> StoredChange | None:
    """One change; None: there is none."""
    found = await _newest(tx, lambda table: [table.c.change_id == change_id], None, 1)
    return found[0] if found else None


async def opened(tx: Tx, found: Sequence[StoredChange]) -> list[tuple[FieldDiff, ...]]:
    """The fields of each change, with personal data as it was, or as erased."""
    keys = await known_keys(tx.conn, tx.tenant_id, {one.subject for one in found if one.subject})
    return [
        tuple(
            unseal(keys.get(one.subject), one.change_id, field) if is_sealed(field) else field
            for field in one.fields
        )
        for one in found
    ]


async def _newest(tx: Tx, clauses: Any, after: After | None, limit: int) -> list[StoredChange]:
    """Both tables in one statement: while it runs, no change can slip from one to the other unseen."""
    parts = [_part(tx, table, clauses(table), after, limit) for table in (change, change_pending)]
    both = sa.union_all(*parts).subquery()
    query = sa.select(both).order_by(both.c.time.desc(), both.c.change_id.desc()).limit(limit)
    return [_read(row) for row in (await tx.conn.execute(query)).mappings()]


def _part(
    tx: Tx, table: sa.Table, clauses: list[sa.ColumnElement[bool]], after: After | None, limit: int
) -> sa.Select[Any]:
    linked = table is change
    nothing = sa.cast(sa.literal(b""), sa.LargeBinary)
    links = [
        (table.c.sequence if linked else sa.cast(sa.literal(0), sa.BigInteger)).label("sequence"),
        (table.c.previous_hash if linked else nothing).label("previous_hash"),
        (table.c.hash if linked else nothing).label("hash"),
    ]
    query = sa.select(*links, *(table.c[name] for name in COPIED)).where(
        table.c.tenant_id == tx.tenant_id, *clauses
    )
    if after is not None:
        query = query.where(sa.tuple_(table.c.time, table.c.change_id) < sa.tuple_(*after))
    return query.order_by(table.c.time.desc(), table.c.change_id.desc()).limit(limit)


def _clauses(table: sa.Table, which: ChangeFilter) -> list[sa.ColumnElement[bool]]:
    names = ("resource_kind", "resource_id", "principal_id", "correlation_id", "action")
    clauses = [table.c[name] == value for name in names if (value := getattr(which, name))]
    if which.start is not None:
        clauses.append(table.c.time >= which.start)
    if which.end is not None:
        clauses.append(table.c.time < which.end)
    return clauses


def _read(row: sa.RowMapping) -> StoredChange:
    values = {**row, "fields": read_fields(row["fields"])}
    for name in ("previous_hash", "hash"):
        values[name] = bytes(values[name])
    return StoredChange(**values)
