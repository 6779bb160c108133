"""Exports in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from server.platform.uow import Tx
from server.readings.domain import UInt64s
from server.readings.exports.domain import Export, Wish
from server.readings.exports.errors import ReadingExportNotFound
from server.readings.exports.tables import reading_export, reading_export_part

PART_BYTES = 4 << 20
_COUNTS = ("watermark", "total", "done", "rows", "size", "parts", "sha256", "error")
_FIELDS = [column for column in reading_export.c if column.name not in {"series", "tenant_id"}]
_part = reading_export_part.c


async def insert(tx: Tx, export: Export, series: UInt64s) -> None:
    """A new one."""
    values = {name: getattr(export, name) for name in (*_COUNTS, "state", "create_time")}
    await tx.conn.execute(
        sa.insert(reading_export).values(
            tenant_id=tx.tenant_id,
            reading_export_id=export.export_id,
            wish=_stored(export.wish),
            series=series.astype("<u8").tobytes(),
            **values,
        )
    )


def _stored(wish: Wish) -> dict[str, Any]:
    said = asdict(wish)
    return said | {
        "usage_point_ids": [str(one) for one in wish.usage_point_ids],
        "node_id": str(wish.node_id) if wish.node_id else None,
    }


async def get(tx: Tx, export_id: UUID, *, lock: bool = False) -> Export:
    """One. Raises ReadingExportNotFound."""
    query = sa.select(*_FIELDS).where(_mine(tx, export_id))
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if row is None:
        raise ReadingExportNotFound(export_id)
    return _read(row)


async def series_of(tx: Tx, export_id: UUID) -> UInt64s:
    """The numbers of its series, in order."""
    content = await tx.conn.scalar(sa.select(reading_export.c.series).where(_mine(tx, export_id)))
    return np.frombuffer(content or b"", "<u8").astype(np.uint64)


async def page(tx: Tx, *, before: UUID | None, limit: int) -> Sequence[Export]:
    """Many, newest first."""
    query = sa.select(*_FIELDS).where(reading_export.c.tenant_id == tx.tenant_id)
    if before is not None:
        query = query.where(reading_export.c.reading_export_id < before)
    rows = await tx.conn.execute(query.order_by(reading_export.c.reading_export_id.desc()).limit(limit))
    return [_read(row) for row in rows.mappings()]


async def update(tx: Tx, export_id: UUID, **values: Any) -> None:
    """Writes columns."""
    await tx.conn.execute(sa.update(reading_export).where(_mine(tx, export_id)).values(**values))


async def add_parts(tx: Tx, export_id: UUID, first: int, content: bytes) -> int:
    """Appends to the file; returns how many parts it has then."""
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "reading_export_id": export_id,
            "part": first + number,
            "content": content[start : start + PART_BYTES],
        }
        for number, start in enumerate(range(0, len(content), PART_BYTES))
    ]
    if rows:
        await tx.conn.execute(sa.insert(reading_export_part), rows)
    return first + len(rows)


async def part_of(tx: Tx, export_id: UUID, part: int) -> bytes | None:
    """One piece of the file; None: there are not so many."""
    query = sa.select(_part.content).where(_file(tx, export_id), _part.part == part)
    content: bytes | None = await tx.conn.scalar(query)
    return content


async def sizes(tx: Tx, export_id: UUID) -> list[int]:
    """Bytes of each part."""
    query = sa.select(sa.func.length(_part.content)).where(_file(tx, export_id)).order_by(_part.part)
    return list((await tx.conn.execute(query)).scalars())


async def drop_file(tx: Tx, export_id: UUID) -> None:
    """Forgets the file."""
    await tx.conn.execute(sa.delete(reading_export_part).where(_file(tx, export_id)))


def _mine(tx: Tx, export_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(
        reading_export.c.tenant_id == tx.tenant_id, reading_export.c.reading_export_id == export_id
    )


def _file(tx: Tx, export_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(_part.tenant_id == tx.tenant_id, _part.reading_export_id == export_id)


def _read(row: sa.RowMapping) -> Export:
    said = dict(row["wish"])
    wish = Wish(
        **{
            **said,
            "usage_point_ids": tuple(map(UUID, said["usage_point_ids"])),
            "series": tuple(said["series"]),
            "quantities": tuple(said["quantities"]),
            "node_id": UUID(said["node_id"]) if said["node_id"] else None,
        }
    )
    return Export(
        row["reading_export_id"],
        wish,
        row["state"],
        **{name: row[name] for name in (*_COUNTS, "create_time", "start_time", "end_time")},
    )
