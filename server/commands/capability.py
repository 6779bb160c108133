"""Commands, built from the platform and from what knows the meters."""

from server.commands.adapters import Adapters
from server.commands.bus_guard import BusGuard
from server.commands.cancel import CancelCommand
from server.commands.ports import DeviceTargets
from server.commands.progress import ReportProgress
from server.commands.queries import CommandQueries
from server.commands.service import CommandService
from server.commands.service_adapter import AdapterService
from server.commands.store import seen_by_caller
from server.commands.submit import SubmitCommand
from server.commands.timer import CommandTimer
from server.commands.watch import CommandHints, WatchCommand
from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Loop
from server.platform.platform import Platform
from server.platform.scope import Visible
from simba.commands.v1.adapter_service_pb2_grpc import add_AdapterServiceServicer_to_server
from simba.commands.v1.command_service_pb2_grpc import add_CommandServiceServicer_to_server


def build(platform: Platform, *, targets: DeviceTargets, visible_points: Visible | None = None) -> Capability:
    """The capability; ``targets`` looks meters up, ``visible_points`` knows the caller's scope."""
    seen = seen_by_caller(visible_points)
    uow, pages = platform.uow, platform.pages
    hints = Hints(platform.redis, "commands")
    commands = CommandService(
        submit=SubmitCommand(uow, targets),
        queries=CommandQueries(uow, pages, seen),
        cancel=CancelCommand(uow, seen),
        watch=WatchCommand(uow, pages, hints, seen),
    )
    adapters = AdapterService(Adapters(uow), ReportProgress(uow))
    return Capability(
        name="commands",
        services=[
            Service("simba.commands.v1.CommandService", add_CommandServiceServicer_to_server, commands),
            Service("simba.commands.v1.AdapterService", add_AdapterServiceServicer_to_server, adapters),
        ],
        worker_loops=[
            Loop("commands.timer", CommandTimer(uow, platform.clock).run),
            Loop("commands.bus_guard", BusGuard(uow, platform.redis, platform.clock).run),
        ],
        server_loops=[Loop("commands.hints", hints.run)],
        event_sinks=[CommandHints(hints)],
    )
