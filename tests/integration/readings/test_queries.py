"""Queries of final data: resolutions, versions, filters, points of a plot, and what a bill needs."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from uuid import UUID

import pytest

from server.platform.errors import InvalidField
from server.readings.calendar import grid_of, local_day, to_ms
from server.readings.domain import Quality, State
from server.readings.errors import NotBilled, UsagePointNotFound
from server.readings.queries.bill_ready import BillReadyUsage
from server.readings.queries.intervals import IntervalQueries, Wanted
from server.readings.queries.kept import EVERYTHING, Kept
from server.readings.queries.raw import RawQueries
from server.readings.queries.seen import Views
from server.readings.queries.spans import DAY, HOUR, MONTH, NATIVE, QUARTER, WEEK, YEAR
from tests.support.readings import block

TZ = "Europe/London"
HALF = 1_800_000
FIRST, LAST = date(2024, 10, 14), date(2025, 4, 14)
DAYS = [local_day(TZ, FIRST + timedelta(days=n)) for n in range((LAST - FIRST).days)]
STARTS = [start for day in DAYS for start in grid_of(day, HALF)]
GONE = set(STARTS[2000:2100])
LOW, HIGH = DAYS[0].start_ms, DAYS[-1].end_ms
NOW = to_ms(datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Billed:
    usage_point_id: UUID
    start: datetime
    end: datetime
    snapshot: int


class Bills:
    """The port ``BilledSnapshots`` from memory."""

    def __init__(self) -> None:
        self.spans: list[Billed] = []

    async def snapshots(self, _tenant_id, usage_point_ids, start, end):
        return [
            one
            for one in self.spans
            if one.usage_point_id in usage_point_ids and one.start < end and start < one.end
        ]


@pytest.fixture
def bills() -> Bills:
    return Bills()


@pytest.fixture
def views(lone_platform, bills) -> Views:
    return Views(lone_platform.uow, bills)


@pytest.fixture
def queries(lone_platform, devices, views) -> IntervalQueries:
    return IntervalQueries(lone_platform.store, devices, views)


@pytest.fixture
async def half_year(owner, devices, pipeline, runner):
    """A series with half a year of half hours over both changes of the clock, and a hole in it."""
    (number,) = devices.add()
    series = devices.install(number)
    kept = [start for start in STARTS if start not in GONE]
    values = [(n * 37 % 1000) * 1000 + 200_000 for n in range(len(kept))]
    await pipeline.store(owner, block("cis", 1, [number] * len(kept), kept, values))
    await runner.run_touched()
    return series


async def asked(
    queries, views, owner, series, resolution, low=LOW, high=HIGH, *, version="", as_of=None, **others
):
    seen = await views.of(owner, version, as_of, [series], low, high)
    wanted = Wanted(resolution, low, high, "", seen, NOW, **others)
    return await queries.page(owner, [series], wanted, limit=100_000)


def totals(intervals):
    return sum(one.micro or 0 for one in intervals)


async def test_every_resolution_has_the_same_sum(queries, views, owner, half_year):
    native = await asked(queries, views, owner, half_year, NATIVE)
    assert [one.start_ms for one in native] == STARTS
    for resolution in (HOUR, DAY, WEEK, MONTH, QUARTER, YEAR):
        found = await asked(queries, views, owner, half_year, resolution)
        assert totals(found) == totals(native), resolution
        assert found[0].start_ms == LOW
        assert found[-1].end_ms == HIGH
        assert all(one.end_ms == two.start_ms for one, two in pairwise(found))
        assert sum(one.expected for one in found) == len(STARTS)
        for one in found[:: max(len(found) // 20, 1)]:
            inside = [n for n in native if one.start_ms <= n.start_ms < one.end_ms]
            assert one.micro == (totals(inside) if any(n.micro is not None for n in inside) else None)
            assert one.intervals + one.missing == len(inside)
            assert one.validated + one.suspect + one.estimated + one.edited == one.intervals
    days = {one.start_ms: one for one in await asked(queries, views, owner, half_year, DAY)}
    assert [
        days[local_day(TZ, day).start_ms].expected for day in (date(2024, 10, 27), date(2025, 3, 30))
    ] == [
        50,
        46,
    ]


async def test_weeks_begin_on_monday_and_pages_go_on(queries, views, owner, half_year):
    whole = await asked(queries, views, owner, half_year, WEEK)
    assert all(local_day(TZ, FIRST).start_ms <= one.start_ms for one in whole)
    seen = await views.of(owner, "", None, [half_year], LOW, HIGH)
    wanted = Wanted(WEEK, LOW, HIGH, "", seen, NOW)
    walked, after = [], None
    while page := await queries.page(owner, [half_year], wanted, after=after, limit=4):
        walked += page
        after = (half_year.series, page[-1].start_ms)
    assert walked == whole


async def test_points_of_a_plot_keep_sum_and_peaks(queries, views, owner, half_year):
    native = await asked(queries, views, owner, half_year, NATIVE)
    for resolution, most in ((NATIVE, 100), (NATIVE, 5000), (HOUR, 77), (DAY, 10)):
        points = await asked(queries, views, owner, half_year, resolution, most=most)
        assert len(points) <= most
        assert totals(points) == totals(native)
        assert max(one.greatest for one in points if one.greatest is not None) == max(
            one.micro for one in native if one.micro is not None
        )
        for one in points[:5]:
            inside = [n.micro for n in native if one.start_ms <= n.start_ms < one.end_ms]
            known = [micro for micro in inside if micro is not None]
            assert (one.least, one.greatest) == (min(known), max(known))
    seen = await views.of(owner, "", None, [half_year], LOW, HIGH)
    wanted = Wanted(NATIVE, LOW, HIGH, "", seen, NOW, most=100)
    first = await queries.page(owner, [half_year], wanted, limit=60)
    after = (half_year.series, first[-1].start_ms)
    rest = await queries.page(owner, [half_year], wanted, after=after, limit=60)
    assert first + rest == await asked(queries, views, owner, half_year, NATIVE, most=100)


async def test_a_filter_keeps_some_and_counts_the_others(queries, views, owner, half_year):
    native = await asked(queries, views, owner, half_year, NATIVE)
    estimated = [one for one in native if one.state == State.ESTIMATED]
    assert estimated
    only = Kept(states=frozenset({int(State.ESTIMATED)}))
    assert await asked(queries, views, owner, half_year, NATIVE, kept=only) == estimated
    but = Kept(except_states=frozenset({int(State.ESTIMATED), int(State.MISSING)}))
    months = await asked(queries, views, owner, half_year, MONTH, kept=but)
    assert totals(months) == totals(native) - totals(estimated)
    assert sum(one.excluded for one in months) == len(estimated)
    assert sum(one.estimated for one in months) == 0
    assert State.MISSING not in {one.state for one in months}
    scaled = Kept(quality_any=int(Quality.ESTIMATED_REFERENCE_DAY | Quality.ESTIMATED_LINEAR))
    bits = await asked(queries, views, owner, half_year, NATIVE, kept=scaled)
    assert bits == [one for one in native if one.quality & scaled.quality_any]
    none = Kept(quality_none=int(Quality.VALID))
    rest = await asked(queries, views, owner, half_year, NATIVE, kept=none)
    assert rest == [one for one in native if not one.quality & int(Quality.VALID)]
    assert EVERYTHING.everything


async def test_what_was_billed_stays_as_billing_saw_it(
    queries, views, bills, owner, devices, pipeline, runner, half_year
):
    before = await asked(queries, views, owner, half_year, NATIVE)
    snapshot = await views.watermark()
    first, second = DAYS[20], DAYS[50]
    at = [datetime.fromtimestamp(one / 1000, UTC) for one in (first.start_ms, second.start_ms)]
    bills.spans.append(Billed(half_year.usage_point_id, *at, snapshot))
    (number,) = [link.channel for link in devices.links if link.series == half_year.series]
    changed = list(grid_of(DAYS[30], HALF))[:4]
    await asyncio.sleep(0.01)
    await pipeline.store(owner, block("late", 1, [number] * 4, changed, [900_000] * 4))
    await runner.run_touched()
    now = await asked(queries, views, owner, half_year, NATIVE)
    assert totals(now) != totals(before)
    billed = await asked(queries, views, owner, half_year, NATIVE, version="BILLED")
    assert billed == [one for one in before if first.start_ms <= one.start_ms < second.start_ms]
    # Another bill of other days, which saw another version: both are in one month.
    later = datetime.fromtimestamp(DAYS[60].start_ms / 1000, UTC)
    bills.spans.append(Billed(half_year.usage_point_id, at[1], later, await views.watermark()))
    months = await asked(queries, views, owner, half_year, MONTH, version="BILLED")
    assert totals(months) == totals(billed) + totals(
        [one for one in now if second.start_ms <= one.start_ms < DAYS[60].start_ms]
    )
    assert (
        await asked(queries, views, owner, half_year, NATIVE, LOW, DAYS[19].start_ms, version="BILLED") == []
    )


async def test_a_version_needs_what_it_says(views, owner, half_year):
    for version, as_of in (("AS_OF", None), ("LATEST", datetime.now(UTC)), ("BILLED", datetime.now(UTC))):
        with pytest.raises(InvalidField) as caught:
            await views.of(owner, version, as_of, [half_year], LOW, HIGH)
        assert caught.value.violations[0].field == "as_of"


@pytest.fixture
def bill_ready(lone_platform, devices, queries, views) -> BillReadyUsage:
    raw = RawQueries(lone_platform.store, devices)
    return BillReadyUsage(queries, raw, views, devices, lambda: datetime(2026, 1, 1, tzinfo=UTC))


async def test_a_month_for_a_bill(bill_ready, bills, views, owner, devices, pipeline, half_year, queries):
    (register,) = devices.add(kind="REGISTER", dials=6, code="total")
    start, exchange = datetime(2024, 10, 1, tzinfo=UTC), datetime(2025, 3, 10, 12, tzinfo=UTC)
    devices.install(register, series=half_year, start=start, end=exchange, multiplier="40")
    march = local_day(TZ, date(2025, 3, 1)).start_ms, local_day(TZ, date(2025, 4, 1)).start_ms
    times = [march[0] - 86_400_000, march[0] - 60_000, march[0] + 86_400_000, to_ms(exchange)]
    await pipeline.store(
        owner, block("reg", 1, [register] * 4, times, [10**6, 2 * 10**6, 3 * 10**6, 9 * 10**6])
    )
    days = date(2025, 3, 1), date(2025, 4, 1)
    found = await bill_ready.of(owner, half_year.usage_point_id, days, [], "", None, "")
    (one,) = found.series
    assert len(one.days) == 31
    assert (found.start_ms, found.end_ms) == march
    assert (
        one.total.micro
        == totals(one.days)
        == totals(await asked(queries, views, owner, half_year, NATIVE, *march))
    )
    assert one.total.expected == 31 * 48 - 2 == one.total.intervals + one.total.missing
    assert one.complete is (one.total.missing == 0 and one.total.suspect == 0)
    (span,) = found.registers
    assert (span.opening.micro, span.closing.micro) == (2 * 10**6, 9 * 10**6)
    assert (span.start_ms, span.end_ms, span.multiplier) == (march[0], to_ms(exchange), 40)
    again = await bill_ready.of(owner, half_year.usage_point_id, days, [], "AS_OF", found.as_of, "")
    assert again.series == found.series
    with pytest.raises(NotBilled):
        await bill_ready.of(owner, half_year.usage_point_id, days, [], "BILLED", None, "")
    at = [datetime.fromtimestamp(ms / 1000, UTC) for ms in march]
    bills.spans.append(Billed(half_year.usage_point_id, *at, await views.watermark()))
    billed = await bill_ready.of(owner, half_year.usage_point_id, days, [], "BILLED", None, "")
    assert billed.series == found.series
    with pytest.raises(UsagePointNotFound):
        await bill_ready.of(owner, UUID(int=1), days, [], "", None, "")


async def test_days_without_data_are_missing_in_a_bill(bill_ready, owner, half_year):
    days = date(2025, 4, 10), date(2025, 4, 20)
    found = await bill_ready.of(owner, half_year.usage_point_id, days, [], "", None, "")
    (one,) = found.series
    states = [key for key, _ in groupby(day.state for day in one.days)]
    assert states[-1] == State.MISSING
    assert one.total.state == State.MISSING
    assert one.total.missing == 6 * 48
    assert not one.complete
    assert one.percent == pytest.approx(100 * 4 / 10)


async def test_the_time_that_an_answer_names_gives_it_again(bill_ready, owner, devices, pipeline, runner):
    """Also of the run that was the last one, and after others."""
    (number,) = devices.add()
    series = devices.install(number)
    starts = [start for day in (30, 31) for start in grid_of(local_day(TZ, date(2025, 3, day)), HALF)]
    days, answers = (date(2025, 3, 30), date(2025, 4, 1)), []

    async def bill(version, as_of):
        return await bill_ready.of(owner, series.usage_point_id, days, [], version, as_of, "")

    for sequence in range(1, 4):
        await pipeline.store(
            owner, block("cis", sequence, [number] * len(starts), starts, [sequence * 10**5] * len(starts))
        )
        await runner.run_touched()
        answers.append(await bill("", None))
    assert [one.series[0].total.micro for one in answers] == [n * 94 * 10**5 for n in (1, 2, 3)]
    for one in answers:
        assert await bill("AS_OF", one.as_of) == one
    ahead = await bill("", datetime.now(UTC) + timedelta(days=1))
    assert ahead == answers[-1]
