"""The field side of the demo: ChirpStack with real payloads, and a meter with a relay."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from simulator.chirpstack import ChirpStackSimulator, SimulatedDevice
from simulator.relay_meter import PORT, RelayMeter

T = TypeVar("T")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Payload:
    """One uplink of a real meter."""

    dev_eui: str
    name: str
    f_port: int
    data: bytes


class Field:
    """A simulated ChirpStack in a thread of its own; use as a context manager."""

    def __init__(self, mqtt_url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="field", daemon=True)
        self._mqtt_url = mqtt_url
        self._simulator: ChirpStackSimulator | None = None
        self._devices: dict[str, SimulatedDevice] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        self._simulator = self._run(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._simulator is not None:
            self._run(self._simulator.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)
        self._loop.close()

    def publish(self, payloads: Sequence[Payload]) -> None:
        """Publishes uplinks, in JSON and protobuf in turn, as ChirpStack may be set to either."""
        self._run(self._publish(payloads))

    def relay_meter(self, dev_eui: str, *, import_wh: int) -> RelayMeter:
        """Makes a class C meter that obeys switching commands, and lets it send its registers once."""
        meter = RelayMeter(import_wh=import_wh, power_w=240)
        device = SimulatedDevice(dev_eui, name="relay-meter", device_class="C", behaviour=meter)
        self._devices[dev_eui] = device
        assert self._simulator is not None
        self._simulator.add(device)
        self._run(self._simulator.uplink(device, PORT, meter.registers()))
        return meter

    async def _open(self) -> ChirpStackSimulator:
        return await ChirpStackSimulator(self._mqtt_url, mqtt_version="3.1.1").__aenter__()

    async def _publish(self, payloads: Sequence[Payload]) -> None:
        simulator = self._simulator
        assert simulator is not None
        for index, one in enumerate(payloads):
            if one.dev_eui not in self._devices:
                device = SimulatedDevice(one.dev_eui, name=one.name)
                self._devices[one.dev_eui] = simulator.add(device)
                await simulator.join(device)
            simulator.coding = "protobuf" if index % 2 else "json"
            await simulator.uplink(self._devices[one.dev_eui], one.f_port, one.data)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)
