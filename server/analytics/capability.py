"""Analytics, built."""

from server.analytics.app import Forecasts
from server.analytics.ports import IntervalSource, SeriesDirectory
from server.analytics.service import ForecastServicer
from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from simba.analytics.v1.forecast_service_pb2_grpc import add_ForecastServiceServicer_to_server


def build(platform: Platform, *, directory: SeriesDirectory, source: IntervalSource) -> Capability:
    """Its services over the platform and what other capabilities lend it."""
    forecasts = Forecasts(platform.uow, directory, source, platform.clock)
    servicer = ForecastServicer(forecasts, platform.pages, platform.clock)
    return Capability(
        name="analytics",
        services=[
            Service("simba.analytics.v1.ForecastService", add_ForecastServiceServicer_to_server, servicer)
        ],
    )
