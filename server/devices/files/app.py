"""Use cases of files: take one, look how far it is, what was refused; ask for one, fetch it."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from uuid import UUID

from server.devices.files import store
from server.devices.files.domain import FORMATS, ExportJob, ImportJob, RowError
from server.devices.stores import nodes
from server.platform.errors import FailedPrecondition, InvalidField
from server.platform.hints import Hints
from server.platform.history import CREATED
from server.platform.ids import new_id
from server.platform.personal import sees_personal_data
from server.platform.uow import UnitOfWork

IMPORT_JOB = "devices.import_inventory"
EXPORT_JOB = "devices.export_inventory"
FORGET_JOB = "devices.forget_inventory_file"
QUEUE = "imports"
_IN_MEMORY = 8 << 20
_LOOK_SECONDS = 1.0
_LARGEST_ANSWER = 64 << 20


class ExportNotReady(FailedPrecondition):
    """The file is not written, or was kept for a day and is gone."""

    reason = "STATE_TRANSITION_INVALID"


def topic(import_id: UUID) -> str:
    """Name of the hint that an import moved on."""
    return f"inventory:{import_id}"


class InventoryImports:
    """Create, upload, get, list, errors, watch."""

    def __init__(self, uow: UnitOfWork, hints: Hints) -> None:
        self._uow = uow
        self._hints = hints

    async def create(self, wanted: ImportJob, content: bytes) -> ImportJob:
        """Takes a small file. Raises InvalidField for a format that nobody can tell."""

        async def whole() -> AsyncGenerator[bytes]:
            yield content

        return await self.upload(wanted, whole())

    async def upload(self, wanted: ImportJob, chunks: AsyncIterable[bytes]) -> ImportJob:
        """Takes a file of any size: on disk until it is whole, then in one transaction with its job."""
        wanted = _settled(wanted)
        digest = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            async for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            if not file.tell():
                raise InvalidField("content", "the file is empty", "min_len")
            file.seek(0)
            async with self._uow() as tx:
                job = replace(
                    wanted,
                    import_id=new_id(),
                    sha256=digest.hexdigest(),
                    personal=sees_personal_data(),
                    state="PENDING",
                    create_time=tx.now,
                )
                await store.insert_import(tx, job)
                await store.put_file(tx, job.import_id, file)
                await tx.defer(IMPORT_JOB, queue=QUEUE, import_id=str(job.import_id))
                told = {"file_name": job.file_name, "sha256": job.sha256, "validate_only": job.validate_only}
                await tx.changed(
                    kind="inventory_import", resource_id=job.import_id, action=CREATED, after=told
                )
            return job

    async def get(self, import_id: UUID) -> ImportJob:
        """One. Raises InventoryImportNotFound."""
        async with self._uow() as tx:
            return await store.get_import(tx, import_id)

    async def page(self, *, before: UUID | None, limit: int) -> Sequence[ImportJob]:
        """Many, newest first."""
        async with self._uow() as tx:
            return await store.page(tx, before=before, limit=limit)

    async def errors(
        self, import_id: UUID, *, after: tuple[int, int] | None, limit: int
    ) -> Sequence[RowError]:
        """Flaws of refused rows."""
        async with self._uow() as tx:
            await store.get_import(tx, import_id)
            return await store.errors_after(tx, import_id, after=after, limit=limit)

    async def watch(self, import_id: UUID) -> AsyncGenerator[ImportJob]:
        """The import now, and again whenever it moved on, until it is over."""
        told: ImportJob | None = None
        with self._hints.on(topic(import_id)) as hinted:
            while told is None or not told.over:
                hinted.clear()
                now = await self.get(import_id)
                if now != told:
                    told = now
                    yield now
                if not now.over:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(hinted.wait(), _LOOK_SECONDS)


class InventoryExports:
    """Create, get, fetch."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, wanted: ExportJob) -> ExportJob:
        """Begins to write a file. Raises NodeNotFound, InvalidField for a CSV file without a kind."""
        if wanted.format == "CSV" and not wanted.kind:
            raise InvalidField("inventory_export.kind", "a CSV file has rows of one kind", "kind.csv")
        async with self._uow() as tx:
            if wanted.node_id is not None:
                await nodes.get(tx, wanted.node_id)
            job = replace(
                wanted,
                export_id=new_id(),
                personal=sees_personal_data(),
                state="PENDING",
                create_time=tx.now,
            )
            await store.insert_export(tx, job)
            await tx.defer(EXPORT_JOB, queue=QUEUE, export_id=str(job.export_id))
            told = {"kind": job.kind, "format": job.format, "node_id": job.node_id, "as_of": job.as_of}
            await tx.changed(kind="inventory_export", resource_id=job.export_id, action=CREATED, after=told)
        return job

    async def get(self, export_id: UUID) -> ExportJob:
        """One. Raises InventoryExportNotFound."""
        async with self._uow() as tx:
            return await store.get_export(tx, export_id)

    async def content(self, export_id: UUID) -> AsyncGenerator[bytes]:
        """The file piece by piece. Raises ExportNotReady."""
        part = 0
        while True:
            # A transaction a piece: whoever reads slowly holds none.
            async with self._uow() as tx:
                job = await store.get_export(tx, export_id)
                piece = await store.part_of(tx, export_id, part)
            if job.state != "SUCCEEDED" or (piece is None and part * store.PART_BYTES < job.size):
                raise ExportNotReady(f"the file of export {export_id} is not there", state=job.state)
            if piece is None:
                return
            yield piece
            part += 1

    async def whole(self, export_id: UUID) -> tuple[ExportJob, bytes]:
        """The file in one piece. Raises ExportNotReady, also for one that is too large."""
        job = await self.get(export_id)
        if job.size > _LARGEST_ANSWER:
            raise ExportNotReady(f"the file has {job.size} bytes: fetch it by DownloadInventoryExport")
        return job, b"".join([piece async for piece in self.content(export_id)])


def _settled(wanted: ImportJob) -> ImportJob:
    """With the format that the file's name tells, if it is not said."""
    file_format = wanted.format or FORMATS.get(
        PurePath(wanted.file_name).suffix.lower().removeprefix("."), ""
    )
    if not file_format:
        said = f"{wanted.file_name!r} does not end with one of {', '.join(FORMATS)}: say how it is written"
        raise InvalidField("inventory_import.format", said, "format.set")
    if file_format == "CSV" and not wanted.kind:
        raise InvalidField("inventory_import.kind", "say what the rows of a CSV file are about", "kind.csv")
    return replace(wanted, format=file_format)
