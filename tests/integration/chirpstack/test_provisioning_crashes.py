"""Adapter and server are killed at each step of the saga: in the end a device is there once, or is gone."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import cycle

import pytest_asyncio

from tests.integration.chirpstack.conftest import Field
from tests.integration.chirpstack.network import Network, network_of
from tests.support.chirpstack_server import chirpstack_server
from tests.support.processes import process

MAKING = (
    "ApplicationService.Create",
    "DeviceProfileService.Create",
    "DeviceService.Create",
    "DeviceService.CreateKeys",
)
PATIENCE = 60.0
"""Seconds: processes start slowly on a busy machine."""
REMOVING = ("DeviceService.Delete",)


@pytest_asyncio.fixture(loop_scope="session")
async def network(field_: Field) -> AsyncIterator[Network]:
    async with chirpstack_server() as chirpstack, network_of(field_, chirpstack) as made:
        yield made


async def _kill_adapter_at(network: Network, method: str, *, after: bool) -> None:
    """Runs an adapter until ChirpStack is asked, before or after it does the work, and kills it there."""
    hold = network.chirpstack.hold(method, after=after)
    async with network.field.process() as adapter:
        await network.hurry()
        await asyncio.wait_for(hold.reached.wait(), PATIENCE)
        adapter.send_signal(signal.SIGKILL)
        await adapter.wait()
    hold.released.set()


async def test_an_adapter_killed_at_each_step_leaves_one_device_and_then_none(network: Network):
    device = await network.meter()
    for method in MAKING:
        for after in (False, True):
            await _kill_adapter_at(network, method, after=after)
    async with network.field.process():
        await network.hurry()
        task = await network.until(device, "ACTIVE", seconds=PATIENCE)
    network.whole(device)
    # One that was killed before it took the task up has not tried.
    assert task.attempts > len(MAKING)
    await network.remove(device)
    for after in (False, True):
        for method in REMOVING:
            await _kill_adapter_at(network, method, after=after)
    async with network.field.process():
        await network.hurry()
        await network.until(device, "REMOVED")
    assert network.devices() == []


async def test_a_gateway_survives_too(network: Network):
    gateway = await network.gateway()
    for method in ("GatewayService.Create",):
        for after in (False, True):
            await _kill_adapter_at(network, method, after=after)
    async with network.adapter():
        await network.hurry()
        await network.until(gateway, "ACTIVE", seconds=PATIENCE)
    assert [one.gateway_id for one in network.gateways()] == [gateway.address]


async def test_a_server_killed_at_each_step_is_waited_for(network: Network):
    """Two servers, of which the adapter uses one: that one dies, each time."""
    held = [network.chirpstack.hold(method, after=True) for method in MAKING]
    async with AsyncExitStack() as stack:

        async def start(address: str) -> asyncio.subprocess.Process:
            settings = network.field.platform.settings.model_copy(update={"grpc_listen": address})
            return (await stack.enter_async_context(process("serve", settings)))[0]

        running = {address: await start(address) for address in (_free_address(), _free_address())}
        target = f"ipv4:{','.join(running)}"
        await stack.enter_async_context(network.adapter(server_target=target))
        device = await network.meter()
        for hold, address in zip(held, cycle(running), strict=False):
            await asyncio.wait_for(hold.reached.wait(), PATIENCE)
            running[address].send_signal(signal.SIGKILL)
            await running[address].wait()
            hold.released.set()
            if hold is not held[-1]:
                running[address] = await start(address)
        await network.until(device, "ACTIVE", seconds=PATIENCE)
    network.whole(device)


def _free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"
