"""Commands and events on databases of their own, with a server, a worker and a simulated adapter.

The meters come from an in-memory directory: commands know meters only through their port. Everything else is
the real thing: PostgreSQL, Valkey, ClickHouse, gRPC, relays.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest_asyncio

from kernel.bus import BusMessage
from server.access import capability as access_capability
from server.commands import capability as commands_capability
from server.events import capability as events_capability
from server.main import Application, worker_loops
from server.migrations.run import migrate
from server.platform.ids import new_id
from server.platform.loops import run_all
from server.platform.platform import Platform, open_platform
from simba.commands.v1 import adapter_service_pb2 as adapter_pb
from simba.commands.v1 import command_pb2, device_command_pb2
from simba.commands.v1 import command_service_pb2 as pb
from simba.commands.v1.adapter_service_pb2_grpc import AdapterServiceStub
from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub
from simba.events.v1.event_service_pb2_grpc import EventServiceStub
from tests.support.engines import Engines
from tests.support.platform import RunningServer, TestTenant, fresh_settings, make_tenant, running_server

ALL_ACTIONS = frozenset({"on_demand_read", "connect", "disconnect", "arm", "sync_time", "ping"})


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter as commands see it."""

    meter_id: UUID
    adapter: str
    dev_eui: str = "a1b2c3d4e5f60718"
    state: str = "ACTIVE"
    usage_point_id: UUID | None = None
    actions: frozenset[str] = ALL_ACTIONS


@dataclass(slots=True)
class Meters:
    """The port ``DeviceTargets`` from memory."""

    known: dict[tuple[UUID, UUID], Meter] = field(default_factory=dict)

    async def target(self, tenant_id: UUID, meter_id: UUID) -> Meter | None:
        return self.known.get((tenant_id, meter_id))

    def add(self, tenant_id: UUID, **others: Any) -> Meter:
        """A new meter, on an adapter of its own unless one is named."""
        meter = Meter(**({"meter_id": new_id(), "adapter": f"t{uuid4().hex[:12]}"} | others))
        self.known[tenant_id, meter.meter_id] = meter
        return meter


@dataclass(frozen=True, slots=True)
class Stage:
    """The running parts."""

    platform: Platform
    application: Application
    server: RunningServer
    meters: Meters


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(engines: Engines) -> AsyncIterator[Stage]:
    """A server without a worker, on databases of its own: nothing leaves the outbox by itself."""
    settings = fresh_settings(engines)
    await asyncio.to_thread(migrate, settings)
    async with open_platform(settings) as platform:
        meters = Meters()
        access = access_capability.build(platform)
        parts = (
            access.capability,
            commands_capability.build(platform, targets=meters),
            events_capability.build(platform),
        )
        application = Application(platform, access.authenticator, parts)
        async with running_server(application) as server:
            yield Stage(platform, application, server, meters)


@asynccontextmanager
async def working(stage: Stage) -> AsyncIterator[None]:
    """Relays, timers and the archive, as a worker runs them, inside the block."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_all(worker_loops(stage.application), stop, 3.0))
    try:
        yield
    finally:
        stop.set()
        await running


@pytest_asyncio.fixture(loop_scope="session")
async def at_work(stage: Stage) -> AsyncIterator[None]:
    """A worker for the time of the test."""
    async with working(stage):
        yield


@dataclass(slots=True)
class Client:
    """A caller of one tenant, with stubs of every service."""

    tenant: TestTenant
    stage: Stage
    commands: CommandServiceStub
    adapters: AdapterServiceStub
    events: EventServiceStub

    @property
    def tenant_id(self) -> UUID:
        return self.tenant.caller.tenant_id

    def meter(self, **others: Any) -> Meter:
        return self.stage.meters.add(self.tenant_id, **others)

    async def submit(
        self, meter: Meter, action: int = command_pb2.COMMAND_ACTION_DISCONNECT, **others: Any
    ) -> command_pb2.Command:
        request = {
            name: others.pop(name)
            for name in ("request_id", "conflict_policy", "validate_only")
            if name in others
        }
        command = command_pb2.Command(meter_id=str(meter.meter_id), action=action, **others)
        answer = await self.commands.SubmitCommand(pb.SubmitCommandRequest(command=command, **request))
        return answer.command

    async def get(self, command_id: str) -> command_pb2.Command:
        return (await self.commands.GetCommand(pb.GetCommandRequest(command_id=command_id))).command

    async def report(self, command: Any, state: str, **others: Any) -> adapter_pb.ReportProgressResponse:
        return await self.adapters.ReportProgress(
            adapter_pb.ReportProgressRequest(reports=[progress(command.command_id, state, **others)])
        )


def client_of(stage: Stage, tenant: TestTenant) -> Client:
    """A caller with the tenant's key."""
    channel = stage.server.channel(tenant.secret)
    return Client(
        tenant, stage, CommandServiceStub(channel), AdapterServiceStub(channel), EventServiceStub(channel)
    )


@pytest_asyncio.fixture(loop_scope="session")
async def client(stage: Stage) -> Client:
    """A caller of a fresh tenant."""
    return client_of(stage, await make_tenant(stage.platform))


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(stage: Stage) -> Client:
    """A caller of another tenant."""
    return client_of(stage, await make_tenant(stage.platform))


def progress(command_id: str, state: str, **others: Any) -> adapter_pb.CommandProgress:
    """A report of now."""
    made = adapter_pb.CommandProgress(
        command_id=command_id, state=command_pb2.CommandState.Value(f"COMMAND_STATE_{state}"), **others
    )
    if not made.HasField("time"):
        made.time.FromDatetime(datetime.now(UTC))
    return made


def state_name(command: Any) -> str:
    """The state of a command, a transition or a number, without its prefix."""
    number = command if isinstance(command, int) else command.state
    return command_pb2.CommandState.Name(number).removeprefix("COMMAND_STATE_")


def soon(seconds: float) -> Any:
    """A time from now, as the wire has it."""
    stamp = adapter_pb.CommandProgress().time
    stamp.FromDatetime(datetime.now(UTC) + timedelta(seconds=seconds))
    return stamp


Behaviour = Callable[[device_command_pb2.DeviceCommand], list[adapter_pb.CommandProgress]]


@dataclass(slots=True)
class SimulatedAdapter:
    """An adapter that speaks the real bus and the real AdapterService, with a device that does as told.

    Like a real one it drops repeated messages by their id before it acts; ``effects`` counts what it did.
    """

    client: Client
    kind: str
    behaviour: Behaviour
    seen: set[str] = field(default_factory=set)
    received: list[BusMessage] = field(default_factory=list)
    effects: list[device_command_pb2.DeviceCommand] = field(default_factory=list)

    async def handle(self, message: BusMessage) -> None:
        self.received.append(message)
        if message.message_id in self.seen:
            return
        command = message.decode(device_command_pb2.DeviceCommand)
        self.effects.append(command)
        for report in self.behaviour(command):
            await self.client.adapters.ReportProgress(adapter_pb.ReportProgressRequest(reports=[report]))
        self.seen.add(message.message_id)


@asynccontextmanager
async def adapter(client: Client, kind: str, behaviour: Behaviour) -> AsyncIterator[SimulatedAdapter]:
    """Runs a simulated adapter on the stream of its kind."""
    simulated = SimulatedAdapter(client, kind, behaviour)
    stop = asyncio.Event()
    running = asyncio.create_task(
        client.stage.platform.bus.consume(
            f"adapter.{kind}", "adapters", "one", simulated.handle, stop=stop, claim_after_seconds=1.0
        )
    )
    try:
        yield simulated
    finally:
        stop.set()
        with suppress(asyncio.CancelledError, grpc.RpcError):
            await running


async def entries(stage: Stage, meter: Meter) -> list[BusMessage]:
    """What lies in the stream of the meter's adapter."""
    found: Any = await stage.platform.redis.xrange(stage.platform.bus.key(f"adapter.{meter.adapter}"))
    return [BusMessage.from_entry(raw.decode(), entry) for raw, entry in found]
