"""``simba.devices.v1.UsagePointService``."""

from decimal import Decimal
from typing import Any

from server.devices.convert_meter import usage_point_of, wire_installation, wire_usage_point
from server.devices.installations import InstallationFilter, Installations
from server.devices.usage_points import UsagePointFilter, UsagePoints
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, instant, maybe_id, maybe_instant, name_filter
from simba.common.v1 import types_pb2
from simba.devices.v1 import usage_point_service_pb2 as pb
from simba.devices.v1 import usage_point_service_pb2_grpc as rpc

_UPDATABLE = {
    "code",
    "display_name",
    "time_zone",
    "place_id",
    "grid_node_id",
    "address",
    "external_ids",
    "tags",
}


class UsagePointServicer(rpc.UsagePointServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, usage_points: UsagePoints, pages: Pages, installations: Installations) -> None:
        self._usage_points = usage_points
        self._pages = pages
        self._installations = installations

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
        rows = await self._usage_points.page(
            UsagePointFilter(
                place_id=maybe_id("place_id", request.place_id),
                grid_node_id=maybe_id("grid_node_id", request.grid_node_id),
                commodity=enum_name(types_pb2.Commodity, request.commodity),
                code=request.code,
                archived=request.show_archived,
                external_id=name_filter(request),
            ),
            after=page.after,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.usage_point_id,))
        return pb.ListUsagePointsResponse(
            usage_points=[wire_usage_point(row) for row in rows], next_page_token=following
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
            _UPDATABLE,
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

    async def InstallMeter(self, request: pb.InstallMeterRequest, context: Any) -> pb.InstallMeterResponse:
        """Puts a meter there."""
        made, point = await self._installations.install(
            parse_id("usage_point_id", request.usage_point_id),
            parse_id("meter_id", request.meter_id),
            instant("install_time", request.install_time),
            Decimal(request.multiplier or "1"),
        )
        return pb.InstallMeterResponse(
            installation=wire_installation(made), usage_point=wire_usage_point(point)
        )

    async def RemoveMeter(self, request: pb.RemoveMeterRequest, context: Any) -> pb.RemoveMeterResponse:
        """Takes the meter away."""
        removed = await self._installations.remove(
            parse_id("usage_point_id", request.usage_point_id), instant("remove_time", request.remove_time)
        )
        return pb.RemoveMeterResponse(installation=wire_installation(removed))

    async def ListInstallations(
        self, request: pb.ListInstallationsRequest, context: Any
    ) -> pb.ListInstallationsResponse:
        """Which meters were where."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        which = InstallationFilter(
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            meter_id=maybe_id("meter_id", request.meter_id),
            as_of=maybe_instant("as_of", request),
        )
        rows = await self._installations.page(which, after=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.installation_id,))
        return pb.ListInstallationsResponse(
            installations=[wire_installation(row) for row in rows], next_page_token=following
        )
