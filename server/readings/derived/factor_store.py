"""Factor sets and their values in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.caller import current_caller
from server.platform.errors import NotFound
from server.platform.resource_store import ExternalId, ResourceStore, Row, Stored, attributes_of, columns_of
from server.platform.uow import Tx
from server.readings.derived.factors import FactorSet, FactorValue, Segment, painted
from server.readings.derived.tables import factor_set, factor_value

_OWN = ("factor_set_id", "display_name", "description", "unit")


class FactorSetNotFound(NotFound):
    """The factor set does not exist, or belongs to another tenant."""

    reason = "FACTOR_SET_NOT_FOUND"

    def __init__(self, factor_set_id: UUID) -> None:
        super().__init__(f"factor set {factor_set_id} does not exist", factor_set_id=factor_set_id)


def _read(row: Row, _: tuple[ExternalId, ...], stored: Stored) -> FactorSet:
    return FactorSet(**columns_of(row, *_OWN), stored=stored)


def _write(one: FactorSet) -> dict[str, Any]:
    return attributes_of(one, *_OWN)


factor_sets: ResourceStore[FactorSet] = ResourceStore(
    "factor_set",
    factor_set,
    read=_read,
    write=_write,
    missing=FactorSetNotFound,
    unique={"factor_set_display_name": "display_name"},
)


async def add_values(
    tx: Tx, factor_set_id: UUID, values: Sequence[tuple[datetime, datetime | None, Decimal]]
) -> int:
    """Stores values; those given later count before those given earlier. Returns the newest version."""
    who = current_caller().principal_id
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "factor_set_id": factor_set_id,
            "start_time": start,
            "end_time": end,
            "value": value,
            "created_by": who,
            "create_time": tx.now,
        }
        for start, end, value in values
    ]
    ids = await tx.conn.execute(
        sa.insert(factor_value).returning(factor_value.c.version_id, sort_by_parameter_order=True), rows
    )
    return int(max(ids.scalars()))


def _visible(
    factor_set_id: UUID, as_of: datetime | None, start: datetime | None, end: datetime | None
) -> sa.Select[Any]:
    """Values that were there at a time, and hold for some of ``[start, end)``."""
    table = factor_value.c
    query = sa.select(factor_value).where(table.factor_set_id == factor_set_id)
    if as_of is not None:
        query = query.where(table.create_time <= as_of)
    if start is not None:
        query = query.where(table.end_time.is_(None) | (table.end_time > start))
    return query if end is None else query.where(table.start_time < end)


async def values_page(
    tx: Tx,
    factor_set_id: UUID,
    *,
    start: datetime | None,
    end: datetime | None,
    after: int | None,
    limit: int,
) -> list[FactorValue]:
    """Values as they were given, newest first, from behind a version on."""
    query = _visible(factor_set_id, None, start, end)
    if after is not None:
        query = query.where(factor_value.c.version_id < after)
    rows = await tx.conn.execute(query.order_by(factor_value.c.version_id.desc()).limit(limit))
    return [_value(row) for row in rows.mappings()]


async def segments(
    tx: Tx,
    factor_set_ids: Iterable[UUID],
    as_of: datetime | None,
    start: datetime | None,
    end: datetime | None,
) -> dict[UUID, list[Segment]]:
    """What holds when within ``[start, end)``, of each set."""
    found = {}
    for one in factor_set_ids:
        rows = await tx.conn.execute(_visible(one, as_of, start, end))
        found[one] = painted([_value(row) for row in rows.mappings()])
    return found


def _value(row: sa.RowMapping) -> FactorValue:
    names = ("version_id", "start_time", "end_time", "value", "created_by", "create_time")
    return FactorValue(*(row[name] for name in names))
