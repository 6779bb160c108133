"""The forecast of one series: the blend, its quantiles, and what the backtest says of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np

from server.analytics.forecasting.backtest import (
    BLOCK_DAYS,
    Backtest,
    recursive_forecast,
    run_backtest,
)
from server.analytics.forecasting.grid import (
    DayGrid,
    Floats,
    Ints,
    filled,
    instants_of,
    local_days_and_slots,
)
from server.analytics.forecasting.models import all_models

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """What is expected, interval by interval, and how sure that is. Values in the unit of the history."""

    time_ms: Ints
    """Interval starts, ms since 1970, shape (n,)."""
    mean: Floats
    """Expected values, shape (n,)."""
    quantiles: Floats
    """Values of the quantiles asked for, shape (n, quantiles), not falling from left to right."""
    model: str
    """The models in the blend with their weights, heaviest first."""
    days: int
    """Days of the backtest."""
    mae: float
    mase: float
    wape: float
    naive_mae: float
    interval_coverage: float
    """Share of measured values between the lowest and the highest quantile, on days tried."""
    pinball_loss: float
    """Mean over the quantiles, on days tried."""


def foretell(grid: DayGrid, days: int, quantiles: Sequence[float]) -> SeriesForecast:
    """Foretells the local days right after the grid.

    ``quantiles`` are between 0 and 1, ascending. Deterministic: the same grid gives the same numbers. Raises
    ValueError when the grid has fewer than ``backtest.FEWEST_DAYS`` days.
    """
    values = filled(grid)
    first_weekday = grid.weekday(0)
    backtest = run_backtest(values, grid.values, first_weekday)
    models = all_models()
    for model in models:
        model.fit(values, first_weekday)
    by_day = recursive_forecast(models, backtest.weights, values, grid.weekday(grid.days), days)
    widths = _slot_widths(backtest)
    wanted = np.asarray(quantiles, dtype=np.float64)
    offsets = _offsets(backtest.residuals / widths, wanted)
    growth = np.where(np.arange(days) == 0, 1.0, backtest.later_days_factor)
    spread = by_day[:, :, None] + growth[:, None, None] * widths[None, :, None] * offsets
    if np.nanmin(grid.values) >= 0:
        by_day, spread = np.maximum(by_day, 0), np.maximum(spread, 0)
    time_ms = instants_of(grid.first_day + timedelta(days=grid.days), days, grid.tz, grid.interval_seconds)
    day, slot = local_days_and_slots(time_ms, grid.tz, grid.interval_seconds)
    row = day - (grid.first_day - _EPOCH).days - grid.days
    coverage, pinball = _calibration(backtest, widths, wanted)
    heaviest = np.argsort(-backtest.weights)
    return SeriesForecast(
        time_ms=time_ms,
        mean=by_day[row, slot],
        quantiles=np.sort(spread[row, slot], axis=1),
        model=" + ".join(f"{backtest.weights[i]:.2f} {backtest.names[i]}" for i in heaviest),
        days=backtest.actual.shape[0],
        mae=backtest.mae(),
        mase=backtest.mase(),
        wape=backtest.wape(),
        naive_mae=backtest.naive_mae(),
        interval_coverage=coverage,
        pinball_loss=pinball,
    )


def _slot_widths(backtest: Backtest) -> Floats:
    """Typical absolute residual of each slot: smoothed around the clock, half of it from the whole day."""
    size = np.abs(backtest.residuals)
    whole = float(np.nanmean(size)) or 1e-9
    with np.errstate(invalid="ignore"):
        slot = np.where(np.isfinite(size), size, whole).mean(axis=0)
    reach = max(1, slot.size // 24)
    around = np.concatenate([slot[-reach:], slot, slot[:reach]])
    smooth = np.convolve(around, np.full(2 * reach + 1, 1 / (2 * reach + 1)), mode="valid")
    return 0.5 * smooth + 0.5 * whole


def _offsets(scaled: Floats, quantiles: Floats) -> Floats:
    """Quantiles of scaled residuals, with the finite-sample step of split conformal prediction outwards."""
    known = np.sort(scaled[np.isfinite(scaled)])
    n = known.size
    level = np.where(quantiles >= 0.5, quantiles * (n + 1) / n, 1 - (1 - quantiles) * (n + 1) / n)  # noqa: PLR2004
    return cast("Floats", np.quantile(known, np.clip(level, 0, 1)))


def _calibration(backtest: Backtest, widths: Floats, quantiles: Floats) -> tuple[float, float]:
    """Coverage and pinball loss, each week with quantiles that the other weeks gave (its own if alone)."""
    residuals = backtest.residuals
    scaled = residuals / widths
    inside: list[Floats] = []
    losses: list[Floats] = []
    week = np.arange(residuals.shape[0]) // BLOCK_DAYS
    for block in np.unique(week):
        mine = week == block
        offsets = _offsets(scaled[~mine] if (~mine).any() else scaled, quantiles)
        error = scaled[mine][np.isfinite(scaled[mine])]
        width = np.broadcast_to(widths, scaled[mine].shape)[np.isfinite(scaled[mine])]
        inside.append(((error >= offsets[0]) & (error <= offsets[-1])).astype(np.float64))
        over = (error[:, None] - offsets[None, :]) * width[:, None]
        losses.append(np.maximum(quantiles * over, (quantiles - 1) * over).mean(axis=1))
    return float(np.concatenate(inside).mean()), float(np.concatenate(losses).mean())
