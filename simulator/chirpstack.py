"""A ChirpStack with its devices, as seen from MQTT: events out, downlinks in.

It keeps what matters of ChirpStack's behaviour: a queue of downlinks per device in the order of arrival,
whose item id is unique while it is queued; class A devices get one after an uplink, class C devices at once;
`txack` when a gateway takes it, `ack` when the device acknowledged a confirmed one, `log` EXPIRED when its
time is over. A device is a `Behaviour`: it may answer a downlink by an uplink of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self
from uuid import uuid4

from chirpstack_api.integration import integration_pb2 as wire
from google.protobuf import json_format
from google.protobuf.message import DecodeError

from adapters.chirpstack.mqtt import MqttLink, MqttOptions
from adapters.chirpstack.topics import event_topic
from simulator import chirpstack_events as events
from simulator.chirpstack_events import Coding

_log = logging.getLogger(__name__)

APPLICATION_ID: Final = "17c82e96-be03-4f38-aef3-f83d48582d97"


class Behaviour(Protocol):
    """What a simulated device does when it hears a downlink."""

    def heard(self, f_port: int, data: bytes) -> Sequence[tuple[int, bytes]]:
        """The uplinks that it answers with, each with its port."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, for tests of those who must cope."""

    lose_downlinks: int = 0
    """So many downlinks are sent and never heard."""
    refuse_ack: bool = False
    """Confirmed downlinks are answered by `acknowledged = false`."""
    duplicate: int = 0
    """So many more times each event is published (QoS 1 redelivery)."""


@dataclass(slots=True, eq=False)
class SimulatedDevice:
    """One device and its session at the network server."""

    dev_eui: str
    name: str = "meter"
    profile_name: str = "profile"
    device_class: Literal["A", "B", "C"] = "A"
    application_id: str = APPLICATION_ID
    dev_addr: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    behaviour: Behaviour | None = None
    f_cnt: int = 0
    f_cnt_down: int = 0
    queue: deque[wire.DownlinkCommand] = field(default_factory=deque)
    lost: int = 0

    def __post_init__(self) -> None:
        self.dev_addr = self.dev_addr or self.dev_eui[-8:]

    @property
    def info(self) -> wire.DeviceInfo:
        """Its device info, as every event carries it."""
        return events.device_info(
            dev_eui=self.dev_eui,
            application_id=self.application_id,
            device_name=self.name,
            profile_name=self.profile_name,
            device_class=self.device_class,
            tags=self.tags,
        )


class ChirpStackSimulator:
    """Publishes events of its devices and takes downlinks for them; use as an async context manager."""

    def __init__(
        self,
        mqtt_url: str,
        *,
        mqtt_version: Literal["5", "3.1.1"] = "5",
        coding: Coding = "json",
        topic_prefix: str = "",
        faults: Faults | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.coding: Coding = coding
        self.faults = faults or Faults()
        self._prefix = topic_prefix
        self.downlinks: list[wire.DownlinkCommand] = []
        """Every downlink that was accepted into a queue, for those who look on."""
        self.refused: list[str] = []
        """Why commands were dropped; ChirpStack only logs them."""
        self._clock = clock
        self._devices: dict[str, SimulatedDevice] = {}
        self._ids = itertools.count(1)
        self._link = MqttLink(
            MqttOptions(
                url=mqtt_url,
                client_id=f"chirpstack-{uuid4().hex[:12]}",
                topics=(f"{topic_prefix}application/+/device/+/command/+",),
                version=mqtt_version,
                session_expiry_seconds=0,
            )
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._link.__aenter__()
        self._spawn(self._take_commands())
        await asyncio.wait_for(self._link.wait_connected(), 30)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._link.__aexit__(kind, error, trace)

    def add(self, device: SimulatedDevice) -> SimulatedDevice:
        """Makes a device known."""
        self._devices[device.dev_eui] = device
        return device

    async def join(self, device: SimulatedDevice) -> None:
        """The device joins: new address, counters start again, queued downlinks are gone."""
        device.dev_addr = uuid4().hex[:8]
        device.f_cnt = device.f_cnt_down = 0
        device.queue.clear()
        event = events.join(
            device.info, deduplication_id=str(uuid4()), time=self._clock(), dev_addr=device.dev_addr
        )
        await self.publish(device, "join", event)

    async def uplink(
        self,
        device: SimulatedDevice,
        f_port: int,
        data: bytes,
        *,
        time: datetime | None = None,
        decoded: Mapping[str, Any] | None = None,
        deduplication_id: str = "",
    ) -> None:
        """The device sends a frame; a class A device is then reachable for one downlink."""
        event = events.uplink(
            device.info,
            deduplication_id=deduplication_id or str(uuid4()),
            time=time or self._clock(),
            dev_addr=device.dev_addr,
            f_cnt=device.f_cnt,
            f_port=f_port,
            data=data,
            decoded=decoded,
        )
        device.f_cnt += 1
        await self.publish(device, "up", event)
        if device.device_class == "A":
            await self._send_next(device)

    async def status(self, device: SimulatedDevice, *, margin: int, battery_level: float | None) -> None:
        """The device answers DevStatusReq."""
        event = events.status(
            device.info,
            deduplication_id=str(uuid4()),
            time=self._clock(),
            margin=margin,
            battery_level=battery_level,
        )
        await self.publish(device, "status", event)

    async def publish(self, device: SimulatedDevice, kind: str, event: Any) -> None:
        """Publishes any event of a device, as often as the faults say."""
        payload = event if isinstance(event, bytes) else events.encode(event, self.coding)
        topic = event_topic(device.application_id, device.dev_eui, kind, prefix=self._prefix)
        for _ in range(1 + self.faults.duplicate):
            await self._link.publish(topic, payload)

    # Downlinks

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take_commands(self) -> None:
        while True:
            for delivery in await self._link.receive():
                self._link.acknowledge(delivery)
                try:
                    device = self._enqueue(delivery.topic, delivery.payload)
                except ValueError as error:
                    # As ChirpStack does: nobody is told.
                    self.refused.append(str(error))
                    _log.warning("downlink dropped: %s", error)
                    continue
                if device.device_class == "C":
                    self._spawn(self._send_next(device))

    def _enqueue(self, topic: str, payload: bytes) -> SimulatedDevice:
        parts = topic.split("/")
        if parts[-1] != "down":
            raise ValueError(f"{topic} is no down command")
        command = _parse_downlink(payload)
        device = self._devices.get(parts[-3])
        if device is None or device.application_id != parts[-5]:
            raise ValueError(f"{topic}: no such device in this application")
        if command.dev_eui != device.dev_eui:
            raise ValueError(f"dev_eui {command.dev_eui!r} is not that of the topic")
        if not 1 <= command.f_port <= 255:  # noqa: PLR2004 - LoRaWAN application ports
            raise ValueError(f"f_port {command.f_port} must be in 1..255")
        command.id = command.id or str(uuid4())
        if any(item.id == command.id for item in device.queue):
            raise ValueError(f"queue item {command.id} exists already")
        device.queue.append(command)
        self.downlinks.append(command)
        return device

    async def _send_next(self, device: SimulatedDevice) -> None:
        """Takes the queue's head to the device."""
        now = self._clock()
        while device.queue and _expired(device.queue[0], now):
            item = device.queue.popleft()
            await self.publish(device, "log", self._expiry(device, item, now))
        if not device.queue:
            return
        item = device.queue.popleft()
        device.f_cnt_down += 1
        await self.publish(
            device,
            "txack",
            events.tx_ack(
                device.info,
                time=now,
                queue_item_id=item.id,
                f_cnt_down=device.f_cnt_down,
                downlink_id=next(self._ids),
            ),
        )
        heard = device.lost >= self.faults.lose_downlinks
        device.lost += not heard
        if item.confirmed:
            await self._acknowledge(device, item, heard=heard)
        if heard and device.behaviour is not None:
            for f_port, data in device.behaviour.heard(item.f_port, item.data):
                await self.uplink(device, f_port, data)

    async def _acknowledge(self, device: SimulatedDevice, item: wire.DownlinkCommand, *, heard: bool) -> None:
        event = events.ack(
            device.info,
            deduplication_id=str(uuid4()),
            time=self._clock(),
            queue_item_id=item.id,
            acknowledged=heard and not self.faults.refuse_ack,
            f_cnt_down=device.f_cnt_down,
        )
        await self.publish(device, "ack", event)

    def _expiry(self, device: SimulatedDevice, item: wire.DownlinkCommand, now: datetime) -> wire.LogEvent:
        return events.log(
            device.info,
            time=now,
            level="ERROR",
            code="EXPIRED",
            description="Device queue-item has expired",
            context={"queue_item_id": item.id},
        )


def _expired(item: wire.DownlinkCommand, now: datetime) -> bool:
    return item.HasField("expires_at") and bool(item.expires_at.ToDatetime(tzinfo=UTC) <= now)


def _parse_downlink(payload: bytes) -> wire.DownlinkCommand:
    try:
        if payload[:1] == b"{":
            return json_format.ParseDict(json.loads(payload), wire.DownlinkCommand())
        return wire.DownlinkCommand.FromString(payload)
    except (ValueError, json_format.ParseError, DecodeError) as error:
        raise ValueError(f"not a DownlinkCommand: {error}") from error
