"""Spans of the calendar, over changes of the clock."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platform.errors import InvalidField
from server.readings.calendar import HOUR_MS, day_of, local_day, to_ms
from server.readings.queries.bill_ready import days_of
from server.readings.queries.kept import Kept
from server.readings.queries.spans import (
    HOUR,
    MONTH,
    OF_DAYS,
    QUARTER,
    WEEK,
    YEAR,
    cells_of_series,
    end_of,
    start_of,
    starts_of,
)

ZONES = ("UTC", "Europe/London", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Almaty")
INSTANTS = st.integers(to_ms(datetime(2000, 1, 1, tzinfo=UTC)), to_ms(datetime(2030, 1, 1, tzinfo=UTC)))


def at(year, month, day, hour=0):
    return to_ms(datetime(year, month, day, hour, tzinfo=UTC))


def test_spans_of_london_in_2025():
    spring = at(2025, 3, 30, 12)
    assert start_of(WEEK, "Europe/London", spring) == at(2025, 3, 24)
    assert end_of(WEEK, "Europe/London", at(2025, 3, 24)) == at(2025, 3, 30, 23)
    assert start_of(QUARTER, "Europe/London", at(2025, 5, 5)) == at(2025, 3, 31, 23)
    assert end_of(QUARTER, "Europe/London", at(2025, 3, 31, 23)) == at(2025, 6, 30, 23)
    assert start_of(YEAR, "Europe/London", spring) == at(2025, 1, 1)
    assert end_of(YEAR, "Europe/London", at(2025, 1, 1)) == at(2026, 1, 1)
    assert starts_of(MONTH, "Europe/London", at(2025, 3, 5), at(2025, 4, 30)).tolist() == [
        at(2025, 3, 1),
        at(2025, 3, 31, 23),
    ]


@given(st.sampled_from(ZONES), st.sampled_from(OF_DAYS), INSTANTS)
def test_a_span_has_its_instant_and_whole_local_days(zone, resolution, instant):
    start = start_of(resolution, zone, instant)
    end = end_of(resolution, zone, start)
    assert start <= instant < end
    assert start == local_day(zone, day_of(zone, start)).start_ms
    assert end == local_day(zone, day_of(zone, end)).start_ms
    assert start_of(resolution, zone, end - 1) == start


@given(st.sampled_from(ZONES), st.sampled_from((HOUR, *OF_DAYS)), INSTANTS, st.integers(1, 40 * 24 * HOUR_MS))
def test_spans_follow_each_other(zone, resolution, instant, length):
    starts = starts_of(resolution, zone, instant, instant + length).tolist()
    assert starts[0] <= instant < (starts[1] if len(starts) > 1 else instant + length)
    assert starts[-1] < instant + length
    if resolution != HOUR:
        assert [end_of(resolution, zone, one) for one in starts[:-1]] == starts[1:]


def test_cells_of_long_intervals_begin_with_the_local_day():
    cells = cells_of_series("Europe/London", 86_400, at(2025, 3, 29), at(2025, 4, 1))
    assert cells.tolist() == [at(2025, 3, 29), at(2025, 3, 30), at(2025, 3, 30, 23), at(2025, 3, 31, 23)]


def test_a_filter_is_a_condition():
    assert Kept().sql == "1"
    kept = Kept(frozenset({4, 2}), frozenset({6}), 12, 1)
    assert kept.sql == (
        "state IN (2, 4) AND state NOT IN (6) AND bitAnd(quality, 12) != 0 AND bitAnd(quality, 1) = 0"
    )
    assert not kept.missing
    assert Kept().missing
    assert not Kept(except_states=frozenset({6})).missing


def test_days_of_a_bill():
    assert days_of("2024-12", "", "") == (date(2024, 12, 1), date(2025, 1, 1))
    assert days_of("2025-02", "", "") == (date(2025, 2, 1), date(2025, 3, 1))
    assert days_of("", "2025-02-10", "2025-02-11") == (date(2025, 2, 10), date(2025, 2, 11))
    for given_, field in (
        (("", "", ""), "month"),
        (("2025-02", "2025-02-01", ""), "month"),
        (("", "2025-02-30", "2025-03-01"), "first_day"),
        (("", "2025-02-10", "2025-02-10"), "end_day"),
        (("", "2025-02-10", "2027-02-10"), "end_day"),
        (("0000-02", "", ""), "month"),
    ):
        with pytest.raises(InvalidField) as caught:
            days_of(*given_)
        assert caught.value.violations[0].field == field
