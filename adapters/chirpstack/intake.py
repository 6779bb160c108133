"""Each event to its end: stored, reported or kept, and only then acknowledged to the broker."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Final

from opentelemetry import metrics, trace

from adapters.chirpstack.binding import DeviceBinding
from adapters.chirpstack.downlinks import Downlinks
from adapters.chirpstack.events import (
    Ack,
    Device,
    Event,
    EventError,
    Join,
    Log,
    Status,
    TxAck,
    UnknownEventError,
    Uplink,
    parse_event,
)
from adapters.chirpstack.memory import Memory
from adapters.chirpstack.mqtt import Delivery, MqttLink
from adapters.chirpstack.readings import FrameReader
from adapters.chirpstack.topics import EventTopic, parse_event_topic
from adapters.runtime.bindings import Bindings
from adapters.runtime.device_status import StatusReporter
from adapters.runtime.frames import FrameKeeper, KeptFrame, Unreadable
from adapters.runtime.lanes import Lanes, Turn
from simba.devices.v1.device_binding_service_pb2 import DeviceStatus

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer(__name__)
_events = metrics.get_meter(__name__).create_counter(
    "simba.adapter.events", description="Events from the field by kind and outcome"
)
_F_CNT_RESET: Final = "UPLINK_F_CNT_RESET"


class Intake:
    """Takes messages from the broker: those of one device in order, devices side by side."""

    def __init__(
        self,
        *,
        mqtt: MqttLink,
        memory: Memory,
        bindings: Bindings[DeviceBinding],
        reader: FrameReader,
        keeper: FrameKeeper,
        statuses: StatusReporter,
        downlinks: Downlinks,
        in_flight: int = 500,
    ) -> None:
        self._mqtt = mqtt
        self._memory = memory
        self._bindings = bindings
        self._reader = reader
        self._keeper = keeper
        self._statuses = statuses
        self._downlinks = downlinks
        self._lanes = Lanes(in_flight)

    async def run(self) -> None:
        """Ends by being cancelled; what is under way goes on until `drain`."""
        while True:
            for delivery in await self._mqtt.receive():
                topic = parse_event_topic(delivery.topic)
                lane = delivery.topic if topic is None else topic.dev_eui
                await self._lanes.put(lane, partial(self._one, delivery, topic))

    async def drain(self, seconds: float) -> None:
        """Finishes what is under way; what is not done in time comes again to whoever is next."""
        await self._lanes.drain(seconds)

    async def _one(self, delivery: Delivery, topic: EventTopic | None, turn: Turn) -> None:
        kind = "unknown" if topic is None else topic.kind
        with _tracer.start_as_current_span(f"chirpstack {kind}", kind=trace.SpanKind.CONSUMER):
            try:
                outcome = await self._handle(delivery, topic, turn)
            except Exception:  # noqa: BLE001 - it is told
                # A defect of ours must neither lose the event nor stop those behind it.
                _log.exception("an event could not be handled", extra={"topic": delivery.topic})
                outcome = await self._keep_defect(delivery, topic)
        self._mqtt.acknowledge(delivery)
        _events.add(1, {"kind": kind, "outcome": outcome})

    async def _handle(self, delivery: Delivery, topic: EventTopic | None, turn: Turn) -> str:
        if topic is None:
            return await self._keep(delivery, topic, "INVALID_FIELD", "the topic is none of an event")
        try:
            event = parse_event(topic.kind, delivery.payload)
        except UnknownEventError:
            return "ignored"
        except EventError as error:
            return await self._keep(delivery, topic, "INVALID_FIELD", str(error))
        if event.device.dev_eui != topic.dev_eui:
            why = f"devEui {event.device.dev_eui} is not that of the topic, {topic.dev_eui}"
            return await self._keep(delivery, topic, "INVALID_FIELD", why)
        if isinstance(event, Uplink):
            return await self._uplink(delivery, event, turn)
        await self._other(event)
        return "handled"

    async def _uplink(self, delivery: Delivery, uplink: Uplink, turn: Turn) -> str:
        recalled = await self._memory.recall(uplink)
        dev_eui = uplink.device.dev_eui
        binding = await self._bindings.get(dev_eui)
        if binding is None:
            unknown = Unreadable("UNKNOWN_DEVICE", f"no meter has the DevEUI {dev_eui}")
            await self._keeper.keep(_kept(delivery, dev_eui, recalled.identity, uplink.time, unknown))
            return "unknown_device"
        self._downlinks.heard(uplink.device)
        self._statuses.note(_seen(uplink))
        reading = await self._reader.read(binding, uplink)
        await self._downlinks.on_uplink(uplink, recalled.commands, reading.data, reading.rows)
        # Readings carry their times: from here on a device's frames need not wait for each other.
        turn.over()
        why = await self._reader.store(dev_eui, recalled.identity, reading)
        if why is None:
            return "stored"
        await self._keeper.keep(_kept(delivery, dev_eui, recalled.identity, uplink.time, why))
        return "kept"

    async def _other(self, event: Event) -> None:
        match event:
            case TxAck():
                await self._downlinks.on_tx_ack(event)
            case Ack():
                await self._downlinks.on_ack(event)
            case Log():
                if event.code == _F_CNT_RESET:
                    await self._memory.new_session(event.device.dev_eui, event.time.isoformat())
                await self._downlinks.on_log(event)
            case Join():
                await self._memory.new_session(event.device.dev_eui, event.dev_addr or event.deduplication_id)
                await self._downlinks.on_join(event.device)
                await self._statuses.tell(_contact(event.device, event.time))
            case Status():
                await self._statuses.tell(_health(event))
            case _:
                # A location: the place of a meter is the utility's to say.
                pass

    async def _keep(self, delivery: Delivery, topic: EventTopic | None, reason: str, why: str) -> str:
        key = sha256(delivery.topic.encode() + b"\0" + delivery.payload).hexdigest()
        dev_eui = "" if topic is None else topic.dev_eui
        unreadable = Unreadable(reason, why)
        await self._keeper.keep(_kept(delivery, dev_eui, key, datetime.now(UTC), unreadable))
        return "kept"

    async def _keep_defect(self, delivery: Delivery, topic: EventTopic | None) -> str:
        try:
            return await self._keep(delivery, topic, "INTERNAL", "a defect of the adapter; see its log")
        except Exception:  # noqa: BLE001 - it is told
            _log.exception(
                "an event is lost to all but this log",
                extra={"topic": delivery.topic, "event_hex": delivery.payload.hex()},
            )
            return "lost"


def _kept(delivery: Delivery, dev_eui: str, key: str, receive_time: datetime, why: Unreadable) -> KeptFrame:
    return KeptFrame(
        key=key,
        dev_eui=dev_eui,
        topic=delivery.topic,
        event=delivery.payload,
        receive_time=receive_time,
        why=why,
    )


def _contact(device: Device, time: datetime) -> DeviceStatus:
    status = DeviceStatus(dev_eui=device.dev_eui, network_address=device.application_id)
    status.seen_time.FromDatetime(time)
    return status


def _seen(uplink: Uplink) -> DeviceStatus:
    status = _contact(uplink.device, uplink.time)
    status.gateway_eui = uplink.gateway_id
    if uplink.rssi_dbm is not None:
        status.rssi_dbm = uplink.rssi_dbm
    if uplink.snr_db is not None:
        status.snr_db = uplink.snr_db
    return status


def _health(event: Status) -> DeviceStatus:
    status = _contact(event.device, event.time)
    status.margin_db = event.margin_db
    if event.battery_percent is not None:
        status.battery_level = event.battery_percent
    return status
