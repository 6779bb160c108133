"""Derived series, computed: intervals, and their sums by hours, days and months of a zone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.platform.telemetry_store import TelemetryStore
from server.readings.derived import sql
from server.readings.derived.domain import DerivedSeries
from server.readings.derived.sql import Parameters, Plan
from server.readings.domain import State
from server.readings.queries.intervals import RANK, Interval, expected_cells
from server.readings.queries.spans import NATIVE, begin_of, end_of

_DAY_MS = 86_400_000
_MARGIN_MS = 2 * _DAY_MS
"""No interval is longer than a day of 25 hours."""


@dataclass(frozen=True, slots=True)
class Info:
    """A derived series as series are told: it has no number."""

    usage_point_id: UUID
    unit: str
    interval_seconds: int
    tz: str
    series: int = 0
    quantity: str = ""
    commodity: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a derived series is wanted. Times in milliseconds, half-open."""

    resolution: str
    start_ms: int
    end_ms: int
    watermark: int
    now_ms: int
    """What lies after it is not missing yet."""


class Evaluation:
    """Asks the engine."""

    def __init__(self, store: TelemetryStore) -> None:
        self._store = store

    async def intervals(
        self,
        tenant_id: UUID,
        one: DerivedSeries,
        plan: Plan,
        wanted: Wanted,
        *,
        after: int | None,
        limit: int,
    ) -> list[Interval]:
        """Intervals, or sums, in order of time, from behind the one that begins at ``after`` on."""
        info = Info(one.derived_series_id, one.unit, one.interval_seconds, one.time_zone)
        if wanted.resolution == NATIVE:
            low = wanted.start_ms if after is None else max(wanted.start_ms, after + 1)
            rows = await self._native(tenant_id, plan, wanted, low, limit)
            return [_interval(info, row) for row in rows]
        low = wanted.start_ms
        if after is not None:
            low = max(low, end_of(wanted.resolution, info.tz, after))
        given = Parameters()
        statement = sql.totals(plan, wanted.resolution, given, limit)
        rows = await self._asked(tenant_id, statement, given, wanted, low, wanted.end_ms, tz=info.tz)
        return [_sum(info, row, wanted) for row in rows]

    async def _native(
        self, tenant_id: UUID, plan: Plan, wanted: Wanted, low: int, limit: int
    ) -> list[tuple[Any, ...]]:
        """Rows of a page: read in stretches, no further than the page goes."""
        rows: list[tuple[Any, ...]] = []
        length = plan.grid.step_ms * (limit + 1)
        while low < wanted.end_ms and len(rows) < limit:
            high = min(low + length, wanted.end_ms)
            given = Parameters()
            statement = sql.page(plan, given, limit - len(rows))
            rows += await self._asked(tenant_id, statement, given, wanted, low, high)
            low, length = high, length * 4
        return rows

    async def _asked(
        self,
        tenant_id: UUID,
        statement: str,
        given: Parameters,
        wanted: Wanted,
        low: int,
        high: int,
        **more: str,
    ) -> list[tuple[Any, ...]]:
        return await self._store.rows(
            statement,
            {
                **given.values,
                **more,
                "tenant": str(tenant_id),
                "start": low - _MARGIN_MS,
                "end": high + _MARGIN_MS,
                "low": low,
                "high": high,
                "watermark": wanted.watermark,
            },
            tables=given.tables,
        )


def _interval(info: Info, row: tuple[Any, ...]) -> Interval:
    start, length, micro, state, quality, method = row
    return Interval(
        info, start, start + length, None if state == State.MISSING else int(micro), state, quality, method
    )


def _sum(info: Info, row: tuple[Any, ...], wanted: Wanted) -> Interval:
    bucket, total, least, greatest, rank, quality, intervals, validated, suspect, estimated, edited = row
    start = begin_of(wanted.resolution, info.tz, bucket * 1000)
    begin = max(start, wanted.start_ms)
    end = min(end_of(wanted.resolution, info.tz, start), wanted.end_ms)
    expected = expected_cells(info, begin, end)
    due = expected if end <= wanted.now_ms else expected_cells(info, begin, max(begin, wanted.now_ms))
    missing = max(due - intervals, 0)
    return Interval(
        info,
        begin,
        end,
        int(total) if intervals else None,
        State.MISSING if missing else RANK[rank - 1],
        quality,
        intervals=intervals,
        expected=max(expected, intervals),
        estimated=estimated,
        missing=missing,
        validated=validated,
        suspect=suspect,
        edited=edited,
        least=int(least) if intervals else None,
        greatest=int(greatest) if intervals else None,
    )
