"""``simba.readings.v1.SupplyQualityService``."""

from typing import Any

from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, instant, maybe_id
from server.readings.calendar import to_ms
from server.readings.errors import SubjectMissing
from server.readings.supply_quality.app import SupplyQuality
from server.readings.supply_quality.convert import (
    answer,
    limits_of,
    point_message,
    quantities_of,
    rank_message,
    span_of,
)
from server.readings.wire.readings import time_zone
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import supply_quality_service_pb2 as pb
from simba.readings.v1 import supply_quality_service_pb2_grpc as rpc

_FLAT = ("start_time", "end_time")


class SupplyQualityService(rpc.SupplyQualityServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, quality: SupplyQuality, pages: Pages) -> None:
        self._quality = quality
        self._pages = pages

    async def GetSupplyQuality(
        self, request: pb.GetSupplyQualityRequest, context: Any
    ) -> pb.GetSupplyQualityResponse:
        """Statistics and verdicts."""
        period = request.period
        start, end = instant("period.start", period.start), instant("period.end", period.end)
        span = span_of(("period.start", "period.end"), to_ms(start), to_ms(end))
        limits = limits_of(request.limits)
        tenant_id = current_caller().tenant_id
        supply = await self._quality.supply(
            tenant_id,
            span,
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            meter_id=maybe_id("meter_id", request.meter_id),
            quantities=quantities_of(request.quantities),
            tz=time_zone("time_zone", request.time_zone),
        )
        return answer(*await self._quality.evaluate(tenant_id, supply, span, limits))

    async def QuerySupplyQuality(
        self, request: pb.QuerySupplyQualityRequest, context: Any
    ) -> pb.QuerySupplyQualityResponse:
        """A profile."""
        if not (request.usage_point_id or request.meter_id):
            raise SubjectMissing("usage_point_id", "meter_id")
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        start, end = instant("start_time", request.start_time), instant("end_time", request.end_time)
        span = span_of(_FLAT, to_ms(start), to_ms(end))
        tenant_id = current_caller().tenant_id
        supply = await self._quality.supply(
            tenant_id,
            span,
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            meter_id=maybe_id("meter_id", request.meter_id),
            quantities=quantities_of(request.quantities),
            tz=time_zone("time_zone", request.time_zone),
        )
        resolution = enum_name(pb.SupplyResolution, request.resolution) or "TEN_MINUTES"
        after = None if page.after is None else (page.after[0], page.after[1])
        found = await self._quality.profile(
            tenant_id, supply, span, resolution, after=after, limit=page.limit
        )
        found, following = page.cut(found, lambda one: (one.measured.info.channel, one.span.low))
        return pb.QuerySupplyQualityResponse(
            points=[point_message(one) for one in found], next_page_token=following
        )

    async def ListWorstSupplyQuality(
        self, request: pb.ListWorstSupplyQualityRequest, context: Any
    ) -> pb.ListWorstSupplyQualityResponse:
        """A ranking."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        start, end = instant("start_time", request.start_time), instant("end_time", request.end_time)
        span = span_of(_FLAT, to_ms(start), to_ms(end))
        limits = limits_of(request.limits)
        ids = [parse_id(f"usage_point_ids[{n}]", one) for n, one in enumerate(request.usage_point_ids)]
        quantity = enum_name(Quantity, request.quantity)
        found = await self._quality.worst(current_caller().tenant_id, ids, quantity, span, limits)
        left = [one for one in found if page.after is None or one.key > page.after]
        left, following = page.cut(left[: page.limit], lambda one: one.key)
        return pb.ListWorstSupplyQualityResponse(
            ranks=[rank_message(one) for one in left], next_page_token=following
        )
