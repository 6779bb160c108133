"""Imports in PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.uow import Tx
from server.readings.exchange.domain import Counts, CsvFormat, ImportJob, RowError
from server.readings.exchange.errors import ImportNotFound
from server.readings.exchange.tables import import_error, import_job, import_part

_COUNTS = ("total", "done", "stored", "duplicates", "rejected")


def _mine(tx: Tx, table: sa.Table, import_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == tx.tenant_id, table.c.import_id == import_id)


async def insert(tx: Tx, job: ImportJob) -> None:
    """Stores a new import."""
    await tx.conn.execute(
        sa.insert(import_job).values(
            tenant_id=tx.tenant_id,
            import_id=job.import_id,
            file_name=job.file_name,
            csv={**asdict(job.csv), "channel_map": dict(job.csv.channel_map)},
            sha256=job.sha256,
            validate_only=job.validate_only,
            state=job.state,
            **asdict(job.counts),
            error=job.error,
            create_time=job.create_time,
        )
    )


async def add_part(tx: Tx, import_id: UUID, part: int, content: bytes) -> None:
    """Stores a piece of the file."""
    await tx.conn.execute(
        sa.insert(import_part).values(tenant_id=tx.tenant_id, import_id=import_id, part=part, content=content)
    )


async def parts(tx: Tx, import_id: UUID) -> AsyncIterator[bytes]:
    """The pieces of the file, in order, one at a time."""
    number = 0
    while True:
        query = sa.select(import_part.c.content).where(
            _mine(tx, import_part, import_id), import_part.c.part == number
        )
        content: bytes | None = await tx.conn.scalar(query)
        if content is None:
            return
        yield content
        number += 1


async def drop_file(tx: Tx, import_id: UUID) -> None:
    """Forgets the file; what became of it stays."""
    await tx.conn.execute(sa.delete(import_part).where(_mine(tx, import_part, import_id)))


async def get(tx: Tx, import_id: UUID) -> ImportJob:
    """One import. Raises ImportNotFound."""
    rows = await tx.conn.execute(sa.select(import_job).where(_mine(tx, import_job, import_id)))
    row = rows.mappings().one_or_none()
    if row is None:
        raise ImportNotFound(import_id)
    return _read(row)


async def page(tx: Tx, *, before: UUID | None, limit: int) -> list[ImportJob]:
    """Newest first."""
    query = sa.select(import_job).where(import_job.c.tenant_id == tx.tenant_id)
    if before is not None:
        query = query.where(import_job.c.import_id < before)
    rows = await tx.conn.execute(query.order_by(import_job.c.import_id.desc()).limit(limit))
    return [_read(row) for row in rows.mappings()]


async def finished_before(tx: Tx, job: ImportJob) -> bool:
    """Whether the same file was imported, in the same format, to the end before."""
    query = sa.select(import_job).where(
        import_job.c.tenant_id == tx.tenant_id,
        import_job.c.sha256 == job.sha256,
        import_job.c.state == "SUCCEEDED",
        import_job.c.validate_only.is_(False),
        import_job.c.import_id != job.import_id,
    )
    rows = (await tx.conn.execute(query)).mappings()
    return any(_read(row).source == job.source for row in rows)


async def set_state(tx: Tx, import_id: UUID, state: str, **values: Any) -> None:
    """Writes the state and whatever else is given."""
    statement = sa.update(import_job).where(_mine(tx, import_job, import_id))
    await tx.conn.execute(statement.values(state=state, **values))


async def set_counts(tx: Tx, import_id: UUID, counts: Counts) -> None:
    """Writes how far it is."""
    statement = sa.update(import_job).where(_mine(tx, import_job, import_id))
    await tx.conn.execute(statement.values(**asdict(counts)))


async def add_errors(tx: Tx, import_id: UUID, errors: Sequence[RowError]) -> None:
    """Stores refused rows; a row is refused once, however often the job runs."""
    if not errors:
        return
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "import_id": import_id,
            "line": one.line,
            "column_name": one.column,
            "value": one.value.replace("\x00", "�"),
            "description": one.description.replace("\x00", "�"),
            "reason": one.reason,
        }
        for one in errors
    ]
    await tx.conn.execute(pg.insert(import_error).on_conflict_do_nothing(), rows)


async def errors_after(tx: Tx, import_id: UUID, *, line: int, limit: int) -> list[RowError]:
    """Refused rows in order of line."""
    query = (
        sa.select(import_error)
        .where(_mine(tx, import_error, import_id), import_error.c.line > line)
        .order_by(import_error.c.line)
        .limit(limit)
    )
    return [
        RowError(row["line"], row["column_name"], row["value"], row["description"], row["reason"])
        for row in (await tx.conn.execute(query)).mappings()
    ]


def _read(row: sa.RowMapping) -> ImportJob:
    start: datetime | None = row["start_time"]
    return ImportJob(
        import_id=row["import_id"],
        file_name=row["file_name"],
        csv=CsvFormat(**row["csv"]),
        sha256=row["sha256"],
        validate_only=row["validate_only"],
        state=row["state"],
        counts=Counts(**{name: row[name] for name in _COUNTS}),
        error=row["error"],
        create_time=row["create_time"],
        start_time=start,
        end_time=row["end_time"],
    )
