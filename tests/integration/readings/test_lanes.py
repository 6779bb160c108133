"""Whole days as arrays: the SQL of lanes and the pure rules agree on random days."""

from dataclasses import replace
from datetime import date
from random import Random
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.platform.ids import new_id
from server.readings.calendar import grid_of
from server.readings.vee import pure
from server.readings.vee.lanes import LANES, portions
from server.readings.vee.pure import Arrival
from server.readings.vee.rules import NANO
from server.readings.vee.run import prepared_lanes
from server.readings.vee.scope import FOREVER, Feed, SeriesScope, day_at, number_of
from tests.integration.readings.test_vee_twins import store_raw
from tests.support.vee_cases import HOUR, RECEIVED, Case, random_knobs

SERIES = 20
ZONES = ("Europe/London", "Asia/Kolkata", "Australia/Lord_Howe")
FIRST_DAYS = (date(2013, 3, 30), date(2013, 10, 26), date(2013, 10, 5), date(2013, 6, 3))


def lane_case(random: Random, number: int, tz: str, first: int) -> Case:
    """A series with one interval channel, and days that are mostly whole."""
    interval = random.choice((1_800_000, HOUR, 900_000))
    last = first + random.randint(0, 3)
    start, end = day_at(tz, first).start_ms, day_at(tz, last).end_ms
    feed = Feed(
        number * 10,
        register=False,
        tenure_from=0,
        tenure_to=FOREVER,
        valid_from=0,
        valid_to=FOREVER,
        multiplier=random.choice((NANO, NANO, 40 * NANO, 333_333_333)),
        max_per_hour=random.choice((None, 3_000_000)),
        negative_allowed=random.random() < 0.2,
    )
    scope = SeriesScope(
        number,
        UUID(int=number),
        tz,
        interval,
        first,
        last,
        first,
        last,
        start + random.choice((0, 0, 7_000_000)),
        end - random.choice((0, 0, 9_000_000)),
        (feed,),
    )
    arrivals = []
    for day in range(first, last + 1):
        arrivals += _day(random, list(grid_of(day_at(tz, day), interval)))
    inside = [one for one in arrivals if scope.expect_from <= one.ms and one.ms + interval <= scope.expect_to]
    kept = inside if random.random() < 0.9 else arrivals
    random.shuffle(kept)
    knobs = random_knobs(random, number)
    if not knobs.day_by_day:
        knobs = replace(knobs, spike_whole=False, off=knobs.off | {"V14"})
    return Case(scope.ruled(knobs), {feed.channel: kept})


def _day(random: Random, grid: list[int]) -> list[Arrival]:
    values = [int(random.gammavariate(2, 0.15) * 1000) * 1000 for _ in grid]
    quality = [0] * len(grid)
    if random.random() < 0.1:
        values = [0] * len(grid)
    for _ in range(random.choice((0, 0, 1, 2))):
        place = random.randrange(len(grid))
        values[place] *= random.choice((-1, 3, 12, 30))
    if random.random() < 0.3:
        quality[random.randrange(len(grid))] = random.choice((512, 1024, 2048, 131_072, 16_384))
    gone = set()
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        place = random.randrange(len(grid))
        gone |= set(range(place, place + random.choice((1, 1, 2, 4, 8, 9))))
    off = random.randrange(len(grid)) if random.random() < 0.03 else -1
    found = [
        Arrival(at + 5_000 * (n == off), values[n], quality[n], RECEIVED)
        for n, at in enumerate(grid)
        if n not in gone
    ]
    if found and random.random() < 0.05:
        found.append(replace(random.choice(found), micro=1, sequence=1))
    return found if random.random() < 0.97 else []


def lanes_of(cases: list[Case]) -> pa.Table:
    rows = []
    for case in cases:
        s, f = case.scope, case.scope.feeds[0]
        bound = -1 if f.max_per_hour is None else f.max_per_hour
        whole = (s.first_day, s.last_day, s.expect_from, s.expect_to)
        fed = (f.multiplier, bound, int(f.negative_allowed), 0, 0, s.knobs.rule_set_version)
        rows.append((s.series, f.channel, s.usage_point_id.bytes, s.tz, s.interval_ms, *whole, *fed))
    each = zip(*rows, strict=True)
    columns = [pa.array(list(column), field.type) for column, field in zip(each, LANES, strict=True)]
    return pa.table(columns, LANES)


def expected(cases: list[Case], left: set[tuple[int, int]]) -> list[tuple]:
    return sorted(
        (case.scope.series, cell.start, *cell.final)
        for case in cases
        for cell in pure.run(case.scope, case.arrivals)
        if (case.scope.series, cell.day) not in left
    )


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
@pytest.mark.timeout(120)
async def test_lanes_and_pure_rules_agree(lone_platform, seed):
    random, tenant = Random(seed), new_id()
    tz, first = random.choice(ZONES), number_of(random.choice(FIRST_DAYS))
    cases = [lane_case(random, number, tz, first) for number in range(1, SERIES + 1)]
    await store_raw(lone_platform, tenant, cases)
    (lanes,) = portions(lanes_of(cases), 10**9)
    days = sum(case.scope.last_day - case.scope.first_day + 1 for case in cases)
    knobs = {case.scope.knobs for case in cases}
    async with prepared_lanes(lone_platform.store, tenant, new_id(), lanes, knobs=knobs) as run:
        await run.compute()
        numbers = {
            day_at(tz, n).start_ms: n for n in range(first, max(case.scope.last_day for case in cases) + 1)
        }
        left = {(channel // 10, numbers[low]) for channel, low, _ in await run.left()}
        assert [tuple(row) for row in await run.finals()] == expected(cases, left)
        assert len(left) < days
        await run.store(1)
    # The same again has nothing new.
    async with prepared_lanes(lone_platform.store, tenant, new_id(), lanes, knobs=knobs) as run:
        assert (await run.compute()).nothing_new


def test_portions_hold_one_zone_and_so_many_intervals():
    random = Random(1)
    cases = [
        lane_case(random, number, random.choice(ZONES[:2]), number_of(FIRST_DAYS[3]))
        for number in range(1, 60)
    ]
    lanes = lanes_of(cases)
    found = list(portions(lanes, 500))
    assert len(found) > 4
    assert all(len(set(one.column("tz").to_pylist())) == 1 for one in found)
    series = [number for one in found for number in one.column("series").to_pylist()]
    assert sorted(series) == sorted(lanes.column("series").to_pylist())
