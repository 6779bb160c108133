"""The dead letter part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Job, Loop, every
from server.platform.platform import Platform
from server.readings.dead_letter.app import JOB, QUEUE, DeadLetter
from server.readings.dead_letter.box import DeadLetterBox
from server.readings.dead_letter.job import RunDeadLetter
from server.readings.dead_letter.service import DeadLetterService
from server.readings.dead_letter.store import DeadLetterStore
from server.readings.dead_letter.sweep import SWEEP_EVERY_SECONDS, DeviceChanges, Sweep
from server.readings.ingest.pipeline import Pipeline
from server.readings.ports import ChannelDirectory
from simba.readings.v1.dead_letter_service_pb2_grpc import add_DeadLetterServiceServicer_to_server


def build_dead_letter(
    platform: Platform, *, directory: ChannelDirectory, pipeline: Pipeline, box: DeadLetterBox
) -> Capability:
    """Its service, its job and its loop; ``pipeline`` and ``box`` are the ingest's."""
    store = DeadLetterStore(platform.store)
    hints = Hints(platform.redis, "dead-letter")
    run = RunDeadLetter(platform.uow, store, directory, pipeline, hints, platform.clock)
    sweep = Sweep(platform.uow, store, directory)
    return Capability(
        "readings.dead_letter",
        services=[
            Service(
                "simba.readings.v1.DeadLetterService",
                add_DeadLetterServiceServicer_to_server,
                DeadLetterService(DeadLetter(platform.uow, store, hints), platform.pages, box.limit),
            )
        ],
        jobs=[Job(JOB, run, queue=QUEUE)],
        server_loops=[Loop("dead-letter-hints", hints.run)],
        worker_loops=[every(SWEEP_EVERY_SECONDS, "dead-letter-sweep", sweep.run)],
        event_sinks=[DeviceChanges()],
    )
