"""Devices and gateways are made known to ChirpStack, whatever goes wrong on the way."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from pydantic import SecretStr

from server.devices.device_keys import DeviceKeys
from simba.devices.v1 import device_keys_pb2, meter_pb2, meter_service_pb2
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from simba.devices.v1.provisioning_pb2 import ProvisioningState
from tests.integration.chirpstack.conftest import Field
from tests.integration.chirpstack.network import APP_KEY, Network, network_of
from tests.support.chirpstack_server import Fault, chirpstack_server
from tests.support.platform import eventually

AWAY, DENIED, REFUSED = "NETWORK_SERVER_UNAVAILABLE", "NETWORK_SERVER_DENIED", "PROVISIONING_FAILED"


@pytest_asyncio.fixture(loop_scope="session")
async def network(field_: Field) -> AsyncIterator[Network]:
    async with chirpstack_server() as chirpstack, network_of(field_, chirpstack) as made:
        yield made


async def test_a_device_becomes_known_with_its_keys_and_its_profile(network: Network):
    async with network.adapter():
        device = await network.meter(join_eui="70b3d57ed0000001", display_name="Flat 7")
        task = await network.until(device, "ACTIVE")
    network.whole(device)
    assert task.step == "done"
    assert task.network_ids == {
        "application_id": network.applications()[0].id,
        "device_profile_id": network.profiles()[0].id,
    }
    there, profile = network.device(device), network.profiles()[0]
    assert (there.name, there.join_eui) == ("Flat 7", "70b3d57ed0000001")
    # LoRaWAN 1.0.x: ChirpStack wants the AppKey as nwk_key.
    assert network.chirpstack.keys[device.address].app_key == "0" * 32
    assert (profile.supports_otaa, profile.supports_class_c, profile.uplink_interval) == (True, True, 86_400)


async def test_keys_of_lorawan_1_1_keep_their_names(network: Network):
    async with network.adapter():
        device = await network.meter(keys=DeviceKeys(app_key="aa" * 16, nwk_key="bb" * 16))
        await network.until(device, "ACTIVE")
    there = network.chirpstack.keys[device.address]
    assert (there.nwk_key, there.app_key) == ("bb" * 16, "aa" * 16)


async def test_a_gateway_becomes_known_changes_and_goes(network: Network):
    async with network.adapter():
        gateway = await network.gateway(
            display_name="Roof", latitude=52.5, longitude=13.4, stats_interval_seconds=60
        )
        await network.until(gateway, "ACTIVE")
        there = network.chirpstack.gateways[gateway.address].message
        assert (there.name, there.stats_interval, there.location.latitude) == ("Roof", 60, 52.5)
        await network.change(gateway, display_name="Tower")
        await network.until(gateway, "ACTIVE")
        assert network.chirpstack.gateways[gateway.address].message.name == "Tower"
        await network.remove(gateway)
        await network.until(gateway, "REMOVED")
    assert network.gateways() == []


async def test_a_changed_address_leaves_nothing_behind(network: Network):
    async with network.adapter():
        device = await network.meter()
        await network.until(device, "ACTIVE")
        moved = await network.change(device, address="00000000000000aa")
        await network.until(moved, "ACTIVE")
        network.whole(moved)
        await network.remove(moved)
        await network.until(moved, "REMOVED")
    assert network.devices() == []


async def test_what_operators_set_in_chirpstack_stays(network: Network):
    async with network.adapter():
        device = await network.meter()
        await network.until(device, "ACTIVE")
        there = network.device(device)
        there.description, there.tags["theirs"] = "by hand", "kept"
        await network.change(device, display_name="New name")
        await network.until(device, "ACTIVE")
    there = network.device(device)
    assert (there.name, there.description, there.tags["theirs"]) == ("New name", "by hand", "kept")


async def test_chirpstack_that_is_down_is_waited_for(network: Network):
    await network.chirpstack.stop()
    async with network.adapter():
        device = await network.meter()
        task = await network.until(device, "PROVISIONING", reason=AWAY)
        assert "UNAVAILABLE" in task.description
        assert task.next_attempt_time is not None
        await network.chirpstack.start()
        await network.hurry()
        await network.until(device, "ACTIVE")
    network.whole(device)


async def test_chirpstack_that_is_slow_is_asked_again(network: Network):
    network.chirpstack.slow = 0.6
    async with network.adapter(chirpstack_api_seconds=0.3):
        device = await network.meter()
        await network.until(device, "PROVISIONING", reason=AWAY)
        network.chirpstack.slow = 0.0
        await network.hurry()
        await network.until(device, "ACTIVE")
    network.whole(device)


async def test_answers_that_are_lost_after_the_work_do_not_double_it(network: Network):
    for method in (
        "ApplicationService.Create",
        "DeviceProfileService.Create",
        "DeviceService.Create",
        "DeviceService.CreateKeys",
    ):
        network.chirpstack.faults[method] = Fault(after=True)
    network.chirpstack.faults["GatewayService.Create"] = Fault(after=True, code=grpc.StatusCode.INTERNAL)
    async with network.adapter():
        device, gateway = await network.meter(), await network.gateway()

        async def both() -> bool:
            await network.hurry()
            return {(await network.task(one)).state for one in (device, gateway)} == {"ACTIVE"}

        await eventually(both, 30)
    assert not network.chirpstack.faults
    network.whole(device)
    assert len(network.gateways()) == 1


async def test_a_deletion_whose_answer_is_lost_ends(network: Network):
    async with network.adapter():
        device = await network.meter()
        await network.until(device, "ACTIVE")
        network.chirpstack.faults["DeviceService.Delete"] = Fault(after=True)
        await network.remove(device)
        await network.until(device, "REMOVING", reason=AWAY)
        await network.hurry()
        await network.until(device, "REMOVED")
    assert network.devices() == []


@pytest.mark.parametrize("code", [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION])
async def test_a_refusal_is_told_in_the_words_of_chirpstack_and_can_be_retried(network: Network, code):
    network.chirpstack.faults["DeviceService.Create"] = Fault(code=code, text="Max. number reached")
    async with network.adapter():
        device = await network.meter()
        task = await network.until(device, "FAILED", reason=REFUSED)
        assert "Max. number reached" in task.description
        assert (task.next_attempt_time, task.step) == (None, "device")
        await network.retry(device)
        await network.until(device, "ACTIVE")
    network.whole(device)


async def test_a_key_that_is_not_taken_is_told_and_nothing_is_removed_by_it(network: Network):
    async with network.adapter():
        device = await network.meter()
        await network.until(device, "ACTIVE")
    async with network.adapter(chirpstack_api_token=SecretStr("wrong")):
        await network.remove(device)
        await network.until(device, "REMOVING", reason=DENIED)
    assert len(network.devices()) == 1
    async with network.adapter():
        await network.hurry()
        await network.until(device, "REMOVED")
    assert network.devices() == []


async def test_a_device_of_somebody_else_is_left_alone(network: Network):
    theirs = network.put_application("Theirs")
    network.put_device("00000000000000bb", theirs, network.put_profile("Theirs"))
    before = network.chirpstack.devices["00000000000000bb"].message.SerializeToString()
    async with network.adapter():
        device = await network.meter(address="00000000000000bb")
        task = await network.until(device, "FAILED", reason=REFUSED)
        assert "SiMBA did not make it" in task.description
        await network.remove(device)
        await network.until(device, "REMOVED")
    assert network.chirpstack.devices["00000000000000bb"].message.SerializeToString() == before


async def test_a_device_of_another_tenant_of_chirpstack_is_a_refusal(network: Network):
    mine, network.tenant = network.tenant, network.chirpstack.tenant()[0]
    network.put_device("00000000000000cc", network.put_application("x"), network.put_profile("x"))
    network.tenant = mine
    async with network.adapter():
        device = await network.meter(address="00000000000000cc")
        task = await network.until(device, "FAILED", reason=REFUSED)
    assert "ALREADY_EXISTS" in task.description


async def test_a_model_without_a_profile_is_a_refusal(network: Network):
    bare = await network.field.model("simba/relay-meter", model="Bare", lorawan=None)
    async with network.adapter():
        network.model = bare
        device = await network.meter()
        task = await network.until(device, "FAILED", reason=REFUSED)
    assert "has no LoRaWAN profile" in task.description


async def test_without_the_api_tasks_say_so(network: Network):
    async with network.adapter(chirpstack_api_url=""):
        device = await network.meter()
        task = await network.until(device, "PROVISIONING", reason=AWAY)
    assert "SIMBA_CHIRPSTACK_API_URL" in task.description


async def test_a_change_in_the_middle_supersedes_what_is_under_way(network: Network):
    hold = network.chirpstack.hold("DeviceService.Create", after=True)
    async with network.adapter():
        device = await network.meter()
        await hold.reached.wait()
        await network.remove(device)
        hold.released.set()
        task = await network.until(device, "REMOVED")
    assert task.generation == 2
    assert network.devices() == []


async def test_many_devices_at_once_share_one_application_and_one_profile(network: Network):
    async with network.adapter():
        devices = [await network.meter() for _ in range(40)]
        for one in devices:
            await network.until(one, "ACTIVE")
    network.whole(*devices)
    assert network.chirpstack.calls["ApplicationService.Create"] == 1
    assert network.chirpstack.calls["DeviceProfileService.Create"] == 1
    assert {network.chirpstack.keys[one.address].nwk_key for one in devices} == {APP_KEY}


async def test_a_meter_of_the_api_goes_its_way_and_its_keys_are_never_shown(network: Network):
    meters: Any = MeterServiceStub(network.field.channel)
    made = meter_pb2.Meter(
        device_model_id=network.model.device_model_id,
        serial_number="S-1",
        dev_eui="00000000000000f1",
        keys=device_keys_pb2.DeviceKeys(app_key=APP_KEY),
    )
    created = (await meters.CreateMeter(meter_service_pb2.CreateMeterRequest(meter=made))).meter
    assert created.state == meter_pb2.METER_STATE_PROVISIONING
    assert created.provisioning.state == ProvisioningState.PROVISIONING_STATE_PROVISIONING
    assert (list(created.key_names), created.HasField("keys")) == (["app_key"], False)
    network.chirpstack.faults["DeviceService.CreateKeys"] = Fault(
        code=grpc.StatusCode.INVALID_ARGUMENT, text="no more keys"
    )

    async def now(state: str) -> meter_pb2.Meter | None:
        request = meter_service_pb2.GetMeterRequest(meter_id=created.meter_id)
        found = (await meters.GetMeter(request)).meter
        wanted = ProvisioningState.Value(f"PROVISIONING_STATE_{state}")
        return found if found.provisioning.state == wanted else None

    async with network.adapter():
        failed = await eventually(lambda: now("FAILED"), 20)
        assert failed.state == meter_pb2.METER_STATE_FAILED
        assert "no more keys" in failed.provisioning.description
        retry = meter_service_pb2.RetryProvisioningRequest(meter_id=created.meter_id)
        await meters.RetryProvisioning(retry)
        active = await eventually(lambda: now("ACTIVE"), 20)
        assert active.state == meter_pb2.METER_STATE_IN_STOCK
        assert network.chirpstack.keys["00000000000000f1"].nwk_key == APP_KEY
        await meters.ArchiveMeter(meter_service_pb2.ArchiveMeterRequest(meter_id=created.meter_id))
        await eventually(lambda: now("REMOVED"), 20)
        history = meter_service_pb2.ListMeterHistoryRequest(meter_id=created.meter_id)
        told = [one.action for one in (await meters.ListMeterHistory(history)).entries]
        assert {"created", "provisioning_failed", "provisioned", "archived"} <= set(told)
    assert network.devices() == []
