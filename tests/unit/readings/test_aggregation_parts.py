"""Members into groups, cut into days and counted: against plain loops."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.readings.aggregation.domain import (
    CHILD,
    NONE,
    PHASE,
    UNASSIGNED,
    Key,
    Segments,
    counted,
    days_apart,
    expected,
    planned,
)
from server.readings.calendar import days_with, grid_of, local_day, to_ms
from server.readings.queries.spans import DAY, HOUR, starts_of

ZONE = "Europe/London"
LOW, HIGH = to_ms(datetime(2025, 3, 28, tzinfo=UTC)), to_ms(datetime(2025, 4, 2, tzinfo=UTC))
MINUTE = 60_000


@dataclass
class Rows:
    series: np.ndarray
    usage_point_id: np.ndarray
    child_id: np.ndarray
    facts: np.ndarray
    interval_seconds: np.ndarray
    low: np.ndarray
    high: np.ndarray
    expect_low: np.ndarray
    expect_high: np.ndarray


def members(rows) -> Rows:
    """Of (series, child, phases, quantity, seconds, low, high, expect_low, expect_high)."""
    columns = list(zip(*rows, strict=True)) or [()] * 9
    series, child, phases, quantity, seconds, *times = columns
    facts = [f"{p}\x1f{q}\x1fkWh\x1f{ZONE}" for p, q in zip(phases, quantity, strict=True)]
    ids = [int(one).to_bytes(16, "big") for one in series]
    return Rows(
        np.array(series, np.int64),
        np.array(ids, "V16"),
        np.array([int(one).to_bytes(16, "big") for one in child], "V16"),
        np.array(facts, object),
        np.array(seconds, np.int32),
        *(np.array(one, np.int64) for one in times),
    )


instants = st.integers(LOW // MINUTE, HIGH // MINUTE).map(lambda one: one * MINUTE)


@st.composite
def stays(draw):
    """Series with stays one after the other, each with a time in which a meter was installed."""
    rows = []
    for series in range(1, draw(st.integers(1, 5)) + 1):
        seconds = draw(st.sampled_from((900, 1800, 3600, 86_400)))
        cuts = sorted({LOW, HIGH, *draw(st.lists(instants, max_size=3))})
        for low, high in pairwise(cuts):
            begin, end = sorted((draw(instants), draw(instants)))
            begin, end = max(begin, low), min(end, high)
            rows.append(
                (
                    series,
                    draw(st.integers(0, 2)),
                    draw(st.sampled_from(("", "A", "ABC"))),
                    "ACTIVE_ENERGY_IMPORT",
                    seconds,
                    low,
                    high,
                    begin if begin < end else low,
                    end if begin < end else low,
                )
            )
    return rows


def cells(seconds):
    return [start for day in days_with(ZONE, LOW, HIGH) for start in grid_of(day, seconds * 1000)]


@given(stays(), st.sampled_from((HOUR, DAY)), instants)
def test_expected_intervals_are_those_of_the_grid(rows, resolution, until):
    plan = planned(members(rows), CHILD, "")
    inner = starts_of(resolution, ZONE, LOW, HIGH)
    edges = np.concatenate(([LOW], inner[inner > LOW], [HIGH]))
    found = expected(plan, edges, until)
    for place, key in enumerate(plan.keys):
        mine = [
            row
            for row in rows
            if (UNASSIGNED if row[1] == 0 else row[1])
            == (key.group if key.group == UNASSIGNED else int(key.group[-1]))
        ]
        starts = [one for row in mine for one in cells(row[4]) if row[7] <= one < min(row[8], until)]
        assert np.histogram(starts, [*edges[:-1], edges[-1]])[0].sum() == found[place].sum()
        for span in range(len(edges) - 1):
            assert found[place, span] == sum(edges[span] <= one < edges[span + 1] for one in starts)


@given(stays())
def test_groups_part_the_members(rows):
    given_ = members(rows)
    whole = planned(given_, NONE, "")
    for grouping in (CHILD, PHASE):
        plan = planned(given_, grouping, "")
        assert len(plan.stays) == len(whole.stays) == len(rows)
        assert (
            expected(plan, np.array([LOW, HIGH]), HIGH).sum()
            == expected(whole, np.array([LOW, HIGH]), HIGH).sum()
        )
    only = [planned(given_, NONE, phases) for phases in ("A", "ABC", UNASSIGNED)]
    assert sum(len(one.stays) for one in only) == len(rows)


@given(stays())
def test_days_and_the_rest_part_the_time(rows):
    plan = planned(members(rows), NONE, "")
    days = np.append(
        starts_of(DAY, ZONE, LOW, HIGH), local_day(ZONE, datetime(2025, 4, 2, tzinfo=UTC).date()).end_ms
    )
    whole, rest = days_apart(plan.stays, days, np.ones(len(plan.stays), np.bool_))
    assert np.isin(whole.low, days).all()
    assert np.isin(whole.high, days).all()
    pieces = sorted(
        (int(s), int(low), int(high))
        for part in (whole, rest)
        for s, low, high in zip(part.series, part.low, part.high, strict=True)
    )
    merged = []
    for series, low, high in pieces:
        assert low < high
        if merged and merged[-1][0] == series and merged[-1][2] == low:
            merged[-1] = (series, merged[-1][1], high)
        else:
            merged.append((series, low, high))
    assert merged == [(series, LOW, HIGH) for series in sorted({row[0] for row in rows})]
    for part in (rest,):
        inside = np.searchsorted(days, part.high, "right") - np.searchsorted(days, part.low, "left")
        assert (inside <= 1).all()


def test_a_series_that_two_channels_feed_counts_once():
    row = (7, 1, "A", "VOLUME", 3600, LOW, HIGH, LOW, HIGH)
    plan = planned(members([row, row]), NONE, "")
    assert plan.keys == (Key("", "VOLUME", "kWh"),)
    assert counted(plan, np.array([LOW, HIGH])).tolist() == [[1]]
    assert expected(plan, np.array([LOW, HIGH]), HIGH).tolist() == [[(HIGH - LOW) // 3_600_000]]


@given(stays(), st.sampled_from([DAY, HOUR]))
def test_series_count_where_they_are_and_once(rows, resolution):
    plan = planned(members(rows), CHILD, "")
    inner = starts_of(resolution, ZONE, LOW, HIGH)
    edges = np.concatenate(([LOW], inner[inner > LOW], [HIGH]))
    there = [[set() for _ in edges[:-1]] for _ in plan.keys]
    columns = (plan.stays.series, plan.stays.key, plan.stays.low, plan.stays.high)
    for series, key, low, high in zip(*(one.tolist() for one in columns), strict=True):
        for place, (begin, end) in enumerate(pairwise(edges.tolist())):
            if low < end and high > begin:
                there[key][place].add(series)
    assert counted(plan, edges).tolist() == [[len(one) for one in spans] for spans in there]


def test_a_series_that_went_and_came_back_is_not_counted_meanwhile():
    cuts = [LOW, LOW + 86_400_000, LOW + 3 * 86_400_000, HIGH]
    rows = [
        (7, child, "A", "VOLUME", 3600, low, high, low, high)
        for child, (low, high) in zip((1, 2, 1), pairwise(cuts), strict=True)
    ]
    plan = planned(members(rows), CHILD, "")
    days = np.arange(LOW, HIGH + 1, 86_400_000)
    assert counted(plan, days).tolist() == [[1, 0, 0, 1, 1], [0, 1, 1, 0, 0]]


def test_nobody_is_planned():
    plan = planned(members([]), CHILD, "")
    assert plan.keys == ()
    assert plan.usual_zone == "UTC"
    assert isinstance(plan.stays, Segments)
