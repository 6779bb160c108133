"""Events, built from the platform."""

from datetime import timedelta

from server.events.append import EventLog
from server.events.archive import EventArchive
from server.events.history import EventHistory
from server.events.log import Log
from server.events.service import EventService
from server.events.subscription import Subscriptions
from server.events.tail import Tails
from server.events.visible import SeenByCaller
from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Loop, every
from server.platform.platform import Platform
from server.platform.scope import Visible
from simba.events.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server

ARCHIVE_SECONDS = 10.0


def build(platform: Platform, *, visible_points: Visible | None = None) -> Capability:
    """The capability: its sink must be registered with the relay of the outbox.

    ``visible_points`` knows what is within a caller's scope.
    """
    hints = Hints(platform.redis, "events")
    history = EventHistory(platform.store)
    log = Log(platform.uow, history)
    subscriptions = Subscriptions(
        log, Tails(log, hints), platform.pages, SeenByCaller(platform.uow, visible_points)
    )
    keep = timedelta(hours=platform.settings.event_log_hours)
    archive = EventArchive(platform.uow, history, platform.clock, keep=keep)
    return Capability(
        name="events",
        services=[
            Service(
                "simba.events.v1.EventService",
                add_EventServiceServicer_to_server,
                EventService(subscriptions),
            )
        ],
        worker_loops=[every(ARCHIVE_SECONDS, "events.archive", archive.work)],
        server_loops=[Loop("events.hints", hints.run)],
        event_sinks=[EventLog(hints)],
    )
