"""The export part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Job, Loop
from server.platform.platform import Platform
from server.readings.exports.app import FORGET_JOB, JOB, QUEUE, Exports
from server.readings.exports.job import ForgetExport, RunExport
from server.readings.exports.ports import ExportDirectory
from server.readings.exports.service import ReadingExportServicer
from server.readings.exports.source import Source
from server.readings.ports import BilledSnapshots, Membership
from server.readings.queries.seen import Views
from simba.readings.v1.reading_export_service_pb2_grpc import add_ReadingExportServiceServicer_to_server


def build_exports(
    platform: Platform, *, directory: ExportDirectory, membership: Membership, billed: BilledSnapshots
) -> Capability:
    """Its service and its jobs."""
    hints = Hints(platform.redis, "exports")
    exports = Exports(platform.uow, directory, membership, Views(platform.uow, billed), hints)
    source = Source(platform.store, directory)
    return Capability(
        "readings.exports",
        services=[
            Service(
                "simba.readings.v1.ReadingExportService",
                add_ReadingExportServiceServicer_to_server,
                ReadingExportServicer(exports, platform.pages),
            )
        ],
        jobs=[
            Job(JOB, RunExport(platform.uow, source, hints), queue=QUEUE),
            Job(FORGET_JOB, ForgetExport(platform.uow), queue=QUEUE),
        ],
        server_loops=[Loop("export-hints", hints.run)],
    )
