"""The job that replays or discards.

It may be killed and run again: it goes on behind the last portion, and what a replay had stored already is
not stored again.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.platform.caller import current_caller
from server.platform.hints import Hints
from server.platform.uow import UnitOfWork
from server.readings.calendar import to_ms
from server.readings.dead_letter import jobs_store
from server.readings.dead_letter.app import topic
from server.readings.dead_letter.domain import (
    MULTIPLIER_MISMATCH,
    NO_METER,
    UNIT_MISMATCH,
    UNKNOWN_CHANNEL,
    Action,
    DeadLetterJob,
)
from server.readings.dead_letter.store import DeadLetterStore
from server.readings.domain import Block, UInt64s
from server.readings.ingest.checks import TIME_OUT_OF_RANGE, VALUE_OUT_OF_RANGE, out_of_bounds
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.multipliers import multipliers_at
from server.readings.ports import ChannelDirectory

_log = logging.getLogger(__name__)

PORTION = 50_000
"""Readings that one step takes."""
REPLAYED = "replay:"
"""What stands before the source of readings that were replayed."""

_GOOD = ""
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class RunDeadLetter:
    """Runs one job to its end."""

    uow: UnitOfWork
    store: DeadLetterStore
    directory: ChannelDirectory
    pipeline: Pipeline
    hints: Hints
    clock: Callable[[], datetime]

    async def __call__(self, job_id: str) -> None:
        """Portion by portion, and tells how far it is."""
        job = await self._begin(UUID(job_id))
        while job is not None:
            job = await self._step(job)

    async def _begin(self, job_id: UUID) -> DeadLetterJob | None:
        tenant_id = current_caller().tenant_id
        async with self.uow() as tx:
            job = await jobs_store.get(tx, job_id)
        if job.over:
            return None
        if job.state == "PENDING":
            total = await self.store.count(tenant_id, job.selector, to_ms(job.create_time))
            job = replace(job, state="RUNNING", counts=replace(job.counts, total=total))
            async with self.uow() as tx:
                if (await jobs_store.get(tx, job_id, lock=True)).over:
                    return None
                await jobs_store.set_state(tx, job_id, "RUNNING", start_time=tx.now, total=total)
        return job

    async def _step(self, job: DeadLetterJob) -> DeadLetterJob | None:
        """One portion; None when the job is over."""
        tenant_id = current_caller().tenant_id
        rows = await self.store.portion(
            tenant_id,
            job.selector,
            until_ms=to_ms(job.create_time),
            after=job.reached,
            limit=PORTION,
        )
        if rows.num_rows:
            if job.action is Action.DISCARD:
                await self.store.change(tenant_id, rows, gone=True, reasons=rows["reason"].to_pylist())
                job = replace(job, counts=job.counts.plus(done=rows.num_rows, discarded=rows.num_rows))
            else:
                job = await self._replay(tenant_id, job, rows)
            last = rows.slice(rows.num_rows - 1).to_pylist()[0]
            job = replace(job, reached=(last["source"], last["sequence"], last["row"]))
        over = rows.num_rows < PORTION
        async with self.uow() as tx:
            now = await jobs_store.get(tx, job.job_id, lock=True)
            await jobs_store.step(tx, job)
            if over and not now.over:
                await jobs_store.set_state(tx, job.job_id, "SUCCEEDED", end_time=tx.now)
        await self.hints.give([topic(job.job_id)])
        return None if over or now.over else job

    async def _replay(self, tenant_id: UUID, job: DeadLetterJob, rows: pa.Table) -> DeadLetterJob:
        numbers = await self._numbers(tenant_id, rows)
        reasons = await self._reasons(tenant_id, rows, numbers)
        good = reasons == _GOOD
        stored = repeated = 0
        for block in _blocks(rows, numbers, good):
            ack = await self.pipeline.store(tenant_id, block, only_new=True, checked=True)
            # A portion that was stored before its job was killed is known by its number.
            stored += 0 if ack.duplicate else ack.stored
            repeated += ack.stored if ack.duplicate else ack.repeated
        before = np.array(rows["reason"].to_pylist(), object)
        await self.store.change(
            tenant_id, rows.filter(pa.array(good)), gone=True, reasons=before[good].tolist()
        )
        other = ~good & (reasons != before)
        await self.store.change(
            tenant_id, rows.filter(pa.array(other)), gone=False, reasons=reasons[other].tolist()
        )
        failed = int(np.count_nonzero(~good))
        return replace(
            job,
            counts=job.counts.plus(done=rows.num_rows, stored=stored, duplicates=repeated, failed=failed),
        )

    async def _numbers(self, tenant_id: UUID, rows: pa.Table) -> UInt64s:
        """The channel of each reading; 0 where there is none by that name."""
        numbers: UInt64s = rows["channel"].to_numpy().astype(np.uint64)
        named = numbers == 0
        if not named.any():
            return numbers
        names, places = _distinct(rows.filter(pa.array(named)), ("meter", "code"))
        meters = sorted({UUID(meter) for meter, _ in names} - {NO_METER})
        found = await self.directory.channels_of_meters(tenant_id, meters) if meters else ()
        by_name = {(str(info.meter_id), info.code): info.channel for info in found}
        numbers = numbers.copy()
        numbers[named] = np.array([by_name.get(name, 0) for name in names], np.uint64)[places]
        return numbers

    async def _reasons(self, tenant_id: UUID, rows: pa.Table, numbers: UInt64s) -> Texts:
        """Why each reading cannot be stored now; empty: it can."""
        reasons = np.full(rows.num_rows, _GOOD, object)
        time_ms, micro = rows["time_ms"].to_numpy(), rows["micro"].to_numpy()
        # Asked anew, so that a model that was mended a moment ago is seen as it is.
        limits = await KnownChannels(self.directory).limits(tenant_id, numbers)
        mistimed, beyond = out_of_bounds(time_ms, micro, limits, to_ms(self.clock()))
        reasons[beyond] = VALUE_OUT_OF_RANGE
        reasons[mistimed] = TIME_OUT_OF_RANGE
        reasons[await self._unlike_multiplier(tenant_id, rows, numbers)] = MULTIPLIER_MISMATCH
        reasons[await self._unlike_unit(tenant_id, rows, numbers)] = UNIT_MISMATCH
        reasons[limits < 0] = UNKNOWN_CHANNEL
        return reasons

    async def _unlike_unit(self, tenant_id: UUID, rows: pa.Table, numbers: UInt64s) -> NDArray[np.bool_]:
        units = np.array(rows["unit"].to_pylist(), object)
        unlike: NDArray[np.bool_] = units != ""
        if unlike.any():
            infos = await self.directory.channels(tenant_id, np.unique(numbers[unlike]))
            known = {info.channel: info.unit for info in infos}
            distinct, places = np.unique(numbers, return_inverse=True)
            unlike &= units != np.array([known.get(one, "") for one in distinct.tolist()], object)[places]
        return unlike

    async def _unlike_multiplier(
        self, tenant_id: UUID, rows: pa.Table, numbers: UInt64s
    ) -> NDArray[np.bool_]:
        said = np.array(rows["multiplier"].to_pylist(), object)
        unlike: NDArray[np.bool_] = said != ""
        if unlike.any():
            installations = await self.directory.installations(tenant_id, np.unique(numbers[unlike]))
            now = multipliers_at(installations, numbers[unlike], rows["time_ms"].to_numpy()[unlike])
            stated = {text: _decimal(text) for text in set(said[unlike].tolist())}
            pairs = zip(now, said[unlike].tolist(), strict=True)
            unlike[np.flatnonzero(unlike)] = [is_now != stated[text] for is_now, text in pairs]
        return unlike


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _distinct(rows: pa.Table, names: tuple[str, ...]) -> tuple[list[tuple[Any, ...]], NDArray[np.int64]]:
    """The distinct combinations of columns, and which one each row has."""
    encoded = [rows[name].combine_chunks().dictionary_encode() for name in names]
    codes = np.stack([one.indices.to_numpy() for one in encoded], axis=1)
    distinct, places = np.unique(codes, axis=0, return_inverse=True)
    texts = [one.dictionary.to_pylist() for one in encoded]
    found = [tuple(text[code] for text, code in zip(texts, row, strict=True)) for row in distinct.tolist()]
    return found, places.reshape(-1)


def _blocks(rows: pa.Table, numbers: UInt64s, good: NDArray[np.bool_]) -> Iterator[Block]:
    """The readings that can be stored, a block for each source; its content is its number."""
    sources = np.array(rows["source"].to_pylist(), object)
    for source in sorted(set(sources[good].tolist())):
        mine = good & (sources == source)
        columns = [
            numbers[mine],
            rows["time_ms"].to_numpy()[mine],
            rows["micro"].to_numpy()[mine],
            rows["quality"].to_numpy()[mine].astype(np.uint32),
        ]
        digest = hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in columns)).digest()
        channel, time_ms, value_micro, quality = columns
        yield Block(
            f"{REPLAYED}{source}",
            int.from_bytes(digest[:8], "big"),
            channel,
            time_ms,
            value_micro,
            quality,
            backfill=True,
        )
