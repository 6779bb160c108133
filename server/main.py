"""The composition root: settings → platform → capabilities → a gRPC server or a worker.

To add a capability: build it in :func:`build`, handing it the ports that it declares, and put it into the
list. Nothing else knows all capabilities.
"""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import uvloop

from kernel.telemetry import configure
from server.access import capability as access_capability
from server.analytics import capability as analytics_capability
from server.billing import capability as billing_capability
from server.billing.billed import BilledPeriods
from server.commands import capability as commands_capability
from server.devices import capability as devices_capability
from server.devices.directory import Directory
from server.devices.files.capability import build_files
from server.devices.membership import Membership
from server.devices.scoping import visible_points
from server.events import capability as events_capability
from server.platform.capability import Capability
from server.platform.history_relay import ChangeRelay
from server.platform.job_runner import JobRunner
from server.platform.jobs import Loop
from server.platform.loops import run_all
from server.platform.platform import Platform, open_platform
from server.platform.relay import event_relay, listen, message_relay
from server.platform.rpc import Authenticator, GrpcServer
from server.platform.settings import Settings
from server.platform.upkeep import engines_answer, purge_request_log
from server.readings import capability as readings_capability
from server.readings.aggregation.capability import build_aggregation
from server.readings.dead_letter.capability import build_dead_letter
from server.readings.demand.capability import build_demand
from server.readings.derived.capability import build_derived
from server.readings.exchange.capability import build_exchange
from server.readings.exports.capability import build_exports
from server.readings.frames.capability import build_frames
from server.readings.retention.capability import build_retention
from server.readings.rule_sets.capability import build_rule_sets
from server.readings.supply_quality.capability import build_supply_quality
from server.system import capability as system_capability

_log = logging.getLogger(__name__)

Ready = Callable[[int], None]

_PUT_BACK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Application:
    """All capabilities on one platform."""

    platform: Platform
    authenticator: Authenticator
    capabilities: tuple[Capability, ...]


def build(platform: Platform) -> Application:
    """Builds every capability and wires their ports."""
    access_built = access_capability.build(platform)
    # What ports hand over are records of each capability's own, equal in their fields and not in name.
    directory: Any = Directory(platform.uow)
    membership: Any = Membership(platform.uow)
    billed = BilledPeriods(platform.uow)
    readings = readings_capability.build(
        platform, directory=directory, membership=membership, billed=billed, subjects=directory
    )
    usage: Any = readings.usage
    capabilities = (
        access_built.capability,
        devices_capability.build(platform, completeness=readings.completeness, registers=readings.recorder),
        build_files(platform),
        commands_capability.build(platform, targets=directory, visible_points=visible_points),
        events_capability.build(platform, visible_points=visible_points),
        readings.capability,
        build_aggregation(platform, membership=membership, billed=billed),
        build_exchange(platform, directory=directory, pipeline=readings.pipeline),
        build_exports(platform, directory=directory, membership=membership, billed=billed),
        build_frames(platform, models=directory),
        build_dead_letter(platform, directory=directory, pipeline=readings.pipeline, box=readings.box),
        build_demand(platform, directory=directory, billed=billed),
        build_derived(platform, directory=directory, billed=billed),
        build_supply_quality(platform, directory=directory),
        build_retention(platform, directory=directory),
        build_rule_sets(platform, subjects=directory).capability,
        billing_capability.build(
            platform,
            usage=usage,
            series=directory,
            usage_points=directory,
            visible_points=visible_points,
        ),
        analytics_capability.build(platform, directory=directory, source=usage),
        system_capability.build(platform),
    )
    return Application(platform, access_built.authenticator, capabilities)


def grpc_server(application: Application) -> GrpcServer:
    """The gRPC server with the services of all capabilities."""
    platform = application.platform
    return GrpcServer(
        platform.settings,
        platform.uow,
        application.authenticator,
        [service for capability in application.capabilities for service in capability.services],
        engines_answer=lambda: engines_answer(platform),
        rates=platform.rates,
        around=[step for capability in application.capabilities for step in capability.around_calls],
    )


async def serve(settings: Settings, stop: asyncio.Event, *, ready: Ready = lambda _: None) -> None:
    """Serves gRPC until ``stop`` is set, then drains. ``ready`` is told the port when it is listening."""
    async with open_platform(settings) as platform:
        application = build(platform)
        server = grpc_server(application)
        await server.start()
        ready(server.port)
        loops = [loop for capability in application.capabilities for loop in capability.server_loops]
        try:
            # Loops feed the watchers of running calls, so they end after the calls have.
            ended = asyncio.Event()
            running = asyncio.create_task(run_all(loops, ended, settings.drain_seconds))
            await stop.wait()
            _log.info("draining")
            await server.stop(settings.drain_seconds)
            ended.set()
            await running
        finally:
            await server.stop(0)


def worker_loops(application: Application) -> list[Loop]:
    """Everything that a worker runs: jobs, relays, upkeep and the capabilities' loops."""
    platform, settings = application.platform, application.platform.settings
    parts = application.capabilities
    runner = JobRunner(settings, [job for part in parts for job in part.jobs])
    sinks = [sink for part in parts for sink in part.event_sinks]
    events = event_relay(platform.uow, sinks, settings)
    messages = message_relay(platform.uow, platform.bus, settings)
    changes = ChangeRelay(platform.uow, settings.relay_poll_seconds)
    wake_events, wake_messages, wake_changes = asyncio.Event(), asyncio.Event(), asyncio.Event()
    return [
        Loop("jobs", runner.run),
        Loop("relay-events", lambda stop: events.run(wake_events, stop)),
        Loop("relay-messages", lambda stop: messages.run(wake_messages, stop)),
        Loop("relay-changes", lambda stop: changes.run(wake_changes, stop)),
        Loop(
            "relay-listener",
            lambda stop: listen(settings, (wake_events, wake_messages, wake_changes), stop),
        ),
        purge_request_log(platform),
        *(loop for part in parts for loop in part.worker_loops),
    ]


async def work(settings: Settings, stop: asyncio.Event, *, ready: Ready = lambda _: None) -> None:
    """Works until ``stop`` is set: jobs, relays and the capabilities' loops."""
    async with open_platform(settings) as platform:
        loops = worker_loops(build(platform))
        ready(0)
        # Jobs that outlast the drain are put back; that takes a moment more.
        await run_all(loops, stop, settings.drain_seconds + _PUT_BACK_SECONDS)


def run_serve(settings: Settings | None = None, *, ready: Ready = lambda _: None) -> None:
    """Runs a server process until SIGTERM or SIGINT."""
    _run(settings or Settings(), "simba-server", lambda chosen, stop: serve(chosen, stop, ready=ready))


def run_worker(settings: Settings | None = None, *, ready: Ready = lambda _: None) -> None:
    """Runs a worker process until SIGTERM or SIGINT."""
    _run(settings or Settings(), "simba-worker", lambda chosen, stop: work(chosen, stop, ready=ready))


Main = Callable[[Settings, asyncio.Event], Coroutine[Any, Any, None]]


_COLLECT_AFTER: Final = (50_000, 20, 20)
"""Objects after which Python looks for cycles: batches of a thousand make a hundred thousand, without any."""


def _run(settings: Settings, name: str, main: Main) -> None:
    telemetry = configure(
        name,
        otlp_endpoint=settings.otlp_endpoint,
        instance_id=settings.instance_id,
        log_level=settings.log_level,
        log_format=settings.log_format,
    )

    async def until_told() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(told, stop.set)
        await main(settings, stop)

    # Its first array imports pandas if that is there: seconds, that calls would wait for later.
    pa.array(())
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        uvloop.run(until_told())
    finally:
        telemetry.close()
