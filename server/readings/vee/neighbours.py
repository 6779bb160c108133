"""Where the readings before and after a stretch of time lie: what a run looks at besides what was touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa

from server.platform.telemetry_store import TelemetryStore

DAY_MS = 86_400_000
NEAR_MS = 2 * DAY_MS
"""Most neighbours are found within two days."""
REACH_MS = 400 * DAY_MS
"""Farther than this nothing is connected with what was touched."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a channel's time, both ends included, milliseconds."""

    channel: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Around:
    """The readings next to a stretch, or None."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """First and last reading of a channel, milliseconds."""

    first: int
    last: int


class Neighbours:
    """Asks ClickHouse."""

    def __init__(self, store: TelemetryStore, tenant_id: UUID) -> None:
        self._store = store
        self._tenant = str(tenant_id)

    async def spans(self, channels: Sequence[int]) -> dict[int, Span]:
        """First and last reading of each channel that has any."""
        found = await self._store.query(
            "SELECT channel, toUnixTimestamp64Milli(min(first_ts)) AS a,"
            " toUnixTimestamp64Milli(max(last_ts)) AS b"
            " FROM channel_span WHERE tenant_id = {tenant:UUID} AND channel IN {channels:Array(UInt64)}"
            " GROUP BY channel",
            {"tenant": self._tenant, "channels": list(channels)},
        )
        return {
            channel: Span(first, last)
            for channel, first, last in zip(*(column.to_pylist() for column in found.columns), strict=True)
        }

    async def around(
        self, stretches: Sequence[Stretch], spans: dict[int, Span], table: str
    ) -> dict[int, Around]:
        """The readings next to each channel's stretch; ``table`` is a name that is free for a moment."""
        wanted = [s for s in stretches if s.channel in spans]
        known = {s.channel: Around() for s in stretches}
        # What lies beyond a channel's first or last reading need not be looked for.
        open_ = [s for s in wanted if spans[s.channel].first < s.low or spans[s.channel].last > s.high]
        for reach in (NEAR_MS, REACH_MS):
            if not open_:
                break
            known |= await self._within(open_, reach, table)
            open_ = [
                s
                for s in open_
                if (spans[s.channel].first < s.low and known[s.channel].before is None)
                or (spans[s.channel].last > s.high and known[s.channel].after is None)
            ]
        return known

    async def _within(self, stretches: Sequence[Stretch], reach: int, table: str) -> dict[int, Around]:
        asked = pa.table(
            {
                "channel": pa.array([s.channel for s in stretches], pa.uint64()),
                "low": pa.array([s.low for s in stretches], pa.int64()),
                "high": pa.array([s.high for s in stretches], pa.int64()),
            }
        )
        await self._store.command(
            f"CREATE TABLE {table} (channel UInt64, low Int64, high Int64) ENGINE = Memory"
        )
        try:
            await self._store.insert(table, asked)
            found = await self._store.query(
                f"""
                SELECT r.channel AS channel, maxIf(ms, ms < low) AS before, minIf(ms, ms > high) AS after
                FROM (
                    SELECT channel, toUnixTimestamp64Milli(ts) AS ms FROM raw_reading
                    WHERE tenant_id = {{tenant:UUID}} AND channel IN (SELECT channel FROM {table})
                      AND ts >= fromUnixTimestamp64Milli({{first:Int64}})
                      AND ts <= fromUnixTimestamp64Milli({{last:Int64}})) AS r
                INNER JOIN {table} AS a ON a.channel = r.channel
                WHERE ms >= low - {{reach:Int64}} AND ms <= high + {{reach:Int64}} AND (ms < low OR ms > high)
                GROUP BY channel""",
                {
                    "tenant": self._tenant,
                    "first": min(s.low for s in stretches) - reach,
                    "last": max(s.high for s in stretches) + reach,
                    "reach": reach,
                },
            )
        finally:
            await self._store.command(f"DROP TABLE IF EXISTS {table}")
        rows = zip(*(column.to_pylist() for column in found.columns), strict=True)
        around = {channel: Around(before or None, after or None) for channel, before, after in rows}
        return {s.channel: around.get(s.channel, Around()) for s in stretches}
