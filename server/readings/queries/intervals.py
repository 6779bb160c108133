"""Final intervals: as stored, or summed to hours, days and longer spans of a zone, or to so many points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import UUID

import numpy as np

from server.platform.telemetry_store import TelemetryStore
from server.readings import final
from server.readings.calendar import HOUR_MS, days_with, grid_of
from server.readings.domain import Int64s, State
from server.readings.errors import SeriesNotFound
from server.readings.ports import ChannelDirectory, SeriesInfo
from server.readings.queries.kept import EVERYTHING, Kept
from server.readings.queries.seen import Seen, Views, rows_seen
from server.readings.queries.spans import (
    DAY,
    DEFAULT_SECONDS,
    HOUR,
    MONTH,
    NATIVE,
    begin_of,
    bucket_sql,
    cells_of_series,
    end_of,
    hour_of,
    starts_of,
)

__all__ = [
    "DAY",
    "HOUR",
    "MONTH",
    "NATIVE",
    "Interval",
    "IntervalQueries",
    "Wanted",
    "expected_cells",
    "grids",
]

WORST_FIRST = (State.MISSING, State.SUSPECT, State.ESTIMATED, State.EDITED, State.VALIDATED, State.RAW)
"""States in order of gravity: an aggregate has the gravest of its intervals."""

RANK = [int(state) for state in WORST_FIRST]
_MISSING = int(State.MISSING)
_COUNTED = (State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.EDITED)


@dataclass(frozen=True, slots=True)
class Interval:
    """One value of a series, or the sum of several."""

    info: SeriesInfo
    start_ms: int
    end_ms: int
    micro: int | None
    """None where there is no value."""
    state: int
    """0 of a sum of nothing."""
    quality: int
    method: int = 0
    rule: str = ""
    count: int = 0
    """How many values it has had; 0 for a sum."""
    version: int = 0
    """The version that it is of; 0 for a sum."""
    intervals: int = 0
    """Intervals that have a value, for a sum."""
    expected: int = 0
    estimated: int = 0
    missing: int = 0
    validated: int = 0
    suspect: int = 0
    edited: int = 0
    excluded: int = 0
    """Intervals with a value that were not kept."""
    least: int | None = None
    greatest: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query wants. Times in milliseconds, half-open."""

    resolution: str
    start_ms: int
    end_ms: int
    tz: str
    """Zone of days and longer spans; empty: each series' own."""
    seen: tuple[Seen, ...]
    now_ms: int
    """What lies after it is not missing yet."""
    kept: Kept = EVERYTHING
    most: int = 0
    """Points of a series at most; 0: no bound."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the series of one zone, and where the spans of its sums begin, if that is special."""

    infos: dict[int, SeriesInfo]
    tz: str
    after: tuple[int, int] | None
    limit: int
    edges: Int64s | None = None

    def begin(self, wanted: Wanted, bucket: int) -> int:
        return bucket if self.edges is not None else begin_of(wanted.resolution, self.tz, bucket * 1000)

    def end(self, wanted: Wanted, start_ms: int) -> int:
        if self.edges is None:
            return end_of(wanted.resolution, self.tz, start_ms)
        place = int(np.searchsorted(self.edges, start_ms, side="right"))
        return int(self.edges[place]) if place < len(self.edges) else wanted.end_ms


class IntervalQueries:
    """Reads final data of series."""

    def __init__(self, store: TelemetryStore, directory: ChannelDirectory, views: Views) -> None:
        self._store = store
        self._directory = directory
        self._views = views

    async def series(
        self, tenant_id: UUID, numbers: Sequence[int], usage_point_id: UUID | None, quantity: str
    ) -> list[SeriesInfo]:
        """The series that a query means, in order of their numbers. Raises SeriesNotFound."""
        if usage_point_id is not None:
            found = await self._directory.series_of(tenant_id, [usage_point_id])
        else:
            found = await self._directory.series(tenant_id, np.array(sorted(set(numbers)), np.uint64))
            unknown = set(numbers) - {info.series for info in found}
            if unknown:
                raise SeriesNotFound(min(unknown))
        wanted = [info for info in found if not quantity or info.quantity == quantity]
        return sorted(wanted, key=lambda info: info.series)

    async def page(
        self,
        tenant_id: UUID,
        series: Sequence[SeriesInfo],
        wanted: Wanted,
        *,
        after: tuple[int, int] | None = None,
        limit: int,
    ) -> list[Interval]:
        """Intervals in order of series and time, from behind ``after`` (series, start) on."""
        found: list[Interval] = []
        left = [info for info in series if after is None or info.series >= after[0]]

        def alike(info: SeriesInfo) -> tuple[str, int]:
            # ClickHouse takes one zone a query: series of one zone are asked for together.
            return wanted.tz or info.tz, (info.interval_seconds or DEFAULT_SECONDS) if wanted.most else 0

        for (tz, _), group in groupby(left, key=alike):
            if len(found) >= limit:
                break
            infos = {info.series: info for info in group}
            edges = _edges(next(iter(infos.values())), wanted, tz) if wanted.most else None
            page = _Page(infos, tz, after, limit - len(found), edges)
            rows = await self._rows(tenant_id, page, wanted)
            found += [_interval(infos[row[0]], row, wanted, page) for row in rows]
        return found

    async def versions(self, tenant_id: UUID, info: SeriesInfo, at_ms: int) -> list[Interval]:
        """Every version of the interval that begins at a time, oldest first."""
        rows = await self._store.rows(
            f"""
            SELECT series, ms, length_ms, micro, state, quality, method, rule, revision, since
            FROM {final.value_rows()} ORDER BY since""",
            {
                "tenant": str(tenant_id),
                "series": [info.series],
                "start": at_ms,
                "end": at_ms,
                "watermark": await self._views.watermark(),
            },
        )
        return [_native(info, row) for row in rows]

    async def _rows(self, tenant_id: UUID, page: _Page, wanted: Wanted) -> list[tuple[Any, ...]]:
        """Rows of a page. A long time of one series is read in stretches, no further than the page goes."""
        if len(page.infos) > 1 or page.edges is not None or wanted.resolution not in {NATIVE, HOUR}:
            return await self._stretch(tenant_id, page, wanted)
        (info,) = page.infos.values()
        step = HOUR_MS if wanted.resolution == HOUR else (info.interval_seconds or DEFAULT_SECONDS) * 1000
        begin = wanted.start_ms if page.after is None else max(wanted.start_ms, page.after[1])
        rows: list[tuple[Any, ...]] = []
        length = step * (page.limit + 1)
        while begin < wanted.end_ms and len(rows) < page.limit:
            end = min(hour_of(page.tz, begin + length), wanted.end_ms)
            piece = replace(wanted, start_ms=begin, end_ms=end)
            rows += await self._stretch(tenant_id, replace(page, limit=page.limit - len(rows)), piece)
            begin, length = end, length * 4
        return rows

    async def _stretch(self, tenant_id: UUID, page: _Page, wanted: Wanted) -> list[tuple[Any, ...]]:
        after, native = page.after, wanted.resolution == NATIVE and page.edges is None
        behind = ""
        params: dict[str, Any] = {}
        if after is not None and after[0] in page.infos:
            behind = "AND (series > {last:UInt64} OR ms > {after:Int64})"
            reached = after[1] if native else page.end(wanted, after[1]) - 1
            params = {"last": after[0], "after": reached}
        columns = final.COLUMNS if native else ("micro", "state", "quality")
        source, given = rows_seen(page.infos, wanted.seen, wanted.start_ms, wanted.end_ms, behind, columns)
        if not source:
            return []
        params |= {**given, "tenant": str(tenant_id)}
        if native:
            statement = f"""
            SELECT series, ms, length_ms, micro, state, quality, method, rule, revision, since
            FROM {source} WHERE {wanted.kept.sql} ORDER BY series, ms LIMIT {page.limit}"""
            return await self._store.rows(statement, params)
        if page.edges is None:
            bucket, params["tz"] = bucket_sql(wanted.resolution), page.tz
        else:
            bucket, params["edges"] = "roundDown(ms, {edges:Array(Int64)})", page.edges.tolist()
        there = f"state != {_MISSING}"
        statement = f"""
            SELECT series, {bucket} AS bucket,
                sumIf(toInt128(micro), kept AND {there}), minIf(indexOf({RANK}, state), kept),
                groupBitOrIf(quality, kept), countIf(kept AND {there}), countIf({there} AND NOT kept),
                {", ".join(f"countIf(kept AND state = {int(state)})" for state in _COUNTED)},
                minIf(micro, kept AND {there}), maxIf(micro, kept AND {there})
            FROM (SELECT series, ms, micro, state, quality, {wanted.kept.sql} AS kept FROM {source})
            GROUP BY series, bucket ORDER BY series, bucket LIMIT {page.limit}"""
        return await self._store.rows(statement, params)


def _edges(info: SeriesInfo, wanted: Wanted, tz: str) -> Int64s:
    """Where the points of a plot begin: equally many intervals or spans each, the last one may have fewer."""
    if wanted.resolution == NATIVE:
        starts = cells_of_series(info.tz, info.interval_seconds, wanted.start_ms, wanted.end_ms)
    else:
        starts = starts_of(wanted.resolution, tz, wanted.start_ms, wanted.end_ms)
    together = max(-(-len(starts) // wanted.most), 1)
    return starts[::together] if len(starts) else np.array([wanted.start_ms], np.int64)


def _interval(info: SeriesInfo, row: tuple[Any, ...], wanted: Wanted, page: _Page) -> Interval:
    if wanted.resolution == NATIVE and page.edges is None:
        return _native(info, row)
    _, bucket, total, rank, quality, intervals, excluded, validated, suspect, estimated, edited, *ends = row
    start = page.begin(wanted, bucket)
    begin = max(start, wanted.start_ms)
    # An hour ends as it begins: thousands of them need not ask the zone.
    hours = wanted.resolution == HOUR and page.edges is None
    end = min(start + HOUR_MS if hours else page.end(wanted, start), wanted.end_ms)
    expected = expected_cells(info, begin, end)
    due = expected if end <= wanted.now_ms else expected_cells(info, begin, max(begin, wanted.now_ms))
    missing = max(due - intervals - excluded, 0)
    return Interval(
        info,
        begin,
        end,
        int(total) if intervals else None,
        _MISSING if missing and wanted.kept.missing else RANK[rank - 1] if rank else 0,
        quality,
        intervals=intervals,
        expected=max(expected, intervals + excluded),
        estimated=estimated,
        missing=missing,
        validated=validated,
        suspect=suspect,
        edited=edited,
        excluded=excluded,
        least=int(ends[0]) if intervals else None,
        greatest=int(ends[1]) if intervals else None,
    )


def _native(info: SeriesInfo, row: tuple[Any, ...]) -> Interval:
    _, start, length, micro, state, quality, method, rule, count, version = row
    return Interval(
        info,
        start,
        start + length,
        None if state == _MISSING else int(micro),
        state,
        quality,
        method,
        rule,
        count,
        version,
    )


def expected_cells(info: SeriesInfo, start_ms: int, end_ms: int) -> int:
    """How many intervals of a series begin in ``[start, end)``."""
    length = (info.interval_seconds or DEFAULT_SECONDS) * 1000
    if length <= HOUR_MS:
        # They lie on multiples of their length, whatever the day.
        return max(-(-end_ms // length) + start_ms // -length, 0)
    inside = range(start_ms, end_ms)
    return sum(start in inside for grid in grids(info, start_ms, end_ms) for start in grid)


def grids(info: SeriesInfo, start_ms: int, end_ms: int) -> Iterator[range]:
    """The intervals of the local days that touch ``[start, end)``, day by day."""
    length = (info.interval_seconds or DEFAULT_SECONDS) * 1000
    for day in days_with(info.tz, start_ms, end_ms):
        yield grid_of(day, length)
