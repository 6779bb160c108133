"""The names that other systems have for resources: a table of a capability's, asked for one kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.errors import AlreadyExists
from server.platform.sql import among, recordset
from server.platform.tables import tenant_table
from server.platform.uow import Tx


@dataclass(frozen=True, slots=True)
class ExternalId:
    """The name that another system has for a resource; unique per tenant, system and kind of resource."""

    system: str
    value: str


Names = tuple[ExternalId, ...]


def external_id_table(name: str) -> sa.Table:
    """Declares a capability's table of external names; its migration makes it by :func:`external_id_ddl`."""
    return tenant_table(
        name,
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("resource_id", pg.UUID(as_uuid=True), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "system", "value"),
    )


def external_id_ddl(name: str) -> str:
    """SQL that makes a table of external names; the index finds those of a resource."""
    return f"""
        CREATE TABLE {name} (
            tenant_id uuid NOT NULL,
            kind text NOT NULL,
            system text NOT NULL,
            value text NOT NULL,
            resource_id uuid NOT NULL,
            position integer NOT NULL,
            PRIMARY KEY (tenant_id, kind, system, value)
        );
        CREATE INDEX {name}_resource ON {name} (tenant_id, kind, resource_id)
    """


def external_names(resource: object) -> Names:
    """The names that other systems have for a resource; none for a kind that has none."""
    found: Names = getattr(resource, "external_ids", ())
    return found


_BESIDE: Final = "external_names"


def names_of(row: Mapping[str, Any]) -> Names:
    """The names of a resource from a row that was selected with :meth:`ExternalNames.beside`."""
    return tuple(ExternalId(system, value) for system, value in row.get(_BESIDE) or ())


@dataclass(frozen=True, slots=True)
class ExternalNames:
    """The names of one kind of resource; without a table it has none, ever."""

    kind: str
    table: sa.Table | None
    taken: Callable[[str, object, UUID | None], AlreadyExists]
    """The error of a name that is another's, from its field, itself and that other."""

    def holder(self, tx: Tx, name: ExternalId) -> sa.Select[UUID]:
        """The id of the resource that has the name."""
        assert self.table is not None, f"a {self.kind} has no external names"
        names = self.table.c
        return sa.select(names.resource_id).where(
            *self._mine(tx, self.table), names.system == name.system, names.value == name.value
        )

    def beside(self, tx: Tx, resource_id: sa.ColumnElement[UUID]) -> list[sa.ColumnElement[Any]]:
        """What to select beside a resource for :func:`names_of`: names need no query of their own."""
        if self.table is None:
            return []
        names = self.table.c
        pair = sa.func.jsonb_build_array(names.system, names.value)
        query = sa.select(sa.func.jsonb_agg(pg.aggregate_order_by(pair, names.position)))
        mine = query.where(*self._mine(tx, self.table), names.resource_id == resource_id)
        return [mine.scalar_subquery().label(_BESIDE)]

    async def put(self, tx: Tx, wanted: Mapping[UUID, Names]) -> dict[UUID, AlreadyExists]:
        """Stores the names of resources that have none yet; all of them, or none of a resource.

        Returns the error of each resource that wants a name which is another's, or wants one twice.
        """
        rows = [
            {
                "tenant_id": tx.tenant_id,
                "kind": self.kind,
                "system": name.system,
                "value": name.value,
                "resource_id": resource_id,
                "position": position,
            }
            for resource_id, names in wanted.items()
            for position, name in enumerate(names)
        ]
        if not rows or self.table is None:
            return {}
        names = self.table.c
        insert = pg.insert(self.table).from_select(list(rows[0]), recordset(self.table, rows))
        stored = await tx.conn.execute(
            insert.on_conflict_do_nothing().returning(names.resource_id, names.position)
        )
        there = {(row[0], row[1]) for row in stored}
        refused = [
            (resource_id, position, name)
            for resource_id, given in wanted.items()
            for position, name in enumerate(given)
            if (resource_id, position) not in there
        ]
        if not refused:
            return {}
        holders = await self._holders(tx, {(name.system, name.value) for _, _, name in refused})
        errors: dict[UUID, AlreadyExists] = {}
        for resource_id, position, name in refused:
            field = f"{self.kind}.external_ids[{position}]"
            other = holders.get((name.system, name.value))
            errors.setdefault(resource_id, self.taken(field, f"{name.system}:{name.value}", other))
        await self.drop(tx, errors)
        return errors

    async def drop(self, tx: Tx, ids: Iterable[UUID]) -> None:
        """Takes all names from resources."""
        if self.table is not None:
            mine = among(self.table.c.resource_id, ids)
            await tx.conn.execute(sa.delete(self.table).where(*self._mine(tx, self.table), mine))

    async def _holders(self, tx: Tx, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
        assert self.table is not None
        names = self.table.c
        query = sa.select(names.system, names.value, names.resource_id).where(
            *self._mine(tx, self.table), sa.tuple_(names.system, names.value).in_(pairs)
        )
        return {(row[0], row[1]): row[2] for row in await tx.conn.execute(query)}

    def _mine(self, tx: Tx, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return table.c.tenant_id == tx.tenant_id, table.c.kind == self.kind
