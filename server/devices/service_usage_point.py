"""``simba.devices.v1.UsagePointService``."""

from operator import itemgetter
from typing import Any

from server.devices.convert_usage_point import (
    phases_of,
    usage_point_of,
    usage_point_of_item,
    wire_position,
    wire_usage_point,
    wire_usage_point_item,
)
from server.devices.installations import Installations
from server.devices.outcomes import good
from server.devices.positions import Position
from server.devices.service_installation import InstallationMethods
from server.devices.usage_points import UsagePointFilter, UsagePoints
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.personal import updatable_by_caller
from server.platform.wire import enum_name, instant, maybe_id, maybe_instant, name_filter
from simba.common.v1 import types_pb2
from simba.devices.v1 import usage_point_pb2
from simba.devices.v1 import usage_point_service_pb2 as pb
from simba.devices.v1 import usage_point_service_pb2_grpc as rpc

_UPDATABLE = {
    "code",
    "display_name",
    "time_zone",
    "place_id",
    "grid_node_id",
    "phases",
    "address",
    "contract_capacity",
    "contract_capacity_unit",
    "latitude",
    "longitude",
    "external_ids",
    "tags",
}
_PERSONAL = {"address"}


class UsagePointServicer(InstallationMethods, rpc.UsagePointServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, usage_points: UsagePoints, pages: Pages, installations: Installations) -> None:
        super().__init__(installations, pages)
        self._usage_points = usage_points

    async def CreateUsagePoint(
        self, request: pb.CreateUsagePointRequest, context: Any
    ) -> pb.CreateUsagePointResponse:
        """Makes one."""
        made = await self._usage_points.create(usage_point_of(request.usage_point))
        return pb.CreateUsagePointResponse(usage_point=wire_usage_point(made))

    async def GetUsagePoint(self, request: pb.GetUsagePointRequest, context: Any) -> pb.GetUsagePointResponse:
        """One."""
        found = await self._usage_points.get(parse_id("usage_point_id", request.usage_point_id))
        return pb.GetUsagePointResponse(usage_point=wire_usage_point(found))

    async def ListUsagePoints(
        self, request: pb.ListUsagePointsRequest, context: Any
    ) -> pb.ListUsagePointsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._usage_points.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, itemgetter(0))
        return pb.ListUsagePointsResponse(
            usage_points=[wire_usage_point(one) for _, one in rows], next_page_token=following
        )

    async def UpdateUsagePoint(
        self, request: pb.UpdateUsagePointRequest, context: Any
    ) -> pb.UpdateUsagePointResponse:
        """Changes one."""
        patch = request.usage_point
        change = patched(
            "usage_point",
            patch,
            request.update_mask,
            updatable_by_caller(_UPDATABLE, _PERSONAL),
            to_wire=wire_usage_point,
            from_wire=usage_point_of,
        )
        changed = await self._usage_points.update(
            parse_id("usage_point.usage_point_id", patch.usage_point_id), patch.etag, change
        )
        return pb.UpdateUsagePointResponse(usage_point=wire_usage_point(changed))

    async def ArchiveUsagePoint(
        self, request: pb.ArchiveUsagePointRequest, context: Any
    ) -> pb.ArchiveUsagePointResponse:
        """Archives one."""
        archived = await self._usage_points.archive(
            parse_id("usage_point_id", request.usage_point_id), request.etag
        )
        return pb.ArchiveUsagePointResponse(usage_point=wire_usage_point(archived))

    async def UndeleteUsagePoint(
        self, request: pb.UndeleteUsagePointRequest, context: Any
    ) -> pb.UndeleteUsagePointResponse:
        """Brings one back."""
        back = await self._usage_points.undelete(
            parse_id("usage_point_id", request.usage_point_id), request.etag
        )
        return pb.UndeleteUsagePointResponse(usage_point=wire_usage_point(back))

    async def BatchCreateUsagePoints(
        self, request: pb.BatchCreateUsagePointsRequest, context: Any
    ) -> pb.BatchCreateUsagePointsResponse:
        """Makes many."""
        given = [usage_point_of_item(one) for one in request.usage_points]
        outcome = await self._usage_points.create_batch(given, validate_only=request.validate_only)
        return pb.BatchCreateUsagePointsResponse(
            items=[wire_usage_point_item(place, one) for place, one in enumerate(outcome)],
            created=0 if request.validate_only else len(good(outcome)),
        )

    async def MoveUsagePoint(
        self, request: pb.MoveUsagePointRequest, context: Any
    ) -> pb.MoveUsagePointResponse:
        """Puts one elsewhere in the trees."""
        position = Position(
            maybe_id("place_id", request.place_id),
            maybe_id("grid_node_id", request.grid_node_id),
            phases_of(request.phases),
        )
        moved = await self._usage_points.move(
            parse_id("usage_point_id", request.usage_point_id),
            position,
            instant("effective_from", request.effective_from),
        )
        return pb.MoveUsagePointResponse(usage_point=wire_usage_point(moved))

    async def ListUsagePointPositions(
        self, request: pb.ListUsagePointPositionsRequest, context: Any
    ) -> pb.ListUsagePointPositionsResponse:
        """Where one has been."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._usage_points.positions(
            parse_id("usage_point_id", request.usage_point_id), before=page.after_value, limit=page.limit
        )
        rows, following = page.cut(rows, lambda row: (row.start,))
        return pb.ListUsagePointPositionsResponse(
            positions=map(wire_position, rows), next_page_token=following
        )


def _filter(request: pb.ListUsagePointsRequest) -> UsagePointFilter:
    return UsagePointFilter(
        place_id=maybe_id("place_id", request.place_id),
        grid_node_id=maybe_id("grid_node_id", request.grid_node_id),
        phase=enum_name(usage_point_pb2.Phase, request.phase),
        commodity=enum_name(types_pb2.Commodity, request.commodity),
        code=request.code,
        archived=request.show_archived,
        external_id=name_filter(request),
        tag=(request.tag.key, request.tag.value) if request.HasField("tag") else None,
        as_of=maybe_instant("as_of", request),
    )
