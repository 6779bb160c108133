"""The demand part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.demand.app import DemandQueries
from server.readings.demand.ports import DemandDirectory
from server.readings.demand.service import DemandService
from server.readings.queries.intervals import IntervalQueries
from simba.readings.v1.demand_service_pb2_grpc import add_DemandServiceServicer_to_server


def build_demand(platform: Platform, *, directory: DemandDirectory) -> Capability:
    """Its service; ``directory`` is the devices capability's."""
    intervals = IntervalQueries(platform.store, directory, platform.uow)
    return Capability(
        "readings.demand",
        services=[
            Service(
                "simba.readings.v1.DemandService",
                add_DemandServiceServicer_to_server,
                DemandService(DemandQueries(platform.store, directory, intervals), platform.pages),
            )
        ],
    )
