"""The demand part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.demand.app import DemandQueries
from server.readings.demand.ports import DemandDirectory
from server.readings.demand.service import DemandService
from server.readings.ports import BilledSnapshots
from server.readings.queries.intervals import IntervalQueries
from server.readings.queries.seen import Views
from simba.readings.v1.demand_service_pb2_grpc import add_DemandServiceServicer_to_server


def build_demand(platform: Platform, *, directory: DemandDirectory, billed: BilledSnapshots) -> Capability:
    """Its service; ``directory`` is the devices capability's, ``billed`` that of billing."""
    views = Views(platform.uow, billed)
    intervals = IntervalQueries(platform.store, directory, views)
    demand = DemandQueries(platform.store, directory, intervals, views)
    return Capability(
        "readings.demand",
        services=[
            Service(
                "simba.readings.v1.DemandService",
                add_DemandServiceServicer_to_server,
                DemandService(demand, platform.pages),
            )
        ],
    )
