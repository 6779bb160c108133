"""Commands from a caller to a relay and back, over a real bus and a real broker."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.chirpstack.memory import Memory
from simulator.chirpstack import Faults
from simulator.relay_meter import PORT, Relay
from tests.integration.chirpstack.conftest import Field, states
from tests.support.platform import eventually


@pytest.mark.parametrize("coding", ["json", "protobuf"])
async def test_a_relay_that_listens_is_disconnected(field_: Field, coding):
    meter, device, relay = await field_.relay_meter(device_class="C")
    async with field_.adapter(), field_.chirpstack(coding=coding) as chirpstack:
        chirpstack.add(device)
        # ChirpStack's application is learnt from what the device sends.
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: _address_known(field_, meter))
        command = await field_.submit(meter, "DISCONNECT")
        done = await field_.until(command, "VERIFIED", "FAILED", "UNKNOWN_OUTCOME")
    assert relay.relay is Relay.DISCONNECTED
    assert states(done) == ["ACCEPTED", "QUEUED", "SENT", "DELIVERED", "EXECUTED", "VERIFIED"]
    assert done.result.switch_state == "disconnected"
    assert json.loads(done.result.answer_json)["switch_state"] == "DISCONNECTED"
    (sent,) = chirpstack.downlinks
    assert done.attempts[0].link_id == sent.id
    assert (sent.data, sent.f_port, sent.confirmed) == (b"\x81", 10, True)
    assert not chirpstack.refused


async def test_a_sleeper_is_told_after_it_spoke(field_: Field):
    meter, device, relay = await field_.relay_meter(device_class="A")
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        command = await field_.submit(meter, "DISCONNECT")
        # It was never heard: not even its application is known.
        waiting = await field_.until(command, "AWAITING_CONTACT")
        assert waiting.transitions[-1].description == "the device was never heard"
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: len(device.queue) == 1)
        # What it says before the downlink reached it proves nothing.
        assert (await field_.command(command.command_id)).state == waiting.state
        await chirpstack.uplink(device, PORT, relay.registers())
        done = await field_.until(command, "VERIFIED")
    assert states(done)[-4:] == ["SENT", "DELIVERED", "EXECUTED", "VERIFIED"]
    assert len(chirpstack.downlinks) == 1


async def test_a_register_is_read_on_demand(field_: Field):
    meter, device, relay = await field_.relay_meter(device_class="C")
    relay.import_wh, relay.power_w = 1_234_567, 1500
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.switch())
        await eventually(lambda: _address_known(field_, meter))
        command = await field_.submit(meter, "ON_DEMAND_READ")
        done = await field_.until(command, "VERIFIED")
    read = {one.channel_code: (one.value, one.unit) for one in done.result.readings}
    assert read["energy_import"] == ("1234.567000", "kWh")
    assert read["power"] == ("1.500000", "kW")


async def test_a_stuck_relay_is_never_verified(field_: Field):
    meter, device, relay = await field_.relay_meter(device_class="C")
    relay.obeys = False
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: _address_known(field_, meter))
        command = await field_.submit(meter, "DISCONNECT", expire_time=_in(seconds=3))
        done = await field_.until(command, "VERIFIED", "FAILED", "EXPIRED", "UNKNOWN_OUTCOME")
    assert states(done)[-2:] == ["DELIVERED", "UNKNOWN_OUTCOME"]


async def test_a_downlink_that_expires_in_the_queue_ends_the_command(field_: Field):
    meter, device, relay = await field_.relay_meter(device_class="A")
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: _address_known(field_, meter))
        command = await field_.submit(meter, "DISCONNECT", expire_time=_in(seconds=2))
        await eventually(lambda: len(device.queue) == 1)
        done = await field_.until(command, "EXPIRED")
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: not device.queue)
    assert states(done)[-1] == "EXPIRED"
    assert relay.relay is Relay.CONNECTED


async def test_a_command_taken_back_before_contact_is_never_sent(field_: Field):
    meter, device, relay = await field_.relay_meter(device_class="A")
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        command = await field_.submit(meter, "DISCONNECT")
        await field_.until(command, "AWAITING_CONTACT")
        await field_.cancel(command)
        await field_.until(command, "CANCELLED")
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: _address_known(field_, meter))
        await chirpstack.uplink(device, PORT, relay.registers())
        assert not chirpstack.downlinks
    assert relay.relay is Relay.CONNECTED


async def test_a_join_that_flushed_the_queue_loses_no_command(field_: Field):
    meter, device, relay = await field_.relay_meter(device_class="A")
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.registers())
        await eventually(lambda: _address_known(field_, meter))
        command = await field_.submit(meter, "DISCONNECT")
        await eventually(lambda: len(device.queue) == 1)
        await field_.until(command, "AWAITING_CONTACT")
        await chirpstack.join(device)
        await eventually(lambda: len(device.queue) == 1)
        await chirpstack.uplink(device, PORT, relay.registers())
        done = await field_.until(command, "VERIFIED")
    assert done.result.switch_state == "disconnected"


async def test_the_adapter_may_die_between_any_two_steps(field_: Field):
    """Each step is done by another adapter: what one knew the next finds in Valkey and at the broker."""
    meter, device, relay = await field_.relay_meter(device_class="A")
    async with field_.chirpstack(faults=Faults(duplicate=1)) as chirpstack:
        chirpstack.add(device)
        async with field_.adapter():
            await chirpstack.uplink(device, PORT, relay.registers())
            await eventually(lambda: _address_known(field_, meter))
            command = await field_.submit(meter, "DISCONNECT")
            await eventually(lambda: len(device.queue) == 1)
        # The device hears it and answers while no adapter is there at all.
        await chirpstack.uplink(device, PORT, relay.registers())
        assert relay.relay is Relay.DISCONNECTED
        async with field_.adapter():
            done = await field_.until(command, "VERIFIED")
    assert states(done)[-4:] == ["SENT", "DELIVERED", "EXECUTED", "VERIFIED"]
    assert len(chirpstack.downlinks) == 1


async def test_one_trace_leads_from_the_caller_to_the_downlink(field_: Field):
    meter, _, _ = await field_.relay_meter()
    trace_id = uuid4().hex
    async with field_.adapter():
        command = await field_.submit(meter, "DISCONNECT", trace=f"00-{trace_id}-{'1' * 16}-01")
        await field_.until(command, "AWAITING_CONTACT")
    memory = Memory(field_.platform.redis, prefix=f"simba:chirpstack:{field_.tenant_id}:")
    (known,) = await memory.commands(meter.dev_eui)
    assert known.trace["traceparent"].split("-")[1] == trace_id


async def test_replicas_share_the_commands(field_: Field):
    meters = [await field_.relay_meter() for _ in range(6)]
    async with field_.adapter(), field_.adapter(adapter_id="second"), field_.chirpstack() as chirpstack:
        for meter, device, relay in meters:
            chirpstack.add(device)
            await chirpstack.uplink(device, PORT, relay.registers())
            await eventually(lambda meter=meter: _address_known(field_, meter))
        commands = [await field_.submit(meter, "DISCONNECT") for meter, _, _ in meters]
        await eventually(lambda: all(len(device.queue) == 1 for _, device, _ in meters))
        for _, device, relay in meters:
            await chirpstack.uplink(device, PORT, relay.registers())
        for command in commands:
            await field_.until(command, "VERIFIED")
    # Both hear every event, and both know every command: it is sent once all the same.
    assert len(chirpstack.downlinks) == len(meters)
    assert not chirpstack.refused


async def _address_known(field_: Field, meter) -> bool:
    from simba.devices.v1.device_binding_service_pb2 import GetDeviceBindingRequest

    answer = await field_.bindings.GetDeviceBinding(GetDeviceBindingRequest(dev_eui=meter.dev_eui))
    return bool(answer.device_binding.network_address)


def _in(seconds: float) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(datetime.now(UTC) + timedelta(seconds=seconds))
    return stamp
