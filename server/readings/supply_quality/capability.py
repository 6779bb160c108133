"""The supply quality part of readings, built."""

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.supply_quality.app import SupplyQuality
from server.readings.supply_quality.ports import SupplyDirectory
from server.readings.supply_quality.service import SupplyQualityService
from simba.readings.v1.supply_quality_service_pb2_grpc import add_SupplyQualityServiceServicer_to_server


def build_supply_quality(platform: Platform, *, directory: SupplyDirectory) -> Capability:
    """Its service; ``directory`` is the devices capability's."""
    return Capability(
        "readings.supply_quality",
        services=[
            Service(
                "simba.readings.v1.SupplyQualityService",
                add_SupplyQualityServiceServicer_to_server,
                SupplyQualityService(SupplyQuality(platform.store, directory), platform.pages),
            )
        ],
    )
