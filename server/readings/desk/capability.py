"""The desk of validation, built."""

from dataclasses import dataclass

from server.platform.capability import Service
from server.platform.jobs import Loop
from server.platform.platform import Platform
from server.readings.desk.accepting import Accepting
from server.readings.desk.edits import Edits
from server.readings.desk.planning import Planner
from server.readings.desk.ports import BilledPeriods, Runs, Writer
from server.readings.desk.queue import Queue
from server.readings.desk.service_edit import ReadingEditService
from server.readings.desk.values import PresentValues
from server.readings.ports import ChannelDirectory
from simba.readings.v1.reading_edit_service_pb2_grpc import add_ReadingEditServiceServicer_to_server


@dataclass(frozen=True, slots=True)
class Desk:
    """What the capability of readings takes of it."""

    queue: Queue
    edits: Edits
    service: Service
    worker_loop: Loop


def build_desk(
    platform: Platform,
    *,
    directory: ChannelDirectory,
    writer: Writer,
    runs: Runs,
    billed: BilledPeriods,
) -> Desk:
    """Its parts; ``billed`` is the billing capability's, the others are of readings."""
    values = PresentValues(platform.uow, platform.store)
    edits = Edits(platform.uow, values, Planner(values, directory), writer, runs, billed)
    service = Service(
        "simba.readings.v1.ReadingEditService",
        add_ReadingEditServiceServicer_to_server,
        ReadingEditService(edits, platform.pages),
    )
    queue = Queue(platform.uow, platform.store, directory, edits, Accepting(values))
    return Desk(queue, edits, service, Loop("readings-edits", edits.run))
