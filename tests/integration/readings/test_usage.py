"""What billing and analytics read: sums by time of use, and intervals, as of a snapshot."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from server.billing.ports import TimeBucket
from server.readings.calendar import grid_of, local_day, to_ms
from server.readings.domain import State
from server.readings.queries.usage import Usage
from tests.support.readings import block
from tests.support.usage_arrays import ArrayUsage, Profile

HALF = 1_800_000
LONDON = ZoneInfo("Europe/London")
START = datetime(2025, 3, 1, tzinfo=LONDON).astimezone(UTC)
END = datetime(2025, 4, 1, tzinfo=LONDON).astimezone(UTC)
ALL_MONTHS = frozenset(range(1, 13))
WORKDAYS = frozenset(range(5))
BUCKETS = [
    TimeBucket("peak", ALL_MONTHS, WORKDAYS, 16 * 60, 19 * 60),
    TimeBucket("day", ALL_MONTHS, WORKDAYS, 7 * 60, 22 * 60),
    TimeBucket("never", frozenset(), WORKDAYS, 0, 1440),
    TimeBucket("sunday", frozenset({3}), frozenset({6}), 0, 1440),
    TimeBucket("peak", ALL_MONTHS, frozenset({5}), 16 * 60, 19 * 60),
]


@pytest.fixture
def usage(lone_platform, devices) -> Usage:
    return Usage(lone_platform.store, devices, lone_platform.uow)


@pytest.fixture
async def march(owner, devices, pipeline, runner):
    """A series with a month of half hours over the change to summer time, and holes in it."""
    (number,) = devices.add()
    series = devices.install(number)
    days = [date(2025, 2, 20) + timedelta(days=n) for n in range(45)]
    starts = [start for day in days for start in grid_of(local_day("Europe/London", day), HALF)]
    gone = set(starts[500:503]) | set(starts[900:1000])
    kept = [start for start in starts if start not in gone]
    values = [(n * 37 % 1000) * 1000 + 200_000 for n in range(len(kept))]
    await pipeline.store(owner, block("cis", 1, [number] * len(kept), kept, values))
    await runner.run_touched()
    return series


async def profile_of(usage: Usage, owner, series, as_of=None) -> Profile:
    """The values that analytics would read, in an array."""
    table = await usage.intervals(owner, [series.series], START, END, as_of=as_of)
    count = (to_ms(END) - to_ms(START)) // HALF
    micro, estimated = np.full(count, -1, np.int64), np.zeros(count, np.bool_)
    for row in table.to_pylist():
        place = (to_ms(row["ts"]) - to_ms(START)) // HALF
        if row["value"] is not None:
            micro[place] = int(row["value"].scaleb(6))
            estimated[place] = row["state"] == State.ESTIMATED
    return Profile(START, HALF // 1000, micro, estimated)


async def test_sums_by_time_of_use_over_a_clock_change(owner, usage, march):
    snapshot = await usage.snapshot()
    found = await usage.determinants(owner, [march.series], START, END, "Europe/London", BUCKETS, snapshot)
    plain = ArrayUsage()
    plain.add(uuid4(), march.series, await profile_of(usage, owner, march), "Europe/London")
    expected = await plain.determinants(owner, [march.series], START, END, "Europe/London", BUCKETS, snapshot)
    as_tuples = lambda sums: sorted(  # noqa: E731
        (one.series, one.bucket, one.value, one.intervals, one.estimated, one.missing) for one in sums
    )
    assert as_tuples(found) == as_tuples(expected)
    assert {one.bucket for one in found} == {"peak", "day", "sunday", ""}
    assert sum(one.intervals + one.missing for one in found) == 31 * 48 - 2
    assert sum(one.estimated for one in found) > 0


async def test_a_snapshot_does_not_see_what_comes_later(owner, devices, pipeline, runner, usage, march):
    snapshot = await usage.snapshot()
    then = datetime.now(UTC)
    asked = (owner, [march.series], START, END, "Europe/London", BUCKETS[:2])
    before = await usage.determinants(*asked, snapshot)
    late = to_ms(START) + 100 * HALF
    number = march.series - 1_000_000
    await pipeline.store(owner, block("cis", 2, [number], [late], [123_456_789]))
    await runner.run_touched()
    assert await usage.determinants(*asked, snapshot) == before
    assert await usage.snapshot() > snapshot
    assert await usage.determinants(*asked, await usage.snapshot()) != before
    old, new = await profile_of(usage, owner, march, then), await profile_of(usage, owner, march)
    assert new.micro[100] == 123_456_789
    assert old.micro[100] != new.micro[100]
    assert np.count_nonzero(old.micro != new.micro) == 1


async def test_a_series_without_readings_is_missing_and_one_of_others_is_not_there(owner, devices, usage):
    (number,) = devices.add()
    series = devices.install(number)
    found = await usage.determinants(
        owner, [series.series, 5], START, END, "Europe/London", [], await usage.snapshot()
    )
    assert [(one.bucket, one.value, one.intervals, one.missing) for one in found] == [("", 0, 0, 31 * 48 - 2)]
