"""``simba.readings.v1.ReadingService``."""

from typing import Any

from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, instant, maybe_id, maybe_instant
from server.readings.calendar import to_ms
from server.readings.create import CreateReadings, NewReading
from server.readings.errors import SubjectMissing
from server.readings.queries.intervals import NATIVE, IntervalQueries, Wanted
from server.readings.queries.raw import RawQueries
from server.readings.wire.blocks import rejected_row
from server.readings.wire.readings import interval_messages, reading_message, time_zone
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import reading_pb2
from simba.readings.v1 import reading_service_pb2 as pb
from simba.readings.v1 import reading_service_pb2_grpc as rpc

EARLIEST_MS = -2_000_000_000_000
LATEST_MS = 10_000_000_000_000
"""Bounds of a query without bounds: the years 1906 and 2286."""


class ReadingService(rpc.ReadingServiceServicer):
    """Converts, calls, converts."""

    def __init__(
        self,
        create: CreateReadings,
        raw: RawQueries,
        intervals: IntervalQueries,
        pages: Pages,
        clock: Any,
    ) -> None:
        self._create = create
        self._raw = raw
        self._intervals = intervals
        self._pages = pages
        self._clock = clock

    async def CreateReadings(
        self, request: pb.CreateReadingsRequest, context: Any
    ) -> pb.CreateReadingsResponse:
        """Stores some."""
        created = await self._create.create(
            [_new(f"readings[{n}]", one) for n, one in enumerate(request.readings)], request.source
        )
        return pb.CreateReadingsResponse(
            stored=created.stored,
            rejected=[rejected_row(row) for row in created.rejected],
            dead_lettered=created.dead_lettered,
        )

    async def QueryReadings(self, request: pb.QueryReadingsRequest, context: Any) -> pb.QueryReadingsResponse:
        """Raw ones."""
        if not (request.channels or request.meter_id or request.usage_point_id):
            raise SubjectMissing("channels", "meter_id", "usage_point_id")
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await self._raw.page(
            current_caller().tenant_id,
            channels=request.channels,
            meter_id=maybe_id("meter_id", request.meter_id),
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            start=maybe_instant("start_time", request),
            end=maybe_instant("end_time", request),
            after=page.after,
            limit=page.limit,
        )
        found, following = page.cut(found, lambda one: one.key)
        return pb.QueryReadingsResponse(
            readings=[reading_message(one) for one in found], next_page_token=following
        )

    async def QueryIntervals(
        self, request: pb.QueryIntervalsRequest, context: Any
    ) -> pb.QueryIntervalsResponse:
        """Final ones."""
        if not (request.series or request.usage_point_id):
            raise SubjectMissing("series", "usage_point_id")
        tenant_id = current_caller().tenant_id
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        series = await self._intervals.series(
            tenant_id,
            request.series,
            maybe_id("usage_point_id", request.usage_point_id),
            enum_name(Quantity, request.quantity),
        )
        found = await self._intervals.page(
            tenant_id,
            series,
            await self._wanted(request),
            after=page.after,
            limit=page.limit,
        )
        found, following = page.cut(found, lambda one: (one.info.series, one.start_ms))
        return pb.QueryIntervalsResponse(intervals=interval_messages(found), next_page_token=following)

    async def GetLatestReadings(
        self, request: pb.GetLatestReadingsRequest, context: Any
    ) -> pb.GetLatestReadingsResponse:
        """The newest of each channel."""
        tenant_id = current_caller().tenant_id
        if request.WhichOneof("subject") == "meter_id":
            found = await self._raw.latest_of_meter(tenant_id, parse_id("meter_id", request.meter_id))
        else:
            usage_point_id = parse_id("usage_point_id", request.usage_point_id)
            found = await self._raw.latest_at(tenant_id, usage_point_id, self._clock())
        return pb.GetLatestReadingsResponse(readings=[reading_message(one) for one in found])

    async def ListReadingVersions(
        self, request: pb.ListReadingVersionsRequest, context: Any
    ) -> pb.ListReadingVersionsResponse:
        """All that one interval has had."""
        tenant_id = current_caller().tenant_id
        series = await self._intervals.series(tenant_id, [request.series], None, "")
        found = await self._intervals.versions(tenant_id, series[0], to_ms(instant("time", request.time)))
        return pb.ListReadingVersionsResponse(versions=interval_messages(found))

    async def _wanted(self, request: pb.QueryIntervalsRequest) -> Wanted:
        start, end = maybe_instant("start_time", request), maybe_instant("end_time", request)
        return Wanted(
            resolution=enum_name(reading_pb2.Resolution, request.resolution) or NATIVE,
            start_ms=EARLIEST_MS if start is None else to_ms(start),
            end_ms=LATEST_MS if end is None else to_ms(end),
            tz=time_zone("time_zone", request.time_zone),
            watermark=await self._intervals.watermark(maybe_instant("as_of", request)),
            now_ms=to_ms(self._clock()),
        )


def _new(field: str, message: pb.NewReading) -> NewReading:
    named = message.WhichOneof("target") == "channel_name"
    return NewReading(
        channel=message.channel,
        meter_id=parse_id(f"{field}.channel_name.meter_id", message.channel_name.meter_id) if named else None,
        code=message.channel_name.code,
        time=instant(f"{field}.time", message.time),
        value=message.value,
        unit=message.unit,
        quality=message.quality,
        multiplier=message.multiplier,
    )
