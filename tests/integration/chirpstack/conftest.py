"""The adapter in front of a real server, broker and Valkey, and a ChirpStack that speaks to it."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import pytest_asyncio
from google.protobuf import json_format
from pydantic import SecretStr

from adapters.chirpstack.adapter import serve
from adapters.chirpstack.settings import ChirpStackSettings
from server.access.api_keys import issue_key
from server.platform.caller import Caller
from server.platform.platform import Platform
from simba.commands.v1 import command_pb2, command_service_pb2
from simba.commands.v1.adapter_service_pb2 import ListAdaptersRequest
from simba.commands.v1.adapter_service_pb2_grpc import AdapterServiceStub
from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub
from simba.devices.v1 import device_model_pb2, device_model_service_pb2, meter_pb2, meter_service_pb2
from simba.devices.v1.device_binding_service_pb2_grpc import DeviceBindingServiceStub
from simba.devices.v1.device_model_service_pb2_grpc import DeviceModelServiceStub
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from simba.readings.v1 import frame_pb2, frame_service_pb2
from simba.readings.v1.frame_service_pb2_grpc import FrameServiceStub
from simulator.chirpstack import ChirpStackSimulator, SimulatedDevice
from simulator.relay_meter import RelayMeter
from stack.engines.broker import Broker
from tests.support.engines import Engines
from tests.support.platform import RunningServer, eventually

MODELS = Path(__file__).parents[3] / "models"


class RunningBroker:
    """rumqttd as a process of this test, with the same ports after a restart."""

    def __init__(self, data: Path) -> None:
        self._broker = Broker(data, _free_port(), _free_port(), "test")
        self._process: asyncio.subprocess.Process | None = None

    def url(self, version: str = "5") -> str:
        return self._broker.url_v5() if version == "5" else self._broker.url()

    async def start(self) -> None:
        self._broker.prepare()
        self._process = await asyncio.create_subprocess_exec(*self._broker.child().command)
        await eventually(self._listening)

    async def kill(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def _listening(self) -> bool:
        return all(_accepts(port) for port in (self._broker.port, self._broker.port_v5))


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningBroker]:
    made = RunningBroker(tmp_path_factory.mktemp("broker"))
    await made.start()
    yield made
    await made.kill()


@dataclass
class Field:
    """One tenant's field: its models and meters, its ChirpStack, its adapter."""

    channel: grpc.aio.Channel
    settings: ChirpStackSettings
    mqtt_url: str
    platform: Platform
    tenant_id: UUID
    models: dict[str, device_model_pb2.DeviceModel] = field(default_factory=dict)

    async def model(self, folder: str, **changed: Any) -> device_model_pb2.DeviceModel:
        """A model of ours, perhaps changed."""
        document = json.loads((MODELS / folder / "model.json").read_text())
        made = json_format.ParseDict({**document, **changed}, device_model_pb2.DeviceModel())
        if not made.codec.script:
            made.codec.script = (MODELS / folder / "codec.js").read_text()
        request = device_model_service_pb2.CreateDeviceModelRequest(device_model=made)
        answer = await DeviceModelServiceStub(self.channel).CreateDeviceModel(request)
        self.models[answer.device_model.device_model_id] = answer.device_model
        return answer.device_model

    async def mend(self, model: device_model_pb2.DeviceModel, script: str) -> None:
        """Gives a model another codec."""
        changed = device_model_pb2.DeviceModel()
        changed.CopyFrom(model)
        changed.codec.script = script
        changed.etag = ""
        request = device_model_service_pb2.UpdateDeviceModelRequest(device_model=changed)
        request.update_mask.paths.append("codec.script")
        await DeviceModelServiceStub(self.channel).UpdateDeviceModel(request)

    async def meter(self, model: device_model_pb2.DeviceModel, dev_eui: str = "") -> meter_pb2.Meter:
        """A meter of a model."""
        meter = meter_pb2.Meter(
            device_model_id=model.device_model_id,
            serial_number=uuid4().hex,
            dev_eui=dev_eui or uuid4().hex[:16],
        )
        request = meter_service_pb2.CreateMeterRequest(meter=meter)
        return (await MeterServiceStub(self.channel).CreateMeter(request)).meter

    async def relay_meter(self, **device: Any) -> tuple[meter_pb2.Meter, SimulatedDevice, RelayMeter]:
        """A reference meter, and the device that it is."""
        meter = await self.meter(await self.model("simba/relay-meter", model=f"Relay {uuid4().hex[:8]}"))
        behaviour = RelayMeter()
        return meter, SimulatedDevice(meter.dev_eui, behaviour=behaviour, **device), behaviour

    def chirpstack(self, **options: Any) -> ChirpStackSimulator:
        return ChirpStackSimulator(
            self.mqtt_url, mqtt_version="3.1.1", topic_prefix=self.settings.mqtt_topic_prefix, **options
        )

    def adapter(self, **changed: Any) -> AbstractAsyncContextManager[None]:
        return running_adapter(self.settings.model_copy(update=changed))

    @asynccontextmanager
    async def process(self, **changed: Any) -> AsyncIterator[asyncio.subprocess.Process]:
        """The adapter as a process of its own, from healthy to whatever end; killed if it still runs."""
        settings = self.settings.model_copy(update=changed)
        plain = settings.model_dump(mode="json", exclude_none=True)
        names = ("api_key", "mqtt_url", "chirpstack_api_token")
        secret = {name: getattr(settings, name).get_secret_value() for name in names}
        env = {f"SIMBA_{name.upper()}": str(value) for name, value in {**plain, **secret}.items()}
        command = (sys.executable, "-m", "adapters.chirpstack.main")
        started = await asyncio.create_subprocess_exec(*command, env={**os.environ, **env})
        try:
            since = datetime.now(UTC)
            await eventually(lambda: self._healthy(settings.adapter_id, since), 30)
            yield started
        finally:
            if started.returncode is None:
                started.kill()
            await started.wait()

    async def _healthy(self, instance: str, since: datetime) -> bool:
        adapters = await AdapterServiceStub(self.channel).ListAdapters(ListAdaptersRequest())
        return any(
            one.healthy and one.instance == instance and one.last_seen_time.ToDatetime(tzinfo=UTC) > since
            for one in adapters.adapters
        )

    async def frames(self, **wanted: Any) -> list[frame_pb2.Frame]:
        """The frames that are kept."""
        request = frame_service_pb2.ListFramesRequest(page_size=1000, **wanted)
        return list((await FrameServiceStub(self.channel).ListFrames(request)).frames)

    async def kept(self, count: int = 1, **wanted: Any) -> list[frame_pb2.Frame]:
        """So many kept frames, once they are there."""

        async def enough() -> list[frame_pb2.Frame]:
            found = await self.frames(**wanted)
            return found if len(found) >= count else []

        found: list[frame_pb2.Frame] = await eventually(enough)
        return found

    async def submit(
        self, meter: meter_pb2.Meter, action: str, *, trace: str = "", **fields: Any
    ) -> command_pb2.Command:
        number = command_pb2.CommandAction.Value(f"COMMAND_ACTION_{action}")
        command = command_pb2.Command(meter_id=meter.meter_id, action=number, reason="test", **fields)
        request = command_service_pb2.SubmitCommandRequest(command=command)
        metadata = [("traceparent", trace)] if trace else []
        return (await CommandServiceStub(self.channel).SubmitCommand(request, metadata=metadata)).command

    async def cancel(self, command: command_pb2.Command) -> None:
        request = command_service_pb2.CancelCommandRequest(command_id=command.command_id)
        await CommandServiceStub(self.channel).CancelCommand(request)

    async def command(self, command_id: str) -> command_pb2.Command:
        request = command_service_pb2.GetCommandRequest(command_id=command_id)
        return (await CommandServiceStub(self.channel).GetCommand(request)).command

    async def until(self, command: command_pb2.Command, *states: str) -> command_pb2.Command:
        """The command once it is in one of the states."""
        wanted = {command_pb2.CommandState.Value(f"COMMAND_STATE_{state}") for state in states}

        async def there() -> command_pb2.Command | None:
            now = await self.command(command.command_id)
            return now if now.state in wanted else None

        found: command_pb2.Command = await eventually(there)
        return found

    async def replay(self, **which: Any) -> int:
        request = frame_service_pb2.ReplayFramesRequest(**which)
        return (await FrameServiceStub(self.channel).ReplayFrames(request)).frames

    async def meter_now(self, meter: meter_pb2.Meter) -> meter_pb2.Meter:
        request = meter_service_pb2.GetMeterRequest(meter_id=meter.meter_id)
        return (await MeterServiceStub(self.channel).GetMeter(request)).meter

    async def raw(self, meter: meter_pb2.Meter) -> Counter[tuple[str, datetime, Decimal]]:
        """(channel's code, time, value) of the stored rows of a meter, and how often each is there."""
        codes = {one.channel: one.code for one in meter.channels}
        rows = await self.platform.store.rows(
            "SELECT channel, ts, value FROM raw_reading"
            " WHERE tenant_id = {tenant:UUID} AND channel IN {channels:Array(UInt64)}",
            {"tenant": str(self.tenant_id), "channels": list(codes)},
        )
        return Counter((codes[channel], _utc(ts), value) for channel, ts, value in rows)

    @property
    def bindings(self) -> Any:
        return DeviceBindingServiceStub(self.channel)


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def states(command: command_pb2.Command) -> list[str]:
    """The states that a command went through."""
    name: Callable[[int], str] = command_pb2.CommandState.Name
    return [name(step.state).removeprefix("COMMAND_STATE_") for step in command.transitions]


@asynccontextmanager
async def running_adapter(settings: ChirpStackSettings) -> AsyncIterator[None]:
    """The adapter in this process, from subscribed to drained."""
    stop, ready = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(serve(settings, stop, ready=ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert ready.is_set(), task.exception() if task.done() else "the adapter does not get ready"
    try:
        yield
    finally:
        stop.set()
        await task


@pytest_asyncio.fixture(loop_scope="session")
async def field_(
    engines: Engines,
    platform: Platform,
    server: RunningServer,
    worker: None,
    caller: Caller,
    channel: grpc.aio.Channel,
) -> Field:
    """The field of the test's own tenant; the adapter's key has the role of adapters and no more."""
    async with platform.uow.system() as tx:
        _, secret = await issue_key(tx.of(caller.tenant_id), "Adapter", ("adapter",))
    settings = ChirpStackSettings(
        server_target=server.address,
        api_key=SecretStr(secret),
        redis_url=platform.settings.redis_url,
        adapter_id=uuid4().hex[:8],
        mqtt_url=SecretStr(engines.mqtt_url),
        mqtt_version="3.1.1",
        mqtt_topic_prefix=f"{uuid4().hex[:8]}/",
        drain_seconds=3.0,
        binding_seconds=0.5,
        unknown_binding_seconds=0.2,
        codec_processes=2,
    )
    return Field(channel, settings, engines.mqtt_url, platform, caller.tenant_id)
