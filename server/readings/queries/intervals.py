"""Final intervals: as stored, or summed to hours, days and months of a zone, now or as of a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import numpy as np

from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings import final
from server.readings.calendar import HOUR_MS, day_of, days_with, grid_of, local_day
from server.readings.domain import State
from server.readings.errors import SeriesNotFound
from server.readings.ports import ChannelDirectory, SeriesInfo
from server.readings.vee import versions

NATIVE, HOUR, DAY, MONTH = "NATIVE", "HOUR", "DAY", "MONTH"

WORST_FIRST = (State.MISSING, State.SUSPECT, State.ESTIMATED, State.EDITED, State.VALIDATED, State.RAW)
"""States in order of gravity: an aggregate has the gravest of its intervals."""

BUCKETS = {
    HOUR: "toUnixTimestamp(toStartOfInterval(ts, INTERVAL 1 HOUR, {tz:String}))",
    DAY: "toUnixTimestamp(toStartOfDay(ts, {tz:String}))",
    MONTH: "toUnixTimestamp(toDateTime(toStartOfMonth(ts, {tz:String}), {tz:String}))",
}
"""SQL of the begin of each span over a column ``ts``, in seconds; takes the parameter ``tz``."""
_RANK = [int(state) for state in WORST_FIRST]
_MISSING, _ESTIMATED = int(State.MISSING), int(State.ESTIMATED)
_DEFAULT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Interval:
    """One value of a series, or the sum of several."""

    info: SeriesInfo
    start_ms: int
    end_ms: int
    micro: int | None
    """None where there is no value."""
    state: int
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query wants. Times in milliseconds, half-open."""

    resolution: str
    start_ms: int
    end_ms: int
    tz: str
    """Zone of days and months; empty: each series' own."""
    watermark: int
    now_ms: int
    """What lies after it is not missing yet."""


class IntervalQueries:
    """Reads ``measurement``."""

    def __init__(self, store: TelemetryStore, directory: ChannelDirectory, uow: UnitOfWork) -> None:
        self._store = store
        self._directory = directory
        self._uow = uow

    async def watermark(self, as_of: datetime | None = None) -> int:
        """The newest version that was to be seen at a time, or is now."""
        async with self._uow() as tx:
            return await versions.watermark(tx, as_of)

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
        # ClickHouse takes one zone a query: series of one zone are asked for together.
        for tz, group in groupby(left, key=lambda info: wanted.tz or info.tz):
            if len(found) >= limit:
                break
            infos = {info.series: info for info in group}
            rows = await self._rows(tenant_id, infos, wanted, tz, after, limit - len(found))
            found += [_interval(infos[row[0]], row, wanted, tz) for row in rows]
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
                "watermark": await self.watermark(),
            },
        )
        return [_native(info, row) for row in rows]

    async def _rows(
        self,
        tenant_id: UUID,
        infos: dict[int, SeriesInfo],
        wanted: Wanted,
        tz: str,
        after: tuple[int, int] | None,
        limit: int,
    ) -> list[tuple[Any, ...]]:
        """Rows of a page. A long time of one series is read in stretches, no further than the page goes."""
        if len(infos) > 1 or wanted.resolution not in {NATIVE, HOUR}:
            return await self._stretch(tenant_id, infos, wanted, tz, after, limit)
        (info,) = infos.values()
        step = HOUR_MS if wanted.resolution == HOUR else (info.interval_seconds or _DEFAULT_SECONDS) * 1000
        begin = wanted.start_ms if after is None else max(wanted.start_ms, after[1])
        rows: list[tuple[Any, ...]] = []
        length = step * (limit + 1)
        while begin < wanted.end_ms and len(rows) < limit:
            end = min(_hour_of(tz, begin + length), wanted.end_ms)
            piece = replace(wanted, start_ms=begin, end_ms=end)
            rows += await self._stretch(tenant_id, infos, piece, tz, after, limit - len(rows))
            begin, length = end, length * 4
        return rows

    async def _stretch(
        self,
        tenant_id: UUID,
        infos: dict[int, SeriesInfo],
        wanted: Wanted,
        tz: str,
        after: tuple[int, int] | None,
        limit: int,
    ) -> list[tuple[Any, ...]]:
        params: dict[str, Any] = {
            "tenant": str(tenant_id),
            "series": list(infos),
            "start": wanted.start_ms,
            "end": wanted.end_ms,
            "watermark": wanted.watermark,
        }
        behind = ""
        if after is not None and after[0] in infos:
            behind = "AND (series > {last:UInt64} OR ms > {after:Int64})"
            params |= {"last": after[0], "after": after[1]}
        latest = final.interval_rows(where=behind)
        if wanted.resolution == NATIVE:
            statement = f"""
            SELECT series, ms, length_ms, micro, state, quality, method, rule, revision, since
            FROM {latest} ORDER BY series, ms LIMIT {limit}"""
        else:
            params["tz"] = tz
            if after is not None and after[0] in infos:
                params["after"] = end_of(wanted.resolution, tz, after[1]) - 1
            statement = f"""
            SELECT series, {BUCKETS[wanted.resolution]} AS bucket,
                sumIf(toInt128(micro), state != {_MISSING}), min(indexOf({_RANK}, state)),
                groupBitOr(quality), countIf(state != {_MISSING}), countIf(state = {_ESTIMATED})
            FROM (SELECT *, fromUnixTimestamp64Milli(ms, 'UTC') AS ts FROM {latest})
            GROUP BY series, bucket ORDER BY series, bucket LIMIT {limit}"""
        return await self._store.rows(statement, params)


def _interval(info: SeriesInfo, row: tuple[Any, ...], wanted: Wanted, tz: str) -> Interval:
    return _native(info, row) if wanted.resolution == NATIVE else summed(info, row, wanted, tz)


def summed(info: SeriesInfo, row: tuple[Any, ...], wanted: Wanted, tz: str) -> Interval:
    """The sum of a bucket of :data:`BUCKETS`: series, bucket, total, best rank, bits, counts."""
    _, bucket, total, rank, quality, intervals, estimated = row
    start = _begin_of(wanted.resolution, tz, bucket * 1000)
    begin = max(start, wanted.start_ms)
    end = min(end_of(wanted.resolution, tz, start), wanted.end_ms)
    expected = expected_cells(info, begin, end)
    due = expected if end <= wanted.now_ms else expected_cells(info, begin, max(begin, wanted.now_ms))
    missing = max(due - intervals, 0)
    return Interval(
        info,
        begin,
        end,
        int(total) if intervals else None,
        State.MISSING if missing else _RANK[rank - 1],
        quality,
        intervals=intervals,
        expected=max(expected, intervals),
        estimated=estimated,
        missing=missing,
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
    length = (info.interval_seconds or _DEFAULT_SECONDS) * 1000
    if length <= HOUR_MS:
        # They lie on multiples of their length, whatever the day.
        return max(-(-end_ms // length) + start_ms // -length, 0)
    inside = range(start_ms, end_ms)
    return sum(start in inside for grid in grids(info, start_ms, end_ms) for start in grid)


def grids(info: SeriesInfo, start_ms: int, end_ms: int) -> Iterator[range]:
    """The intervals of the local days that touch ``[start, end)``, day by day."""
    length = (info.interval_seconds or _DEFAULT_SECONDS) * 1000
    for day in days_with(info.tz, start_ms, end_ms):
        yield grid_of(day, length)


def _begin_of(resolution: str, tz: str, bucket_ms: int) -> int:
    """The first instant of what ClickHouse calls a day or month: where midnight is skipped, it is later."""
    if resolution == HOUR:
        return bucket_ms
    return local_day(tz, day_of(tz, bucket_ms + 3 * HOUR_MS)).start_ms


def _hour_of(tz: str, at_ms: int) -> int:
    """The beginning of the local hour in which an instant lies; some zones are half an hour off."""
    return at_ms - local_day(tz, day_of(tz, at_ms)).wall_ms(at_ms) % HOUR_MS


def end_of(resolution: str, tz: str, start_ms: int) -> int:
    """The first instant behind the hour, local day or local month that begins at ``start_ms``."""
    if resolution == HOUR:
        return _hour_of(tz, start_ms) + HOUR_MS
    day = day_of(tz, start_ms)
    if resolution == DAY:
        return local_day(tz, day).end_ms
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return local_day(tz, following).start_ms
