"""``simba.readings.v1.AggregationService`` and ``CoverageService``."""

from typing import Any

from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, instant, maybe_id, maybe_instant
from server.readings.aggregation.app import WHOLE, Aggregation, Question
from server.readings.aggregation.convert import aggregate_message, coverage_message, hierarchy_of
from server.readings.aggregation.coverage import CoverageReports
from server.readings.aggregation.domain import NONE, UNASSIGNED
from server.readings.calendar import to_ms
from server.readings.wire.readings import time_zone
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import aggregation_service_pb2 as pb
from simba.readings.v1 import coverage_service_pb2 as coverage_pb
from simba.readings.v1.aggregation_service_pb2_grpc import AggregationServiceServicer
from simba.readings.v1.coverage_service_pb2_grpc import CoverageServiceServicer
from simba.readings.v1.reading_pb2 import Resolution


class AggregationService(AggregationServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, aggregation: Aggregation, pages: Pages) -> None:
        self._aggregation = aggregation
        self._pages = pages

    async def Aggregate(self, request: pb.AggregateRequest, context: Any) -> pb.AggregateResponse:
        """Sums."""
        grouping = enum_name(pb.AggregateGrouping, request.grouping) or NONE
        node_id = maybe_id("node_id", request.node_id)
        asked = Question(
            node_id=node_id,
            hierarchy=hierarchy_of(request.hierarchy),
            start_ms=to_ms(instant("start_time", request.start_time)),
            end_ms=to_ms(instant("end_time", request.end_time)),
            resolution=enum_name(Resolution, request.resolution) or WHOLE,
            tz=time_zone("time_zone", request.time_zone),
            quantities=tuple(enum_name(Quantity, one) for one in request.quantities),
            grouping=grouping,
            phases=UNASSIGNED if request.phases == "unassigned" else request.phases,
            as_of=maybe_instant("as_of", request),
        )
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        after = (int(page.after[0]), str(page.after[1])) if page.after else None
        found, zone = await self._aggregation.page(
            current_caller().tenant_id, asked, after=after, limit=page.limit
        )
        kept, following = page.cut(found, lambda one: one.place)
        return pb.AggregateResponse(
            aggregates=[aggregate_message(one, grouping, node_id) for one in kept],
            next_page_token=following,
            time_zone=zone,
        )


class CoverageService(CoverageServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, reports: CoverageReports) -> None:
        self._reports = reports

    async def GetCoverage(
        self, request: coverage_pb.GetCoverageRequest, context: Any
    ) -> coverage_pb.GetCoverageResponse:
        """How complete."""
        node_id = maybe_id("node_id", request.node_id)
        asked = Question(
            node_id=node_id,
            hierarchy=hierarchy_of(request.hierarchy),
            start_ms=to_ms(instant("start_time", request.start_time)),
            end_ms=to_ms(instant("end_time", request.end_time)),
            tz=time_zone("time_zone", request.time_zone),
            quantities=tuple(enum_name(Quantity, one) for one in request.quantities),
        )
        points = None
        if request.WhichOneof("subject") == "usage_points":
            given = enumerate(request.usage_points.ids)
            points = [parse_id(f"usage_points.ids[{n}]", one) for n, one in given]
        found = await self._reports.of(current_caller().tenant_id, asked, points, request.worst)
        return coverage_message(found, node_id)
