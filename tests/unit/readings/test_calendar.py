"""Local days of 23, 24 and 25 hours, and the intervals in them."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.readings.calendar import day_of, days_with, from_ms, grid_of, local_day, to_ms

ZONES = [
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "UTC",
]


@pytest.mark.parametrize(
    ("zone", "day", "hours", "half_hours"),
    [
        ("Europe/London", date(2013, 3, 31), 23, 46),
        ("Europe/London", date(2013, 10, 27), 25, 50),
        ("Europe/London", date(2013, 6, 1), 24, 48),
        ("Australia/Lord_Howe", date(2024, 4, 7), 24.5, 49),
        ("America/Sao_Paulo", date(2018, 11, 4), 23, 46),  # midnight is skipped
        ("Africa/Cairo", date(2023, 10, 26), 25, 50),  # the last hour is repeated
        ("Asia/Kolkata", date(2024, 1, 1), 24, 48),
    ],
)
def test_days_of_all_lengths(zone, day, hours, half_hours):
    local = local_day(zone, day)
    assert (local.end_ms - local.start_ms) / 3_600_000 == hours
    assert len(grid_of(local, 1_800_000)) == half_hours
    assert local.plain == (hours == 24)


def test_a_day_that_a_zone_left_out_is_empty():
    assert len(grid_of(local_day("Pacific/Apia", date(2011, 12, 30)), 3_600_000)) == 0


def test_daily_and_longer_intervals_begin_with_the_local_day():
    spring = local_day("Europe/London", date(2013, 3, 31))
    assert list(grid_of(spring, 86_400_000)) == [spring.start_ms]
    assert len(grid_of(spring, 4 * 3_600_000)) == 6


DAYS = st.dates(date(1990, 1, 1), date(2037, 12, 30))


@given(st.sampled_from(ZONES), DAYS)
def test_days_follow_each_other_without_a_gap(zone, day):
    local = local_day(zone, day)
    assert local.end_ms == local_day(zone, day + timedelta(days=1)).start_ms
    assert day_of(zone, local.start_ms) == day
    assert day_of(zone, local.end_ms - 1) == day


@given(st.sampled_from(ZONES), DAYS, st.sampled_from([900_000, 1_800_000, 3_600_000]))
def test_every_interval_begins_in_one_day(zone, day, length):
    two = [*grid_of(local_day(zone, day), length), *grid_of(local_day(zone, day + timedelta(days=1)), length)]
    assert all(b - a == length for a, b in itertools.pairwise(two))


@given(st.sampled_from(ZONES), DAYS, st.integers(0, 86_399))
def test_the_clock_on_the_wall(zone, day, second):
    local = local_day(zone, day)
    at = min(local.start_ms + second * 1000, local.end_ms - 1000)
    wall = from_ms(at).astimezone(ZoneInfo(zone))
    assert local.wall_ms(at) == (wall.hour * 3600 + wall.minute * 60 + wall.second) * 1000


def test_days_with_an_instant_in_a_span():
    start = to_ms(datetime(2025, 3, 30, 0, 30, tzinfo=UTC))
    found = [local.day for local in days_with("Europe/London", start, start + 86_400_000)]
    assert found == [date(2025, 3, 30), date(2025, 3, 31)]
