"""The ChirpStack adapter, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, Final

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from adapters.chirpstack.binding import DeviceBinding, read_binding
from adapters.chirpstack.decoding import Decoder
from adapters.chirpstack.downlinks import ACTIONS, Downlinks
from adapters.chirpstack.intake import Intake
from adapters.chirpstack.memory import Memory
from adapters.chirpstack.mqtt import MqttLink
from adapters.chirpstack.provisioning import Provisioner
from adapters.chirpstack.provisioning_api import ChirpStackApi
from adapters.chirpstack.provisioning_compare import Comparer
from adapters.chirpstack.provisioning_steps import Steps
from adapters.chirpstack.readings import FrameReader
from adapters.chirpstack.replay import Replayer
from adapters.chirpstack.settings import ChirpStackSettings
from adapters.runtime.bindings import Bindings
from adapters.runtime.device_status import StatusReporter
from adapters.runtime.frames import FrameKeeper
from adapters.runtime.health import Heartbeat
from adapters.runtime.ingest import IngestClient
from adapters.runtime.progress import ProgressReporter
from adapters.runtime.server import ServerLink
from adapters.runtime.worker import BusWorker
from kernel.bus import Bus
from kernel.codec import CodecSandbox
from simba.commands.v1.device_command_pb2 import DeviceCommand
from simba.devices.v1.provisioning_service_pb2 import ProvisioningMessage
from simba.readings.v1.replay_message_pb2 import ReplayFramesMessage

_log = logging.getLogger(__name__)

KIND: Final = "chirpstack"


async def serve(
    settings: ChirpStackSettings, stop: asyncio.Event, *, ready: Callable[[], None] = lambda: None
) -> None:
    """Runs the adapter until `stop` is set, then finishes what is under way.

    Waits for the server, the broker and Valkey as long as it takes. `ready` is called once the broker is
    subscribed and the server knows us.
    """
    async with AsyncExitStack() as stack:
        link = ServerLink(
            settings.server_target,
            settings.credential(),
            tls=settings.server_tls,
            ca_file=settings.server_ca_file,
        )
        stack.push_async_callback(link.close)
        tenant_id = await _unless(stop, link.tenant_id())
        if tenant_id is None:
            return
        client = redis.from_url(
            settings.redis_url,
            socket_connect_timeout=3,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.02), retries=3),
        )
        stack.push_async_callback(client.aclose)
        sandbox = await stack.enter_async_context(CodecSandbox(processes=settings.codec_processes))
        mqtt = await stack.enter_async_context(MqttLink(settings.mqtt_options()))
        chirpstack = _api(settings)
        if chirpstack is not None:
            stack.push_async_callback(chirpstack.close)
        provisioner = _provisioner(settings, link, tenant_id, chirpstack)
        parts = Adapter(settings, link, tenant_id, client, sandbox, mqtt, provisioner)
        await parts.run(stop, ready)


class Adapter:
    """The parts of one adapter process."""

    def __init__(
        self,
        settings: ChirpStackSettings,
        link: ServerLink,
        tenant_id: str,
        client: redis.Redis,
        sandbox: CodecSandbox,
        mqtt: MqttLink,
        provisioner: Provisioner,
    ) -> None:
        self._drain_seconds = settings.drain_seconds
        self._mqtt = mqtt
        self._provisioner = provisioner
        self._memory = Memory(client, prefix=f"simba:chirpstack:{tenant_id}:")
        self._ingest = IngestClient(link)
        self._statuses = StatusReporter(link)
        bindings: Bindings[DeviceBinding] = Bindings(
            link,
            read_binding,
            seconds=settings.binding_seconds,
            unknown_seconds=settings.unknown_binding_seconds,
        )
        decoder = Decoder(sandbox)
        keeper = FrameKeeper(link, KIND)
        self._reader = FrameReader(decoder, self._ingest)
        downlinks = Downlinks(
            memory=self._memory,
            bindings=bindings,
            decoder=decoder,
            reporter=ProgressReporter(link),
            publish=mqtt.publish,
            topic_prefix=settings.mqtt_topic_prefix,
        )
        self._intake = Intake(
            mqtt=mqtt,
            memory=self._memory,
            bindings=bindings,
            reader=self._reader,
            keeper=keeper,
            statuses=self._statuses,
            downlinks=downlinks,
            in_flight=settings.mqtt_in_flight,
        )
        replayer = Replayer(bindings, self._reader, keeper)
        self._worker = BusWorker(
            Bus(client),
            kind=KIND,
            tenant_id=tenant_id,
            instance=settings.adapter_id,
            handlers={
                DeviceCommand: downlinks.take,
                ReplayFramesMessage: replayer.take,
                ProvisioningMessage: provisioner.take,
            },
        )
        self._heartbeat = Heartbeat(
            link, kind=KIND, instance=settings.adapter_id, actions=ACTIONS, trouble=self.trouble
        )

    def trouble(self) -> str:
        """What is wrong, in words; empty: nothing."""
        return self._mqtt.detail or self._memory.detail or self._reader.detail

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Works until `stop` is set. Raises what a part raised that should not have."""
        intake = asyncio.create_task(self._intake.run(), name="intake")
        worker = asyncio.create_task(self._worker.run(stop), name="bus worker")
        helpers = [
            asyncio.create_task(work, name=name)
            for name, work in (
                ("ingest", self._ingest.run()),
                ("statuses", self._statuses.run()),
                ("heartbeat", self._heartbeat.run()),
                ("provisioning", self._provisioner.run()),
                ("ready", self._tell_ready(ready)),
            )
        ]
        stopped = asyncio.create_task(stop.wait(), name="stop")
        parts = {intake, worker, stopped, *(one for one in helpers if one.get_name() != "ready")}
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for one in done - {stopped}:
                if not stop.is_set():
                    one.result()
                    raise RuntimeError(f"{one.get_name()} ended by itself")
            _log.info("draining")
            intake.cancel()
            await self._intake.drain(self._drain_seconds)
            await asyncio.wait({worker}, timeout=self._drain_seconds)
            await _within(self._statuses.flush(), 2.0)
        finally:
            for one in (intake, worker, stopped, *helpers):
                one.cancel()
            await asyncio.gather(intake, worker, stopped, *helpers, return_exceptions=True)

    async def _tell_ready(self, ready: Callable[[], None]) -> None:
        await self._mqtt.wait_connected()
        ready()


def _api(settings: ChirpStackSettings) -> ChirpStackApi | None:
    if not settings.chirpstack_api_url:
        return None
    return ChirpStackApi(
        settings.chirpstack_api_url,
        settings.chirpstack_token(),
        seconds=settings.chirpstack_api_seconds,
        ca_file=settings.chirpstack_api_ca_file,
    )


def _provisioner(
    settings: ChirpStackSettings, link: ServerLink, tenant_id: str, chirpstack: ChirpStackApi | None
) -> Provisioner:
    concurrency, network_tenant = settings.chirpstack_api_concurrency, settings.chirpstack_tenant_id
    if chirpstack is None:
        return Provisioner(link, None, concurrency=concurrency)
    steps = Steps(chirpstack, tenant_id=tenant_id, network_tenant=network_tenant)
    made = Provisioner(link, steps, concurrency=concurrency)
    made.compare = Comparer(link, chirpstack, steps, made, kind=KIND, network_tenant=network_tenant).compare
    return made


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, str]) -> str | None:
    """The work's result, or None when `stop` is set first."""
    task, told = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return None


async def _within(work: Coroutine[Any, Any, None], seconds: float) -> None:
    """Does the work if it takes no longer."""
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        _log.warning("some news of devices could not be told before the end")
