"""One batch: checked, claimed, inserted, marked. See ``pipeline`` for how blocks come together to batches."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from opentelemetry import metrics

from server.platform.errors import ResourceExhausted, Unavailable
from server.platform.hints import Hints
from server.platform.uow import Tx, UnitOfWork
from server.readings.calendar import to_ms
from server.readings.dead_letter.domain import DeadRows
from server.readings.domain import Block, Int64s
from server.readings.ingest import checks
from server.readings.ingest.checks import Checked, RejectedRow
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.ledger import Claim, Entry, Key, Known, Ledger
from server.readings.ingest.raw_store import (
    RawStore,
    Rows,
    first_of_each,
    raw_table,
    rows_of,
    touch_table,
)

_log = logging.getLogger(__name__)
_meter = metrics.get_meter("simba.readings")
_stored = _meter.create_counter("simba.readings.stored", unit="{reading}", description="readings stored")
_refused = _meter.create_counter("simba.readings.refused", unit="{reading}", description="readings refused")

_buried = _meter.create_counter(
    "simba.readings.dead_lettered", unit="{reading}", description="readings kept in the dead letter"
)

_FIRST_WAIT = 0.05
_LONGEST_WAIT = 2.0
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of a block."""

    source: str
    sequence: int
    stored: int
    """Rows that are now stored."""
    duplicate: bool = False
    """The block had been stored before; nothing was stored again."""
    rejected: tuple[RejectedRow, ...] = ()
    rejected_count: int = 0
    repeated: int = 0
    """Rows that were there already, where only new ones were wanted."""
    dead_lettered: int = 0
    """Of the refused rows, those that are kept in the dead letter."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A block on its way."""

    block: Block
    only_new: bool = False
    """Whether rows that are stored already, whoever sent them, are to be left out. Who asks for that tells
    people of each refused row, or has the rows from the dead letter: they are not kept there."""
    checked: bool = False
    """Whether the sender, a part of this server, has just checked the rows against their channels itself."""

    @property
    def key(self) -> Key:
        """Source and sequence."""
        return self.block.source, self.block.sequence


class DeadLetterBox(Protocol):
    """Where rows go whose channel nobody knows."""

    async def room(self, tenant_id: UUID) -> int:
        """How many rows may still be kept."""
        ...

    async def keep(self, tenant_id: UUID, parts: Sequence[DeadRows], token: str) -> None:
        """Keeps rows, once for each key; may be repeated."""
        ...

    async def note(self, tx: Tx) -> None:
        """Notes, in the transaction that answers for the rows, that the tenant has some."""
        ...


class Batches:
    """Stores batches of one tenant each."""

    def __init__(
        self,
        uow: UnitOfWork,
        raw: RawStore,
        known: KnownChannels,
        instance: Instance,
        clock: Callable[[], datetime],
        box: DeadLetterBox | None = None,
        hints: Hints | None = None,
    ) -> None:
        self._hints = hints
        self._box = box
        self._uow = uow
        self._raw = raw
        self._known = known
        self._instance = instance
        self._clock = clock
        self._ledger = Ledger()
        self._alone: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="ingest")

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def now(self) -> datetime:
        """By the server's clock."""
        return self._clock()

    async def store(self, tenant_id: UUID, deliveries: Sequence[Delivery]) -> dict[Key, Ack | None]:
        """Stores blocks, all with different keys; None for those that another server is storing right now.

        Runs as the tenant. Raises Unavailable when an engine does not answer for too long.
        """
        received = self._clock()
        checked = await self._checked(tenant_id, deliveries, to_ms(received))
        await self._bury(tenant_id, checked, {d.key for d in deliveries if d.only_new})
        acks: dict[Key, Ack | None] = {}
        for key, one in checked.items():
            if not one.accepted_count and not one.dead_count:
                # Nothing of it is kept, so nothing is to be remembered: it may come again when it is mended.
                acks[key] = _ack(one)
        good = {key: one for key, one in checked.items() if key not in acks}
        if good:
            acks |= await self._store_good(
                tenant_id, good, {d.key for d in deliveries if d.only_new}, received
            )
        _refused.add(sum(ack.rejected_count for ack in acks.values() if ack))
        return acks

    async def _bury(self, tenant_id: UUID, checked: dict[Key, Checked], only_new: set[Key]) -> None:
        """Leaves those rows to the dead letter that it takes: of each block all or none."""
        room = None
        for key, one in checked.items():
            if not one.dead_count:
                continue
            if self._box is None or key in only_new:
                checked[key] = one.buried
                continue
            room = await self._box.room(tenant_id) if room is None else room
            if one.dead_count > room:
                checked[key] = one.buried
            else:
                room -= one.dead_count

    async def _store_good(
        self, tenant_id: UUID, good: dict[Key, Checked], only_new: set[Key], received: datetime
    ) -> dict[Key, Ack | None]:
        entries, months = await self._in_thread(_entries, list(good.values()))
        instance = await self._instance.number()
        async with self._uow() as tx:
            claim = await self._ledger.claim(tx, instance, months, entries)
        acks: dict[Key, Ack | None] = {
            known.key: _known_ack(known, good[known.key], next(e for e in entries if e.key == known.key))
            for known in claim.known
        }
        if claim.batch_id:
            acks |= await self._write(tenant_id, claim, good, only_new, received)
        return acks

    async def _write(
        self, tenant_id: UUID, claim: Claim, good: dict[Key, Checked], only_new: set[Key], received: datetime
    ) -> dict[Key, Ack | None]:
        for doubt in claim.doubts:
            _log.warning("batch %d was left in doubt", doubt.batch_id, extra={"batch_id": doubt.batch_id})
            await _persistently(partial(self._raw.fence, doubt))
        adopted = {known.key for known in claim.adopted}
        keys = (*claim.fresh, *adopted)
        acks: dict[Key, Ack | None] = {key: _ack(good[key]) for key in keys}
        rows: dict[Key, Rows] = {}
        for key in keys:
            rows[key] = rows_of(good[key].block, good[key].accepted)
            if key in adopted:
                rows[key] = await _persistently(partial(self._raw.missing, tenant_id, rows[key]))
        picky = {key: rows[key] for key in keys if key in only_new and len(rows[key])}
        # Of two batches that look for what is there already the second must see what the first one stored.
        async with self._alone[tenant_id] if picky else nullcontext():
            for key, mine in (await self._new(tenant_id, picky)).items():
                repeated = good[key].accepted_count - len(mine)
                acks[key] = replace(_ack(good[key]), stored=len(mine), repeated=repeated)
                rows[key] = mine
            await self._store_rows(tenant_id, claim, good, list(rows.values()), received)
        dead = [part for key in keys if (part := _dead_rows(good[key])) is not None]
        if dead and self._box is not None:
            await _persistently(partial(self._box.keep, tenant_id, dead, f"dead-{claim.batch_id}"))
        async with self._uow() as tx:
            if dead and self._box is not None:
                await self._box.note(tx)
            await self._ledger.finish(tx, claim.batch_id)
        if self._hints is not None:
            await self._hints.give([str(tenant_id)])
        _stored.add(sum(map(len, rows.values())))
        _buried.add(sum(map(len, dead)))
        return acks

    async def _new(self, tenant_id: UUID, picky: dict[Key, Rows]) -> dict[Key, Rows]:
        """Of the blocks that want it so, the rows that are not stored, each once."""
        if not picky:
            return {}
        new = {}
        for (key, rows), first in zip(picky.items(), first_of_each(list(picky.values())), strict=True):
            fresh = await self._raw.new_rows(tenant_id, rows)
            new[key] = rows.only(fresh & first)
        return new

    async def _store_rows(
        self,
        tenant_id: UUID,
        claim: Claim,
        good: dict[Key, Checked],
        rows: Sequence[Rows],
        received: datetime,
    ) -> None:
        rows = [part for part in rows if len(part)]
        adopted = [known.key for known in claim.adopted]
        # A block of a dead server may be there and not be noted as touched: noting it twice does no harm.
        again = [rows_of(good[key].block, good[key].accepted) for key in adopted]
        noted = [part for part in (*again, *rows) if len(part)]
        # What is noted counts once the batch is marked as stored, so it need not come after the rows.
        await asyncio.gather(
            self._insert(tenant_id, claim.batch_id, rows, received),
            self._note(tenant_id, claim.batch_id, noted),
        )

    async def _insert(self, tenant_id: UUID, batch_id: int, rows: Sequence[Rows], received: datetime) -> None:
        if rows:
            table = await self._in_thread(raw_table, tenant_id, rows, to_ms(received))
            await _persistently(partial(self._raw.insert, batch_id, table))

    async def _note(self, tenant_id: UUID, batch_id: int, parts: Sequence[Rows]) -> None:
        if parts:
            touch = await self._in_thread(touch_table, tenant_id, batch_id, parts)
            await _persistently(partial(self._raw.touch, batch_id, touch))

    async def _checked(
        self, tenant_id: UUID, deliveries: Sequence[Delivery], now_ms: int
    ) -> dict[Key, Checked]:
        problems = {d.key: checks.length_problem(d.block) for d in deliveries}
        done: dict[Key, Checked] = {}
        for is_checked in (False, True):
            sound = [d.block for d in deliveries if problems[d.key] is None and d.checked is is_checked]
            if not sound:
                continue
            channels = np.concatenate([block.channel for block in sound])
            limits = (
                np.full(len(channels), checks.NO_LIMIT, np.int64)
                if is_checked
                else await self._known.limits(tenant_id, channels)
            )
            done |= await self._in_thread(_check_all, sound, limits, now_ms)
        for delivery in deliveries:
            problem = problems[delivery.key]
            if problem is not None:
                done[delivery.key] = checks.refuse(delivery.block, problem)
        return done

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)


def _check_all(blocks: Sequence[Block], limits: Int64s, now_ms: int) -> dict[Key, Checked]:
    done, at = {}, 0
    for block in blocks:
        done[block.source, block.sequence] = checks.check(block, limits[at : at + len(block)], now_ms)
        at += len(block)
    return done


def _entries(good: Sequence[Checked]) -> tuple[list[Entry], list[int]]:
    """What the ledger is told, and the months that the good rows lie in."""
    months: set[int] = set()
    entries = []
    for one in good:
        block = one.block
        times = block.time_ms if one.accepted is None else block.time_ms[one.accepted]
        months.update(checks.months(times))
        entries.append(
            Entry(
                (block.source, block.sequence),
                checks.digest(block),
                one.accepted_count,
                one.rejected_count,
                one.rejected,
                one.dead_count,
            )
        )
    return entries, sorted(months)


def _ack(one: Checked) -> Ack:
    block = one.block
    return Ack(
        block.source,
        block.sequence,
        stored=one.accepted_count if len(block) else 0,
        rejected=one.rejected,
        rejected_count=one.rejected_count,
        dead_lettered=one.dead_count,
    )


def _dead_rows(one: Checked) -> DeadRows | None:
    if one.dead is None:
        return None
    block, places = one.block, np.flatnonzero(one.dead)
    quality = block.quality if len(block.quality) else np.zeros(len(block), np.uint32)
    return DeadRows(
        block.source,
        block.sequence,
        places.astype(np.uint32),
        block.channel[places],
        block.time_ms[places],
        block.value_micro[places],
        quality[places],
    )


def _known_ack(known: Known, one: Checked, entry: Entry) -> Ack | None:
    source, sequence = known.key
    if known.digest != entry.digest:
        said = f"sequence {sequence} of {source} was used before with other content"
        reused = RejectedRow(0, "", str(sequence), said, checks.SEQUENCE_REUSED)
        return Ack(source, sequence, 0, rejected=(reused,), rejected_count=len(one.block))
    if not known.done:
        return None
    return Ack(
        source,
        sequence,
        known.stored,
        duplicate=True,
        rejected=known.rejected,
        rejected_count=known.rejected_count,
        dead_lettered=known.dead_lettered,
    )


async def _persistently(work: Callable[[], Any]) -> Any:
    """Does something that may be repeated until it succeeds; gives up after half a minute."""
    end = asyncio.get_running_loop().time() + _PATIENCE
    wait = _FIRST_WAIT
    while True:
        try:
            return await work()
        except (Unavailable, ResourceExhausted):
            if asyncio.get_running_loop().time() + wait > end:
                raise
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
