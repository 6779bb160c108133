"""``simba bench live``: from an uplink at the broker until a subscriber of readings has it.

Through the whole path: MQTT, the ChirpStack adapter with its codec, the server, storage, and a subscription
over gRPC, with the field and the subscriber on the same cores. A wait begins when an uplink is due, so that a
sender that is held up does not hide what it waited for. The ceiling is the broker alone: the same messages at
the same rate, heard by an MQTT subscriber.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

import grpc.aio
import psutil
import uvloop
from google.protobuf import json_format

from adapters.chirpstack.mqtt import MqttLink, MqttOptions
from adapters.chirpstack.topics import event_topic
from bench.fleet import credentials
from bench.report import Options, Report
from bench.stage import Stage, adapter, stage
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2, device_model_service_pb2, meter_pb2, meter_service_pb2
from simba.devices.v1.device_model_service_pb2_grpc import DeviceModelServiceStub
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from simba.readings.v1 import live_reading_pb2
from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub
from simulator import chirpstack_events as events
from simulator.chirpstack import SimulatedDevice
from simulator.relay_meter import PORT, RelayMeter

RATE = 2000
"""Uplinks a second."""
SIZES = (1, 10, 100)
"""Rates, relative to the lowest; the last one is the whole."""
METERS = 2000
_MODEL = Path(__file__).parents[1] / "models" / "simba" / "relay-meter"
_BATCH = 500
_PATIENCE_SECONDS = 60.0
_SEND_SECONDS = 600.0
_BACK_SECONDS = 36_000
"""How long ago the meters' clocks begin: each uplink of a meter has a second of its own."""

Key = tuple[int, int]
"""Channel and time in milliseconds."""
Send = Callable[["Uplink"], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Meter:
    """A meter, and the channel of its register."""

    device: SimulatedDevice
    channel: int


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message, and how its reading is known."""

    topic: str
    payload: bytes
    key: Key


@dataclass(slots=True)
class Arrivals:
    """When readings came."""

    at: dict[Key, float] = field(default_factory=dict)

    async def all_of(self, keys: Sequence[Key]) -> None:
        """Returns when all have come. Raises TimeoutError where some have not, and none comes any more."""
        before, since = -1, 0.0
        while missing := sum(key not in self.at for key in keys):
            now = time.perf_counter()
            if missing != before:
                before, since = missing, now
            elif now - since > _PATIENCE_SECONDS:
                raise TimeoutError(f"{missing} of {len(keys)} uplinks did not arrive")
            await asyncio.sleep(0.05)


def run(options: Options) -> Report:
    """Runs the benchmark."""
    report = Report("live")
    options.say("starting engines, server and adapter")
    with stage(servers=options.servers) as where, adapter(where) as pid:
        uvloop.run(_run(where, {**where.pids, "adapter": pid}, options, report))
    return report


async def _run(where: Stage, pids: Mapping[str, int], options: Options, report: Report) -> None:
    async with grpc.aio.insecure_channel(where.grpc) as channel:
        options.say("making meters")
        field_ = Field(await _meters(channel, where.api_key, max(int(METERS * options.scale), 10)))
        arrivals = Arrivals()
        heard = asyncio.create_task(_listen(channel, where.api_key, arrivals))
        echoes = Arrivals()
        async with _link(where.mqtt) as link, _echo(where.mqtt, echoes) as echo:

            async def send(uplink: Uplink) -> None:
                await link.publish(uplink.topic, uplink.payload, timeout=_SEND_SECONDS)

            options.say("warming up")
            await _awake(send, field_, arrivals)
            await _waits(send, field_.uplinks(len(field_.meters)), RATE / 10, arrivals)
            for size in SIZES:
                rate = RATE * options.scale * size / SIZES[-1]
                count = max(int(rate * options.seconds), 100)
                options.say(f"{rate:g} uplinks a second")
                plain = await _waits(echo, field_.uplinks(count), rate, echoes)
                uplinks, worked, began = field_.uplinks(count), _worked(pids), time.perf_counter()
                waits = await _waits(send, uplinks, rate, arrivals)
                _add(report, size, waits, plain)
                if size == SIZES[-1]:
                    report.add("uplinks_per_second", count / (time.perf_counter() - began), "uplinks/s")
                    for name, seconds in _worked(pids).items():
                        used = (seconds - worked.get(name, 0.0)) * 1000 / count
                        report.add(f"processor_{name}", used, "ms/uplink")
            assert not heard.done(), heard.exception()
        heard.cancel()


def _add(report: Report, size: int, waits: list[float], plain: list[float]) -> None:
    ours, broker = quantiles(waits, n=100), quantiles(plain, n=100)
    for percent in (50, 99):
        name = f"visible_p{percent}" + ("" if size == SIZES[-1] else f"_x{size}")
        value, ceiling = ours[percent - 1] * 1000, broker[percent - 1] * 1000
        report.add(name, value, "ms", ceiling, lower_is_better=True)


def _worked(pids: Mapping[str, int]) -> dict[str, float]:
    """Seconds of processor that each part and its children have used, whatever else the machine does."""
    found: dict[str, float] = {}
    for name, pid in pids.items():
        process = psutil.Process(pid)
        part = name.partition("-")[0]
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                used = one.cpu_times()
                found[part] = found.get(part, 0.0) + used.user + used.system
    return found


class Field:
    """The meters, and what they send next."""

    def __init__(self, meters: Sequence[Meter]) -> None:
        self.meters = meters
        self._second = int(time.time()) - _BACK_SECONDS

    def uplinks(self, count: int) -> list[Uplink]:
        """So many uplinks, meter by meter; made beforehand, so that making them is not measured."""
        made = []
        for number in range(count):
            place = number % len(self.meters)
            if not place:
                self._second += 1
            made.append(self._uplink(self.meters[place]))
        return made

    def _uplink(self, meter: Meter) -> Uplink:
        at = datetime.fromtimestamp(self._second, UTC)
        device = meter.device
        behaviour = RelayMeter(import_wh=self._second % 1_000_000, clock=lambda: at)
        event = events.uplink(
            device.info,
            deduplication_id=str(uuid4()),
            time=datetime.now(UTC),
            dev_addr=device.dev_addr,
            f_cnt=device.f_cnt,
            f_port=PORT,
            data=behaviour.registers(),
        )
        device.f_cnt += 1
        topic = event_topic(device.application_id, device.dev_eui, "up")
        return Uplink(topic, events.encode(event, "protobuf"), (meter.channel, self._second * 1000))


async def _waits(send: Send, uplinks: Sequence[Uplink], rate: float, arrivals: Arrivals) -> list[float]:
    """Seconds from when each uplink was due until it arrived."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, uplink in enumerate(uplinks):
            ahead = began + number / rate - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            group.create_task(send(uplink))
    await arrivals.all_of([one.key for one in uplinks])
    return [arrivals.at[one.key] - began - number / rate for number, one in enumerate(uplinks)]


async def _awake(send: Send, field_: Field, arrivals: Arrivals) -> None:
    """Until the adapter hears: what is published before it has subscribed, it never gets."""
    end = time.perf_counter() + _PATIENCE_SECONDS
    while not arrivals.at:
        if time.perf_counter() > end:
            raise TimeoutError("the adapter does not hear")
        (uplink,) = field_.uplinks(1)
        await send(uplink)
        await asyncio.sleep(0.5)


async def _listen(channel: grpc.aio.Channel, api_key: str, arrivals: Arrivals) -> None:
    stub: Any = ReadingServiceStub(channel)
    request = live_reading_pb2.SubscribeReadingsRequest(
        quantities=[types_pb2.QUANTITY_ACTIVE_ENERGY_IMPORT], stage=live_reading_pb2.LIVE_STAGE_RAW
    )
    async for message in stub.SubscribeReadings(request, metadata=credentials(api_key)):
        now = time.perf_counter()
        for key in zip(message.raw.channel, message.raw.time_ms, strict=True):
            assert key not in arrivals.at, f"{key} came twice"
            arrivals.at[key] = now


def _link(url: str, *topics: str) -> MqttLink:
    name = f"bench-{uuid4().hex[:8]}"
    return MqttLink(MqttOptions(url=url, client_id=name, topics=topics or (f"{name}/#",), version="3.1.1"))


@contextlib.asynccontextmanager
async def _echo(url: str, arrivals: Arrivals) -> AsyncIterator[Send]:
    """Sends by the broker alone, to a subscriber of it."""
    prefix = f"ceiling-{uuid4().hex[:8]}"
    async with _link(url) as sender, _link(url, f"{prefix}/#") as receiver:

        async def hear() -> None:
            while True:
                for delivery in await receiver.receive():
                    receiver.acknowledge(delivery)
                    _, channel, at = delivery.topic.split("/")
                    arrivals.at[int(channel), int(at)] = time.perf_counter()

        async def send(uplink: Uplink) -> None:
            channel, at = uplink.key
            await sender.publish(f"{prefix}/{channel}/{at}", uplink.payload, timeout=_SEND_SECONDS)

        await receiver.wait_connected()
        hearing = asyncio.create_task(hear())
        try:
            yield send
        finally:
            hearing.cancel()


async def _meters(channel: grpc.aio.Channel, api_key: str, count: int) -> list[Meter]:
    models: Any = DeviceModelServiceStub(channel)
    stub: Any = MeterServiceStub(channel)
    metadata = credentials(api_key)
    model = json_format.Parse((_MODEL / "model.json").read_text(), device_model_pb2.DeviceModel())
    model.codec.script = (_MODEL / "codec.js").read_text()
    made = await models.CreateDeviceModel(
        device_model_service_pb2.CreateDeviceModelRequest(device_model=model), metadata=metadata
    )
    found: list[Meter] = []
    for first in range(0, count, _BATCH):
        request = meter_service_pb2.BatchCreateMetersRequest(
            meters=[
                meter_pb2.Meter(
                    device_model_id=made.device_model.device_model_id,
                    serial_number=uuid4().hex,
                    dev_eui=f"70b3d549{number:08x}",
                )
                for number in range(first, min(first + _BATCH, count))
            ]
        )
        answer = await stub.BatchCreateMeters(request, metadata=metadata)
        for item in answer.items:
            assert item.HasField("meter"), item.error
            number = next(one.channel for one in item.meter.channels if one.code == "energy_import")
            found.append(Meter(SimulatedDevice(item.meter.dev_eui), number))
    return found
