"""The job that brings a file in. It may be killed and run again at any line: rows count once.

A part of the rows, how far the import is, and what was refused are one transaction.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Protocol
from uuid import UUID

from server.devices.files import store
from server.devices.files.app import topic
from server.devices.files.domain import KINDS, BadRow, Counts, FileUnreadable, ImportJob, Row, RowError
from server.devices.files.reading import rows_of
from server.devices.files.rows import Taken, counted
from server.devices.outcomes import trying
from server.platform.hints import Hints
from server.platform.uow import Tx, UnitOfWork

_IN_MEMORY = 32 << 20
_PART = 500


class Taker(Protocol):
    """Takes rows of one kind."""

    def look(self, rows: Sequence[Row], /) -> None:
        """Rows that were taken before."""

    async def take(self, tx: Tx, rows: Sequence[Row], /) -> Sequence[Taken]:
        """What became of each."""


class Takers(Protocol):
    """Makes the takers of an import."""

    def __call__(self, *, personal: bool) -> Mapping[str, Taker]:
        """By kind."""


Part = list[tuple[int, Row | BadRow]]
"""Rows of one kind with their places, in order."""


@dataclass(frozen=True, slots=True)
class RunInventoryImport:
    """Runs one import to its end."""

    uow: UnitOfWork
    takers: Takers
    hints: Hints

    async def __call__(self, import_id: str) -> None:
        """Reads the file part by part, takes each, and tells how far it is."""
        async with self.uow() as tx:
            job = await store.get_import(tx, UUID(import_id))
            if job.over:
                return
            await store.set_import(tx, job.import_id, state="RUNNING")
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            async with self.uow() as tx:
                async for piece in store.parts(tx, job.import_id):
                    file.write(piece)
            try:
                total = await asyncio.to_thread(lambda: sum(len(part) for part in _parts(job, file)))
                job = replace(job, counts=replace(job.counts, total=total))
                if job.validate_only:
                    await self._check(job, file)
                else:
                    await self._take(job, file)
            except FileUnreadable as error:
                await self._end(job, "FAILED", error=str(error))

    async def _take(self, job: ImportJob, file: IO[bytes]) -> None:
        takers = self.takers(personal=job.personal)
        async for part in _behind(_parts(job, file)):
            skipped = [pair for pair in part if pair[0] < job.counts.done]
            _look(takers, skipped)
            left = part[len(skipped) :]
            if not left:
                continue
            async with self.uow() as tx:
                counts, errors = await _one_part(tx, takers, left, job.counts)
                await store.add_errors(tx, job.import_id, errors)
                await store.set_import(tx, job.import_id, **_columns(counts))
            job = replace(job, counts=counts)
            await self.hints.give([topic(job.import_id)])
        await self._end(job, "SUCCEEDED")

    async def _check(self, job: ImportJob, file: IO[bytes]) -> None:
        """All of it in one transaction that leaves nothing: later rows may name earlier ones."""
        counts, errors = replace(job.counts, done=0), list[RowError]()
        takers = self.takers(personal=job.personal)
        async with trying(self.uow, validate_only=True) as tx:
            async for part in _behind(_parts(job, file)):
                counts, more = await _one_part(tx, takers, part, counts)
                errors += more
        async with self.uow() as tx:
            await store.add_errors(tx, job.import_id, errors)
        await self._end(replace(job, counts=counts), "SUCCEEDED")

    async def _end(self, job: ImportJob, state: str, *, error: str = "") -> None:
        async with self.uow() as tx:
            await store.set_import(
                tx, job.import_id, state=state, error=error, end_time=tx.now, **_columns(job.counts)
            )
            await store.drop_file(tx, job.import_id)
        await self.hints.give([topic(job.import_id)])


async def _one_part(
    tx: Tx, takers: Mapping[str, Taker], part: Part, counts: Counts
) -> tuple[Counts, list[RowError]]:
    good = [(place, row) for place, row in part if isinstance(row, Row)]
    errors = [
        RowError((place, 0), row.sheet, row.line, row.flaw) for place, row in part if isinstance(row, BadRow)
    ]
    bad = len(errors)
    taken: Sequence[Taken] = []
    if good:
        taken = await takers[good[0][1].kind].take(tx, [row for _, row in good])
    for (place, row), one in zip(good, taken, strict=True):
        errors += [
            RowError((place, number), row.sheet, row.line, flaw) for number, flaw in enumerate(one.flaws)
        ]
    found = counted(taken)
    counts = replace(
        counts,
        done=counts.done + len(part),
        rejected=counts.rejected + bad + found["rejected"],
        **{name: getattr(counts, name) + found[name] for name in ("created", "updated", "unchanged")},
    )
    return counts, errors


def _look(takers: Mapping[str, Taker], part: Part) -> None:
    rows = [row for _, row in part if isinstance(row, Row)]
    if rows:
        takers[rows[0].kind].look(rows)


def _parts(job: ImportJob, file: IO[bytes]) -> Iterator[Part]:
    """The file's rows in the order in which they are taken, in parts of one kind; always the same."""
    place = 0
    for kind in ("", *KINDS):
        rows = rows_of(file, job.format, job.kind, kind)
        if kind == "NODES":
            rows = iter(_from_the_roots(list(rows)))
        while part := list(islice(rows, _PART)):
            yield list(enumerate(part, start=place))
            place += len(part)


def _from_the_roots(rows: list[Row | BadRow]) -> list[Row | BadRow]:
    """Nodes behind those that they hang below, else in the order of the file."""
    above = {
        _node(row, "code"): _node(row, "parent_code") for row in rows if isinstance(row, Row) and row.cells
    }
    depths: dict[tuple[str, str], int] = {}

    def depth(node: tuple[str, str]) -> int:
        way: list[tuple[str, str]] = []
        while node in above and node not in depths and node not in way:
            way.append(node)
            node = above[node]
        found = depths.get(node, 0)
        for number, each in enumerate(reversed(way), start=1):
            depths[each] = found + number
        return depths.get(way[0], 0) if way else found

    return sorted(rows, key=lambda row: depth(_node(row, "code")) if isinstance(row, Row) else 0)


def _node(row: Row, column: str) -> tuple[str, str]:
    return str(row.cells.get("hierarchy", "")).lower(), str(row.cells.get(column, ""))


async def _behind(parts: Iterator[Part]) -> AsyncIterator[Part]:
    """Parts that are read beside the loop: files may be large."""
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        yield part


def _columns(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}
