"""Lists that are walked in another order than that of ids: nothing is missed, nothing comes twice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio

from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import meter_pb2, node_pb2, tag_pb2
from simba.devices.v1 import meter_service_pb2 as pb
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from tests.support.inventory import Inventory, stamp

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest_asyncio.fixture
async def model_id(inventory: Inventory) -> str:
    return (await inventory.model()).device_model_id


async def walked(inventory: Inventory, **fields: Any) -> AsyncIterator[meter_pb2.Meter]:
    """The meters of a list, by pages of two."""
    token = ""
    while True:
        answer = await inventory.meters.ListMeters(
            pb.ListMetersRequest(page_size=2, page_token=token, **fields)
        )
        for meter in answer.meters:
            yield meter
        token = answer.next_page_token
        if not token:
            return


async def ids(inventory: Inventory, **fields: Any) -> list[str]:
    return [one.meter_id async for one in walked(inventory, **fields)]


async def heard(inventory: Inventory, meter: meter_pb2.Meter, time: datetime) -> None:
    status = binding_pb.DeviceStatus(dev_eui=meter.dev_eui, seen_time=stamp(time))
    await inventory.bindings.ReportDeviceStatus(binding_pb.ReportDeviceStatusRequest(statuses=[status]))


async def test_below_a_node_meters_come_node_by_node(inventory: Inventory, model_id: str) -> None:
    region, elsewhere = await inventory.node(), await inventory.node()
    feeder = await inventory.node(hierarchy=node_pb2.HIERARCHY_GRID, kind="feeder")
    houses = [await inventory.node(kind="building", parent_id=region.node_id) for _ in range(3)]
    placed: dict[str, list[str]] = {house.node_id: [] for house in houses}
    fed, points = [], []
    for number in range(9):
        house = houses[number % 3].node_id
        on_feeder = feeder.node_id if number % 2 else ""
        point = await inventory.point(place_id=house, grid_node_id=on_feeder)
        meter = await inventory.meter(model_id)
        await inventory.install(point.usage_point_id, meter.meter_id, NOW - timedelta(days=9))
        placed[house].append(meter.meter_id)
        points.append(point.usage_point_id)
        fed += [meter.meter_id] if on_feeder else []
    await inventory.point(place_id=elsewhere.node_id)
    in_stock = await inventory.meter(model_id)

    expected = [meter_id for house in sorted(placed) for meter_id in placed[house]]
    assert await ids(inventory, place_id=region.node_id) == expected
    assert in_stock.meter_id not in expected
    both = await ids(inventory, place_id=region.node_id, grid_node_id=feeder.node_id)
    assert both == fed
    assert await ids(inventory, place_id=elsewhere.node_id, grid_node_id=feeder.node_id) == []
    # What leads to few by itself is listed oldest first.
    tag = tag_pb2.Tag(key="walked", value="yes")
    for meter_id in (fed[1], fed[0]):
        await inventory.meters.UpdateMeter(
            pb.UpdateMeterRequest(
                meter=meter_pb2.Meter(meter_id=meter_id, tags={tag.key: tag.value}),
                update_mask={"paths": ["tags"]},
            )
        )
    assert await ids(inventory, place_id=region.node_id, tag=tag) == sorted(fed[:2])
    assert await ids(inventory, place_id=elsewhere.node_id, tag=tag) == []
    assert await ids(inventory, state=meter_pb2.METER_STATE_ACTIVE) == sorted(expected)
    for state, found in ((meter_pb2.METER_STATE_ACTIVE, expected), (meter_pb2.METER_STATE_IN_STOCK, [])):
        assert await ids(inventory, state=state, place_id=region.node_id) == found
        assert sorted(await ids(inventory, state=state, last_seen_before=stamp(NOW))) == sorted(
            found or [in_stock.meter_id]
        )

    found, token = [], ""
    while True:
        answer = await inventory.points.ListUsagePoints(
            point_pb.ListUsagePointsRequest(place_id=region.node_id, page_size=2, page_token=token)
        )
        found += [one.usage_point_id for one in answer.usage_points]
        token = answer.next_page_token
        if not token:
            break
    assert sorted(found) == sorted(points)


async def test_of_silent_ones_none_is_missed_while_others_are_heard(
    inventory: Inventory, model_id: str
) -> None:
    never = [await inventory.meter(model_id) for _ in range(2)]
    # Two were last heard at one instant: the page's key must tell them apart.
    hours = (9, 7, 7, 5, 3)
    silent = [await inventory.meter(model_id) for _ in hours]
    for meter, ago in zip(silent, hours, strict=True):
        await heard(inventory, meter, NOW - timedelta(hours=ago))
    lately = await inventory.meter(model_id)
    await heard(inventory, lately, NOW)
    before = stamp(NOW - timedelta(hours=1))

    expected = [one.meter_id for one in (*never, *silent)]
    assert await ids(inventory, last_seen_before=before) == expected
    seen = []
    async for meter in walked(inventory, last_seen_before=before):
        seen.append(meter.meter_id)
        if len(seen) == 1:
            # One that was listed is heard, late news of one that was not come in.
            await heard(inventory, never[0], NOW)
            await heard(inventory, silent[0], NOW - timedelta(hours=4))
    assert set(seen) == set(expected)
    assert await ids(inventory, last_seen_before=before) == [
        one.meter_id for one in (never[1], *silent[1:4], silent[0], silent[4])
    ]
