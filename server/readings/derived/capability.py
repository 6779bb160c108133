"""Derived series and factors, built."""

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.derived.app import DerivedSeriesCases
from server.readings.derived.evaluating import Evaluation
from server.readings.derived.factor_app import FactorSets
from server.readings.derived.ports import DerivedDirectory
from server.readings.derived.service import DerivedSeriesService
from server.readings.derived.service_factors import FactorSetService
from server.readings.ports import BilledSnapshots
from server.readings.queries.seen import Views
from simba.readings.v1.derived_series_service_pb2_grpc import add_DerivedSeriesServiceServicer_to_server
from simba.readings.v1.factor_set_service_pb2_grpc import add_FactorSetServiceServicer_to_server


def build_derived(platform: Platform, *, directory: DerivedDirectory, billed: BilledSnapshots) -> Capability:
    """Their services; ``directory`` is the devices capability's, ``billed`` that of billing."""
    cases = DerivedSeriesCases(platform.uow, directory, Evaluation(platform.store))
    views = Views(platform.uow, billed)
    return Capability(
        "readings.derived",
        services=[
            Service(
                "simba.readings.v1.DerivedSeriesService",
                add_DerivedSeriesServiceServicer_to_server,
                DerivedSeriesService(cases, views, platform.pages, platform.clock),
            ),
            Service(
                "simba.readings.v1.FactorSetService",
                add_FactorSetServiceServicer_to_server,
                FactorSetService(FactorSets(platform.uow), platform.pages),
            ),
        ],
    )
