"""Names in files and the ids that they stand for, both ways."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.platform.sql import among
from server.platform.uow import Tx

Name = tuple[str, ...]

_node, _model, _point = tables.node, tables.device_model, tables.usage_point
_concentrator, _meter = tables.concentrator, tables.meter

_SOURCES: Mapping[str, tuple[sa.Table, str, tuple[str, ...], Mapping[str, str]]] = {
    "place": (_node, "node_id", ("code",), {"hierarchy": "PLACE"}),
    "grid": (_node, "node_id", ("code",), {"hierarchy": "GRID"}),
    "model": (_model, "device_model_id", ("manufacturer", "model"), {}),
    "concentrator": (_concentrator, "concentrator_id", ("serial_number",), {}),
    "usage_point": (_point, "usage_point_id", ("code",), {}),
    "meter": (_meter, "meter_id", ("manufacturer", "serial_number"), {"device_kind": "METER"}),
}
"""Table, id, names and what else must be so, by what is named."""

REASONS = {
    "place": "NODE_NOT_FOUND",
    "grid": "NODE_NOT_FOUND",
    "parent": "NODE_NOT_FOUND",
    "model": "DEVICE_MODEL_NOT_FOUND",
    "concentrator": "CONCENTRATOR_NOT_FOUND",
    "usage_point": "USAGE_POINT_NOT_FOUND",
    "meter": "METER_NOT_FOUND",
}
"""What is told of a name that nothing has."""


async def ids_of(tx: Tx, what: str, wanted: Iterable[Name]) -> dict[Name, UUID]:
    """The ids of what has the names; living ones before archived ones."""
    table, own, names, more = _SOURCES[what]
    asked = set(wanted)
    if not asked:
        return {}
    columns = [table.c[name] for name in names]
    query = (
        sa.select(table.c[own], *columns)
        .where(
            table.c.tenant_id == tx.tenant_id,
            sa.tuple_(*columns).in_(asked),
            *(table.c[name] == value for name, value in more.items()),
        )
        .order_by(table.c.archived.desc())
    )
    return {tuple(row[1:]): row[0] for row in await tx.conn.execute(query)}


async def names_of(tx: Tx, what: str, ids: Iterable[UUID]) -> dict[UUID, Name]:
    """The names of what has the ids."""
    table, own, names, _ = _SOURCES[what]
    query = sa.select(table.c[own], *(table.c[name] for name in names)).where(
        table.c.tenant_id == tx.tenant_id, among(table.c[own], ids)
    )
    return {row[0]: tuple(row[1:]) for row in await tx.conn.execute(query)}


async def ids_by_name(tx: Tx, kind: str, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """The ids of the resources of a kind that other systems know by these names."""
    names = tables.external_id.c
    asked = set(wanted)
    if not asked:
        return {}
    query = sa.select(names.system, names.value, names.resource_id).where(
        names.tenant_id == tx.tenant_id, names.kind == kind, sa.tuple_(names.system, names.value).in_(asked)
    )
    return {(row[0], row[1]): row[2] for row in await tx.conn.execute(query)}


def name_in(cells: Mapping[str, Any], columns: Iterable[str]) -> Name | None:
    """The name that the cells of some columns are together; None: they say none."""
    found = tuple(str(cells.get(column, "")) for column in columns)
    return found if any(found) else None
