from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.analytics.forecasting.grid import filled, instants_of, lay_out, local_days_and_slots

LONDON = "Europe/London"


def test_the_local_day_has_23_24_or_25_hours() -> None:
    hours = [
        len(instants_of(day, 1, LONDON, 1800)) / 2
        for day in (date(2013, 3, 31), date(2013, 6, 1), date(2013, 10, 27))
    ]
    assert hours == [23, 24, 25]


def test_slots_follow_the_clock_on_the_wall_over_the_autumn_change() -> None:
    times = instants_of(date(2013, 10, 27), 1, LONDON, 3600)
    day, slot = local_days_and_slots(times, LONDON, 3600)
    assert len(set(day.tolist())) == 1
    assert slot.tolist() == [0, 1, 1, *range(2, 24)]


def test_a_repeated_slot_holds_the_mean_and_a_skipped_one_nothing() -> None:
    times = np.concatenate(
        [instants_of(date(2013, 3, 31), 1, LONDON, 3600), instants_of(date(2013, 10, 27), 1, LONDON, 3600)]
    )
    values = np.concatenate([np.ones(23), np.arange(25, dtype=float)])
    grid = lay_out(times, values, LONDON, 3600)
    assert np.isnan(grid.values[0, 1])
    assert grid.values[-1, 1] == pytest.approx(1.5)
    assert grid.first_day == date(2013, 3, 31)


@given(
    start=st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 20),
    interval=st.sampled_from([900, 1800, 3600]),
    tz=st.sampled_from([LONDON, "UTC", "Australia/Lord_Howe", "America/St_Johns"]),
)
def test_every_instant_lands_in_the_slot_its_local_clock_shows(
    start: date, days: int, interval: int, tz: str
) -> None:
    times = instants_of(start, days, tz, interval)
    _, slots = local_days_and_slots(times, tz, interval)
    for index in np.linspace(0, len(times) - 1, 7).astype(int):
        local = datetime.fromtimestamp(times[index] / 1000, UTC).astimezone(ZoneInfo(tz))
        assert slots[index] == (local.hour * 3600 + local.minute * 60) // interval


def test_holes_are_filled_from_the_week_before() -> None:
    times = instants_of(date(2013, 6, 3), 21, "UTC", 3600)
    values = np.tile(np.arange(7 * 24, dtype=float), 3)
    values[200:210] = np.nan
    grid = lay_out(times, values, "UTC", 3600)
    assert filled(grid).reshape(-1)[200:210].tolist() == np.arange(32, 42).tolist()
    assert grid.coverage == pytest.approx(1 - 10 / values.size)


def test_a_grid_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        lay_out(np.empty(0, np.int64), np.empty(0), "UTC", 3600)


def test_weekdays_go_on_behind_the_grid() -> None:
    monday = date(2013, 6, 3)
    grid = lay_out(instants_of(monday, 2, "UTC", 3600), np.ones(48), "UTC", 3600)
    assert [grid.weekday(day) for day in (0, 1, 2, 9)] == [0, 1, 2, 2]
    assert monday + timedelta(days=grid.days) == date(2013, 6, 5)
