"""Demand on the real engine against its definition in plain Python, over a change of the clock."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from server.billing.billed import BilledPeriods
from server.readings.calendar import day_of, days_between, grid_of, local_day
from server.readings.demand.app import DemandQueries
from server.readings.demand.domain import DAY, MONTH, WHOLE, Asked
from server.readings.domain import State
from server.readings.queries.intervals import NATIVE, WORST_FIRST, IntervalQueries, Wanted
from server.readings.queries.seen import Seen, Views
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import CreateApiKeyRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.scope_pb2 import Scope
from simba.common.v1 import types_pb2 as common
from simba.readings.v1 import demand_service_pb2 as pb
from simba.readings.v1 import reading_pb2
from simba.readings.v1.demand_service_pb2_grpc import DemandServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.support.platform import error_of, make_tenant
from tests.support.readings import block
from tests.support.readings_api import Caller, day_block, make_home, stamp, starts, validated

LONDON = "Europe/London"
QUARTER = 900_000
FIRST, LAST = date(2025, 3, 28), date(2025, 4, 2)
SPAN = local_day(LONDON, FIRST).start_ms, local_day(LONDON, LAST).end_ms


@pytest.fixture
def views(lone_platform) -> Views:
    return Views(lone_platform.uow, BilledPeriods(lone_platform.uow))


@pytest.fixture
def intervals(lone_platform, devices, views) -> IntervalQueries:
    return IntervalQueries(lone_platform.store, devices, views)


@pytest.fixture
def demand(lone_platform, devices, intervals, views) -> DemandQueries:
    return DemandQueries(lone_platform.store, devices, intervals, views)


@pytest.fixture
async def week(owner, devices, pipeline, runner) -> list:
    """Three series of quarters of an hour over the change to summer time; two have holes."""
    made = []
    days = list(days_between(LONDON, FIRST - timedelta(days=1), LAST))
    starts = [start for day in days for start in grid_of(day, QUARTER)]
    for place in range(3):
        (number,) = devices.add(interval_seconds=900)
        made.append(devices.install(number))
        gone = set(starts[150 * place : 150 * place + 4 * place])
        if place == 2:
            # With nothing of the days beside, a long hole cannot be filled.
            gone |= set(starts[:100]) | set(starts[130:420]) | set(starts[460:])
        kept = [start for start in starts if start not in gone]
        values = [(n * (37 + place) % 1009) * 1000 + 7 for n in range(len(kept))]
        await pipeline.store(owner, block("cis", place, [number] * len(kept), kept, values))
    await runner.run_touched()
    return made


async def native(intervals, owner, series, watermark) -> dict[int, list]:
    """The final intervals of each series, as callers read them."""
    start = SPAN[0] - 96 * QUARTER
    wanted = Wanted(NATIVE, start, SPAN[1], "", (Seen(start, SPAN[1], watermark),), SPAN[1])
    found: dict[int, list] = {}
    for one in await intervals.page(owner, series, wanted, limit=1_000_000):
        found.setdefault(one.info.series, []).append(one)
    return found


def brute(rows: Sequence, members: int, start: int, end: int, step: int, periods: int) -> list:
    """Windows from the definition: every period, every interval, looked at one by one."""
    found = []
    for begin in range(start, end, step):
        low, high = begin + step - step * periods, begin + step
        inside = [row for row in rows if low <= row.start_ms < high]
        if not any(row.start_ms >= begin for row in inside):
            continue
        there = [row for row in inside if row.micro is not None]
        covered = sum(row.end_ms - row.start_ms for row in there)
        complete = covered == members * (high - low)
        worst = min((WORST_FIRST.index(row.state) for row in inside), default=0)
        bits = 0
        for row in inside:
            bits |= row.quality
        total = sum(row.micro for row in there)
        value = round(Fraction(total * 3_600_000, high - low)) if there else None
        state = WORST_FIRST[worst] if complete else State.MISSING
        estimated = sum(row.state == State.ESTIMATED for row in there)
        found.append((low, high, value, state, bits, len(there), estimated, total, complete))
    return found


def told(found) -> list:
    return [
        (one.start_ms, one.end_ms, one.micro, one.state, one.quality, one.intervals, one.estimated)
        for _, one in found
    ]


def asked_for(watermark, start=SPAN[0], end=SPAN[1], step=QUARTER, periods=1, *, coincident=False) -> Asked:
    return Asked(start, end, step // 1000, periods, coincident, "", watermark)


async def test_windows_and_maxima_are_those_of_the_definition(owner, demand, intervals, week, devices):
    watermark = await demand.watermark(None)
    rows = await native(intervals, owner, week, watermark)
    assert {State.ESTIMATED, State.MISSING} <= {row.state for one in rows.values() for row in one}
    every = [row for one in rows.values() for row in one]

    async def check(step: int, periods: int, start: int, end: int, coincident: bool) -> None:  # noqa: FBT001
        wanted = asked_for(watermark, start, end, step, periods, coincident=coincident)
        found = await demand.page(owner, week, wanted, after=None, limit=100_000)
        first = -(-start // step) * step
        groups = [(0, every, 3)] if coincident else [(one.series, rows[one.series], 1) for one in week]
        expected = {key: brute(own, count, first, end, step, periods) for key, own, count in groups}
        assert told(found) == [one[:7] for key in expected for one in expected[key]]
        assert [key for (key, _), _ in found] == [key for key in expected for _ in expected[key]]
        for span, name in ((DAY, "%Y-%m-%d"), (MONTH, "%Y-%m"), (WHOLE, "")):
            for incomplete in (False, True):
                maxima = await demand.maxima(
                    owner, week, wanted, span, incomplete=incomplete, after=None, limit=100_000
                )
                best = []
                for key, windows in expected.items():
                    spans: dict[str, list] = {}
                    for one in windows:
                        spans.setdefault(day_of(LONDON, one[1] - step).strftime(name), []).append(one)
                    for inside in spans.values():
                        counted = [one for one in inside if one[8] or (incomplete and one[5])]
                        top = max(counted, key=lambda one: (one[7], -one[0]), default=None)
                        best.append((key, top and top[:3], len(counted), sum(one[8] for one in inside)))
                assert best == [
                    (
                        one.series,
                        one.demand and (one.demand.start_ms, one.demand.end_ms, one.demand.micro),
                        one.windows,
                        one.expected - one.incomplete,
                    )
                    for one in maxima
                ]

    await check(QUARTER, 1, *SPAN, coincident=False)
    for step, periods, coincident in ((2 * QUARTER, 1, True), (QUARTER, 4, False), (QUARTER, 3, True)):
        await check(step, periods, *SPAN, coincident=coincident)
    # Not on the grid: the windows are those whose last period begins inside.
    await check(4 * QUARTER, 2, SPAN[0] + 1, SPAN[1] - 40 * QUARTER - 1, coincident=False)


async def test_a_short_day_has_92_quarters_and_its_last_window_is_its_own(owner, demand, intervals, week):
    watermark = await demand.watermark(None)
    (one,) = week[:1]
    wanted = asked_for(watermark)
    maxima = await demand.maxima(owner, [one], wanted, DAY, incomplete=False, after=None, limit=100)
    assert [row.expected for row in maxima] == [96, 96, 92, 96, 96, 96]
    assert [row.incomplete for row in maxima] == [0] * 6
    spans = [(row.start_ms, row.end_ms) for row in maxima]
    assert spans == [(day.start_ms, day.end_ms) for day in days_between(LONDON, FIRST, LAST)]
    (march, april) = await demand.maxima(owner, [one], wanted, MONTH, incomplete=False, after=None, limit=100)
    assert (march.expected, april.expected) == (96 * 3 + 92, 2 * 96)
    assert march.end_ms == april.start_ms == local_day(LONDON, date(2025, 4, 1)).start_ms


async def test_pages_go_on_where_the_one_before_ended(owner, demand, intervals, week):
    wanted = asked_for(await demand.watermark(None), periods=2)
    for coincident in (False, True):
        given_to = Asked(
            **{name: getattr(wanted, name) for name in wanted.__slots__} | {"coincident": coincident}
        )
        whole = await demand.page(owner, week, given_to, after=None, limit=100_000)
        walked, after = [], None
        while page := await demand.page(owner, week, given_to, after=after, limit=333):
            walked += page
            after = page[-1][0]
        assert walked == whole
        best = await demand.maxima(owner, week, given_to, DAY, incomplete=True, after=None, limit=1000)
        walked, after = [], None
        while page := await demand.maxima(owner, week, given_to, DAY, incomplete=True, after=after, limit=4):
            walked += page
            after = page[-1].key
        assert walked == best


async def test_as_of_a_time_it_is_what_was_known_then(
    owner, demand, intervals, week, devices, pipeline, runner
):
    one = week[0]
    before = datetime.now(UTC)
    start = local_day(LONDON, date(2025, 4, 1)).start_ms
    then = asked_for(await demand.watermark(before), start=start)
    was = await demand.page(owner, [one], then, after=None, limit=1000)
    await pipeline.store(owner, block("cis", 9, [one.series - 1_000_000], [start], [90_000_000]))
    await runner.run_touched()
    again = asked_for(await demand.watermark(before), start=start)
    assert await demand.page(owner, [one], again, after=None, limit=1000) == was
    now = asked_for(await demand.watermark(None), start=start)
    assert (await demand.page(owner, [one], now, after=None, limit=1))[0][1].micro == 360_000_000


class Stubs(Caller):
    def __init__(self, channel) -> None:
        super().__init__(channel)
        self.demand = DemandServiceStub(channel)
        self.principals = PrincipalServiceStub(channel)


@pytest.fixture
async def api(lone_platform, lone_server) -> Stubs:
    return Stubs(lone_server.channel((await make_tenant(lone_platform)).secret))


@pytest.fixture
async def home(api) -> SimpleNamespace:
    """The short day: half an hour at 3 kW, the others at 1 kW, one without a value."""
    made = await make_home(api)
    values = [500_000] * 46
    values[20] = 1_500_000
    (ack,) = await api.send(day_block(made, 1, values))
    assert (ack.stored, ack.rejected_count) == (46, 0)
    await validated(api, made)
    return made


def request(kind, home, **others):
    day = local_day(LONDON, date(2025, 3, 30))
    fields = {"start_time": stamp(day.start_ms), "end_time": stamp(day.end_ms), **others}
    if not {"series", "node_id", "usage_point_id"} & others.keys():
        fields["usage_point_id"] = home.point.usage_point_id
    return kind(**fields)


async def test_the_largest_demand_of_a_day_with_its_time(api, home):
    asked = request(
        pb.QueryMaximumDemandRequest,
        home,
        span=pb.DEMAND_SPAN_DAY,
        quantity=common.QUANTITY_ACTIVE_ENERGY_IMPORT,
    )
    (row,) = (await api.demand.QueryMaximumDemand(asked)).maxima
    begin = local_day(LONDON, date(2025, 3, 30)).start_ms + 20 * 1_800_000
    assert (row.maximum.value, row.maximum.unit) == ("3", "kW")
    assert row.maximum.period == common.TimeInterval(start=stamp(begin), end=stamp(begin + 1_800_000))
    assert (row.window_count, row.expected_window_count, row.incomplete_window_count) == (46, 46, 0)
    asked.number_of_periods = 2
    (row,) = (await api.demand.QueryMaximumDemand(asked)).maxima
    assert (row.maximum.value, row.maximum.period.start) == ("2", stamp(begin - 1_800_000))


@pytest.mark.parametrize(
    ("others", "field", "said"),
    [
        ({"period": Duration(seconds=900)}, "period", "900 s is not a multiple of the interval of series"),
        ({"period": Duration(seconds=-5)}, "period", "-5 s is not positive"),
        ({"period": Duration(seconds=1500)}, "period", "1500 s is not a divisor of an hour"),
        ({"period": Duration(nanos=5)}, "period", "whole seconds"),
        ({"number_of_periods": 97}, "number_of_periods", ""),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "'Mars/Olympus' is not an IANA time zone"),
        ({"end_time": stamp(0)}, "end_time", "does not end after start_time"),
        ({"end_time": stamp(4_000_000_000_000)}, "end_time", "longer than 400 days"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_name(api, home, others, field, said):
    for kind, call in (
        (pb.QueryDemandRequest, api.demand.QueryDemand),
        (pb.QueryMaximumDemandRequest, api.demand.QueryMaximumDemand),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(request(kind, home, **{"series": [home.series], **others}))
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        (violation,) = error_of(caught.value)[2]
        assert violation[0] == field
        assert said in violation[1]


async def a_day(api, home, sequence: int, peak: int) -> None:
    values = [500_000] * 46
    values[peak] = 1_500_000
    (ack,) = await api.send(day_block(home, sequence, values))
    assert ack.stored == 46
    await validated(api, home)


async def test_the_peak_of_a_node_is_not_the_sum_of_its_peaks(lone_server, api):
    street = await api.devices.node()
    homes = [await make_home(api, place_id=street.node_id) for _ in range(2)]
    for place, one in enumerate(homes):
        await a_day(api, one, place, 20 + place)
    quantity = common.QUANTITY_ACTIVE_ENERGY_IMPORT
    asked = request(pb.QueryMaximumDemandRequest, None, node_id=street.node_id, quantity=quantity)
    alone = (await api.demand.QueryMaximumDemand(asked)).maxima
    assert [(row.series, row.maximum.value) for row in alone] == [(one.series, "3") for one in homes]
    asked.coincident = True
    (together,) = (await api.demand.QueryMaximumDemand(asked)).maxima
    assert (together.series, together.maximum.value, together.maximum.expected_count) == (0, "4", 2)
    # Whoever sees one of them knows nothing of the other.
    wanted = ApiKey(
        display_name="one", roles=["consumer"], scope=Scope(usage_point_ids=[homes[0].point.usage_point_id])
    )
    key = await api.principals.CreateApiKey(CreateApiKeyRequest(api_key=wanted))
    portal = Stubs(lone_server.channel(key.secret))
    (seen,) = (await portal.demand.QueryMaximumDemand(asked)).maxima
    assert (seen.maximum.value, seen.maximum.expected_count) == ("3", 1)
    for other in ({"series": [homes[1].series]}, {"usage_point_id": homes[1].point.usage_point_id}):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await portal.demand.QueryDemand(request(pb.QueryDemandRequest, None, **other))
        assert caught.value.code() == grpc.StatusCode.NOT_FOUND


async def test_a_window_with_a_hole_is_told_and_does_not_count(api):
    home = await make_home(api)
    # Two half hours at the end of a day without any other data: what lies between is missing.
    times = [starts()[0], starts()[1], starts()[44], starts()[45]]
    made = ReadingBlock(
        source="test",
        sequence=1,
        channel=[home.energy] * 4,
        time_ms=times,
        value_micro=[100_000] * 3 + [900_000],
    )
    (ack,) = await api.send(made)
    assert ack.stored == 4
    await validated(api, home)
    asked = request(pb.QueryDemandRequest, home, series=[home.series], page_size=1000, number_of_periods=2)
    windows = (await api.demand.QueryDemand(asked)).demands
    assert len(windows) == 46
    first, last = windows[0], windows[-1]
    assert (first.state, first.value, first.missing_count) == (reading_pb2.READING_STATE_MISSING, "0.1", 1)
    assert (last.value, last.missing_count, last.expected_count) == ("1", 0, 2)
    empty = [one for one in windows if not one.value]
    assert {(one.state, one.interval_count, one.missing_count) for one in empty} == {
        (reading_pb2.READING_STATE_MISSING, 0, 2)
    }
    best = request(pb.QueryMaximumDemandRequest, home, series=[home.series])
    best.end_time.CopyFrom(stamp(starts()[45]))
    best.number_of_periods = 3
    (row,) = (await api.demand.QueryMaximumDemand(best)).maxima
    assert not row.HasField("maximum")
    assert (row.window_count, row.expected_window_count, row.incomplete_window_count) == (0, 45, 45)
    best.count_incomplete = True
    (row,) = (await api.demand.QueryMaximumDemand(best)).maxima
    assert row.maximum.value == "0.133333"
    assert row.maximum.missing_count == 1
