"""Tariffs and their versions in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.billing import tables, tariff_document
from server.billing.errors import Taken, TariffNotFound
from server.billing.parties import Tariff
from server.billing.tariff import Version
from server.platform.ids import new_id
from server.platform.resource_store import ResourceStore, attributes_of, columns_of
from server.platform.uow import Tx
from simba.billing.v1 import tariff_pb2

_version = tables.tariff_version


_TARIFF = ("tariff_id", "code", "display_name", "commodity", "currency", "time_zone")

TARIFFS = ResourceStore[Tariff](
    "tariff",
    tables.tariff,
    tables.external_id,
    read=lambda row, names, stored: Tariff(
        **columns_of(row, *_TARIFF), versions=(), external_ids=names, stored=stored
    ),
    write=lambda tariff: attributes_of(tariff, *_TARIFF),
    missing=TariffNotFound,
    unique={"tariff_code_unique": "code"},
    taken=Taken,
    message=tariff_pb2.Tariff,
)
"""Tariffs without their versions; see :func:`with_versions`."""


async def with_versions(tx: Tx, tariffs: Sequence[Tariff]) -> list[Tariff]:
    """The tariffs with their versions, in order of first days."""
    query = (
        sa.select(_version)
        .where(
            _version.c.tenant_id == tx.tenant_id,
            _version.c.tariff_id.in_([tariff.tariff_id for tariff in tariffs]),
        )
        .order_by(_version.c.tariff_id, _version.c.effective_from.asc().nulls_first())
    )
    versions: dict[UUID, list[Version]] = {}
    for row in (await tx.conn.execute(query)).mappings():
        versions.setdefault(row["tariff_id"], []).append(_read(row))
    return [replace(one, versions=tuple(versions.get(one.tariff_id, ()))) for one in tariffs]


def _read(row: Mapping[Any, Any]) -> Version:
    content = tariff_document.read(row["content"])
    return Version(row["effective_from"], content, row["content_sha256"], row["used_until"])


def told(tariff: Tariff) -> dict[str, Any]:
    """The versions of a tariff, as the history tells them."""
    return {
        "versions": [
            {"effective_from": one.effective_from, **tariff_document.write(one.content)}
            for one in tariff.versions
        ]
    }


async def write_versions(tx: Tx, tariff_id: UUID, old: Sequence[Version], new: Sequence[Version]) -> None:
    """Makes the stored versions be ``new``; those that stay as they are keep their row."""
    kept = {one.effective_from: one.sha256 for one in new}
    gone = [one.effective_from for one in old if kept.get(one.effective_from) != one.sha256]
    for first in gone:
        await tx.conn.execute(
            sa.delete(_version).where(
                _version.c.tenant_id == tx.tenant_id,
                _version.c.tariff_id == tariff_id,
                _version.c.effective_from.is_not_distinct_from(first),
            )
        )
    known = {one.effective_from: one.sha256 for one in old}
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "tariff_id": tariff_id,
            "version_id": new_id(),
            "effective_from": one.effective_from,
            "content": tariff_document.write(one.content),
            "content_sha256": one.sha256,
            "used_until": None,
        }
        for one in new
        if known.get(one.effective_from) != one.sha256
    ]
    if rows:
        await tx.conn.execute(sa.insert(_version), rows)


async def mark_used(tx: Tx, used: Mapping[tuple[UUID, date | None], date]) -> None:
    """Freezes versions, by (tariff, first day), until the last day that a bill priced with them."""
    for (tariff_id, effective_from), until in sorted(used.items(), key=lambda one: str(one[0])):
        await tx.conn.execute(
            sa.update(_version)
            .where(
                _version.c.tenant_id == tx.tenant_id,
                _version.c.tariff_id == tariff_id,
                _version.c.effective_from.is_not_distinct_from(effective_from),
                sa.func.coalesce(_version.c.used_until, date.min) < until,
            )
            .values(used_until=until)
        )
