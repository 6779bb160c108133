"""``raw_reading`` in ClickHouse: inserts that happen once, whatever dies in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.platform.telemetry_store import TelemetryStore
from server.readings.domain import Block, Int64s, UInt32s, UInt64s
from server.readings.ingest.checks import touched
from server.readings.ingest.ledger import Doubt

NOBODY = UUID(int=0)
"""Tenant of fences."""

_ONE_PART = {
    # One part for each month, committed at once: an insert that was cut short left a month whole or out.
    "min_insert_block_size_rows": 8_000_000,
    "min_insert_block_size_bytes": 0,
    "max_insert_block_size": 8_000_000,
    "max_insert_threads": 1,
    "max_partitions_per_insert_block": 0,
    "async_insert": 0,
    "deduplicate_insert": "enable",
    # In a cluster: on its shard when this returns, so that reads after the acknowledgement see it.
    "distributed_foreground_insert": 1,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one block that are to be stored."""

    source: str
    sequence: int
    channel: UInt64s
    time_ms: Int64s
    value_micro: Int64s
    quality: UInt32s

    def __len__(self) -> int:
        return len(self.channel)

    def only(self, keep: NDArray[np.bool_]) -> "Rows":
        """Some of the rows."""
        return Rows(
            self.source,
            self.sequence,
            self.channel[keep],
            self.time_ms[keep],
            self.value_micro[keep],
            self.quality[keep],
        )


def rows_of(block: Block, accepted: NDArray[np.bool_] | None) -> Rows:
    """The good rows of a block."""
    quality = block.quality if len(block.quality) else np.zeros(len(block), np.uint32)
    rows = Rows(block.source, block.sequence, block.channel, block.time_ms, block.value_micro, quality)
    return rows if accepted is None else rows.only(accepted)


def in_order(parts: Sequence[Rows]) -> list[Rows]:
    """The parts by their first rows: blocks that are in the order of the table need no sorting then."""
    return sorted(parts, key=lambda part: (int(part.channel[0]), int(part.time_ms[0])) if len(part) else ())


def raw_table(tenant_id: UUID, parts: Sequence[Rows], received_ms: int) -> pa.Table:
    """The columns of an insert, in one piece each: ClickHouse takes it as one block."""
    parts = in_order(parts)
    sizes = [len(part) for part in parts]
    count = sum(sizes)
    sources = sorted({part.source for part in parts})
    places = {source: place for place, source in enumerate(sources)}
    return pa.table(
        {
            "tenant_id": _constant(tenant_id, count),
            "channel": pa.array(np.concatenate([part.channel for part in parts])),
            "ts": _times(np.concatenate([part.time_ms for part in parts])),
            "value": _decimals(np.concatenate([part.value_micro for part in parts])),
            "quality": pa.array(np.concatenate([part.quality for part in parts])),
            "source": pa.DictionaryArray.from_arrays(
                np.repeat(np.array([places[part.source] for part in parts], np.int32), sizes),
                pa.array(sources),
            ),
            "sequence": pa.array(np.repeat(np.array([part.sequence for part in parts], np.uint64), sizes)),
            "received": _times(np.full(count, received_ms, np.int64)),
        }
    )


def touch_table(tenant_id: UUID, batch_id: int, parts: Sequence[Rows]) -> pa.Table:
    """Which channels the rows touch, from when to when."""
    runs = [touched(part.channel, part.time_ms) for part in parts]
    channel = np.concatenate([run[0] for run in runs])
    return pa.table(
        {
            "tenant_id": _constant(tenant_id, len(channel)),
            "batch_id": pa.array(np.full(len(channel), batch_id, np.int64)),
            "channel": pa.array(channel),
            "first_ts": _times(np.concatenate([run[1] for run in runs])),
            "last_ts": _times(np.concatenate([run[2] for run in runs])),
        }
    )


def _constant(tenant_id: UUID, count: int) -> pa.Array:
    return pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(tenant_id.bytes * count)])


def _times(ms: Int64s) -> pa.Array:
    return pa.Array.from_buffers(pa.timestamp("ms", "UTC"), len(ms), [None, pa.py_buffer(ms)])


def _decimals(micro: Int64s) -> pa.Array:
    # The integers are the Decimal64(6) already: no copy, no conversion.
    return pa.Array.from_buffers(pa.decimal64(18, 6), len(micro), [None, pa.py_buffer(micro)])


class RawStore:
    """Writes raw readings."""

    def __init__(self, store: TelemetryStore) -> None:
        self._store = store

    async def insert(self, batch_id: int, table: pa.Table) -> None:
        """Stores a batch. May be repeated: the second time nothing happens."""
        await self._store.insert("raw_reading", table, dedup_token=_token(batch_id), settings=_ONE_PART)

    async def touch(self, batch_id: int, table: pa.Table) -> None:
        """Notes what a batch touched. May be repeated."""
        await self._store.insert("ingest_touch", table, dedup_token=f"touch-{batch_id}", settings=_ONE_PART)

    async def fence(self, doubt: Doubt) -> None:
        """Decides the fate of a batch whose server died: what is not stored by now never will be.

        The fence goes to each month under the token of the batch. Of two inserts with one token ClickHouse
        keeps the first: if the batch is there, the fence is dropped; if the fence is there, the batch is.
        """
        for month in doubt.months:
            at = np.datetime64(f"{month // 100:04}-{month % 100:02}-01", "ms").astype(np.int64)
            mark = Rows(
                "fence",
                doubt.batch_id,
                np.zeros(1, np.uint64),
                np.array([at], np.int64),
                np.zeros(1, np.int64),
                np.zeros(1, np.uint32),
            )
            await self.insert(doubt.batch_id, raw_table(NOBODY, [mark], int(at)))

    async def missing(self, tenant_id: UUID, rows: Rows) -> Rows:
        """The rows of a block that are not stored; a month of a block is stored as a whole or not at all."""
        if not len(rows):
            return rows
        found = await self._store.rows(
            "SELECT DISTINCT toYYYYMM(ts) FROM raw_reading WHERE tenant_id = {tenant:UUID}"
            " AND channel IN {channels:Array(UInt64)} AND ts >= fromUnixTimestamp64Milli({first:Int64})"
            " AND ts <= fromUnixTimestamp64Milli({last:Int64})"
            " AND source = {source:String} AND sequence = {sequence:UInt64}",
            {
                **_span(tenant_id, rows),
                "channels": np.unique(rows.channel).tolist(),
                "source": rows.source,
                "sequence": rows.sequence,
            },
        )
        there = {int(month) for (month,) in found}
        dates = rows.time_ms.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
        month = (1970 + dates // 12) * 100 + dates % 12 + 1
        return rows.only(~np.isin(month, list(there)))

    async def new_rows(self, tenant_id: UUID, rows: Rows) -> NDArray[np.bool_]:
        """Which rows are not stored yet with the same channel, time and value, whoever sent them."""
        channels = np.unique(rows.channel)
        found = await self._store.query(
            "SELECT channel, toUnixTimestamp64Milli(ts) AS ms, reinterpretAsInt64(value) AS micro"
            " FROM raw_reading WHERE tenant_id = {tenant:UUID} AND channel IN {channels:Array(UInt64)}"
            " AND ts >= fromUnixTimestamp64Milli({first:Int64})"
            " AND ts <= fromUnixTimestamp64Milli({last:Int64})",
            {**_span(tenant_id, rows), "channels": channels.tolist()},
        )
        there = _keys(
            found["channel"].to_numpy().astype(np.uint64), found["ms"].to_numpy(), found["micro"].to_numpy()
        )
        mine = _keys(rows.channel, rows.time_ms, rows.value_micro)
        fresh: NDArray[np.bool_] = ~np.isin(mine, there)
        return fresh


def first_of_each(parts: Sequence[Rows]) -> list[NDArray[np.bool_]]:
    """Which rows of the parts are the first with their channel, time and value."""
    keys = [_keys(part.channel, part.time_ms, part.value_micro) for part in parts]
    _, places = np.unique(np.concatenate(keys), return_index=True)
    first = np.zeros(sum(map(len, keys)), np.bool_)
    first[places] = True
    return np.split(first, np.cumsum([len(one) for one in keys])[:-1])


def _token(batch_id: int) -> str:
    return f"batch-{batch_id}"


def _span(tenant_id: UUID, rows: Rows) -> dict[str, Any]:
    return {"tenant": str(tenant_id), "first": int(rows.time_ms.min()), "last": int(rows.time_ms.max())}


_KEY = np.dtype([("channel", np.uint64), ("ms", np.int64), ("micro", np.int64)])


def _keys(channel: UInt64s, ms: Int64s, micro: Int64s) -> NDArray[np.void]:
    keys = np.empty(len(channel), _KEY)
    keys["channel"], keys["ms"], keys["micro"] = channel, ms, micro
    return keys
