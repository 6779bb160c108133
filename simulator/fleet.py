"""A fleet of reference meters behind one ChirpStack: they join, send, and obey until told to end."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from simulator.chirpstack import ChirpStackSimulator, Faults, SimulatedDevice
from simulator.chirpstack_events import Coding
from simulator.relay_meter import PORT, Relay, RelayMeter

_BASE_W: Final = 180
_PEAK_W: Final = 2200
_FEEDER_OFF_W: Final = 0


@dataclass(frozen=True, slots=True)
class FleetOptions:
    """What the fleet is and where it speaks."""

    mqtt_url: str
    dev_euis: Sequence[str]
    every_seconds: float = 60.0
    """How often each meter sends its registers."""
    mqtt_version: Literal["5", "3.1.1"] = "3.1.1"
    coding: Coding = "protobuf"
    topic_prefix: str = ""
    device_class: Literal["A", "C"] = "C"
    faults: Faults = field(default_factory=Faults)
    seed: int = 1
    """The same seed gives the same households."""


def household_watts(local_hour: float, size: float) -> int:
    """The load of a home at an hour of its day: little at night, more in the morning, most in the evening."""
    morning = math.exp(-((local_hour - 7.5) ** 2) / 3)
    evening = math.exp(-((local_hour - 19.5) ** 2) / 8)
    return round(_BASE_W + size * _PEAK_W * (0.5 * morning + evening))


class Fleet:
    """Meters that live as long as `run` runs. `sent` counts their frames."""

    def __init__(
        self, options: FleetOptions, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.sent = 0
        self._options = options
        self._clock = clock
        chance = random.Random(options.seed)  # noqa: S311 - households, not secrets
        self._homes = [(eui, chance.uniform(0.2, 1.5), chance.random()) for eui in options.dev_euis]

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set."""
        options = self._options
        async with (
            ChirpStackSimulator(
                options.mqtt_url,
                mqtt_version=options.mqtt_version,
                coding=options.coding,
                topic_prefix=options.topic_prefix,
                faults=options.faults,
                clock=self._clock,
            ) as chirpstack,
            asyncio.TaskGroup() as group,
        ):
            for dev_eui, size, phase in self._homes:
                group.create_task(self._live(chirpstack, dev_eui, size, phase, stop))

    async def _live(
        self, chirpstack: ChirpStackSimulator, dev_eui: str, size: float, phase: float, stop: asyncio.Event
    ) -> None:
        meter = RelayMeter(clock=self._clock, import_wh=round(size * 10_000_000))
        device = chirpstack.add(
            SimulatedDevice(
                dev_eui,
                name=f"meter {dev_eui}",
                profile_name="SiMBA Relay Meter",
                device_class=self._options.device_class,
                behaviour=meter,
            )
        )
        # Spread over the interval, as a real fleet is.
        if await _stopped(stop, phase * self._options.every_seconds):
            return
        await chirpstack.join(device)
        before, energy_wh = self._clock(), float(meter.import_wh)
        while True:
            now = self._clock()
            hour = now.hour + now.minute / 60
            closed = meter.relay is Relay.CONNECTED
            meter.power_w = household_watts(hour, size) if closed else _FEEDER_OFF_W
            energy_wh += meter.power_w * (now - before).total_seconds() / 3600
            before, meter.import_wh = now, int(energy_wh)
            await chirpstack.uplink(device, PORT, meter.registers())
            self.sent += 1
            if await _stopped(stop, self._options.every_seconds):
                return


def simulate(options: FleetOptions, *, seconds: float | None = None) -> int:
    """Runs a fleet in this process, for so long or until interrupted; returns how many frames it sent."""
    fleet = Fleet(options)

    async def live() -> None:
        stop = asyncio.Event()
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, stop.set)
        await fleet.run(stop)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(live())
    return fleet.sent


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    """Sleeps; whether `stop` was set meanwhile."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
