"""Many new resources at once: each stands for itself, and all of them cost two statements.

What is unique is left to the indexes, so that a race with another call is an ordinary conflict of one item.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.errors import AlreadyExists, SimbaError
from server.platform.external_names import ExternalNames, external_names
from server.platform.sql import recordset
from server.platform.uow import Tx

Common = Callable[[Any], dict[str, Any]]
"""The columns that all resources have."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be known of a kind of resource to write many of them."""

    kind: str
    key: str
    """Column and attribute that hold the id."""
    table: sa.Table
    names: ExternalNames
    write: Callable[[Any], dict[str, Any]]
    unique: Mapping[str, tuple[str, ...]]
    """Columns by constraint; the last is the field that errors name."""
    taken: Callable[[str, object, UUID | None], AlreadyExists]

    def id_of(self, resource: Any) -> UUID:
        """The resource's id."""
        found: UUID = getattr(resource, self.key)
        return found


async def insert_many(tx: Tx, shape: Shape, resources: Sequence[Any], common: Common) -> list[Any]:
    """Stores what can be stored; in the place of each other one stands the error that it alone would get.

    An item that is refused holds its
    unique values against those after it in the same batch.
    """
    outcome: list[Any] = list(resources)
    await _name(tx, shape, outcome)
    await _write(tx, shape, outcome, common)
    return outcome


async def _name(tx: Tx, shape: Shape, outcome: list[Any]) -> None:
    """Stores the external names; those that are another's refuse their resource."""
    wanted = {shape.id_of(one): external_names(one) for one in outcome}
    refused = await shape.names.put(tx, wanted)
    for place, one in enumerate(outcome):
        outcome[place] = refused.get(shape.id_of(one), one)


async def _write(tx: Tx, shape: Shape, outcome: list[Any], common: Common) -> None:
    """Stores the rows; those that break a unique index refuse their resource."""
    left = [(place, one) for place, one in enumerate(outcome) if not isinstance(one, SimbaError)]
    if not left:
        return
    own = shape.table.c[shape.key]
    rows = [{**shape.write(one), "tenant_id": tx.tenant_id, **common(one)} for _, one in left]
    insert = pg.insert(shape.table).from_select(list(rows[0]), recordset(shape.table, rows))
    stored = set(await tx.conn.scalars(insert.on_conflict_do_nothing().returning(own)))
    refused = [
        (place, one, row)
        for (place, one), row in zip(left, rows, strict=True)
        if shape.id_of(one) not in stored
    ]
    if not refused:
        return
    holders = {
        columns: await _holders(tx, shape, columns, [row for _, _, row in refused])
        for columns in shape.unique.values()
    }
    for place, one, row in refused:
        outcome[place] = _error(shape, one, row, holders)
    await shape.names.drop(tx, [shape.id_of(one) for _, one, _ in refused])


Holders = Mapping[tuple[Any, ...], UUID]


async def _holders(
    tx: Tx, shape: Shape, columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> Holders:
    """Whose the values of some columns are, by the values; living ones before archived ones."""
    table = shape.table.c
    wanted = {tuple(row[name] for name in columns) for row in rows}
    query = (
        sa.select(table[shape.key], *(table[name] for name in columns))
        .where(table.tenant_id == tx.tenant_id, sa.tuple_(*(table[name] for name in columns)).in_(wanted))
        .order_by(table.archived.desc())
    )
    return {tuple(row[1:]): row[0] for row in await tx.conn.execute(query)}


def _error(
    shape: Shape, one: Any, row: Mapping[str, Any], holders: Mapping[tuple[str, ...], Holders]
) -> AlreadyExists:
    for columns, held in holders.items():
        other = held.get(tuple(row[name] for name in columns))
        if other is not None:
            return shape.taken(f"{shape.kind}.{columns[-1]}", getattr(one, columns[-1]), other)
    # Another tenant's, then: what is unique across tenants is declared last.
    field = next(columns[-1] for columns in reversed(list(holders)) if row[columns[-1]] is not None)
    return shape.taken(f"{shape.kind}.{field}", getattr(one, field), None)


async def update_many(tx: Tx, shape: Shape, resources: Sequence[Any], common: Common) -> None:
    """Writes the rows of stored resources anew, in one statement; names in other systems stay as they are."""
    rows = [{**shape.write(one), **common(one)} for one in resources]
    if not rows:
        return
    key = shape.key
    new = recordset(shape.table, rows).subquery("changed")
    await tx.conn.execute(
        sa.update(shape.table)
        .where(shape.table.c.tenant_id == tx.tenant_id, shape.table.c[key] == new.c[key])
        .values({name: new.c[name] for name in rows[0] if name != key})
    )
