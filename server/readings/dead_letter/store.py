"""``dead_reading`` in ClickHouse: rows come, and go by a newer row that says so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.platform.telemetry_store import TelemetryStore
from server.readings.dead_letter.domain import (
    KEPT_DAYS,
    NO_METER,
    DeadReading,
    DeadRows,
    Group,
    Key,
    Selector,
)
from server.readings.domain import Int64s

MOST_GROUPS = 1000
FIRST_KEY: Key = ("", 0, 0)

_COLUMNS = (
    "source, sequence, row, channel, meter_id, code, ts, value, quality, unit, multiplier, reason, kept"
)
_ALIVE = f"kept > now64(3, 'UTC') - INTERVAL {KEPT_DAYS} DAY"
_MATCH = """
    ({source:String} = '' OR source = {source:String})
    AND ({channel:UInt64} = 0 OR channel = {channel:UInt64})
    AND ({reason:String} = '' OR reason = {reason:String})
    AND (empty({channels:Array(UInt64)}) AND empty({meters:Array(UUID)})
         OR (channel != 0 AND channel IN {channels:Array(UInt64)}) OR meter_id IN {meters:Array(UUID)})
"""
_AFTER = (
    "(source, sequence, row) > ({after_source:String}, {after_sequence:UInt64}, toUInt32({after_row:UInt32}))"
)


class DeadLetterStore:
    """Reads and writes the readings."""

    def __init__(self, store: TelemetryStore) -> None:
        self._store = store

    async def keep(self, tenant_id: UUID, parts: Sequence[DeadRows], kept_ms: int, token: str) -> None:
        """Keeps rows; those with a key that is there already are replaced. May be repeated."""
        await self._store.insert("dead_reading", _table(tenant_id, parts, kept_ms), dedup_token=token)

    async def count(self, tenant_id: UUID, selector: Selector | None = None, until_ms: int = 1 << 52) -> int:
        """How many there are."""
        sql = (
            f"SELECT count() FROM dead_reading FINAL WHERE tenant_id = {{tenant:UUID}} AND {_ALIVE}"
            f" AND kept <= fromUnixTimestamp64Milli({{until:Int64}}) AND {_MATCH}"
        )
        asked = {**_params(tenant_id, selector or Selector()), "until": until_ms}
        return int((await self._store.rows(sql, asked))[0][0])

    async def page(
        self, tenant_id: UUID, selector: Selector, *, after: Key | None, limit: int
    ) -> list[DeadReading]:
        """Some of them in order of key."""
        sql = f"""
            SELECT source, sequence, row, channel, toString(meter_id), code,
                toUnixTimestamp64Milli(ts), reinterpretAsInt64(value), quality, unit, multiplier, reason,
                toUnixTimestamp64Milli(kept)
            FROM dead_reading FINAL
            WHERE tenant_id = {{tenant:UUID}} AND {_ALIVE} AND {_MATCH} AND {_AFTER if after else "1"}
            ORDER BY source, sequence, row LIMIT {{limit:UInt32}}
        """
        rows = await self._store.rows(sql, {**_params(tenant_id, selector), **_after(after), "limit": limit})
        return [
            DeadReading(
                source, sequence, row, channel, _meter(meter), code, ms, micro, quality, unit, multiplier,
                reason, kept,
            )
            for source, sequence, row, channel, meter, code, ms, micro, quality, unit, multiplier, reason,
            kept in rows
        ]  # fmt: skip

    async def portion(
        self, tenant_id: UUID, selector: Selector, *, until_ms: int, after: Key | None, limit: int
    ) -> pa.Table:
        """Some of them in order of key, as columns: what a replay works on."""
        sql = f"""
            SELECT toString(source) AS source, sequence, row, channel, toString(meter_id) AS meter,
                toString(code) AS code, toUnixTimestamp64Milli(ts) AS time_ms,
                reinterpretAsInt64(value) AS micro, quality, toString(unit) AS unit,
                toString(multiplier) AS multiplier, toString(reason) AS reason,
                toUnixTimestamp64Milli(kept) AS kept_ms, version
            FROM dead_reading FINAL
            WHERE tenant_id = {{tenant:UUID}} AND {_ALIVE} AND {_MATCH}
                AND kept <= fromUnixTimestamp64Milli({{until:Int64}}) AND {_AFTER if after else "1"}
            ORDER BY source, sequence, row LIMIT {{limit:UInt32}}
        """
        asked = {**_params(tenant_id, selector), **_after(after), "until": until_ms, "limit": limit}
        return await self._store.query(sql, asked)

    async def groups(self, tenant_id: UUID, selector: Selector) -> list[Group]:
        """Counts by source, channel and reason, the most first."""
        sql = f"""
            SELECT source, channel, toString(meter_id), code, reason, count() AS number,
                toUnixTimestamp64Milli(min(ts)), toUnixTimestamp64Milli(max(ts)),
                toUnixTimestamp64Milli(max(kept))
            FROM dead_reading FINAL WHERE tenant_id = {{tenant:UUID}} AND {_ALIVE} AND {_MATCH}
            GROUP BY source, channel, meter_id, code, reason
            ORDER BY number DESC, source, channel, code, reason LIMIT {MOST_GROUPS}
        """
        rows = await self._store.rows(sql, _params(tenant_id, selector))
        return [
            Group(source, channel, _meter(meter), code, reason, *numbers)
            for source, channel, meter, code, reason, *numbers in rows
        ]

    async def unknown(
        self, tenant_id: UUID, reason: str, limit: int
    ) -> tuple[NDArray[np.uint64], list[tuple[UUID, str]]]:
        """The channels, by number and by name, that readings are here for."""
        sql = f"""
            SELECT DISTINCT channel, toString(meter_id), code
            FROM dead_reading FINAL WHERE tenant_id = {{tenant:UUID}} AND {_ALIVE} AND {_MATCH}
            ORDER BY channel, meter_id, code LIMIT {{limit:UInt32}}
        """
        asked = {**_params(tenant_id, Selector(reason=reason)), "limit": limit}
        rows = await self._store.rows(sql, asked)
        numbers = np.array([channel for channel, _, _ in rows if channel], np.uint64)
        return numbers, [(UUID(meter), code) for channel, meter, code in rows if not channel]

    async def change(self, tenant_id: UUID, rows: pa.Table, *, gone: bool, reasons: Sequence[str]) -> None:
        """Takes rows of a portion away, or gives them another reason. May be repeated."""
        count = rows.num_rows
        if not count:
            return
        text = {name: rows[name].combine_chunks() for name in ("source", "code", "unit", "multiplier")}
        meters = [UUID(one) for one in rows["meter"].to_pylist()]
        version = rows["version"].to_numpy().astype(np.uint64) + np.uint64(1)
        table = _columns(
            tenant_id,
            source=text["source"],
            sequence=rows["sequence"].combine_chunks(),
            row=rows["row"].combine_chunks(),
            channel=rows["channel"].combine_chunks(),
            meter_id=_uuids(meters),
            code=text["code"],
            ts=_times(rows["time_ms"].to_numpy()),
            value=_decimals(rows["micro"].to_numpy()),
            quality=rows["quality"].combine_chunks(),
            unit=text["unit"],
            multiplier=text["multiplier"],
            reason=pa.array(reasons, pa.string()),
            kept=_times(rows["kept_ms"].to_numpy()),
            version=pa.array(version),
            gone=pa.array(np.full(count, gone, np.uint8)),
        )
        await self._store.insert("dead_reading", table)


def _table(tenant_id: UUID, parts: Sequence[DeadRows], kept_ms: int) -> pa.Table:
    sizes = [len(part) for part in parts]
    count = sum(sizes)

    def repeated(values: Sequence[Any]) -> pa.Array:
        return pa.array(values, pa.string()).take(pa.array(np.repeat(np.arange(len(parts)), sizes)))

    def texts(name: str) -> pa.Array:
        given = [getattr(part, name) or [""] * len(part) for part in parts]
        return pa.array([one for part in given for one in part], pa.string())

    named = any(part.meter_id for part in parts)
    nobody = pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(NO_METER.bytes * count)])
    meters = [one for part in parts for one in (part.meter_id or [NO_METER] * len(part))] if named else []
    return _columns(
        tenant_id,
        source=repeated([part.source for part in parts]),
        sequence=pa.array(np.repeat(np.array([part.sequence for part in parts], np.uint64), sizes)),
        row=pa.array(np.concatenate([part.row for part in parts]).astype(np.uint32)),
        channel=pa.array(np.concatenate([part.channel for part in parts])),
        meter_id=_uuids(meters) if named else nobody,
        code=texts("code"),
        ts=_times(np.concatenate([part.time_ms for part in parts])),
        value=_decimals(np.concatenate([part.value_micro for part in parts])),
        quality=pa.array(np.concatenate([part.quality for part in parts])),
        unit=texts("unit"),
        multiplier=texts("multiplier"),
        reason=repeated([part.reason for part in parts]),
        kept=_times(np.full(count, kept_ms, np.int64)),
        version=pa.array(np.full(count, kept_ms * 1000, np.uint64)),
        gone=pa.array(np.zeros(count, np.uint8)),
    )


def _columns(tenant_id: UUID, **columns: pa.Array) -> pa.Table:
    count = len(columns["row"])
    tenant = pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(tenant_id.bytes * count)])
    return pa.table({"tenant_id": tenant, **columns})


def _uuids(values: Sequence[UUID]) -> pa.Array:
    return pa.array([one.bytes for one in values], pa.binary(16))


def _times(ms: Int64s) -> pa.Array:
    return pa.Array.from_buffers(pa.timestamp("ms", "UTC"), len(ms), [None, pa.py_buffer(_whole(ms))])


def _decimals(micro: Int64s) -> pa.Array:
    return pa.Array.from_buffers(pa.decimal64(18, 6), len(micro), [None, pa.py_buffer(_whole(micro))])


def _whole(column: Int64s) -> Int64s:
    return np.ascontiguousarray(column, np.int64)


def _meter(text: str) -> UUID | None:
    meter = UUID(text)
    return None if meter == NO_METER else meter


def _params(tenant_id: UUID, selector: Selector) -> dict[str, Any]:
    return {
        "tenant": str(tenant_id),
        "source": selector.source,
        "channel": selector.channel,
        "reason": selector.reason,
        "channels": list(selector.channels),
        "meters": [str(one) for one in selector.meters],
    }


def _after(after: Key | None) -> dict[str, Any]:
    source, sequence, row = after or FIRST_KEY
    return {"after_source": source, "after_sequence": sequence, "after_row": row}
