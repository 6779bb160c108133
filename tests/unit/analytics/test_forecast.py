from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from server.analytics.forecasting.backtest import FEWEST_DAYS, run_backtest
from server.analytics.forecasting.forecast import foretell
from server.analytics.forecasting.grid import DayGrid, filled, instants_of, lay_out

FIXTURES = Path(__file__).parents[2] / "fixtures"
QUANTILES = (0.1, 0.5, 0.9)


def demand() -> DayGrid:
    values = np.loadtxt(FIXTURES / "analytics" / "taylor_halfhourly_mw.csv", skiprows=1)
    return lay_out(instants_of(date(2000, 6, 5), len(values) // 48, "UTC", 1800), values, "UTC", 1800)


def household(days: int = 90, seed: int = 3) -> DayGrid:
    """A noisy household over the autumn change: evening peak, weekend mornings, random appliances."""
    random = np.random.default_rng(seed)
    times = instants_of(date(2013, 8, 5), days, "Europe/London", 1800)
    grid = lay_out(times, np.zeros(len(times)), "Europe/London", 1800)
    slots = np.arange(48)
    evening = np.exp(-(((slots - 37) / 4) ** 2))
    weekend = np.array([grid.weekday(day) >= 5 for day in range(grid.days)])[:, None] * np.exp(
        -(((slots - 20) / 5) ** 2)
    )
    values = 0.1 + 0.6 * evening + 0.4 * weekend + random.gamma(0.4, 0.25, (grid.days, 48))
    return replace(grid, values=values)


def test_national_demand_is_foretold_better_than_by_the_week_before() -> None:
    answer = foretell(demand(), 1, QUANTILES)
    assert answer.mae < 0.85 * answer.naive_mae
    assert answer.mase < 1
    assert answer.wape < 0.02


def test_held_out_days_of_national_demand_are_foretold_better_than_by_the_week_before() -> None:
    whole = demand()
    errors, naive = [], []
    for day in range(70, 83, 2):
        answer = foretell(replace(whole, values=whole.values[:day]), 1, QUANTILES)
        errors.append(np.abs(answer.mean - whole.values[day]).mean() / whole.values[day].mean())
        naive.append(np.abs(whole.values[day - 7] - whole.values[day]).mean() / whole.values[day].mean())
    assert np.mean(errors) < 0.02
    assert np.mean(errors) < np.mean(naive)


def test_a_household_is_foretold_better_than_by_the_week_before_and_its_quantiles_hold() -> None:
    answer = foretell(household(), 1, QUANTILES)
    assert answer.mae < 0.9 * answer.naive_mae
    assert 0.7 < answer.interval_coverage < 0.9
    assert (np.diff(answer.quantiles, axis=1) >= 0).all()
    assert (answer.quantiles >= 0).all()


def test_the_forecast_covers_the_25_hours_of_the_autumn_day() -> None:
    grid = household(days=83)
    assert grid.first_day + timedelta(days=grid.days) == date(2013, 10, 27)
    answer = foretell(grid, 2, QUANTILES)
    assert len(answer.time_ms) == 50 + 48
    assert (np.diff(answer.time_ms) == 1_800_000).all()
    assert answer.mean[2:4].tolist() == answer.mean[4:6].tolist()


def test_the_same_history_gives_the_same_numbers() -> None:
    one, other = foretell(household(), 2, QUANTILES), foretell(household(), 2, QUANTILES)
    assert one.mean.tolist() == other.mean.tolist()
    assert one.quantiles.tolist() == other.quantiles.tolist()


def test_later_days_are_less_sure() -> None:
    answer = foretell(demand(), 7, QUANTILES)
    width = (answer.quantiles[:, -1] - answer.quantiles[:, 0]).reshape(7, 48).mean(axis=1)
    assert width[3] > width[0]


def test_holes_are_not_judged() -> None:
    grid = household()
    holed = grid.values.copy()
    holed[-4, 10:20] = np.nan
    answer = foretell(replace(grid, values=holed), 1, QUANTILES)
    assert np.isfinite(answer.mean).all()
    assert np.isfinite([answer.mae, answer.mase, answer.wape, answer.pinball_loss]).all()


def test_a_constant_series_is_foretold_exactly_and_nothing_divides_by_zero() -> None:
    grid = replace(household(days=40), values=np.full((40, 48), 2.0))
    answer = foretell(grid, 1, QUANTILES)
    assert answer.mean == pytest.approx(np.full(48, 2.0))
    assert answer.mae == pytest.approx(0)
    assert answer.mase == 0


def test_too_few_days_are_refused() -> None:
    grid = household(days=FEWEST_DAYS - 1)
    with pytest.raises(ValueError, match=f"fewer than {FEWEST_DAYS}"):
        run_backtest(filled(grid), grid.values, grid.weekday(0))
    assert foretell(household(days=FEWEST_DAYS), 1, QUANTILES).days == 7


def test_the_backtest_knows_nothing_of_the_days_it_foretells() -> None:
    grid = household()
    other = grid.values.copy()
    other[-1] *= 5
    one = run_backtest(filled(grid), grid.values, grid.weekday(0))
    two = run_backtest(filled(replace(grid, values=other)), other, grid.weekday(0))
    assert np.array_equal(one.blend, two.blend)
