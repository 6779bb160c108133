"""The methods of ``simba.devices.v1.UsagePointService`` about what is installed where."""

from decimal import Decimal
from typing import Any

from server.devices.convert_installation import stated_of, wire_installation
from server.devices.convert_usage_point import wire_usage_point
from server.devices.domain import EffectiveMultiplier
from server.devices.installations import InstallationFilter, Installations
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import instant, maybe_id, maybe_instant
from simba.devices.v1 import usage_point_service_pb2 as pb


class InstallationMethods:
    """Converts, calls, converts."""

    def __init__(self, installations: Installations, pages: Pages) -> None:
        self._installations = installations
        self._pages = pages

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

    async def SetMultiplier(self, request: pb.SetMultiplierRequest, context: Any) -> pb.SetMultiplierResponse:
        """Multiplies by something else from an instant on."""
        since = EffectiveMultiplier(
            instant("effective_from", request.effective_from),
            Decimal(request.multiplier),
            request.current_ratio,
            request.voltage_ratio,
        )
        point_id = parse_id("usage_point_id", request.usage_point_id)
        changed = await self._installations.multiply(point_id, since, stated_of(request.readings))
        return pb.SetMultiplierResponse(installation=wire_installation(changed))

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
