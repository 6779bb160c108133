"""Imports and exports of the inventory in PostgreSQL."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices.errors import InventoryExportNotFound, InventoryImportNotFound
from server.devices.files.domain import Counts, ExportJob, Flaw, ImportJob, RowError
from server.devices.files.tables import (
    inventory_export,
    inventory_file_part,
    inventory_import,
    inventory_import_error,
)
from server.platform.uow import Tx

PART_BYTES = 4 << 20
_COUNTS = tuple(asdict(Counts()))
_part, _error = inventory_file_part.c, inventory_import_error.c


async def insert_import(tx: Tx, job: ImportJob) -> None:
    """Stores a new import."""
    values = asdict(job)
    counts = values.pop("counts")
    await tx.conn.execute(sa.insert(inventory_import).values(tenant_id=tx.tenant_id, **values, **counts))


async def get_import(tx: Tx, import_id: UUID) -> ImportJob:
    """One import. Raises InventoryImportNotFound."""
    rows = await tx.conn.execute(sa.select(inventory_import).where(_import(tx, import_id)))
    row = rows.mappings().one_or_none()
    if row is None:
        raise InventoryImportNotFound(import_id)
    return _read_import(row)


async def page(tx: Tx, *, before: UUID | None, limit: int) -> list[ImportJob]:
    """Imports, newest first."""
    table = inventory_import
    query = sa.select(table).where(table.c.tenant_id == tx.tenant_id)
    if before is not None:
        query = query.where(table.c.import_id < before)
    rows = await tx.conn.execute(query.order_by(table.c.import_id.desc()).limit(limit))
    return [_read_import(row) for row in rows.mappings()]


async def set_import(tx: Tx, import_id: UUID, **values: Any) -> None:
    """Writes columns of an import."""
    await tx.conn.execute(sa.update(inventory_import).where(_import(tx, import_id)).values(**values))


async def add_errors(tx: Tx, import_id: UUID, errors: Iterable[RowError]) -> None:
    """Stores flaws of refused rows."""
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "import_id": import_id,
            "row_place": one.place[0],
            "flaw_place": one.place[1],
            "sheet": _plain(one.sheet),
            "line": one.line,
            "column_name": _plain(one.flaw.column),
            "value": _plain(one.flaw.value),
            "description": _plain(one.flaw.description),
            "reason": one.flaw.reason,
        }
        for one in errors
    ]
    if rows:
        await tx.conn.execute(pg.insert(inventory_import_error).on_conflict_do_nothing(), rows)


async def errors_after(
    tx: Tx, import_id: UUID, *, after: tuple[int, int] | None, limit: int
) -> list[RowError]:
    """Flaws in the order of the rows."""
    place = sa.tuple_(_error.row_place, _error.flaw_place)
    query = sa.select(inventory_import_error).where(
        _error.tenant_id == tx.tenant_id, _error.import_id == import_id
    )
    if after is not None:
        query = query.where(place > after)
    rows = await tx.conn.execute(query.order_by(_error.row_place, _error.flaw_place).limit(limit))
    return [
        RowError(
            (row["row_place"], row["flaw_place"]),
            row["sheet"],
            row["line"],
            Flaw(row["column_name"], row["value"], row["description"], row["reason"]),
        )
        for row in rows.mappings()
    ]


async def insert_export(tx: Tx, job: ExportJob) -> None:
    """Stores a new export."""
    await tx.conn.execute(sa.insert(inventory_export).values(tenant_id=tx.tenant_id, **asdict(job)))


async def get_export(tx: Tx, export_id: UUID) -> ExportJob:
    """One export. Raises InventoryExportNotFound."""
    rows = await tx.conn.execute(sa.select(inventory_export).where(_export(tx, export_id)))
    row = rows.mappings().one_or_none()
    if row is None:
        raise InventoryExportNotFound(export_id)
    return ExportJob(**{name: row[name] for name in ExportJob.__dataclass_fields__})


async def set_export(tx: Tx, export_id: UUID, **values: Any) -> None:
    """Writes columns of an export."""
    await tx.conn.execute(sa.update(inventory_export).where(_export(tx, export_id)).values(**values))


async def put_file(tx: Tx, file_id: UUID, file: IO[bytes]) -> None:
    """Stores a file, in the place of what there may be."""
    await drop_file(tx, file_id)
    part = 0
    while content := file.read(PART_BYTES):
        await tx.conn.execute(
            sa.insert(inventory_file_part).values(
                tenant_id=tx.tenant_id, file_id=file_id, part=part, content=content
            )
        )
        part += 1


async def parts(tx: Tx, file_id: UUID) -> AsyncIterator[bytes]:
    """The pieces of a file, in order, one at a time."""
    part = 0
    while (content := await part_of(tx, file_id, part)) is not None:
        yield content
        part += 1


async def part_of(tx: Tx, file_id: UUID, part: int) -> bytes | None:
    """One piece of a file; None: there are not so many."""
    query = sa.select(_part.content).where(_file(tx, file_id), _part.part == part)
    content: bytes | None = await tx.conn.scalar(query)
    return content


async def drop_file(tx: Tx, file_id: UUID) -> None:
    """Forgets a file."""
    await tx.conn.execute(sa.delete(inventory_file_part).where(_file(tx, file_id)))


def _import(tx: Tx, import_id: UUID) -> sa.ColumnElement[bool]:
    table = inventory_import.c
    return sa.and_(table.tenant_id == tx.tenant_id, table.import_id == import_id)


def _export(tx: Tx, export_id: UUID) -> sa.ColumnElement[bool]:
    table = inventory_export.c
    return sa.and_(table.tenant_id == tx.tenant_id, table.export_id == export_id)


def _file(tx: Tx, file_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(_part.tenant_id == tx.tenant_id, _part.file_id == file_id)


def _read_import(row: sa.RowMapping) -> ImportJob:
    own = {name: row[name] for name in ImportJob.__dataclass_fields__ if name != "counts"}
    return ImportJob(**own, counts=Counts(**{name: row[name] for name in _COUNTS}))


def _plain(text: str) -> str:
    """PostgreSQL holds no NUL in texts, and nobody holds half a character."""
    return text.replace("\x00", "�").encode(errors="replace").decode()
