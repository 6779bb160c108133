"""Derived series in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.resource_store import ExternalId, ResourceStore, Row, Stored, attributes_of, columns_of
from server.platform.uow import Tx
from server.readings.derived.domain import Content, DerivedSeries, Input, Missing, Source, Version
from server.readings.derived.errors import DerivedSeriesNotFound
from server.readings.derived.tables import derived_series, derived_series_version

_OWN = (
    "derived_series_id",
    "display_name",
    "description",
    "unit",
    "interval_seconds",
    "time_zone",
    "number",
    "version_id",
    "effective_from",
    "created_by",
)


def document(content: Content) -> dict[str, Any]:
    """A content as it is stored."""
    return {
        "formula": content.formula,
        "inputs": [
            {
                "name": one.name,
                "source": int(one.source),
                "series": list(one.series),
                "node_id": None if one.node_id is None else str(one.node_id),
                "quantity": one.quantity,
                "derived_series_id": None if one.derived_series_id is None else str(one.derived_series_id),
                "factor_set_id": None if one.factor_set_id is None else str(one.factor_set_id),
                "value": None if one.value is None else str(one.value),
                "unit": one.unit,
                "missing": int(one.missing),
            }
            for one in content.inputs
        ],
    }


def content_of(stored: Mapping[str, Any]) -> Content:
    """A content from what is stored."""

    def maybe(text: str | None) -> UUID | None:
        return None if text is None else UUID(text)

    return Content(
        stored["formula"],
        tuple(
            Input(
                name=one["name"],
                source=Source(one["source"]),
                series=tuple(one["series"]),
                node_id=maybe(one["node_id"]),
                quantity=one["quantity"],
                derived_series_id=maybe(one["derived_series_id"]),
                factor_set_id=maybe(one["factor_set_id"]),
                value=None if one["value"] is None else Decimal(one["value"]),
                unit=one["unit"],
                missing=Missing(one["missing"]),
            )
            for one in stored["inputs"]
        ),
    )


def _read(row: Row, _: tuple[ExternalId, ...], stored: Stored) -> DerivedSeries:
    return DerivedSeries(**columns_of(row, *_OWN), content=content_of(row["content"]), stored=stored)


def _write(one: DerivedSeries) -> dict[str, Any]:
    return {**attributes_of(one, *_OWN), "content": document(one.content)}


all_series: ResourceStore[DerivedSeries] = ResourceStore(
    "derived_series",
    derived_series,
    read=_read,
    write=_write,
    missing=DerivedSeriesNotFound,
    unique={"derived_series_display_name": "display_name"},
)


async def add_version(tx: Tx, one: DerivedSeries) -> int:
    """Stores the newest version of one; returns its id."""
    table = derived_series_version
    version_id: int = (
        await tx.conn.execute(
            sa.insert(table)
            .values(
                tenant_id=tx.tenant_id,
                content=document(one.content),
                create_time=tx.now,
                **attributes_of(one, "derived_series_id", "number", "effective_from", "created_by"),
            )
            .returning(table.c.version_id)
        )
    ).scalar_one()
    return version_id


async def versions_page(tx: Tx, derived_series_id: UUID, *, after: int | None, limit: int) -> list[Version]:
    """Versions of one, newest first, from behind the number ``after`` on."""
    table = derived_series_version
    query = sa.select(table).where(table.c.derived_series_id == derived_series_id)
    if after is not None:
        query = query.where(table.c.number < after)
    rows = await tx.conn.execute(query.order_by(table.c.number.desc()).limit(limit))
    return [_version(row) for row in rows.mappings()]


async def versions_of(tx: Tx, ids: Sequence[UUID], as_of: datetime | None) -> dict[UUID, list[Version]]:
    """All versions of some that were there at a time, or are now, oldest first."""
    table = derived_series_version
    query = sa.select(table).where(table.c.derived_series_id.in_(ids))
    if as_of is not None:
        query = query.where(table.c.create_time <= as_of)
    found: dict[UUID, list[Version]] = {one: [] for one in ids}
    for row in (await tx.conn.execute(query.order_by(table.c.number))).mappings():
        found[row["derived_series_id"]].append(_version(row))
    return found


async def users_of(tx: Tx, derived_series_id: UUID) -> list[DerivedSeries]:
    """Those, not archived, whose newest version has it as an input."""
    asked = {"inputs": [{"derived_series_id": str(derived_series_id)}]}
    where = [derived_series.c.content.contains(asked)]
    return await all_series.page(tx, where=where, after=None, limit=1)


def _version(row: sa.RowMapping) -> Version:
    return Version(
        row["version_id"],
        row["derived_series_id"],
        row["number"],
        row["effective_from"],
        content_of(row["content"]),
        row["created_by"],
        row["create_time"],
    )
