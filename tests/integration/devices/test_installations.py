"""Usage points, the meters at them, and the trees that they hang in."""

from typing import Any
from uuid import UUID

import grpc
import numpy as np
import pytest

from server.devices.directory import Directory
from server.platform.platform import Platform
from simba.common.v1 import types_pb2
from simba.devices.v1 import hierarchy_service_pb2 as node_service_pb
from simba.devices.v1 import node_pb2
from simba.devices.v1 import usage_point_service_pb2 as point_pb
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
