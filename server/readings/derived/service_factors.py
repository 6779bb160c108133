"""``simba.readings.v1.FactorSetService``."""

from typing import Any

from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_instant
from server.readings.derived.convert import (
    factor_set_of,
    given_of,
    wire_factor_set,
    wire_segment,
    wire_value,
)
from server.readings.derived.factor_app import FactorSets
from simba.readings.v1 import factor_set_service_pb2 as pb
from simba.readings.v1 import factor_set_service_pb2_grpc as rpc

_UPDATABLE = {"display_name", "description"}


class FactorSetService(rpc.FactorSetServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, factor_sets: FactorSets, pages: Pages) -> None:
        self._sets = factor_sets
        self._pages = pages

    async def CreateFactorSet(
        self, request: pb.CreateFactorSetRequest, context: Any
    ) -> pb.CreateFactorSetResponse:
        """Makes one."""
        made = await self._sets.create(factor_set_of(request.factor_set))
        return pb.CreateFactorSetResponse(factor_set=wire_factor_set(made))

    async def GetFactorSet(self, request: pb.GetFactorSetRequest, context: Any) -> pb.GetFactorSetResponse:
        """One."""
        found = await self._sets.get(parse_id("factor_set_id", request.factor_set_id))
        return pb.GetFactorSetResponse(factor_set=wire_factor_set(found))

    async def ListFactorSets(
        self, request: pb.ListFactorSetsRequest, context: Any
    ) -> pb.ListFactorSetsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._sets.page(archived=request.show_archived, after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.factor_set_id,))
        return pb.ListFactorSetsResponse(factor_sets=map(wire_factor_set, rows), next_page_token=following)

    async def UpdateFactorSet(
        self, request: pb.UpdateFactorSetRequest, context: Any
    ) -> pb.UpdateFactorSetResponse:
        """Changes one."""
        patch = request.factor_set
        change = patched(
            "factor_set",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_factor_set,
            from_wire=factor_set_of,
        )
        which = parse_id("factor_set.factor_set_id", patch.factor_set_id)
        changed = await self._sets.update(which, patch.etag, change)
        return pb.UpdateFactorSetResponse(factor_set=wire_factor_set(changed))

    async def ArchiveFactorSet(
        self, request: pb.ArchiveFactorSetRequest, context: Any
    ) -> pb.ArchiveFactorSetResponse:
        """Archives one."""
        archived = await self._sets.archive(parse_id("factor_set_id", request.factor_set_id), request.etag)
        return pb.ArchiveFactorSetResponse(factor_set=wire_factor_set(archived))

    async def GiveFactorValues(
        self, request: pb.GiveFactorValuesRequest, context: Any
    ) -> pb.GiveFactorValuesResponse:
        """Gives values."""
        values = [given_of(place, one) for place, one in enumerate(request.values)]
        stored = await self._sets.give(parse_id("factor_set_id", request.factor_set_id), values)
        return pb.GiveFactorValuesResponse(stored=stored)

    async def ListFactorValues(
        self, request: pb.ListFactorValuesRequest, context: Any
    ) -> pb.ListFactorValuesResponse:
        """What holds."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._sets.held(
            parse_id("factor_set_id", request.factor_set_id),
            as_of=maybe_instant("as_of", request),
            start=maybe_instant("start_time", request),
            end=maybe_instant("end_time", request),
        )
        left = [row for row in rows if page.after is None or row.start > page.after_value]
        left, following = page.cut(left[: page.limit], lambda row: (row.start,))
        return pb.ListFactorValuesResponse(values=map(wire_segment, left), next_page_token=following)

    async def ListFactorValueVersions(
        self, request: pb.ListFactorValueVersionsRequest, context: Any
    ) -> pb.ListFactorValueVersionsResponse:
        """What was given."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._sets.given(
            parse_id("factor_set_id", request.factor_set_id),
            start=maybe_instant("start_time", request),
            end=maybe_instant("end_time", request),
            after=page.after_value,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.version_id,))
        return pb.ListFactorValueVersionsResponse(values=map(wire_value, rows), next_page_token=following)
