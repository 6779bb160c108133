"""Any one process may die at any time: in the end every reading is there once."""

import asyncio
import signal
from collections import Counter
from datetime import timedelta

from pydantic import SecretStr

from simba.commands.v1.adapter_service_pb2 import ListAdaptersRequest
from simba.commands.v1.adapter_service_pb2_grpc import AdapterServiceStub
from simulator.chirpstack import ChirpStackSimulator, SimulatedDevice
from simulator.relay_meter import PORT, RelayMeter
from tests.integration.chirpstack.conftest import Field, RunningBroker
from tests.integration.chirpstack.test_readings import HEARD
from tests.support.platform import eventually

FRAMES, DEVICES = 40, 6


async def test_an_adapter_that_is_killed_loses_nothing_and_doubles_nothing(field_: Field):
    model = await field_.model("simba/relay-meter", model="Crash")
    meters = [await field_.meter(model) for _ in range(DEVICES)]
    relays = {meter.dev_eui: RelayMeter() for meter in meters}

    async def send(chirpstack: ChirpStackSimulator) -> None:
        devices = [chirpstack.add(SimulatedDevice(meter.dev_eui)) for meter in meters]
        for n in range(FRAMES):
            for device in devices:
                relay = relays[device.dev_eui]
                relay.import_wh, relay.clock = 1000 * n, lambda n=n: HEARD + timedelta(minutes=n)
                await chirpstack.uplink(device, PORT, relay.registers())
            await asyncio.sleep(0.02)

    async with field_.chirpstack() as chirpstack:
        async with field_.process() as process:
            sending = asyncio.create_task(send(chirpstack))
            await asyncio.sleep(0.5)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with field_.process() as process:
            await asyncio.sleep(0.2)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with field_.process() as process:
            await sending
            await eventually(lambda: _all_there(field_, meters), 30)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 20) == 0
    for meter in meters:
        times = Counter(
            time for code, time, _ in (await field_.raw(meter)).elements() if code == "energy_import"
        )
        assert times == Counter({HEARD + timedelta(minutes=n): 1 for n in range(FRAMES)})
    assert not await field_.frames()


async def _all_there(field_: Field, meters) -> bool:
    # Registers, power, voltage and the relay: five rows a frame.
    return all([sum((await field_.raw(meter)).values()) >= 5 * FRAMES for meter in meters])


async def test_a_broker_that_dies_is_found_again(field_: Field, tmp_path):
    broker = RunningBroker(tmp_path)
    await broker.start()
    try:
        field_.mqtt_url = broker.url("3.1.1")
        meter, device, relay = await field_.relay_meter(device_class="C")
        relay.clock = lambda: HEARD
        async with field_.adapter(mqtt_url=SecretStr(field_.mqtt_url)), field_.chirpstack() as chirpstack:
            chirpstack.add(device)
            await chirpstack.uplink(device, PORT, relay.registers())
            await eventually(lambda: _rows(field_, meter, 5))
            await broker.kill()

            async def told() -> str:
                answer = await AdapterServiceStub(field_.channel).ListAdapters(ListAdaptersRequest())
                return answer.adapters[0].detail

            assert "broker" in await eventually(told)
            await broker.start()
            relay.clock = lambda: HEARD + timedelta(minutes=1)
            await eventually(lambda: chirpstack._link.connected, 30)
            await eventually(lambda: _healthy_again(field_), 30)
            await chirpstack.uplink(device, PORT, relay.registers())
            await eventually(lambda: _rows(field_, meter, 10), 30)
            command = await field_.submit(meter, "DISCONNECT")
            await field_.until(command, "VERIFIED")
    finally:
        await broker.kill()


async def _rows(field_: Field, meter, count: int) -> bool:
    return sum((await field_.raw(meter)).values()) == count


async def _healthy_again(field_: Field) -> bool:
    answer = await AdapterServiceStub(field_.channel).ListAdapters(ListAdaptersRequest())
    return answer.adapters[0].healthy
