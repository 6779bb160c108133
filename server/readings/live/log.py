"""The log of what was stored: which batches in which order, and their rows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from server.platform.caller import acting_as, system_caller
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings.domain import Int64s
from server.readings.final import changed_series, interval_rows
from server.readings.ingest.ledger import unsigned
from server.readings.live.domain import Entry, Finals, Marks, Rows, Told
from server.readings.tables import ingest_batch, ingest_block, live_mark, vee_run
from server.readings.vee import versions

KEPT = timedelta(days=55)
"""For so long after it was stored a batch can be told; what it touched is known for sixty days."""
FEW_CHANNELS = 20_000
"""Up to so many channels the engine is told which ones are wanted."""
ENTRIES_AT_ONCE = 2_000
_DAY = timedelta(days=1)
_BIGINTS = sa.ARRAY(sa.BigInteger)
_NONE = np.empty(0, np.int64)
NO_ROWS = Rows(_NONE, _NONE, _NONE, _NONE.astype(np.uint32))

_TOUCHED = "ingest_touch WHERE tenant_id = {tenant:UUID} AND batch_id IN {batches:Array(Int64)}"


class LiveLog:
    """Reads as the system, always for one tenant, because it outlives the calls that began it."""

    def __init__(self, uow: UnitOfWork, store: TelemetryStore, clock: Callable[[], datetime]) -> None:
        self._uow = uow
        self._store = store
        self._clock = clock

    @property
    def oldest(self) -> datetime:
        """What was stored before this cannot be told any more."""
        return self._clock() - KEPT

    async def marks(self, tenant_id: UUID) -> Marks:
        """Where the tenant's readings stand."""
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                last = await tx.conn.scalar(sa.select(live_mark.c.last))
                return Marks(last or 0, await versions.watermark(tx))

    async def entries(self, tenant_id: UUID, after: int, rows: int) -> list[Entry]:
        """The batches that follow a position: about so many rows together, at least one batch."""
        batch = ingest_batch.c
        query = (
            sa.select(batch.position, batch.batch_id, batch.row_count, batch.store_time)
            .where(batch.position > after)
            .order_by(batch.position)
            .limit(ENTRIES_AT_ONCE)
        )
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                found = [Entry(*row) for row in await tx.conn.execute(query)]
        total, taken = 0, 0
        for one in found:
            total += one.rows
            if taken and total > rows:
                break
            taken += 1
        return found[:taken]

    async def first_since(self, tenant_id: UUID, after: int, last: int, since: datetime) -> int:
        """The position of the first batch behind ``after`` that was stored at a time or later."""
        low, high = after, last + 1
        while high - low > 1:
            middle = (low + high) // 2
            found = await self.entries(tenant_id, middle - 1, 1)
            if not found or found[0].stored >= since:
                high = middle
            else:
                low = middle
        return high

    async def read(
        self,
        tenant_id: UUID,
        entries: Sequence[Entry],
        channels: Int64s | None = None,
        behind: tuple[int, int] = (0, 0),
        limit: int = 0,
    ) -> list[Told]:
        """The rows of batches, of these channels (None: of all); batches without any are left out.

        ``behind`` and ``limit`` are for a single batch: rows after a channel and time, and how many at most;
        0: all.
        """
        keys = await self._keys(tenant_id, entries)
        if not keys or (channels is not None and not len(channels)):
            return []
        sources, sequences, positions = zip(*keys, strict=True)
        params: dict[str, Any] = {
            "tenant": str(tenant_id),
            "batches": [one.batch_id for one in entries],
            "sources": list(sources),
            "sequences": list(sequences),
            "positions": list(positions),
        }
        some = later = ""
        if channels is not None and len(channels) <= FEW_CHANNELS:
            some = "AND channel IN {channels:Array(UInt64)}"
            params["channels"] = channels.tolist()
        if behind[0]:
            later = (
                "AND channel >= {channel:UInt64}"
                " AND (channel, toUnixTimestamp64Milli(ts)) > ({channel:UInt64}, {time:Int64})"
            )
            params |= {"channel": behind[0], "time": behind[1]}
        cut = f"LIMIT {limit}" if limit else ""
        table = await self._store.query(
            f"""
            SELECT k.position AS position, r.channel AS channel, r.ms AS ms, r.micro AS micro,
                r.quality AS quality
            FROM (
                SELECT channel, toUnixTimestamp64Milli(ts) AS ms, reinterpretAsInt64(value) AS micro, quality,
                    toString(source) AS sender, sequence
                FROM raw_reading
                WHERE tenant_id = {{tenant:UUID}}
                    AND channel IN (SELECT channel FROM {_TOUCHED} {some})
                    AND ts >= (SELECT min(first_ts) FROM {_TOUCHED})
                    AND ts <= (SELECT max(last_ts) FROM {_TOUCHED})
                    AND sender IN {{sources:Array(String)}} {later}) AS r
            INNER JOIN (
                SELECT tupleElement(key, 1) AS sender, tupleElement(key, 2) AS sequence,
                    tupleElement(key, 3) AS position
                FROM (
                    SELECT arrayJoin(arrayZip({{sources:Array(String)}}, {{sequences:Array(UInt64)}},
                        {{positions:Array(Int64)}})) AS key)) AS k
                ON k.sender = r.sender AND k.sequence = r.sequence
            ORDER BY position, channel, ms, micro {cut}""",
            params,
        )
        return _told(table, entries)

    async def _keys(self, tenant_id: UUID, entries: Sequence[Entry]) -> list[tuple[str, int, int]]:
        """Source and sequence of the blocks of batches, with the positions of these."""
        places = {one.batch_id: one.position for one in entries}
        block = ingest_block.c
        query = sa.select(block.source, block.sequence, block.batch_id).where(
            block.batch_id == sa.any_(sa.literal(list(places), _BIGINTS))
        )
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                rows = await tx.conn.execute(query)
                return [(source, unsigned(number), places[batch]) for source, number, batch in rows]

    async def next_version(self, tenant_id: UUID, after: int, watermark: int) -> int:
        """The version of the run that follows one, of those that are to be seen; 0: there is none."""
        run = vee_run.c
        query = sa.select(sa.func.min(run.version)).where(run.version > after, run.version <= watermark)
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                return await tx.conn.scalar(query) or 0

    async def finals(
        self, tenant_id: UUID, after: int, upto: int, behind: int, series: Int64s | None, rows: int
    ) -> tuple[Finals, int]:
        """What versions behind ``after`` up to ``upto`` brought, of series with numbers above ``behind``.

        About so many rows, whole series; ``series`` are those that are wanted, None: all. And the last series
        that was looked at; 0: all were.
        """
        params: dict[str, Any] = {"tenant": str(tenant_id), "after": after, "behind": behind}
        some = ""
        if series is not None and len(series) <= FEW_CHANNELS:
            some = "AND series IN {series:Array(UInt64)}"
            params["series"] = series.tolist()
        found = await self._store.rows(
            f"""
            SELECT series, first_day, last_day, cells FROM {changed_series()}
            WHERE series > {{behind:UInt64}} {some} ORDER BY series LIMIT {rows}""",
            params,
        )
        taken = _fitting([int(row[3]) for row in found], rows)
        looked = found[:taken]
        wanted = [row for row in looked if series is None or _has(series, int(row[0]))]
        reached = int(looked[-1][0]) if taken < len(found) or len(found) == rows else 0
        if not wanted:
            return _finals(None), reached
        first, last = min(row[1] for row in wanted), max(row[2] for row in wanted)
        table = await self._store.query(
            f"""
            SELECT series, ms, length_ms, micro, state, quality, revision
            FROM {interval_rows(where="AND since > {after:UInt64}")} ORDER BY series, ms""",
            {
                "tenant": str(tenant_id),
                "series": [int(row[0]) for row in wanted],
                "start": _midnight(first - _DAY),
                "end": _midnight(last + 2 * _DAY),
                "watermark": upto,
                "after": after,
            },
        )
        return _finals(table), reached


def _midnight(day: Any) -> int:
    return int(np.datetime64(day, "ms").astype(np.int64))


def _fitting(sizes: Sequence[int], limit: int) -> int:
    """How many of the first ones come to about ``limit``; at least one, if there is one."""
    if not sizes:
        return 0
    reached = np.cumsum(np.array(sizes, np.int64))
    return max(int(np.searchsorted(reached, limit, side="right")), 1)


def _has(numbers: Int64s, one: int) -> bool:
    place = int(np.searchsorted(numbers, one))
    return place < len(numbers) and int(numbers[place]) == one


def _told(table: pa.Table, entries: Sequence[Entry]) -> list[Told]:
    positions = table["position"].to_numpy().astype(np.int64)
    rows = Rows(
        table["channel"].to_numpy().astype(np.int64),
        table["ms"].to_numpy().astype(np.int64),
        table["micro"].to_numpy().astype(np.int64),
        table["quality"].to_numpy().astype(np.uint32),
    )
    told = []
    for one in entries:
        low, high = np.searchsorted(positions, [one.position, one.position + 1])
        if low < high:
            part = slice(int(low), int(high))
            mine = Rows(rows.channel[part], rows.time_ms[part], rows.value_micro[part], rows.quality[part])
            told.append(Told(one, mine))
    return told


def _finals(table: pa.Table | None) -> Finals:
    if table is None:
        few = _NONE.astype(np.uint32)
        return Finals(_NONE, _NONE, _NONE, _NONE, few, few, few)
    longs = (table[name].to_numpy().astype(np.int64) for name in ("series", "ms", "length_ms", "micro"))
    shorts = (table[name].to_numpy().astype(np.uint32) for name in ("state", "quality", "revision"))
    return Finals(*longs, *shorts)
