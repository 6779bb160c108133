"""A comparison finds what differs on either side, repairs it, and leaves alone what SiMBA did not make."""

from collections.abc import AsyncIterator

import pytest_asyncio

from simba.common.v1 import types_pb2
from simba.devices.v1.provisioning_service_pb2 import DifferenceKind, Reconciliation
from tests.integration.chirpstack.conftest import Field
from tests.integration.chirpstack.network import Network, network_of
from tests.support.chirpstack_server import chirpstack_server

ORPHAN_DEVICE, ORPHAN_GATEWAY = "00000000000000d1", "00000000000000d2"
FOREIGN_DEVICE, FOREIGN_GATEWAY = "00000000000000e1", "00000000000000e2"


@pytest_asyncio.fixture(loop_scope="session")
async def network(field_: Field) -> AsyncIterator[Network]:
    async with chirpstack_server() as chirpstack, network_of(field_, chirpstack) as made:
        yield made


def _kinds(found: Reconciliation) -> dict[str, str]:
    prefix = "DIFFERENCE_KIND_"
    return {one.address: DifferenceKind.Name(one.kind).removeprefix(prefix) for one in found.differences}


async def test_nothing_differs_where_nobody_interfered(network: Network):
    async with network.adapter():
        device, gateway = await network.meter(), await network.gateway()
        for one in (device, gateway):
            await network.until(one, "ACTIVE")
        found = await network.compare(repair=False)
    assert found.state == types_pb2.WORK_STATE_SUCCEEDED
    assert (found.compared, found.difference_count) == (2, 0)


async def test_orphans_on_either_side_are_told_and_then_repaired(network: Network):
    tenant_id = str(network.field.tenant_id)
    mark = {"simba_tenant": tenant_id, "simba_device": "gone"}
    async with network.adapter():
        missing, renamed, keyless, gone = [await network.meter() for _ in range(4)]
        lost, moved = await network.gateway(), await network.gateway(display_name="Roof")
        everything = (missing, renamed, keyless, gone, lost, moved)
        for one in everything:
            await network.until(one, "ACTIVE")
        application, profile = network.applications()[0], network.profiles()[0]
        there = network.chirpstack
        del there.devices[missing.address], there.gateways[lost.address]
        network.device(renamed).name = "somebody's idea"
        del there.keys[keyless.address]
        there.gateways[moved.address].message.name = "somebody's idea"
        network.put_device(ORPHAN_DEVICE, application.id, profile.id, **mark)
        network.put_gateway(ORPHAN_GATEWAY, **mark)
        network.put_device(FOREIGN_DEVICE, application.id, profile.id)
        network.put_gateway(FOREIGN_GATEWAY)
        profile.supports_class_b = True
        spare = network.put_application(application.name, simba_tenant=tenant_id)
        spare_profile = network.put_profile(profile.name, simba_tenant=tenant_id)
        expected = {
            missing.address: "MISSING_THERE",
            lost.address: "MISSING_THERE",
            renamed.address: "DIFFERENT",
            keyless.address: "DIFFERENT",
            moved.address: "DIFFERENT",
            network.model.device_model_id: "DIFFERENT",
            ORPHAN_DEVICE: "ORPHAN_THERE",
            ORPHAN_GATEWAY: "ORPHAN_THERE",
            spare: "ORPHAN_THERE",
            spare_profile: "ORPHAN_THERE",
            FOREIGN_DEVICE: "FOREIGN",
            FOREIGN_GATEWAY: "FOREIGN",
        }
        told = await network.compare(repair=False)
        assert _kinds(told) == expected
        assert told.repaired_count == 0
        assert ORPHAN_DEVICE in there.devices

        repaired = await network.compare(repair=True)
        assert _kinds(repaired) == expected
        assert {one.address for one in repaired.differences if not one.repaired} == {
            FOREIGN_DEVICE,
            FOREIGN_GATEWAY,
        }
        after = await network.compare(repair=True)
    assert set(_kinds(after).values()) == {"FOREIGN"}
    assert ORPHAN_DEVICE not in there.devices
    assert {FOREIGN_DEVICE} <= there.devices.keys()
    assert {one.gateway_id for one in network.gateways()} == {
        lost.address,
        moved.address,
        FOREIGN_GATEWAY,
    }
    del there.devices[FOREIGN_DEVICE]
    network.whole(missing, renamed, keyless, gone)
    assert not network.profiles()[0].supports_class_b


async def test_a_spare_application_with_devices_is_never_deleted(network: Network):
    tenant_id = str(network.field.tenant_id)
    async with network.adapter():
        device = await network.meter()
        await network.until(device, "ACTIVE")
        spare = network.put_application(network.applications()[0].name, simba_tenant=tenant_id)
        network.put_device(FOREIGN_DEVICE, spare, network.profiles()[0].id)
        found = await network.compare(repair=True)
    assert _kinds(found) == {FOREIGN_DEVICE: "FOREIGN", spare: "ORPHAN_THERE"}
    assert (found.difference_count, found.repaired_count) == (2, 0)
    assert FOREIGN_DEVICE in network.chirpstack.devices


async def test_what_was_taken_out_here_while_chirpstack_was_restored_goes(network: Network):
    async with network.adapter():
        device = await network.meter()
        await network.until(device, "ACTIVE")
        kept = network.chirpstack.devices[device.address]
        await network.remove(device)
        await network.until(device, "REMOVED")
        # A backup of ChirpStack's database brings it back.
        network.chirpstack.devices[device.address] = kept
        found = await network.compare(repair=True)
    assert _kinds(found) == {device.address: "ORPHAN_THERE"}
    assert network.devices() == []


async def test_a_comparison_with_a_chirpstack_that_is_down_says_so(network: Network):
    await network.chirpstack.stop()
    async with network.adapter():
        found = await network.compare(repair=True)
    assert found.state == types_pb2.WORK_STATE_FAILED
    assert "UNAVAILABLE" in found.error
