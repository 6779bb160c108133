"""The exchange part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.hints import Hints
from server.platform.jobs import Job, Loop
from server.platform.platform import Platform
from server.readings.exchange.app import JOB, Imports
from server.readings.exchange.job import RunImport
from server.readings.exchange.service import ExchangeServicer
from server.readings.exchange.sink import PipelineSink
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ports import ChannelDirectory
from simba.readings.v1.exchange_service_pb2_grpc import add_ExchangeServiceServicer_to_server


def build_exchange(platform: Platform, *, directory: ChannelDirectory, pipeline: Pipeline) -> Capability:
    """Imports over the platform; ``pipeline`` is the ingest's."""
    sink = PipelineSink(pipeline, KnownChannels(directory), platform.clock)
    hints = Hints(platform.redis, "imports")
    imports = Imports(platform.uow, directory, hints)
    return Capability(
        "readings.exchange",
        services=[
            Service(
                "simba.readings.v1.ExchangeService",
                add_ExchangeServiceServicer_to_server,
                ExchangeServicer(imports, platform.pages),
            )
        ],
        jobs=[Job(JOB, RunImport(platform.uow, directory, sink, hints), queue="imports")],
        server_loops=[Loop("import-hints", hints.run)],
    )
