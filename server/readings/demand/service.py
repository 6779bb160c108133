"""``simba.readings.v1.DemandService``."""

from typing import Any

from server.platform.caller import current_caller
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant
from server.readings.demand.app import DemandQueries
from server.readings.demand.convert import asked_of, demand_message, maximum_message
from server.readings.demand.domain import WHOLE, Asked
from server.readings.errors import SubjectMissing
from server.readings.ports import SeriesInfo
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import demand_service_pb2 as pb
from simba.readings.v1 import demand_service_pb2_grpc as rpc


class DemandService(rpc.DemandServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, demand: DemandQueries, pages: Pages) -> None:
        self._demand = demand
        self._pages = pages

    async def QueryDemand(self, request: pb.QueryDemandRequest, context: Any) -> pb.QueryDemandResponse:
        """Windows."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        series, asked = await self._asked(request)
        tenant_id = current_caller().tenant_id
        after = None if page.after is None else (page.after[0], page.after[1])
        found = await self._demand.page(tenant_id, series, asked, after=after, limit=page.limit)
        found, following = page.cut(found, lambda one: one[0])
        return pb.QueryDemandResponse(
            demands=[demand_message(one) for _, one in found], next_page_token=following
        )

    async def QueryMaximumDemand(
        self, request: pb.QueryMaximumDemandRequest, context: Any
    ) -> pb.QueryMaximumDemandResponse:
        """Maxima."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        series, asked = await self._asked(request)
        found = await self._demand.maxima(
            current_caller().tenant_id,
            series,
            asked,
            enum_name(pb.DemandSpan, request.span) or WHOLE,
            incomplete=request.count_incomplete,
            after=None if page.after is None else (page.after[0], page.after[1]),
            limit=page.limit,
        )
        found, following = page.cut(found, lambda one: one.key)
        return pb.QueryMaximumDemandResponse(
            maxima=[maximum_message(one) for one in found], next_page_token=following
        )

    async def _asked(
        self, request: pb.QueryDemandRequest | pb.QueryMaximumDemandRequest
    ) -> tuple[list[SeriesInfo], Asked]:
        if sum(map(bool, (request.series, request.usage_point_id, request.node_id))) != 1:
            raise SubjectMissing("series", "usage_point_id", "node_id")
        asked = asked_of(request, await self._demand.watermark(maybe_instant("as_of", request)))
        series = await self._demand.series(
            current_caller().tenant_id,
            request.series,
            maybe_id("usage_point_id", request.usage_point_id),
            maybe_id("node_id", request.node_id),
            enum_name(Quantity, request.quantity),
        )
        return series, asked
