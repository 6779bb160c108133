"""The aggregation part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.aggregation.app import Aggregation
from server.readings.aggregation.coverage import CoverageReports
from server.readings.aggregation.service import AggregationService, CoverageService
from server.readings.aggregation.sums import Summing
from server.readings.ports import BilledSnapshots, Membership
from server.readings.queries.seen import Views
from simba.readings.v1.aggregation_service_pb2_grpc import add_AggregationServiceServicer_to_server
from simba.readings.v1.coverage_service_pb2_grpc import add_CoverageServiceServicer_to_server


def build_aggregation(platform: Platform, *, membership: Membership, billed: BilledSnapshots) -> Capability:
    """Its services; ``membership`` is the devices capability's, ``billed`` that of billing."""
    summing, views = Summing(platform.store), Views(platform.uow, billed)
    aggregation = Aggregation(membership, summing, views, platform.clock)
    reports = CoverageReports(aggregation, membership, summing, views, platform.clock)
    return Capability(
        "readings.aggregation",
        services=[
            Service(
                "simba.readings.v1.AggregationService",
                add_AggregationServiceServicer_to_server,
                AggregationService(aggregation, platform.pages),
            ),
            Service(
                "simba.readings.v1.CoverageService",
                add_CoverageServiceServicer_to_server,
                CoverageService(reports),
            ),
        ],
    )
