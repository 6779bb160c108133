"""Grids, units and rounding of demand."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platform.ids import new_id
from server.readings.calendar import local_day
from server.readings.demand.domain import Asked, demand_of, rate_of, windows_of
from server.readings.demand.errors import NotAlike, PeriodRefused
from server.readings.domain import half_even
from tests.support.readings import Series

SPRING = local_day("Europe/London", date(2025, 3, 30))
HALF = 1_800_000


def asked(tz="", period=1800, periods=1, *, coincident=False, day=SPRING) -> Asked:
    return Asked(day.start_ms, day.end_ms, period, periods, coincident, tz, 1)


def series(number, seconds=1800, unit="kWh", tz="Europe/London", quantity="ACTIVE_ENERGY_IMPORT") -> Series:
    return Series(new_id(), number, quantity, unit, interval_seconds=seconds, tz=tz)


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**20))
def test_halves_go_to_the_even_one(numerator, denominator):
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@pytest.mark.parametrize(
    ("unit", "rate", "size"),
    [
        ("kWh", "kW", 1),
        ("Wh", "W", 1),
        ("MWh", "MW", 1),
        ("MJ", "kW", Fraction(1000, 3600)),
        ("kvarh", "kvar", 1),
        ("m3", "m3/h", 1),
        ("L", "L/h", 1),
        ("hL", "m3/h", Fraction(1, 10)),
        ("1", "1/h", 1),
    ],
)
def test_an_amount_in_an_hour_has_a_unit(unit, rate, size):
    assert rate_of(unit) == (rate, size)


def test_demand_is_divided_once_and_rounded_half_to_even():
    assert demand_of(1_500_000, "kWh", HALF) == (3_000_000, "kW")
    # 1 MJ in a quarter of an hour is 1/0.9 kW.
    assert demand_of(1_000_000, "MJ", 900_000) == (1_111_111, "kW")
    # 3 and 1 millionths in two hours: 1.5 and 0.5.
    assert demand_of(3, "kWh", 7_200_000)[0] == 2
    assert demand_of(1, "kWh", 7_200_000)[0] == 0


def test_a_short_day_has_as_many_windows_as_half_hours():
    (windows,) = windows_of([series(1), series(2)], asked())
    assert windows.behind - windows.first == 46
    assert (windows.at(windows.first), windows.end_ms) == (SPRING.start_ms, SPRING.end_ms)
    (sliding,) = windows_of([series(1)], asked(periods=4))
    assert sliding.behind - sliding.first == 46
    assert sliding.begin_ms == SPRING.start_ms - 3 * HALF
    assert sliding.kinds()[1].expected == 4


def test_hours_begin_at_local_midnight_where_the_intervals_do():
    kolkata = local_day("Asia/Kolkata", date(2025, 3, 30))
    (windows,) = windows_of([series(1, tz="Asia/Kolkata")], asked(period=3600, day=kolkata))
    assert windows.at(windows.first) == kolkata.start_ms
    (hourly,) = windows_of([series(1, seconds=3600, tz="Asia/Kolkata")], asked(period=3600, day=kolkata))
    assert hourly.at(hourly.first) == kolkata.start_ms + HALF


def test_series_on_several_grids_come_in_order():
    """Hourly ones of Kolkata begin at half past the hour that half-hourly ones begin with."""
    kolkata = local_day("Asia/Kolkata", date(2025, 3, 30))
    every = [series(n, seconds=length, tz="Asia/Kolkata") for n, length in enumerate((1800, 900, 3600, 900))]
    (*parts,) = windows_of(every, asked(period=3600, day=kolkata))
    assert [[info.series for info in one.series] for one in parts] == [[0, 1], [2], [3]]
    assert [one.anchor_ms for one in parts] == [HALF, 0, HALF]
    (london,) = windows_of([series(1), series(2, seconds=900), series(3)], asked())
    assert {key: kind.expected for key, kind in london.kinds().items()} == {1: 1, 2: 2, 3: 1}
    (together,) = windows_of([series(1), series(2, seconds=900)], asked(periods=2, coincident=True))
    assert [(kind.members, kind.expected) for kind in together.kinds().values()] == [(2, 6)]


@pytest.mark.parametrize("period", [60 * 25, 7200, 900])
def test_a_period_that_does_not_fit_is_refused(period):
    with pytest.raises(PeriodRefused, match=f"period: {period} s"):
        list(windows_of([series(7)], asked(period=period)))


def test_without_a_period_it_is_half_an_hour_or_the_interval():
    assert next(windows_of([series(1, 900)], asked(period=0))).step_ms == HALF
    assert next(windows_of([series(1, 900), series(2, 3600)], asked(period=0))).step_ms == 2 * HALF


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"unit": "Wh"}, "units: Wh, kWh"),
        ({"quantity": "ACTIVE_ENERGY_EXPORT"}, "quantities: ACTIVE_ENERGY_EXPORT, ACTIVE_ENERGY_IMPORT"),
        ({"tz": "Asia/Kolkata"}, "time zones: Asia/Kolkata, Europe/London"),
    ],
)
def test_what_is_not_alike_has_no_coincident_demand(other, what):
    with pytest.raises(NotAlike, match=what):
        list(windows_of([series(1), series(2, **other)], asked(coincident=True)))
