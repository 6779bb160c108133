"""``simba.analytics.v1.ForecastService``."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import grpc

from server.analytics.app import Forecasts
from server.analytics.convert import forecast_to_wire, request_of
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_id
from simba.analytics.v1 import forecast_service_pb2 as pb
from simba.analytics.v1 import forecast_service_pb2_grpc as rpc

type_of_context = grpc.aio.ServicerContext[Any, Any]


class ForecastServicer(rpc.ForecastServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, forecasts: Forecasts, pages: Pages, clock: Callable[[], datetime]) -> None:
        self._forecasts = forecasts
        self._pages = pages
        self._clock = clock

    async def CreateForecast(
        self, request: pb.CreateForecastRequest, _context: type_of_context
    ) -> pb.CreateForecastResponse:
        """Computes and keeps one."""
        kept = await self._forecasts.create(request_of(request.forecast, self._clock))
        return pb.CreateForecastResponse(forecast=forecast_to_wire(kept))

    async def GetForecast(
        self, request: pb.GetForecastRequest, _context: type_of_context
    ) -> pb.GetForecastResponse:
        """One, with its points."""
        kept = await self._forecasts.get(parse_id("forecast_id", request.forecast_id))
        return pb.GetForecastResponse(forecast=forecast_to_wire(kept))

    async def ListForecasts(
        self, request: pb.ListForecastsRequest, _context: type_of_context
    ) -> pb.ListForecastsResponse:
        """Many, without points."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._forecasts.page(
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            node_id=maybe_id("node_id", request.node_id),
            after=page.after_value,
            size=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.forecast_id,))
        return pb.ListForecastsResponse(
            forecasts=[forecast_to_wire(row) for row in rows], next_page_token=following
        )
