"""Usage points, the meters at them, and the trees that they hang in."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import grpc
import numpy as np
import pytest

from server.devices.directory import Directory
from server.platform.platform import Platform
from simba.common.v1 import types_pb2
from simba.devices.v1 import hierarchy_service_pb2 as node_service_pb
from simba.devices.v1 import node_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.events.v1 import event_pb2
from simba.events.v1 import event_service_pb2 as event_pb
from simba.events.v1.event_service_pb2_grpc import EventServiceStub
from tests.support.inventory import Inventory, at, interval, stamp
from tests.support.platform import error_of


async def test_installing_joins_register_and_interval_to_one_series(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    model = await inventory.model()
    meter, point = await inventory.meter(model.device_model_id), await inventory.point()
    answer = await inventory.install(point.usage_point_id, meter.meter_id, at(3, 30), "40")
    (series,) = answer.usage_point.series
    assert (series.unit, series.interval.seconds) == ("kWh", 1800)
    assert answer.installation.multiplier == "40"
    assert answer.usage_point.meter_id == meter.meter_id

    numbers = np.array([one.channel for one in meter.channels] + [2**63 + 5], dtype=np.uint64)
    found = await Directory(platform.uow).installations(tenant, numbers)
    assert {one.series for one in found} == {series.series}
    assert {(one.channel, str(one.multiplier), one.tz) for one in found} == {
        (channel.channel, "40", "Europe/London") for channel in meter.channels
    }
    known = await Directory(platform.uow).channels(tenant, numbers)
    assert [(one.kind, one.dials, one.max_per_hour_micro) for one in known] == [
        ("REGISTER", 6, 40_000_000),
        ("INTERVAL", None, None),
    ]


@pytest.mark.parametrize(
    ("capacity", "bound"),
    [
        (("10", "kW"), 12_000_000),
        (("10", "kVA"), 12_000_000),
        (("63", "A"), None),
        (("10", "m3/h"), None),
        (("", ""), None),
    ],
)
async def test_the_capacity_of_a_service_bounds_its_meters(
    inventory: Inventory, platform: Platform, tenant: Any, capacity: tuple[str, str], bound: int | None
) -> None:
    amount, unit = capacity
    model = await inventory.model(channel_templates=[interval()])
    bounded = await inventory.model(channel_templates=[interval(max_per_hour="3")])
    own = []
    for one in (model, bounded):
        point = await inventory.point(contract_capacity=amount, contract_capacity_unit=unit)
        meter = await inventory.meter(one.device_model_id)
        await inventory.install(point.usage_point_id, meter.meter_id, at(3, 1), "40")
        own.append(meter.channels[0].channel)
    directory = Directory(platform.uow)
    numbers = np.array(own, dtype=np.uint64)
    pieces = await directory.installations(tenant, numbers)
    assert [one.capacity_micro for one in pieces] == [bound, bound]
    # Before the multiplier, and a bound of the channel goes first.
    lanes = await directory.lanes(tenant, numbers)
    known = dict(zip(lanes.channel.tolist(), lanes.max_per_hour.tolist(), strict=True))
    assert known == {own[0]: -1 if bound is None else bound // 40, own[1]: 3_000_000}


async def test_a_series_goes_through_an_exchange_on_the_day_of_a_clock_change(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    model = await inventory.model()
    old, new = await inventory.meter(model.device_model_id), await inventory.meter(model.device_model_id)
    point = await inventory.point()
    before = await inventory.install(point.usage_point_id, old.meter_id, at(1, 1))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(point.usage_point_id, new.meter_id, at(3, 31, 1))
    assert error_of(raised.value)[0] == "INSTALLATION_OVERLAP"
    await inventory.points.RemoveMeter(
        point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(at(3, 31, 1)))
    )
    after = await inventory.install(point.usage_point_id, new.meter_id, at(3, 31, 1))
    assert list(after.usage_point.series) == list(before.usage_point.series)

    series = np.array([after.usage_point.series[0].series], dtype=np.uint64)
    periods = await Directory(platform.uow).installations_of_series(tenant, series)
    ends = {one.end for one in periods if one.channel == old.channels[0].channel}
    starts = {one.start for one in periods if one.channel == new.channels[0].channel}
    assert ends == starts == {at(3, 31, 1)}
    listed = await inventory.points.ListInstallations(
        point_pb.ListInstallationsRequest(usage_point_id=point.usage_point_id, as_of=stamp(at(3, 31, 1)))
    )
    assert [one.meter_id for one in listed.installations] == [new.meter_id]


async def test_wrong_commodity_and_wrong_unit_cannot_be_installed(inventory: Inventory) -> None:
    model = await inventory.model()
    water = await inventory.point(commodity=types_pb2.COMMODITY_COLD_WATER)
    meter = await inventory.meter(model.device_model_id)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(water.usage_point_id, meter.meter_id, at(1, 1))
    assert error_of(raised.value)[2][0][0] == "meter_id"

    point = await inventory.point()
    await inventory.install(point.usage_point_id, meter.meter_id, at(1, 1))
    await inventory.points.RemoveMeter(
        point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(at(2, 1)))
    )
    in_wh = await inventory.model(channel_templates=[interval(unit="Wh")])
    other = await inventory.meter(in_wh.device_model_id)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(point.usage_point_id, other.meter_id, at(2, 1))
    assert error_of(raised.value)[0] == "UNIT_MISMATCH"


async def test_nodes_make_trees_without_circles(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    region = await inventory.node()
    district = await inventory.node(kind="district", parent_id=region.node_id)
    building = await inventory.node(kind="building", parent_id=district.node_id)
    point = await inventory.point(place_id=building.node_id)
    outside = await inventory.point()
    listed = await inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest(place_id=region.node_id))
    assert [one.usage_point_id for one in listed.usage_points] == [point.usage_point_id]
    assert outside.usage_point_id not in {one.usage_point_id for one in listed.usage_points}
    under = await Directory(platform.uow).usage_points_under(tenant, UUID(region.node_id))
    assert [str(one) for one in under] == [point.usage_point_id]

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.nodes.UpdateNode(
            node_service_pb.UpdateNodeRequest(
                node=node_pb2.Node(node_id=region.node_id, parent_id=building.node_id)
            )
        )
    assert error_of(raised.value)[0] == "HIERARCHY_CYCLE"
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.node(hierarchy=node_pb2.HIERARCHY_GRID, kind="feeder", parent_id=region.node_id)
    assert error_of(raised.value)[2][0][0] == "node.parent_id"


async def test_periods_over_both_clock_changes_are_half_open(
    inventory: Inventory, platform: Platform, tenant: Any
) -> None:
    """Three meters at one place, exchanged at the very instants at which the clocks of London change."""
    model = await inventory.model()
    point = await inventory.point(time_zone="Europe/London")
    spring, autumn = at(3, 31, 1), at(10, 27, 1)
    borders = [at(1, 1), spring, autumn, None]
    used = []
    for start, end in pairwise(borders):
        meter = await inventory.meter(model.device_model_id)
        used.append(meter.meter_id)
        await inventory.install(point.usage_point_id, meter.meter_id, start)
        if end:
            request = point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(end))
            assert (await inventory.points.RemoveMeter(request)).installation.period.end == stamp(end)

    async def there(when: datetime) -> list[str]:
        request = point_pb.ListInstallationsRequest(usage_point_id=point.usage_point_id, as_of=stamp(when))
        listed = await inventory.points.ListInstallations(request)
        return [one.meter_id for one in listed.installations]

    moment = timedelta(microseconds=1)
    assert await there(at(1, 1) - moment) == []
    assert await there(spring - moment) == [used[0]]
    assert await there(spring) == [used[1]]
    # The local hour that occurs twice belongs to two instants, and each has one meter.
    assert await there(autumn - timedelta(minutes=30)) == [used[1]]
    assert await there(autumn + timedelta(minutes=30)) == [used[2]]
    channels = await Directory(platform.uow).channels_at(tenant, UUID(point.usage_point_id))
    assert {str(one.meter_id) for one in channels} == set(used)
    (series,) = await Directory(platform.uow).series_of(tenant, [UUID(point.usage_point_id)])
    assert (series.tz, series.interval_seconds) == ("Europe/London", 1800)


async def test_of_two_meters_at_once_one_is_installed(inventory: Inventory) -> None:
    model = await inventory.model()
    point = await inventory.point()
    meters = [await inventory.meter(model.device_model_id) for _ in range(4)]
    answers = await asyncio.gather(
        *(inventory.install(point.usage_point_id, meter.meter_id, at(1, 1)) for meter in meters),
        return_exceptions=True,
    )
    refused = [one for one in answers if isinstance(one, grpc.aio.AioRpcError)]
    assert len(refused) == 3
    assert {error_of(one)[0] for one in refused} == {"INSTALLATION_OVERLAP"}


async def test_a_meter_is_at_one_place_at_a_time(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    one, other = await inventory.point(), await inventory.point()
    await inventory.install(one.usage_point_id, meter.meter_id, at(2, 1))
    # Also not before: the new installation has no end, and would run into the old one.
    for start in (at(1, 1), at(3, 1)):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await inventory.install(other.usage_point_id, meter.meter_id, start)
        assert raised.value.code() == grpc.StatusCode.FAILED_PRECONDITION
        reason, metadata, _ = error_of(raised.value)
        assert (reason, metadata["meter_id"]) == ("INSTALLATION_OVERLAP", meter.meter_id)


async def test_what_cannot_be_installed_or_removed(inventory: Inventory) -> None:
    model = await inventory.model()
    meter, point = await inventory.meter(model.device_model_id), await inventory.point()
    unknown = str(uuid4())
    for point_id, meter_id, multiplier, reason in (
        (point.usage_point_id, unknown, "", "METER_NOT_FOUND"),
        (unknown, meter.meter_id, "", "USAGE_POINT_NOT_FOUND"),
        (point.usage_point_id, meter.meter_id, "0", "INVALID_FIELD"),
        (point.usage_point_id, meter.meter_id, "-40", "INVALID_FIELD"),
        (point.usage_point_id, meter.meter_id, "forty", "INVALID_FIELD"),
        ("here", meter.meter_id, "", "INVALID_FIELD"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await inventory.install(point_id, meter_id, at(1, 1), multiplier)
        assert error_of(raised.value)[0] == reason
    await inventory.install(point.usage_point_id, meter.meter_id, at(2, 1))
    for when in (at(1, 1), at(2, 1)):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await inventory.points.RemoveMeter(
                point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(when))
            )
        assert error_of(raised.value)[0] == "NOT_INSTALLED"


async def test_an_archived_place_takes_no_meter(inventory: Inventory) -> None:
    model = await inventory.model()
    meter, point = await inventory.meter(model.device_model_id), await inventory.point()
    await inventory.points.ArchiveUsagePoint(
        point_pb.ArchiveUsagePointRequest(usage_point_id=point.usage_point_id)
    )
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.install(point.usage_point_id, meter.meter_id, at(1, 1))
    assert error_of(raised.value)[0] == "RESOURCE_ARCHIVED"
    listed = await inventory.points.ListUsagePoints(point_pb.ListUsagePointsRequest(code=point.code))
    assert not listed.usage_points
    listed = await inventory.points.ListUsagePoints(
        point_pb.ListUsagePointsRequest(code=point.code, show_archived=True)
    )
    assert [one.archived for one in listed.usage_points] == [True]


async def test_zones_and_places_that_there_are_not(inventory: Inventory) -> None:
    for changed, field in (
        ({"time_zone": "Mars/Phobos"}, "usage_point.time_zone"),
        ({"place_id": "there"}, "usage_point.place_id"),
        ({"commodity": 0}, "usage_point.commodity"),
        ({"commodity": 77}, "usage_point.commodity"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await inventory.point(**changed)
        assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert [name for name, _ in error_of(raised.value)[2]] == [field]
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.point(place_id=str(uuid4()))
    assert error_of(raised.value)[0] == "NODE_NOT_FOUND"


async def test_what_happens_to_meters_is_told(inventory: Inventory, channel: Any, worker: None) -> None:
    model = await inventory.model()
    meter, point = await inventory.meter(model.device_model_id), await inventory.point()
    await inventory.install(point.usage_point_id, meter.meter_id, at(1, 1))
    await inventory.points.RemoveMeter(
        point_pb.RemoveMeterRequest(usage_point_id=point.usage_point_id, remove_time=stamp(at(2, 1)))
    )
    request = event_pb.PullEventsRequest(from_start=True, filter=event_pb2.EventFilter(types=["device."]))
    seen: list[str] = []
    while len(seen) < 3:
        answer = await EventServiceStub(channel).PullEvents(request)
        seen += [one.type for one in answer.events if one.meter_id == meter.meter_id]
        request.resume_token = answer.resume_token
    assert seen == ["device.created", "device.installed", "device.removed"]
