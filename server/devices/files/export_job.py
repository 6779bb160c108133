"""The job that writes a file. Killed and run again, it begins anew: a file is there whole, or not at all."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, Protocol
from uuid import UUID

from server.devices.files import references, store
from server.devices.files.app import FORGET_JOB, QUEUE
from server.devices.files.columns import cells_of
from server.devices.files.domain import ExportJob
from server.devices.files.kinds import Kind
from server.devices.files.writing import writer_of
from server.platform.personal import HIDDEN
from server.platform.uow import Tx, UnitOfWork

_IN_MEMORY = 32 << 20
_PAGE = 1000
_KEPT = timedelta(days=1)


class RowSource(Protocol):
    """Gives the rows of one kind."""

    @property
    def heading(self) -> Sequence[str]:
        """Their columns."""

    def pages(self, uow: UnitOfWork, job: ExportJob, /) -> AsyncIterator[list[dict[str, str]]]:
        """The rows, page by page."""


@dataclass(frozen=True, slots=True)
class ResourceRows:
    """Rows that are resources, oldest first."""

    kind: Kind

    @property
    def heading(self) -> Sequence[str]:
        """The kind's columns."""
        return (*self.kind.heading, "archived")

    async def pages(self, uow: UnitOfWork, job: ExportJob) -> AsyncIterator[list[dict[str, str]]]:
        """Page by page, each of a moment of its own."""
        kind, after = self.kind, None
        while True:
            async with uow() as tx:
                where = [kind.below(tx, job.node_id, job.as_of)] if job.node_id else []
                found = await kind.store.page(
                    tx, where=where, after=after, limit=_PAGE, archived=job.show_archived
                )
                if not found:
                    return
                yield await self._rows(tx, found, job)
            after = (kind.store.id_of(found[-1]),)

    async def _rows(self, tx: Tx, found: Sequence[Any], job: ExportJob) -> list[dict[str, str]]:
        kind = self.kind
        columns = {column.name: column for column in kind.columns}
        wires: list[Any] = [kind.to_wire(one) for one in await kind.dress(tx, found, job.as_of)]
        rows = [cells_of(wire, columns) for wire in wires]
        for reference in kind.references:
            ids = [getattr(wire, reference.path) for wire in wires]
            what = "place" if reference.what == "parent" else reference.what
            names = await references.names_of(tx, what, {UUID(each) for each in ids if each})
            for row, each in zip(rows, ids, strict=True):
                if each:
                    row.update(zip(reference.names, names[UUID(each)], strict=True))
        for row, wire, one in zip(rows, wires, found, strict=True):
            del wire
            if one.stored.archived:
                row["archived"] = "true"
            for name in () if job.personal else kind.personal & row.keys():
                row[name] = HIDDEN
        return rows


@dataclass(frozen=True, slots=True)
class RunInventoryExport:
    """Writes one file."""

    uow: UnitOfWork
    sources: Mapping[str, RowSource]

    async def __call__(self, export_id: str) -> None:
        """Writes all rows, then keeps the file for a day."""
        async with self.uow() as tx:
            job = await store.get_export(tx, UUID(export_id))
            if job.over:
                return
            await store.set_export(tx, job.export_id, state="RUNNING")
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            done = await self._write(job, file)
            size, sha256 = await asyncio.to_thread(_measured, file)
            async with self.uow() as tx:
                await store.put_file(tx, job.export_id, file)
                await store.set_export(
                    tx,
                    job.export_id,
                    state="SUCCEEDED",
                    done=done,
                    size=size,
                    sha256=sha256,
                    end_time=tx.now,
                )
                await tx.defer(
                    FORGET_JOB, queue=QUEUE, schedule_at=tx.now + _KEPT, export_id=str(job.export_id)
                )

    async def _write(self, job: ExportJob, file: IO[bytes]) -> int:
        writer = writer_of(job.format, file)
        done = 0
        for kind in job.kinds:
            source = self.sources[kind]
            writer.begin(kind, source.heading)
            async for rows in source.pages(self.uow, job):
                await asyncio.to_thread(writer.rows, rows)
                done += len(rows)
                async with self.uow() as tx:
                    await store.set_export(tx, job.export_id, done=done)
        await asyncio.to_thread(writer.end)
        return done


@dataclass(frozen=True, slots=True)
class ForgetInventoryFile:
    """Forgets the file of an export; what it was stays told."""

    uow: UnitOfWork

    async def __call__(self, export_id: str) -> None:
        """When its day is over."""
        async with self.uow() as tx:
            await store.drop_file(tx, UUID(export_id))


def _measured(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return size, digest.hexdigest()
