"""Estimates by a method that a person chose, from the definitions of the catalogue."""

from datetime import date, timedelta

import numpy as np
import pytest

from server.platform.errors import InvalidArgument
from server.readings.calendar import grid_of, local_day
from server.readings.desk.domain import Values
from server.readings.desk.estimates import Asked, day_numbers, estimated, parameters_of, way_of
from server.readings.domain import Method, Quality, State
from server.readings.vee.scope import number_of

LONDON, HALF = "Europe/London", 1_800_000
SPRING = date(2025, 3, 30)
THURSDAY = date(2025, 5, 15)


def series(first: date, days: int, value, state=State.VALIDATED) -> Values:
    """Half hours of local days; ``value`` gives one from its day and its place on the day's clock."""
    starts, micro = [], []
    for count in range(days):
        day = first + timedelta(days=count)
        local = local_day(LONDON, day)
        for start in grid_of(local, HALF):
            starts.append(start)
            micro.append(value(day, local.wall_ms(start) // HALF))
    count = len(starts)
    ms = np.array(starts, np.int64)
    return Values(
        ms,
        ms + HALF,
        np.array(micro, np.int64),
        np.full(count, state, np.uint8),
        np.full(count, Quality.VALID, np.uint32),
        np.zeros(count, np.uint8),
        np.full(count, ""),
    )


def asked(past: Values, first: int, count: int, method: str, **given: str) -> Asked:
    """So many intervals from an instant on are to be estimated."""
    end = first + count * HALF
    near = past.taken((past.ms >= first - HALF) & (past.ms <= end))
    gaps = (near.ms >= first) & (near.ms < end)
    return Asked(LONDON, near, gaps, past, parameters_of("estimate", method, given))


def made(past: Values, first: int, count: int, method: str, **given: str) -> list[int]:
    found = estimated("estimate", method, asked(past, first, count, method, **given))
    assert set(found.state.tolist()) == {State.EDITED}
    assert set(found.rule.tolist()) == {method}
    return found.micro.tolist()


def start_of(day: date, place: int = 0) -> int:
    return grid_of(local_day(LONDON, day), HALF)[place]


def test_a_straight_line():
    # The example of the design: 1.2, ?, ?, ?, 2.0.
    past = series(THURSDAY, 1, lambda _, place: {9: 1_200_000, 13: 2_000_000}.get(place, 0))
    assert made(past, start_of(THURSDAY, 10), 3, "E04") == [1_400_000, 1_600_000, 1_800_000]
    found = estimated("estimate", "E04", asked(past, start_of(THURSDAY, 10), 3, "E04"))
    assert set(found.method.tolist()) == {Method.LINEAR}
    assert set(found.quality.tolist()) == {Quality.MANUALLY_EDITED | Quality.ESTIMATED_LINEAR}


def test_a_straight_line_over_the_missing_hour():
    # 0:30 and 2:00 of the spring day are neighbours.
    past = series(SPRING, 1, lambda _, place: place * 10)
    assert made(past, start_of(SPRING, 1), 2, "E04") == [17, 33]


@pytest.mark.parametrize(
    ("count", "given", "spoil"),
    [
        (5, {}, None),
        (3, {"max_gap_minutes": "60"}, None),
        (3, {}, State.SUSPECT),
        (3, {}, State.ESTIMATED),
        (3, {}, State.MISSING),
    ],
)
def test_no_line_without_two_sound_ends_or_over_a_long_gap(count, given, spoil):
    past = series(THURSDAY, 1, lambda *_: 5)
    if spoil is not None:
        past.state[9] = spoil
    with pytest.raises(InvalidArgument) as refused:
        made(past, start_of(THURSDAY, 10), count, "E04", **given)
    (violation,) = refused.value.violations
    assert (violation.field, violation.rule) == ("estimate.method", "E04.basis")
    assert f"for {count} intervals" in violation.description


def test_no_line_at_the_edge_of_an_outage_unless_it_counts():
    past = series(THURSDAY, 1, lambda *_: 5)
    past.quality[9] |= np.uint32(Quality.POWER_DOWN)
    assert made(past, start_of(THURSDAY, 10), 2, "E04") == [5, 5]
    with pytest.raises(InvalidArgument):
        made(past, start_of(THURSDAY, 10), 2, "E04", outage_end_point="false")


def test_the_nearest_days_of_the_weekday():
    # The example of the design: 0.8, 1.0, 1.5 give 1.1. The Thursdays before, after, and two before.
    week = {-7: 800_000, 7: 1_000_000, -14: 1_500_000}
    past = series(
        THURSDAY - timedelta(days=21),
        43,
        lambda day, _: week.get((day - THURSDAY).days, 9_000_000),
    )
    assert made(past, start_of(THURSDAY), 48, "E05") == [1_100_000] * 48
    assert made(past, start_of(THURSDAY), 1, "E05", reference_days="2") == [900_000]
    # Within six days there is no Thursday: the nearest weekdays.
    assert made(past, start_of(THURSDAY), 1, "E05", reach_days="6") == [9_000_000]


def test_days_with_an_estimate_an_outage_or_a_hole_teach_nothing():
    past = series(THURSDAY - timedelta(days=7), 15, lambda day, _: (day - THURSDAY).days)
    numbers = day_numbers(LONDON, past.ms)
    before = numbers == number_of(THURSDAY - timedelta(days=7))
    past.state[np.flatnonzero(before)[3]] = State.ESTIMATED
    assert made(past, start_of(THURSDAY), 1, "E05", reference_days="1") == [7]
    after = numbers == number_of(THURSDAY + timedelta(days=7))
    past.quality[np.flatnonzero(after)[3]] |= np.uint32(Quality.POWER_DOWN)
    assert made(past, start_of(THURSDAY), 1, "E05", reference_days="1") == [-1]


def test_the_clock_on_the_wall_counts_on_the_days_of_the_change():
    past = series(SPRING - timedelta(days=14), 29, lambda _, place: place)
    # The spring day has no half hours 2 and 3, and teaches nobody.
    assert made(past, start_of(SPRING), 46, "E05") == [0, 1, *range(4, 48)]
    autumn = date(2024, 10, 27)
    past = series(autumn - timedelta(days=14), 29, lambda _, place: place)
    assert made(past, start_of(autumn), 50, "E05") == [0, 1, 2, 3, 2, 3, *range(4, 48)]


MONDAY = date(2025, 5, 12)
LIKE = [
    (0, (-7, -14)),
    (1, (-7, -6, -5)),
    (2, (-7, -1, -8, -6)),
    (3, (-7, -1, -8, -2, -9)),
    (4, (-7,)),
    (5, (-7,)),
    (6, (-7,)),
]


@pytest.mark.parametrize(("weekday", "days"), LIKE)
def test_like_days_of_two_weeks(weekday, days):
    day = MONDAY + timedelta(days=weekday)
    past = series(day - timedelta(days=20), 21, lambda one, _: 60 if (one - day).days in days else 60_000_000)
    assert made(past, start_of(day), 2, "E06") == [60, 60]


def test_like_days_of_the_year_before():
    past = series(THURSDAY - timedelta(days=364 + 14), 20, lambda *_: 7)
    today = series(THURSDAY, 1, lambda *_: 0, State.MISSING)
    both = Values(
        *(
            np.concatenate((getattr(past, name), getattr(today, name)))
            for name in ("ms", "until", "micro", "state", "quality", "method", "rule")
        )
    )
    assert made(both, start_of(THURSDAY), 3, "E06") == [7, 7, 7]
    with pytest.raises(InvalidArgument):
        made(both, start_of(THURSDAY), 3, "E06", last_year="false")


def test_the_average_day_evenly():
    # Two days before of 48 and 96 in all: 72 a day, 1.5 an interval; of 46 intervals each takes 72/46.
    past = series(SPRING - timedelta(days=2), 3, lambda day, _: 1_000_000 * (SPRING - day).days)
    assert made(past, start_of(SPRING), 46, "E09") == [round(72_000_000 / 46)] * 46
    assert made(past, start_of(SPRING), 1, "E09", history_days="1") == [round(48_000_000 / 46)]


def test_zero():
    past = series(THURSDAY, 1, lambda *_: 5, State.MISSING)
    assert made(past, start_of(THURSDAY), 48, "E10") == [0] * 48


@pytest.mark.parametrize(
    ("method", "rule"), [("E99", "method.known"), ("E01", "method.by_hand"), ("S", "method.by_hand")]
)
def test_methods_that_a_person_cannot_choose(method, rule):
    with pytest.raises(InvalidArgument) as refused:
        way_of("estimate", method)
    assert [one.rule for one in refused.value.violations] == [rule]


@pytest.mark.parametrize(
    ("given", "rule"), [({"days": "3"}, "E05.known"), ({"reach_days": "0"}, "E05.reach_days")]
)
def test_parameters_that_it_does_not_have(given, rule):
    with pytest.raises(InvalidArgument) as refused:
        parameters_of("estimate", "E05", given)
    assert [one.rule for one in refused.value.violations] == [rule]
