"""How the field is below a node of either tree."""

from datetime import UTC, datetime, timedelta

from simba.devices.v1 import network_health_service_pb2 as pb
from tests.integration.devices.test_health import listed
from tests.support.inventory import Inventory

NOW = datetime.now(UTC)


async def test_gateways_and_concentrators_below_a_node(inventory: Inventory) -> None:
    region = await inventory.node()
    town = await inventory.node(kind="settlement", parent_id=region.node_id)
    placed = [await inventory.gateway(place_id=one.node_id) for one in (region, town)]
    await inventory.gateway()
    found = await listed(inventory, kind=pb.DEVICE_KIND_GATEWAY, node_id=region.node_id)
    assert found == [one.gateway_id for one in placed]
    concentrator = await inventory.concentrator(place_id=town.node_id)
    found = await listed(inventory, kind=pb.DEVICE_KIND_CONCENTRATOR, node_id=region.node_id)
    assert found == [concentrator.concentrator_id]


async def test_meters_below_a_node(inventory: Inventory) -> None:
    region = await inventory.node()
    model = await inventory.model()
    inside, outside = [await inventory.meter(model.device_model_id) for _ in range(2)]
    point = await inventory.point(place_id=region.node_id)
    await inventory.install(point.usage_point_id, inside.meter_id, NOW - timedelta(days=3))
    meters = {"kind": pb.DEVICE_KIND_METER}
    assert await listed(inventory, **meters, node_id=region.node_id) == [inside.meter_id]
    assert await listed(inventory, **meters) == sorted([inside.meter_id, outside.meter_id])
