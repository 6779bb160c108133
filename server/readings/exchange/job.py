"""The job that brings a file in. It may be killed and run again at any line: blocks are stored once."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.hints import Hints
from server.platform.outbox import OutboxEvent
from server.platform.uow import UnitOfWork
from server.readings.domain import Block
from server.readings.exchange import store
from server.readings.exchange.app import channel_kinds, topic
from server.readings.exchange.convert import wire_import
from server.readings.exchange.csv_file import (
    Batch,
    ChannelKind,
    CsvFile,
    channels_in,
    count_rows,
)
from server.readings.exchange.domain import Counts, CsvFormat, ImportJob, RowError
from server.readings.exchange.errors import FileUnreadable
from server.readings.exchange.ports import BlockSink, Kept
from server.readings.exchange.translating import Translated, translated
from server.readings.exchange.translators import TRANSLATORS
from server.readings.exchange.unpacking import unpacked
from server.readings.ports import ChannelDirectory
from simba.readings.v1 import events_pb2

_IN_MEMORY = 32 << 20
_COLUMNS = {"time_ms": "time_column", "value_micro": "value_column", "channel": "channel_column"}


@dataclass(frozen=True, slots=True)
class RunImport:
    """Runs one import to its end."""

    uow: UnitOfWork
    directory: ChannelDirectory
    sink: BlockSink
    hints: Hints

    async def __call__(self, import_id: str) -> None:
        """Reads the file batch by batch, stores each, and tells how far it is."""
        job = await self._begin(UUID(import_id))
        if job is None:
            return
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            await self._fetch(job, file)
            try:
                counts = await self._read(job, file)
            except FileUnreadable as error:
                await self._end(job, "FAILED", error=str(error))
                return
        await self._end(replace(job, counts=counts), "SUCCEEDED")

    async def _begin(self, import_id: UUID) -> ImportJob | None:
        async with self.uow() as tx:
            job = await store.get(tx, import_id)
            if job.over:
                return None
            await store.set_state(tx, import_id, "RUNNING", start_time=tx.now)
        return replace(job, state="RUNNING")

    async def _fetch(self, job: ImportJob, file: IO[bytes]) -> None:
        async with self.uow() as tx:
            async for part in store.parts(tx, job.import_id):
                file.write(part)

    async def _read(self, job: ImportJob, file: IO[bytes]) -> Counts:
        tenant_id = current_caller().tenant_id
        file.seek(0)
        csv, foreign = job.csv, None
        if csv.format in TRANSLATORS:
            foreign = await asyncio.to_thread(translated, file, csv)
            file, csv = foreign.file, foreign.csv
        total = await asyncio.to_thread(lambda: count_rows(unpacked(file)))
        total += len(foreign.errors) if foreign else 0
        counts = Counts(total=total)
        async with self.uow() as tx:
            known_before = await store.finished_before(tx, job)
        kinds = await self._kinds(tenant_id, csv, file)
        file.seek(0)
        batches = CsvFile(unpacked(file), csv, kinds).batches()
        if foreign is not None:
            batches = foreign.batches(batches)
        sequence = 0
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            kept = Kept(0, duplicate=False, repeated=0, refused=())
            if len(batch.channel):
                kept = await self.sink.store(
                    tenant_id, _block(job, sequence, batch), validate_only=job.validate_only
                )
            sequence += 1
            errors = [*batch.errors, *_refused(csv, foreign, batch, kept)]
            counts = _counted(counts, batch, kept, errors, known_before=known_before)
            async with self.uow() as tx:
                await store.add_errors(tx, job.import_id, errors)
                await store.set_counts(tx, job.import_id, counts)
            await self.hints.give([topic(job.import_id)])
        return replace(counts, total=counts.done)

    async def _kinds(self, tenant_id: UUID, csv: CsvFormat, file: IO[bytes]) -> dict[int, ChannelKind]:
        """The channels that rows may name: those of the format, else whatever numbers the file has."""
        if csv.channel_map or not csv.channel_column:
            return await channel_kinds(self.directory, tenant_id, csv)
        file.seek(0)
        numbers = await asyncio.to_thread(channels_in, unpacked(file), csv)
        named = replace(csv, channel_map={str(number): number for number in numbers})
        return await channel_kinds(self.directory, tenant_id, named)

    async def _end(self, job: ImportJob, state: str, *, error: str = "") -> None:
        async with self.uow() as tx:
            await store.set_state(tx, job.import_id, state, error=error, end_time=tx.now)
            if state == "SUCCEEDED":
                await store.set_counts(tx, job.import_id, job.counts)
            await store.drop_file(tx, job.import_id)
            over = await store.get(tx, job.import_id)
            await tx.emit(
                OutboxEvent(
                    type="data.import_finished",
                    subject=f"imports/{job.import_id}",
                    payload=events_pb2.ImportFinished(import_job=wire_import(over)),
                    severity="INFO" if state == "SUCCEEDED" else "WARNING",
                )
            )
        await self.hints.give([topic(job.import_id)])


def _block(job: ImportJob, sequence: int, batch: Batch) -> Block:
    return Block(
        source=job.source,
        sequence=sequence,
        channel=batch.channel,
        time_ms=batch.time_ms,
        value_micro=batch.value_micro,
        quality=batch.quality,
    )


def _refused(csv: CsvFormat, foreign: Translated | None, batch: Batch, kept: Kept) -> Sequence[RowError]:
    """Rows that ingest refused, as lines of the file."""

    def column(field: str) -> str:
        ours = getattr(csv, _COLUMNS.get(field, ""), field)
        return ours if foreign is None else foreign.columns.get(ours, ours)

    return [
        RowError(
            int(batch.line[one.row]),
            column(one.field),
            one.value,
            one.description,
            one.reason,
        )
        for one in kept.refused
    ]


def _counted(
    counts: Counts, batch: Batch, kept: Kept, errors: Sequence[RowError], *, known_before: bool
) -> Counts:
    """The counts after a batch. A block that this import itself had stored, before it was killed, is new."""
    good = len(batch.channel) - len(kept.refused)
    again = good if kept.duplicate and known_before else kept.repeated
    return replace(
        counts,
        done=counts.done + batch.rows,
        stored=counts.stored + good - again,
        duplicates=counts.duplicates + batch.repeated + again,
        rejected=counts.rejected + len(errors),
    )
