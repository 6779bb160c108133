"""The job that writes a file.

Killed and run again it goes on behind the last series that was stored: pieces and progress are one
transaction, and the whole file shows the version that was fixed when it was asked for. A workbook is the
exception: it is written whole, so that it begins anew.
"""

import asyncio
import gzip
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import IO
from uuid import UUID

import numpy as np

from server.platform.caller import current_caller
from server.platform.hints import Hints
from server.platform.uow import Tx, UnitOfWork
from server.readings.domain import UInt64s
from server.readings.exports import store
from server.readings.exports.app import FORGET_JOB, QUEUE, topic
from server.readings.exports.domain import Export, Values
from server.readings.exports.errors import CannotWrite
from server.readings.exports.formats import STREAMED
from server.readings.exports.formats.base import Format
from server.readings.exports.formats.workbook import Sheets
from server.readings.exports.source import Source

KEPT = timedelta(days=1)
"""How long a file is kept."""
_CELLS = 200_000
"""Intervals that one step takes, about."""
_MOST_SERIES = 500
_USUAL_MS = 1_800_000
_IN_MEMORY = 32 << 20


@dataclass(frozen=True, slots=True)
class RunExport:
    """Writes one file."""

    uow: UnitOfWork
    source: Source
    hints: Hints

    async def __call__(self, export_id: str) -> None:
        """Step by step, and tells how far it is."""
        begun = await self._begin(UUID(export_id))
        if begun is None:
            return
        export, series = begun
        try:
            if export.wish.format in STREAMED:
                await self._stream(export, series)
            else:
                await self._whole(export, series)
        except CannotWrite as error:
            await self._fail(export.export_id, str(error))
        await self.hints.give([topic(export.export_id)])

    async def _begin(self, export_id: UUID) -> tuple[Export, UInt64s] | None:
        async with self.uow() as tx:
            export = await store.get(tx, export_id, lock=True)
            if export.over:
                return None
            if export.state == "PENDING":
                export = replace(export, state="RUNNING", start_time=tx.now)
                await store.update(tx, export_id, state="RUNNING", start_time=tx.now)
            return export, await store.series_of(tx, export_id)

    async def _stream(self, export: Export, series: UInt64s) -> None:
        style = STREAMED[export.wish.format](export.wish, export.create_time)
        while True:
            numbers = series[export.done : export.done + _at_once(export)]
            found = await self.source.values(current_caller().tenant_id, export, numbers)
            content = await asyncio.to_thread(_piece, style, export, found, len(numbers))
            done = export.done + len(numbers)
            async with self.uow() as tx:
                now = await store.get(tx, export.export_id, lock=True)
                if now.over or now.done != export.done:
                    return
                parts = await store.add_parts(tx, export.export_id, export.parts, content)
                export = replace(
                    export,
                    done=done,
                    rows=export.rows + sum(map(len, found)),
                    size=export.size + len(content),
                    parts=parts,
                )
                await self._note(tx, export)
                if done >= len(series):
                    await self._finish(tx, export.export_id)
                    return
            await self.hints.give([topic(export.export_id)])

    async def _whole(self, export: Export, series: UInt64s) -> None:
        sheets, rows = Sheets(), 0
        for first in range(0, len(series), _at_once(export)):
            numbers = series[first : first + _at_once(export)]
            found = await self.source.values(current_caller().tenant_id, export, numbers)
            for one in found:
                await asyncio.to_thread(sheets.series, export.wish, one)
            rows += sum(map(len, found))
            async with self.uow() as tx:
                if (await store.get(tx, export.export_id, lock=True)).over:
                    return
                await store.update(tx, export.export_id, done=first + len(numbers), rows=rows)
            await self.hints.give([topic(export.export_id)])
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            await asyncio.to_thread(sheets.save, file)
            size = file.tell()
            async with self.uow() as tx:
                if (await store.get(tx, export.export_id, lock=True)).over:
                    return
                parts = 0
                for content in _parts_of(file):
                    parts = await store.add_parts(tx, export.export_id, parts, content)
                await self._note(tx, replace(export, done=len(series), rows=rows, size=size, parts=parts))
                await self._finish(tx, export.export_id)

    async def _note(self, tx: Tx, export: Export) -> None:
        counts = {name: getattr(export, name) for name in ("done", "rows", "size", "parts")}
        await store.update(tx, export.export_id, **counts)

    async def _finish(self, tx: Tx, export_id: UUID) -> None:
        digest, part = hashlib.sha256(), 0
        while (content := await store.part_of(tx, export_id, part)) is not None:
            digest.update(content)
            part += 1
        await store.update(tx, export_id, state="SUCCEEDED", sha256=digest.hexdigest(), end_time=tx.now)
        await tx.defer(FORGET_JOB, queue=QUEUE, schedule_at=tx.now + KEPT, export_id=str(export_id))

    async def _fail(self, export_id: UUID, error: str) -> None:
        async with self.uow() as tx:
            if not (await store.get(tx, export_id, lock=True)).over:
                await store.drop_file(tx, export_id)
                await store.update(tx, export_id, state="FAILED", error=error, end_time=tx.now)


@dataclass(frozen=True, slots=True)
class ForgetExport:
    """Forgets the file of an export; what is known of it stays."""

    uow: UnitOfWork

    async def __call__(self, export_id: str) -> None:
        """Once."""
        async with self.uow() as tx:
            await store.drop_file(tx, UUID(export_id))


def _at_once(export: Export) -> int:
    """Series that one step takes."""
    cells = (export.wish.end_ms - export.wish.start_ms) // _USUAL_MS + 1
    return int(np.clip(_CELLS // cells, 1, _MOST_SERIES))


def _piece(style: Format, export: Export, found: list[Values], series: int) -> bytes:
    """What a step adds to the file: with gzip a member of its own, for members may follow one another."""
    pieces = [style.series(one) for one in found]
    content = style.between.join(piece for piece in pieces if piece)
    if export.done == 0:
        content = style.head() + content
    elif content and export.rows:
        content = style.between + content
    if export.done + series >= export.total:
        content += style.tail()
    return gzip.compress(content, mtime=0) if export.wish.gzip and content else content


def _parts_of(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while content := file.read(store.PART_BYTES):
        yield content
