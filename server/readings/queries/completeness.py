"""How much of what a meter should have sent has come."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import day_of, days_between, grid_of, to_ms
from server.readings.ports import INTERVAL, ChannelDirectory, Installation
from server.readings.queries.raw import Piece, condition_of

DAYS = 7


class Completeness:
    """Implements the devices' port of the same name."""

    def __init__(self, store: TelemetryStore, directory: ChannelDirectory) -> None:
        self._store = store
        self._directory = directory

    async def of_meter(self, tenant_id: UUID, meter_id: UUID, now: datetime) -> float | None:
        """Share of the intervals of the last seven whole days that came, 0 to 1; None: none was expected.

        Expected are those of its interval channels while it is installed; days are those of the usage point.
        """
        infos = await self._directory.channels_of_meters(tenant_id, [meter_id])
        lengths = {
            info.channel: info.interval_seconds * 1000
            for info in infos
            if info.kind == INTERVAL and info.interval_seconds
        }
        numbers = np.array(sorted(lengths), np.uint64)
        links = await self._directory.installations(tenant_id, numbers) if lengths else []
        due, pieces = expected(links, lengths, now)
        total = sum(due.values())
        if not total:
            return None
        came = await self._came(tenant_id, pieces)
        # One that sends at odd times has not sent more than it should.
        return sum(min(came.get(channel, 0), most) for channel, most in due.items()) / total

    async def _came(self, tenant_id: UUID, pieces: Sequence[Piece]) -> dict[int, int]:
        """How many intervals of each channel have a reading."""
        rows = await self._store.rows(
            f"""
            SELECT channel, uniqExact(ts) FROM raw_reading
            WHERE tenant_id = {{tenant:UUID}} AND channel IN {{channels:Array(UInt64)}}
                AND ({" OR ".join(map(condition_of, pieces))})
            GROUP BY channel""",
            {"tenant": str(tenant_id), "channels": sorted({one.channel for one in pieces})},
        )
        return dict(rows)


def expected(
    links: Iterable[Installation], lengths: dict[int, int], now: datetime
) -> tuple[dict[int, int], list[Piece]]:
    """How many intervals each channel should have sent in the last seven whole days, and when.

    ``lengths`` are those of the channels' intervals, milliseconds. A day has 23, 24 or 25 hours.
    """
    due: dict[int, int] = {}
    pieces: list[Piece] = []
    for link in links:
        today = day_of(link.tz, to_ms(now))
        days = list(days_between(link.tz, today - timedelta(days=DAYS), today - timedelta(days=1)))
        low = max(to_ms(link.start), days[0].start_ms)
        high = days[-1].end_ms if link.end is None else min(to_ms(link.end), days[-1].end_ms)
        if low >= high:
            continue
        pieces.append(Piece(link.channel, low, high))
        count = sum(low <= start < high for day in days for start in grid_of(day, lengths[link.channel]))
        due[link.channel] = due.get(link.channel, 0) + count
    return due, pieces
