"""What is kept of what adapters hear."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import sqlalchemy as sa

from server.devices import contacts, tables
from server.devices.concentrators import Concentrators
from server.devices.domain import Contact, DeviceStatus
from server.devices.keys import Keys
from server.platform.platform import Platform
from simba.devices.v1 import concentrator_service_pb2 as concentrator_pb
from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_state_pb2 as states
from simba.devices.v1 import gateway_pb2, network_health_service_pb2
from simba.devices.v1 import gateway_service_pb2 as gateway_pb
from tests.support.inventory import Inventory, stamp
from tests.support.platform import error_of

NOW = datetime.now(UTC).replace(microsecond=0)


async def known(platform: Platform, device_id: str) -> Contact:
    async with platform.uow() as tx:
        return (await contacts.of(tx, [UUID(device_id)]))[UUID(device_id)]


async def report(platform: Platform, *statuses: DeviceStatus) -> int:
    async with platform.uow() as tx:
        return await contacts.record(tx, statuses)


def heard(address: str, hours_ago: float = 0, **values: Any) -> DeviceStatus:
    return DeviceStatus(address=address, seen_time=NOW - timedelta(hours=hours_ago), **values)


async def test_every_device_has_one_from_its_first_moment(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    gateway = await inventory.gateway()
    concentrator = await inventory.concentrator()
    for device_id, kind, address in (
        (meter.meter_id, "METER", meter.dev_eui),
        (gateway.gateway_id, "GATEWAY", gateway.gateway_eui),
        (concentrator.concentrator_id, "CONCENTRATOR", ""),
    ):
        contact = await known(platform, device_id)
        assert (contact.kind, contact.address, contact.last_seen_time) == (kind, address, None)


async def test_what_is_known_goes_along_with_a_new_address(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    gateway = await inventory.gateway()
    old, new = gateway.gateway_eui, uuid4().hex[:16]
    assert await report(platform, heard(old, 2, kind="GATEWAY", rssi_dbm=-70)) == 1
    patch = gateway_pb2.Gateway(gateway_id=gateway.gateway_id, gateway_eui=new)
    await inventory.gateways.UpdateGateway(gateway_pb.UpdateGatewayRequest(gateway=patch))
    assert await report(platform, heard(old, kind="GATEWAY")) == 0
    assert await report(platform, heard(new, 1, kind="GATEWAY")) == 1
    contact = await known(platform, gateway.gateway_id)
    assert (contact.last_seen_time, contact.rssi_dbm) == (NOW - timedelta(hours=1), -70)


async def test_an_archived_device_is_not_heard_and_one_that_came_back_is(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    gateway = await inventory.gateway()
    status = heard(gateway.gateway_eui, kind="GATEWAY")
    which = {"gateway_id": gateway.gateway_id}
    await inventory.gateways.ArchiveGateway(gateway_pb.ArchiveGatewayRequest(**which))
    assert await report(platform, status) == 0
    await inventory.gateways.UndeleteGateway(gateway_pb.UndeleteGatewayRequest(**which))
    assert await report(platform, status) == 1


async def test_an_address_is_of_a_kind(inventory: Inventory, platform: Platform, tenant: UUID) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    gateway = await inventory.gateway(gateway_eui=meter.dev_eui)
    # An adapter that says no kind speaks of a meter or a module.
    assert await report(platform, heard(meter.dev_eui, 1)) == 1
    assert (await known(platform, gateway.gateway_id)).last_seen_time is None
    assert await report(platform, heard(meter.dev_eui, kind="GATEWAY")) == 1
    assert (await known(platform, meter.meter_id)).last_seen_time == NOW - timedelta(hours=1)


async def test_nobody_is_heard_in_the_future(inventory: Inventory, platform: Platform, tenant: UUID) -> None:
    gateway = await inventory.gateway()
    address = gateway.gateway_eui
    await report(platform, heard(address, -24 * 365, kind="GATEWAY", battery_level=10.0))
    first = (await known(platform, gateway.gateway_id)).last_seen_time
    assert first is not None
    assert first <= datetime.now(UTC)
    await report(platform, heard(address, -24 * 365, kind="GATEWAY", battery_level=20.0))
    assert (await known(platform, gateway.gateway_id)).battery_level == 20


async def test_the_newest_of_one_report_counts(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    gateway = await inventory.gateway()
    address = gateway.gateway_eui
    levels = {3: 30.0, 1: 10.0, 2: 20.0}
    statuses = [heard(address, hours, kind="GATEWAY", battery_level=level) for hours, level in levels.items()]
    assert await report(platform, *statuses) == 1
    assert (await known(platform, gateway.gateway_id)).battery_level == 10


async def test_adapters_that_report_the_same_devices_do_not_wait_crosswise(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    gateways = [await inventory.gateway() for _ in range(8)]
    euis = [one.gateway_eui for one in gateways]

    def one_report(number: int) -> Any:
        order = euis if number % 2 else euis[::-1]
        return report(platform, *(heard(eui, 1 / (number + 1), kind="GATEWAY") for eui in order))

    assert await asyncio.gather(*map(one_report, range(20))) == [len(euis)] * 20
    for one in gateways:
        assert (await known(platform, one.gateway_id)).last_seen_time == NOW - timedelta(hours=1 / 20)


async def test_a_status_says_of_which_device(inventory: Inventory) -> None:
    status = binding_pb.DeviceStatus(
        kind=network_health_service_pb2.DEVICE_KIND_CONCENTRATOR, seen_time=stamp(NOW)
    )
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.bindings.ReportDeviceStatus(binding_pb.ReportDeviceStatusRequest(statuses=[status]))
    reason, _, violations = error_of(raised.value)
    assert (reason, [field for field, _ in violations]) == ("INVALID_FIELD", ["statuses[0].dev_eui"])


async def test_a_concentrator_that_reads_meters_is_in_use(
    inventory: Inventory, platform: Platform, tenant: UUID
) -> None:
    made = await inventory.concentrator()
    idle = await inventory.concentrator()
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    async with platform.uow() as tx:
        mine = sa.and_(
            tables.meter.c.tenant_id == tx.tenant_id, tables.meter.c.meter_id == UUID(meter.meter_id)
        )
        await tx.conn.execute(
            sa.update(tables.meter).where(mine).values(concentrator_id=made.concentrator_id)
        )
    found = await Concentrators(platform.uow, Keys(platform.secrets)).get(UUID(made.concentrator_id))
    assert (str(found.used_by), found.state) == (meter.meter_id, "ACTIVE")
    for state, expected in (
        (states.DEVICE_STATE_ACTIVE, made),
        (states.DEVICE_STATE_IN_STOCK, idle),
    ):
        request = concentrator_pb.ListConcentratorsRequest(state=state)
        answer = await inventory.concentrators.ListConcentrators(request)
        assert [one.concentrator_id for one in answer.concentrators] == [expected.concentrator_id]
    which = {"concentrator_id": made.concentrator_id}
    for call in (
        inventory.concentrators.ReturnConcentrator(concentrator_pb.ReturnConcentratorRequest(**which)),
        inventory.concentrators.ArchiveConcentrator(concentrator_pb.ArchiveConcentratorRequest(**which)),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await call
        reason, metadata, _ = error_of(raised.value)
        assert (reason, metadata["used_by"]) == ("RESOURCE_IN_USE", meter.meter_id)
