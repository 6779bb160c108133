"""Use cases of demand: windows, and their maxima."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa

from server.platform.telemetry_store import Tables, TelemetryStore
from server.readings.calendar import LocalDay, local_day
from server.readings.demand import sql
from server.readings.demand.domain import (
    DAY,
    MONTH,
    Asked,
    Demand,
    Kind,
    Maximum,
    Windows,
    demand_of,
    windows_of,
)
from server.readings.demand.errors import NothingMeasured
from server.readings.demand.ports import DemandDirectory
from server.readings.domain import State
from server.readings.ports import SeriesInfo
from server.readings.queries.intervals import WORST_FIRST, IntervalQueries
from server.readings.queries.seen import Views

Row = tuple[Any, ...]
_DAYS_A_MONTH = 28
_FIRST_PERIOD = -(2**62)


class DemandQueries:
    """Asks the engine for sums and makes rates of them."""

    def __init__(
        self, store: TelemetryStore, directory: DemandDirectory, intervals: IntervalQueries, views: Views
    ) -> None:
        self._store = store
        self._directory = directory
        self._intervals = intervals
        self._views = views

    async def watermark(self, as_of: datetime | None) -> int:
        """The newest version that was to be seen at a time, or is now."""
        return await self._views.watermark(as_of)

    async def series(
        self,
        tenant_id: UUID,
        numbers: Sequence[int],
        usage_point_id: UUID | None,
        node_id: UUID | None,
        quantity: str,
    ) -> list[SeriesInfo]:
        """The series that a query means, in order of their numbers.

        Raises SeriesNotFound and NothingMeasured.
        """
        if node_id is None:
            found = await self._intervals.series(tenant_id, numbers, usage_point_id, quantity)
            what = f"usage point {usage_point_id}" if usage_point_id else "the list"
        else:
            points = await self._directory.usage_points_under(tenant_id, node_id)
            every = await self._directory.series_of(tenant_id, points)
            wanted = [info for info in every if not quantity or info.quantity == quantity]
            found = sorted(wanted, key=lambda info: info.series)
            what = f"node {node_id}"
        if not found:
            raise NothingMeasured(what)
        return found

    async def page(
        self,
        tenant_id: UUID,
        series: Sequence[SeriesInfo],
        asked: Asked,
        *,
        after: tuple[int, int] | None,
        limit: int,
    ) -> list[tuple[tuple[int, int], Demand]]:
        """Windows with their keys, in order of series and time, from behind ``after`` on."""
        key, period = after or (0, _FIRST_PERIOD)
        found: list[tuple[tuple[int, int], Demand]] = []
        for windows in _portions(series, asked, key, lambda one: one.behind - one.first, limit):
            if len(found) >= limit:
                break
            # Of a series that is gone on with, what lies before the page need not be read.
            alone = key and [info.series for info in windows.series] == [key]
            if alone or windows.coincident:
                windows = replace(windows, first=max(windows.first, period + 1))  # noqa: PLW2901
            rows = await self._store.rows(
                sql.page(windows.periods, limit - len(found), coincident=windows.coincident),
                {**_given(tenant_id, windows, asked), "after_k": key, "after_p": period},
                tables=_members(windows),
            )
            kinds = windows.kinds()
            found += [((row[0], row[1]), _demand(windows, kinds[row[0]], row)) for row in rows]
        return found

    async def maxima(
        self,
        tenant_id: UUID,
        series: Sequence[SeriesInfo],
        asked: Asked,
        span: str,
        *,
        incomplete: bool,
        after: tuple[int, date] | None,
        limit: int,
    ) -> list[Maximum]:
        """Maxima in order of series and time, from behind ``after`` on."""
        key = after[0] if after else 0
        length = {DAY: 1, MONTH: _DAYS_A_MONTH}.get(span, 10_000) * 86_400_000
        found: list[Maximum] = []
        spans = max((asked.end_ms - asked.start_ms) // length, 1)
        for windows in _portions(series, asked, key, lambda _: spans, limit):
            if len(found) >= limit:
                break
            members = len(windows.series) if windows.coincident else 1
            rows = await self._store.rows(
                sql.maxima(
                    windows.periods,
                    span,
                    limit - len(found),
                    coincident=windows.coincident,
                    incomplete=incomplete,
                    follows=after is not None,
                ),
                {
                    **_given(tenant_id, windows, asked),
                    "tz": windows.tz,
                    "whole": members * windows.length_ms,
                    **({"after_k": key, "after_span": after[1]} if after else {}),
                },
                tables=_members(windows),
            )
            kinds = windows.kinds()
            found += [_maximum(windows, kinds[row[0]], asked, span, row) for row in rows]
        return found


def _portions(
    series: Sequence[SeriesInfo], asked: Asked, key: int, rows_each: Any, limit: int
) -> Iterator[Windows]:
    """The windows of series from a key on, as many series at a time as a page may need."""
    for windows in windows_of(series, asked):
        if windows.coincident:
            yield windows
            continue
        left = [info for info in windows.series if info.series >= key]
        size = max(limit // max(rows_each(windows), 1), 1)
        while left:
            yield replace(windows, series=tuple(left[:size]))
            # Those that have nothing are passed over ever faster.
            left, size = left[size:], size * 4


def _given(tenant_id: UUID, windows: Windows, asked: Asked) -> dict[str, Any]:
    return {
        "tenant": str(tenant_id),
        "start": windows.begin_ms,
        "end": windows.end_ms,
        "watermark": asked.watermark,
        "anchor": windows.anchor_ms,
        "step": windows.step_ms,
        "first": windows.first,
    }


def _members(windows: Windows) -> Tables:
    numbers = pa.array([info.series for info in windows.series], pa.uint64())
    return {sql.MEMBERS: (pa.table({"series": numbers}), "series UInt64")}


def _demand(windows: Windows, kind: Kind, row: Row) -> Demand:
    key, period, total, have, covered, estimated, worst, bits = row
    micro, unit = demand_of(int(total), kind.unit, windows.length_ms)
    complete = covered >= windows.length_ms * kind.members
    end = windows.at(period + 1)
    return Demand(
        series=key,
        start_ms=end - windows.length_ms,
        end_ms=end,
        micro=micro if have else None,
        unit=unit,
        state=WORST_FIRST[worst - 1] if complete else State.MISSING,
        quality=bits,
        intervals=have,
        expected=kind.expected,
        estimated=estimated,
    )


def _maximum(windows: Windows, kind: Kind, asked: Asked, span: str, row: Row) -> Maximum:
    key, day, best, counted, complete = row
    start, end = asked.start_ms, asked.end_ms
    if span in {DAY, MONTH}:
        low, high = _bounds(windows.tz, span, day)
        start, end = max(start, low.start_ms), min(end, high.start_ms)
    expected = windows.between(start, end)
    return Maximum(
        series=key,
        start_ms=start,
        end_ms=end,
        key=(key, day),
        demand=_demand(windows, kind, (key, *best)) if counted else None,
        windows=counted,
        expected=expected,
        incomplete=expected - complete,
    )


def _bounds(tz: str, span: str, day: date) -> tuple[LocalDay, LocalDay]:
    """The first day of a span, and the first one behind it."""
    behind = day + timedelta(days=1)
    if span == MONTH:
        behind = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return local_day(tz, day), local_day(tz, behind)
