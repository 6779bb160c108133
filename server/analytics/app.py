"""Making forecasts of usage points and of places."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from server.analytics import store
from server.analytics.domain import (
    HISTORY_DAYS,
    LEAST_COVERAGE,
    BacktestError,
    Forecast,
    ForecastPoint,
    ForecastRequest,
)
from server.analytics.errors import ForecastNotFound, HistoryTooShort, SubjectNotFound
from server.analytics.forecasting.backtest import FEWEST_DAYS
from server.analytics.forecasting.forecast import SeriesForecast, foretell
from server.analytics.forecasting.grid import DayGrid, lay_out, local_midnight
from server.analytics.forecasting.models import MODEL_VERSION
from server.analytics.ports import IntervalSource, SeriesDirectory, SeriesInfo
from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.history import CREATED
from server.platform.ids import new_id
from server.platform.uow import UnitOfWork

_MAIN_QUANTITIES = ("ACTIVE_ENERGY_IMPORT", "VOLUME", "HEAT_ENERGY", "COOLING_ENERGY")
_AT_ONCE = 2
"""Forecasts computed at the same time in one process; more would only slow each other down."""


class Forecasts:
    """The use cases of ``ForecastService``."""

    def __init__(
        self,
        uow: UnitOfWork,
        directory: SeriesDirectory,
        source: IntervalSource,
        clock: Callable[[], datetime],
    ) -> None:
        self._uow = uow
        self._directory = directory
        self._source = source
        self._clock = clock
        self._computing = asyncio.Semaphore(_AT_ONCE)

    async def create(self, request: ForecastRequest) -> Forecast:
        """Computes a forecast and keeps it.

        Raises SubjectNotFound without any series, HistoryTooShort with less than
        ``backtest.FEWEST_DAYS`` local days or half of the intervals, InvalidField for series that cannot be
        added.
        """
        series = await self._series(request)
        tz, interval_seconds = series[0].tz, max(one.interval_seconds or 0 for one in series)
        first_day = _first_day(request.issue_time, tz)
        end = local_midnight(first_day, tz).astimezone(UTC)
        start = local_midnight(first_day - timedelta(days=HISTORY_DAYS), tz).astimezone(UTC)
        history = await self._source.intervals(
            current_caller().tenant_id,
            [one.series for one in series],
            start,
            end,
        )
        async with self._computing:
            grid, answer = await asyncio.to_thread(
                _compute, history, len(series), tz, interval_seconds, first_day, request
            )
        kept = self._kept(request, series[0].unit, grid, answer)
        async with self._uow() as tx:
            await store.insert(tx, kept)
            await tx.changed(kind="forecast", resource_id=kept.forecast_id, action=CREATED, after=_told(kept))
        return kept

    async def get(self, forecast_id: UUID) -> Forecast:
        """One forecast. Raises ForecastNotFound."""
        async with self._uow() as tx:
            kept = await store.get(tx, forecast_id)
        if kept is None:
            raise ForecastNotFound(forecast_id)
        return kept

    async def page(
        self, *, usage_point_id: UUID | None, node_id: UUID | None, after: UUID | None, size: int
    ) -> Sequence[Forecast]:
        """Forecasts without points, newest first."""
        async with self._uow() as tx:
            return await store.page(
                tx, usage_point_id=usage_point_id, node_id=node_id, after=after, size=size
            )

    async def _series(self, request: ForecastRequest) -> list[SeriesInfo]:
        """The series to add up: one quantity, one unit, one zone, regular intervals."""
        tenant = current_caller().tenant_id
        if request.usage_point_id is not None:
            points: Sequence[UUID] = [request.usage_point_id]
        else:
            assert request.node_id is not None
            points = await self._directory.usage_points_under(tenant, request.node_id)
        every = await self._directory.series_of(tenant, points)
        quantity = request.quantity or next(
            (main for main in _MAIN_QUANTITIES if any(one.quantity == main for one in every)), ""
        )
        series = [one for one in every if one.quantity == quantity and one.interval_seconds]
        if not series:
            what = (
                f"usage point {request.usage_point_id}"
                if request.usage_point_id
                else f"node {request.node_id}"
            )
            raise SubjectNotFound(f"{what} has no series with intervals of that quantity")
        for name, values in (
            ("unit", {one.unit for one in series}),
            ("time zone", {one.tz for one in series}),
        ):
            if len(values) > 1:
                raise InvalidField(
                    "forecast.node_id",
                    f"series with the {name}s {sorted(values)} cannot be added up",
                    "forecast.one_" + name.replace(" ", "_"),
                )
        return series

    def _kept(self, request: ForecastRequest, unit: str, grid: DayGrid, answer: SeriesForecast) -> Forecast:
        step = timedelta(seconds=grid.interval_seconds)
        starts = [datetime.fromtimestamp(ms / 1000, UTC) for ms in answer.time_ms.tolist()]
        return Forecast(
            forecast_id=new_id(),
            request=request,
            points=tuple(
                ForecastPoint(start, start + step, mean, tuple(quantiles))
                for start, mean, quantiles in zip(
                    starts, answer.mean.tolist(), answer.quantiles.tolist(), strict=True
                )
            ),
            backtest=BacktestError(
                days=answer.days,
                mae=answer.mae,
                mase=answer.mase,
                wape=answer.wape,
                naive_mae=answer.naive_mae,
                interval_coverage=answer.interval_coverage,
                pinball_loss=answer.pinball_loss,
            ),
            model=answer.model,
            model_version=MODEL_VERSION,
            unit=unit,
            history_start=local_midnight(grid.first_day, grid.tz).astimezone(UTC),
            history_end=local_midnight(grid.first_day + timedelta(days=grid.days), grid.tz).astimezone(UTC),
            coverage=grid.coverage,
            create_time=self._clock(),
        )


def _first_day(issue_time: datetime, tz: str) -> date:
    """The first local day that begins at or after the issue time."""
    day = issue_time.astimezone(ZoneInfo(tz)).date()
    return day if local_midnight(day, tz) >= issue_time else day + timedelta(days=1)


def _total(history: pa.Table, series_count: int, interval_seconds: int) -> tuple[pa.Array, pa.Array]:
    """Sums over the series by interval. An interval that any series lacks is a hole: half a sum is no sum.

    Series with shorter intervals are added up to the longest one's.
    """
    step = interval_seconds * 1000
    ms = pc.cast(pc.cast(history["ts"], pa.timestamp("ms", tz="UTC")), pa.int64())
    table = pa.table(
        {
            "slot": pc.multiply(pc.divide(ms, step), step),
            "series": history["series"],
            "value": pc.cast(history["value"], pa.float64()),
        }
    )
    by_series = table.group_by(["slot", "series"]).aggregate(
        [("value", "sum", pc.ScalarAggregateOptions(skip_nulls=False))]
    )
    summed = by_series.group_by("slot").aggregate(
        [
            ("value_sum", "sum", pc.ScalarAggregateOptions(skip_nulls=False)),
            ("series", "count_distinct"),
        ]
    )
    whole = pc.equal(summed["series_count_distinct"], series_count)
    return summed["slot"], pc.if_else(whole, summed["value_sum_sum"], pa.scalar(None, pa.float64()))


def _compute(
    history: pa.Table,
    series_count: int,
    tz: str,
    interval_seconds: int,
    first_day: date,
    request: ForecastRequest,
) -> tuple[DayGrid, SeriesForecast]:
    """The grid and its forecast; in a thread of its own, numpy and LightGBM let the loop go on."""
    slot, value = _total(history, series_count, interval_seconds)
    values = value.to_numpy().astype(np.float64)
    known = np.isfinite(values)
    if not known.any():
        raise HistoryTooShort("there is no history before the issue time", days=0, needed_days=FEWEST_DAYS)
    grid = lay_out(slot.to_numpy()[known], values[known], tz, interval_seconds)
    # The last day must be the one before the forecast, so that lags mean what they say.
    missing = (first_day - grid.first_day).days - grid.days
    if grid.days + missing < FEWEST_DAYS or grid.coverage < LEAST_COVERAGE or missing > 0:
        raise HistoryTooShort(
            f"{grid.days} days up to {grid.first_day + timedelta(days=grid.days)} with "
            f"{grid.coverage:.0%} of their intervals are too little: needed are {FEWEST_DAYS} days up to "
            f"{first_day} with {LEAST_COVERAGE:.0%}",
            days=grid.days,
            needed_days=FEWEST_DAYS,
            coverage=f"{grid.coverage:.3f}",
        )
    return grid, foretell(grid, request.days, request.quantiles)


def _told(made: Forecast) -> dict[str, object]:
    """The forecast as the history tells it: what was asked for, not its points."""
    return {**asdict(made.request), "model": made.model, "model_version": made.model_version}
