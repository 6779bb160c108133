"""``simba.readings.v1.DerivedSeriesService``."""

from datetime import datetime
from typing import Any

from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_instant
from server.readings.derived.app import Asked, DerivedSeriesCases
from server.readings.derived.convert import (
    derived_series_of,
    wanted_of,
    wire_derived_series,
    wire_version,
)
from server.readings.queries.seen import Views
from server.readings.wire.readings import interval_messages
from simba.readings.v1 import derived_series_service_pb2 as pb
from simba.readings.v1 import derived_series_service_pb2_grpc as rpc

_UPDATABLE = {"display_name", "description", "formula", "inputs"}
_KEPT = ("number", "version_id", "effective_from", "created_by")


class DerivedSeriesService(rpc.DerivedSeriesServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, cases: DerivedSeriesCases, views: Views, pages: Pages, clock: Any) -> None:
        self._cases = cases
        self._views = views
        self._pages = pages
        self._clock = clock

    async def CreateDerivedSeries(
        self, request: pb.CreateDerivedSeriesRequest, context: Any
    ) -> pb.CreateDerivedSeriesResponse:
        """Makes one."""
        draft = derived_series_of(request.derived_series)
        start = maybe_instant("effective_from", request)
        made = await self._cases.create(draft, start, store_it=not request.validate_only)
        return pb.CreateDerivedSeriesResponse(derived_series=wire_derived_series(made))

    async def GetDerivedSeries(
        self, request: pb.GetDerivedSeriesRequest, context: Any
    ) -> pb.GetDerivedSeriesResponse:
        """One."""
        found = await self._cases.get(parse_id("derived_series_id", request.derived_series_id))
        return pb.GetDerivedSeriesResponse(derived_series=wire_derived_series(found))

    async def ListDerivedSeries(
        self, request: pb.ListDerivedSeriesRequest, context: Any
    ) -> pb.ListDerivedSeriesResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._cases.page(archived=request.show_archived, after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.derived_series_id,))
        return pb.ListDerivedSeriesResponse(
            derived_series=map(wire_derived_series, rows), next_page_token=following
        )

    async def UpdateDerivedSeries(
        self, request: pb.UpdateDerivedSeriesRequest, context: Any
    ) -> pb.UpdateDerivedSeriesResponse:
        """Changes one."""
        patch = request.derived_series
        change = patched(
            "derived_series",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_derived_series,
            from_wire=derived_series_of,
            keep=_KEPT,
        )
        changed = await self._cases.update(
            parse_id("derived_series.derived_series_id", patch.derived_series_id),
            patch.etag,
            change,
            maybe_instant("effective_from", request),
            store_it=not request.validate_only,
        )
        return pb.UpdateDerivedSeriesResponse(derived_series=wire_derived_series(changed))

    async def ArchiveDerivedSeries(
        self, request: pb.ArchiveDerivedSeriesRequest, context: Any
    ) -> pb.ArchiveDerivedSeriesResponse:
        """Archives one."""
        which = parse_id("derived_series_id", request.derived_series_id)
        archived = await self._cases.archive(which, request.etag)
        return pb.ArchiveDerivedSeriesResponse(derived_series=wire_derived_series(archived))

    async def ListDerivedSeriesVersions(
        self, request: pb.ListDerivedSeriesVersionsRequest, context: Any
    ) -> pb.ListDerivedSeriesVersionsResponse:
        """Its versions."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        which = parse_id("derived_series_id", request.derived_series_id)
        rows = await self._cases.versions(which, after=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.number,))
        return pb.ListDerivedSeriesVersionsResponse(
            versions=map(wire_version, rows), next_page_token=following
        )

    async def EvaluateDerivedSeries(
        self, request: pb.EvaluateDerivedSeriesRequest, context: Any
    ) -> pb.EvaluateDerivedSeriesResponse:
        """Its values."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        which = parse_id("derived_series_id", request.derived_series_id)
        asked = await self._asked(request, page.after_value, page.limit)
        found = await self._cases.evaluate(which, asked)
        found, following = page.cut(found, lambda one: (one.start_ms,))
        return pb.EvaluateDerivedSeriesResponse(intervals=interval_messages(found), next_page_token=following)

    async def PreviewDerivedSeries(
        self, request: pb.PreviewDerivedSeriesRequest, context: Any
    ) -> pb.PreviewDerivedSeriesResponse:
        """What it would give."""
        draft = derived_series_of(request.derived_series)
        made, found = await self._cases.preview(draft, await self._asked(request))
        return pb.PreviewDerivedSeriesResponse(
            derived_series=wire_derived_series(made), intervals=interval_messages(found)
        )

    async def _asked(
        self,
        request: pb.EvaluateDerivedSeriesRequest | pb.PreviewDerivedSeriesRequest,
        after: int | None = None,
        limit: int = 1000,
    ) -> Asked:
        as_of: datetime | None = maybe_instant("as_of", request)
        wanted = wanted_of(request, await self._views.watermark(as_of), self._clock())
        return Asked(wanted, as_of, after, limit)
