"""``simba.readings.v1.ReadingService``."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.ids import parse_id
from server.platform.paging import LARGEST_PAGE, Pages
from server.platform.wire import enum_name, instant, maybe_id, maybe_instant
from server.readings.calendar import to_ms
from server.readings.create import CreateReadings, NewReading
from server.readings.errors import NodeNotFound, SubjectMissing
from server.readings.live.subscription import Subscriptions
from server.readings.ports import Membership, SeriesInfo
from server.readings.queries.bill_ready import BillReadyUsage, days_of
from server.readings.queries.intervals import NATIVE, IntervalQueries, Wanted
from server.readings.queries.kept import Kept
from server.readings.queries.raw import RawQueries
from server.readings.queries.seen import Views
from server.readings.wire.bill_ready import bill_ready_message
from server.readings.wire.blocks import rejected_row
from server.readings.wire.live import asked_of, live_message, stage_of, wish_of
from server.readings.wire.readings import interval_messages, reading_message, time_zone
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import live_reading_pb2 as live_pb
from simba.readings.v1 import reading_pb2
from simba.readings.v1 import reading_service_pb2 as pb
from simba.readings.v1 import reading_service_pb2_grpc as rpc

EARLIEST_MS = -2_000_000_000_000
LATEST_MS = 10_000_000_000_000
"""Bounds of a query without bounds: the years 1906 and 2286."""
LARGEST = 10_000
"""Intervals of a page: a year of hours is one."""


@dataclass(frozen=True, slots=True)
class Queries:
    """All that reads."""

    raw: RawQueries
    intervals: IntervalQueries
    views: Views
    bill_ready: BillReadyUsage
    membership: Membership


class ReadingService(rpc.ReadingServiceServicer):
    """Converts, calls, converts."""

    def __init__(
        self,
        create: CreateReadings,
        queries: Queries,
        live: Subscriptions,
        pages: Pages,
        clock: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._create = create
        self._raw = queries.raw
        self._intervals = queries.intervals
        self._views = queries.views
        self._bill_ready = queries.bill_ready
        self._membership = queries.membership
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
        page = self._pages.page(request.page_size, request.page_token, bound_to=request, largest=LARGEST)
        series = await self._intervals.series(
            tenant_id,
            request.series,
            maybe_id("usage_point_id", request.usage_point_id),
            enum_name(Quantity, request.quantity),
        )
        found = await self._intervals.page(
            tenant_id,
            series,
            await self._wanted(request, tenant_id, series),
            after=page.after,
            limit=page.limit,
        )
        found, following = page.cut(found, lambda one: (one.info.series, one.start_ms))
        return pb.QueryIntervalsResponse(intervals=interval_messages(found), next_page_token=following)

    async def GetBillReadyUsage(
        self, request: pb.GetBillReadyUsageRequest, context: Any
    ) -> pb.GetBillReadyUsageResponse:
        """A month for a bill."""
        found = await self._bill_ready.of(
            current_caller().tenant_id,
            parse_id("usage_point_id", request.usage_point_id),
            days_of(request.month, request.first_day, request.end_day),
            [enum_name(Quantity, one) for one in request.quantities],
            enum_name(reading_pb2.ReadingVersion, request.version),
            maybe_instant("as_of", request),
            time_zone("time_zone", request.time_zone),
        )
        return bill_ready_message(found)

    async def GetLatestReadings(
        self, request: pb.GetLatestReadingsRequest, context: Any
    ) -> pb.GetLatestReadingsResponse:
        """The newest of each channel."""
        tenant_id = current_caller().tenant_id
        size = request.page_size or LARGEST_PAGE
        page = self._pages.page(size, request.page_token, bound_to=request)
        after = page.after[0] if page.after else 0
        channels = await self._channels(tenant_id, request, after, page.limit)
        # A channel that has no reading yet takes a place on its page.
        kept, following = page.cut(channels, lambda channel: (channel,))
        found = await self._raw.latest_of_channels(tenant_id, kept)
        return pb.GetLatestReadingsResponse(
            readings=[reading_message(one) for one in found], next_page_token=following
        )

    async def _channels(
        self, tenant_id: UUID, request: pb.GetLatestReadingsRequest, after: int, limit: int
    ) -> Sequence[int]:
        quantities = [enum_name(Quantity, one) for one in request.quantities]
        subject = request.WhichOneof("subject")
        if subject in {"meter_id", "meters"}:
            ids = [request.meter_id] if subject == "meter_id" else request.meters.ids
            meters = [parse_id(subject, one) for one in ids]
            return await self._raw.channels_of_meters(
                tenant_id, meters, quantities, after, limit, must=subject == "meter_id"
            )
        if subject == "node_id":
            node_id = parse_id("node_id", request.node_id)
            await self._check_node(tenant_id, node_id)
            return await self._membership.channels_now(
                tenant_id, node_id=node_id, quantities=quantities, after=after, limit=limit
            )
        ids = [request.usage_point_id] if subject == "usage_point_id" else request.usage_points.ids
        points = [parse_id(subject or "usage_point_id", one) for one in ids]
        return await self._membership.channels_now(
            tenant_id, usage_point_ids=points, quantities=quantities, after=after, limit=limit
        )

    async def SubscribeReadings(
        self, request: live_pb.SubscribeReadingsRequest, context: Any
    ) -> AsyncIterator[live_pb.SubscribeReadingsResponse]:
        """From a token on, then live."""
        asked = asked_of(request)
        await self._check_node(current_caller().tenant_id, maybe_id("node_id", request.node_id))
        stream = self._live.stream(wish_of(request), stage_of(request), request.resume_token, asked)
        async with aclosing(stream) as messages:
            async for message in messages:
                yield live_message(message, self._live.token(message.position, asked))

    async def ListReadingVersions(
        self, request: pb.ListReadingVersionsRequest, context: Any
    ) -> pb.ListReadingVersionsResponse:
        """All that one interval has had."""
        tenant_id = current_caller().tenant_id
        series = await self._intervals.series(tenant_id, [request.series], None, "")
        found = await self._intervals.versions(tenant_id, series[0], to_ms(instant("time", request.time)))
        return pb.ListReadingVersionsResponse(versions=interval_messages(found))

    async def _check_node(self, tenant_id: UUID, node_id: UUID | None) -> None:
        if node_id is not None and await self._membership.hierarchy_of(tenant_id, node_id) is None:
            raise NodeNotFound(node_id)

    async def _wanted(
        self, request: pb.QueryIntervalsRequest, tenant_id: UUID, series: Sequence[SeriesInfo]
    ) -> Wanted:
        start, end = maybe_instant("start_time", request), maybe_instant("end_time", request)
        if request.max_points and (start is None or end is None):
            missing = "start_time" if start is None else "end_time"
            raise InvalidField(missing, "is needed with max_points", "max_points.period")
        low = EARLIEST_MS if start is None else to_ms(start)
        high = LATEST_MS if end is None else to_ms(end)
        version = enum_name(reading_pb2.ReadingVersion, request.version)
        as_of = maybe_instant("as_of", request)
        return Wanted(
            resolution=enum_name(reading_pb2.Resolution, request.resolution) or NATIVE,
            start_ms=low,
            end_ms=high,
            tz=time_zone("time_zone", request.time_zone),
            seen=await self._views.of(tenant_id, version, as_of, series, low, high),
            now_ms=to_ms(self._clock()),
            kept=Kept(
                frozenset(request.states),
                frozenset(request.except_states),
                request.quality_any,
                request.quality_none,
            ),
            most=request.max_points,
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
