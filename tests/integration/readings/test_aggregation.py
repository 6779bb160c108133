"""Sums over both trees and coverage, against plain loops, over the day the clocks go forward."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import grpc
import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration

from server.platform.platform import Platform
from simba.common.v1 import types_pb2 as common
from simba.devices.v1 import device_model_pb2, node_pb2, usage_point_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.readings.v1 import aggregation_service_pb2 as pb
from simba.readings.v1 import coverage_service_pb2 as coverage_pb
from simba.readings.v1 import reading_pb2, reading_service_pb2, vee_service_pb2
from simba.readings.v1.aggregation_service_pb2_grpc import AggregationServiceStub
from simba.readings.v1.coverage_service_pb2_grpc import CoverageServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.support.inventory import stamp
from tests.support.platform import RunningServer, error_of, make_tenant
from tests.support.readings_api import HALF, INSTALLED, Caller, starts

IMPORT, EXPORT = common.QUANTITY_ACTIVE_ENERGY_IMPORT, common.QUANTITY_ACTIVE_ENERGY_EXPORT
A, B, C = usage_point_pb2.PHASE_A, usage_point_pb2.PHASE_B, usage_point_pb2.PHASE_C
DAYS = [date(2025, 3, day) for day in (28, 29, 30, 31)]
# London: the 30th has 46 half hours.
TIMES = [at for day in DAYS for at in starts(day)]
START, END = TIMES[0], TIMES[-1] + HALF
MOVE = TIMES[48 + 20]
"""In the middle of the second day: from here on a home is in another district."""
DAY, HOUR = reading_pb2.RESOLUTION_DAY, reading_pb2.RESOLUTION_HOUR
NONE, CHILD, PHASE = pb.AGGREGATE_GROUPING_NONE, pb.AGGREGATE_GROUPING_CHILD, pb.AGGREGATE_GROUPING_PHASE
PLACE = node_pb2.HIERARCHY_PLACE


def time_of(ms: int):
    return stamp(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))


class Town(Caller):
    """A region with two districts, and homes in it."""

    def __init__(self, channel) -> None:
        super().__init__(channel)
        self.sums = AggregationServiceStub(channel)
        self.coverage = CoverageServiceStub(channel)

    async def build(self) -> SimpleNamespace:
        region = await self.devices.node()
        north = await self.devices.node(parent_id=region.node_id, kind="district")
        south = await self.devices.node(parent_id=region.node_id, kind="district")
        grid = await self.devices.node(hierarchy=node_pb2.HIERARCHY_GRID, kind="transformer")
        templates = [
            {"code": "in", "quantity": IMPORT, "unit": "kWh"},
            {"code": "out", "quantity": EXPORT, "unit": "kWh"},
        ]
        model = await self.devices.model(
            channel_templates=[
                device_model_pb2.ChannelTemplate(
                    kind=common.MEASUREMENT_KIND_INTERVAL, interval=Duration(seconds=1800), **one
                )
                for one in templates
            ]
        )
        homes = []
        for place, phases in (
            (north, [A]),
            (north, [B]),
            (south, [A, B, C]),
            (region, []),
        ):
            point = await self.devices.point(place_id=place.node_id, grid_node_id=grid.node_id, phases=phases)
            meter = await self.devices.meter(model.device_model_id)
            await self.devices.install(point.usage_point_id, meter.meter_id, INSTALLED)
            homes.append(
                SimpleNamespace(
                    point=point.usage_point_id, channels={one.code: one.channel for one in meter.channels}
                )
            )
        await self.devices.points.MoveUsagePoint(
            point_pb.MoveUsagePointRequest(
                usage_point_id=homes[1].point, place_id=south.node_id, grid_node_id=grid.node_id,
                effective_from=time_of(MOVE), phases=[B],
            )
        )  # fmt: skip
        for number, home in enumerate(homes):
            # The first home has a gap of an hour, and another one of a whole afternoon.
            times = [at for n, at in enumerate(TIMES) if number or n not in {5, 6, *range(60, 90)}]
            for code in ("in", "out"):
                channel = home.channels[code]
                values = [(n * 7919 + number * 104729) % 2_000_000 for n in range(len(times))]
                await self.send(
                    ReadingBlock(
                        source=f"town{channel}", sequence=1, channel=[channel] * len(times),
                        time_ms=times, value_micro=values,
                    )
                )  # fmt: skip
            period = common.TimeInterval(start=time_of(START), end=time_of(END))
            await self.vee.RunVee(vee_service_pb2.RunVeeRequest(usage_point_id=home.point, period=period))
        return SimpleNamespace(region=region, north=north, south=south, grid=grid, homes=homes)

    async def intervals(self, home):
        found, token = [], ""
        while True:
            answer = await self.readings.QueryIntervals(
                reading_service_pb2.QueryIntervalsRequest(
                    usage_point_id=home.point, page_size=1000, page_token=token,
                    start_time=time_of(START), end_time=time_of(END),
                )
            )  # fmt: skip
            found += answer.intervals
            token = answer.next_page_token
            if not token:
                return found

    async def aggregate(self, **asked):
        request = pb.AggregateRequest(
            **{"start_time": time_of(START), "end_time": time_of(END), "page_size": 3, **asked}
        )
        found = []
        while True:
            answer = await self.sums.Aggregate(request)
            found += answer.aggregates
            request.page_token = answer.next_page_token
            if not request.page_token:
                return found


@pytest_asyncio.fixture(loop_scope="session")
async def api(lone_server: RunningServer, lone_platform: Platform) -> Town:
    return Town(lone_server.channel((await make_tenant(lone_platform)).secret))


@pytest_asyncio.fixture(loop_scope="session")
async def town(api: Town) -> SimpleNamespace:
    return await api.build()


def place_of(town, number: int, ms: int) -> str:
    """The child of the region that a home belongs to; empty: none."""
    if number == 3:
        return ""
    if number == 2 or (number == 1 and ms >= MOVE):
        return town.south.node_id
    return town.north.node_id


def ms_of(one) -> int:
    return one.ToMilliseconds()


async def brute(api, town, spans, group_of):
    """What plain loops find: by span, group and quantity the sum, and the counts of states."""
    sums, counts = defaultdict(Decimal), defaultdict(lambda: defaultdict(int))
    for number, home in enumerate(town.homes):
        request = point_pb.GetUsagePointRequest(usage_point_id=home.point)
        point = (await api.devices.points.GetUsagePoint(request)).usage_point
        quantity = {one.series: one.quantity for one in point.series}
        for one in await api.intervals(home):
            at = ms_of(one.period.start)
            span = max(start for start in spans if start <= at)
            key = span, group_of(number, at), quantity[one.series]
            counts[key][one.state] += 1
            if one.value:
                sums[key] += Decimal(one.value)
    return sums, counts


def key_of(group) -> str:
    return "" if group.unassigned else group.node_id or "".join(group.phases)


def told(aggregates):
    return {
        (ms_of(one.period.start), key_of(one.group), value.quantity): value
        for one in aggregates
        for value in one.values
    }


@pytest.mark.parametrize("resolution", [0, DAY, HOUR])
async def test_children_are_what_loops_say_and_sum_to_their_parent(api, town, resolution):
    parts = await api.aggregate(node_id=town.region.node_id, grouping=CHILD, resolution=resolution)
    whole = await api.aggregate(node_id=town.region.node_id, resolution=resolution)
    spans = sorted({ms_of(one.period.start) for one in whole})
    assert len(spans) == {0: 1, DAY: 4, HOUR: 24 + 24 + 23 + 24}[resolution]
    sums, counts = await brute(api, town, spans, lambda number, at: place_of(town, number, at))
    found = told(parts)
    assert set(found) == set(counts)
    for key, value in found.items():
        assert value.value == "" if key not in sums else Decimal(value.value) == sums[key], key
        states = counts[key]
        assert value.received_count == states[2] + states[3]
        assert (value.estimated_count, value.missing_count) == (states[4], states[6])
        assert value.expected_count == sum(states.values())
    assert any(value.estimated_count for value in found.values())
    totals = told(whole)
    for (span, _, quantity), value in totals.items():
        mine = [found[key] for key in found if (key[0], key[2]) == (span, quantity)]
        assert sum(Decimal(one.value or 0) for one in mine) == Decimal(value.value or 0)
        for name in ("expected_count", "received_count", "estimated_count", "missing_count"):
            assert sum(getattr(one, name) for one in mine) == getattr(value, name), name
        assert value.state == max((one.state for one in mine), key=[0, 2, 5, 4, 3, 6].index)
    # Unassigned: a bucket like the others.
    assert any(one.group.unassigned for one in parts)


async def test_phases_of_a_transformer(api, town):
    parts = await api.aggregate(node_id=town.grid.node_id, grouping=PHASE, resolution=DAY)
    phases = {0: "A", 1: "B", 2: "ABC", 3: ""}
    spans = sorted({ms_of(one.period.start) for one in parts})
    sums, _ = await brute(api, town, spans, lambda number, _: phases[number])
    assert {key: Decimal(value.value) for key, value in told(parts).items()} == dict(sums)
    only = await api.aggregate(node_id=town.grid.node_id, phases="ABC", resolution=DAY)
    assert [one.values[0].series_count for one in only] == [1] * 4
    loose = await api.aggregate(node_id=town.grid.node_id, phases="unassigned", resolution=DAY)
    assert sum(Decimal(one.values[0].value) for one in loose) == sum(
        value for (_, group, quantity), value in sums.items() if group == "" and quantity == IMPORT
    )


async def test_production_stands_beside_consumption(api, town):
    (one,) = await api.aggregate(node_id=town.region.node_id)
    amounts = {value.quantity: Decimal(value.value) for value in one.values}
    assert set(amounts) == {IMPORT, EXPORT}
    (net,) = one.net_values
    assert (net.quantity, net.less) == (IMPORT, EXPORT)
    assert Decimal(net.value) == amounts[IMPORT] - amounts[EXPORT]
    (alone,) = await api.aggregate(node_id=town.region.node_id, quantities=[EXPORT])
    assert [value.quantity for value in alone.values] == [EXPORT]


async def test_as_of_is_what_was_seen_then(api, town):
    before = await api.aggregate(node_id=town.region.node_id, resolution=DAY)
    seen = datetime.now(UTC)
    home = town.homes[2]
    channel = home.channels["in"]
    await api.send(
        ReadingBlock(
            source=f"later{channel}",
            sequence=1,
            channel=[channel],
            time_ms=[TIMES[3]],
            value_micro=[9_000_000],
        )
    )
    period = common.TimeInterval(start=time_of(START), end=time_of(END))
    await api.vee.RunVee(vee_service_pb2.RunVeeRequest(usage_point_id=home.point, period=period))
    assert await api.aggregate(node_id=town.region.node_id, resolution=DAY) != before
    then = await api.aggregate(node_id=town.region.node_id, resolution=DAY, as_of=stamp(seen))
    assert then == before


async def test_a_whole_tree_and_what_is_in_none(api, town):
    loose = await api.devices.point()
    meter = await api.devices.meter((await api.devices.model()).device_model_id)
    await api.devices.install(loose.usage_point_id, meter.meter_id, INSTALLED)
    by_root = await api.aggregate(hierarchy=PLACE, grouping=CHILD, quantities=[IMPORT])
    (whole,) = await api.aggregate(hierarchy=PLACE, quantities=[IMPORT])
    groups = {key_of(one.group): one.values[0] for one in by_root}
    assert town.region.node_id in groups
    assert groups[""].series_count >= 1
    assert sum(one.expected_count for one in groups.values()) == whole.values[0].expected_count


async def test_coverage_of_parts_days_and_usage_points(api, town):
    request = coverage_pb.GetCoverageRequest(
        node_id=town.region.node_id, start_time=time_of(START), end_time=time_of(END), worst=2
    )
    report = await api.coverage.GetCoverage(request)
    assert report.total.expected_count == 8 * len(TIMES)
    assert report.total.received_count == 8 * len(TIMES) - 2 * 32
    for name in ("expected_count", "received_count", "estimated_count", "missing_count"):
        total = getattr(report.total, name)
        assert sum(getattr(one.coverage, name) for one in report.groups) == total, name
        assert sum(getattr(one.coverage, name) for one in report.days) == total, name
    # The home that moved is in both districts.
    assert report.total.series_count == 8
    assert [one.coverage.series_count for one in report.groups] == [4, 4, 2]
    assert [one.coverage.expected_count for one in report.days] == [8 * n for n in (48, 48, 46, 48)]
    assert report.worst[0].usage_point_id == town.homes[0].point
    share = 1 - Decimal(32) / len(TIMES)
    assert abs(Decimal(report.worst[0].coverage.received_percent) - 100 * share) < Decimal("0.001")

    points = reading_service_pb2.UsagePointIds(ids=[town.homes[0].point])
    alone = await api.coverage.GetCoverage(
        coverage_pb.GetCoverageRequest(usage_points=points, start_time=time_of(START), end_time=time_of(END))
    )
    assert alone.total.received_count == 2 * (len(TIMES) - 32)
    assert alone.total.estimated_count + alone.total.missing_count == 64


async def test_what_cannot_be_asked(api, town):
    async def refused(**asked):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await api.aggregate(**asked)
        return error_of(raised.value)

    reason, _, violations = await refused()
    assert violations, reason
    _, _, violations = await refused(node_id=town.region.node_id, hierarchy=node_pb2.HIERARCHY_GRID)
    assert "hierarchy" in str(violations)
    _, _, violations = await refused(node_id=town.region.node_id, start_time=time_of(END))
    assert "end_time" in str(violations)
    reason, *_ = await refused(node_id="0198c7a0-0000-7000-8000-000000000000")
    assert "NOT_FOUND" in reason


async def test_another_tenant_sees_nothing(town, lone_server, lone_platform):
    other = lone_server.channel((await make_tenant(lone_platform)).secret)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await Town(other).aggregate(node_id=town.region.node_id)
    assert raised.value.code() == grpc.StatusCode.NOT_FOUND
