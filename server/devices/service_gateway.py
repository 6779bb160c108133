"""``simba.devices.v1.GatewayService``."""

from operator import itemgetter
from typing import Any

from server.devices.convert_configuration import wire_clock, wire_configuration, wire_drift
from server.devices.convert_gateway import gateway_of, wire_gateway
from server.devices.field_device_filter import FieldDeviceFilter
from server.devices.gateways import Gateways
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, name_filter
from simba.devices.v1 import device_state_pb2
from simba.devices.v1 import gateway_service_pb2 as pb
from simba.devices.v1 import gateway_service_pb2_grpc as rpc

_UPDATABLE = {
    "gateway_eui",
    "display_name",
    "latitude",
    "longitude",
    "place_id",
    "managed",
    "stats_interval",
    "configuration.desired",
    "external_ids",
    "tags",
}


class GatewayServicer(rpc.GatewayServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, gateways: Gateways, pages: Pages) -> None:
        self._gateways = gateways
        self._pages = pages

    async def CreateGateway(self, request: pb.CreateGatewayRequest, context: Any) -> pb.CreateGatewayResponse:
        """Makes one."""
        made = await self._gateways.create(gateway_of(request.gateway))
        return pb.CreateGatewayResponse(gateway=wire_gateway(made))

    async def GetGateway(self, request: pb.GetGatewayRequest, context: Any) -> pb.GetGatewayResponse:
        """One."""
        found = await self._gateways.get(parse_id("gateway_id", request.gateway_id))
        return pb.GetGatewayResponse(gateway=wire_gateway(found))

    async def ListGateways(self, request: pb.ListGatewaysRequest, context: Any) -> pb.ListGatewaysResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._gateways.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, itemgetter(0))
        return pb.ListGatewaysResponse(
            gateways=[wire_gateway(one) for _, one in rows], next_page_token=following
        )

    async def UpdateGateway(self, request: pb.UpdateGatewayRequest, context: Any) -> pb.UpdateGatewayResponse:
        """Changes one."""
        patch = request.gateway
        change = patched(
            "gateway",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_gateway,
            from_wire=gateway_of,
        )
        device_id = parse_id("gateway.gateway_id", patch.gateway_id)
        changed = await self._gateways.update(device_id, patch.etag, change)
        return pb.UpdateGatewayResponse(gateway=wire_gateway(changed))

    async def ArchiveGateway(
        self, request: pb.ArchiveGatewayRequest, context: Any
    ) -> pb.ArchiveGatewayResponse:
        """Archives one."""
        device_id = parse_id("gateway_id", request.gateway_id)
        return pb.ArchiveGatewayResponse(
            gateway=wire_gateway(await self._gateways.archive(device_id, request.etag))
        )

    async def UndeleteGateway(
        self, request: pb.UndeleteGatewayRequest, context: Any
    ) -> pb.UndeleteGatewayResponse:
        """Brings one back."""
        device_id = parse_id("gateway_id", request.gateway_id)
        return pb.UndeleteGatewayResponse(
            gateway=wire_gateway(await self._gateways.undelete(device_id, request.etag))
        )

    async def SuspendGateway(
        self, request: pb.SuspendGatewayRequest, context: Any
    ) -> pb.SuspendGatewayResponse:
        """From now on it is told nothing."""
        device_id = parse_id("gateway_id", request.gateway_id)
        return pb.SuspendGatewayResponse(
            gateway=wire_gateway(await self._gateways.suspend(device_id, request.etag))
        )

    async def ResumeGateway(self, request: pb.ResumeGatewayRequest, context: Any) -> pb.ResumeGatewayResponse:
        """Ends the suspension."""
        device_id = parse_id("gateway_id", request.gateway_id)
        return pb.ResumeGatewayResponse(
            gateway=wire_gateway(await self._gateways.resume(device_id, request.etag))
        )

    async def ReturnGateway(self, request: pb.ReturnGatewayRequest, context: Any) -> pb.ReturnGatewayResponse:
        """Takes one back to the store."""
        device_id = parse_id("gateway_id", request.gateway_id)
        return pb.ReturnGatewayResponse(
            gateway=wire_gateway(await self._gateways.take_back(device_id, request.etag))
        )

    async def RetryGatewayProvisioning(
        self, request: pb.RetryGatewayProvisioningRequest, context: Any
    ) -> pb.RetryGatewayProvisioningResponse:
        """Begins the provisioning of one anew."""
        tried = await self._gateways.retry(parse_id("gateway_id", request.gateway_id))
        return pb.RetryGatewayProvisioningResponse(gateway=wire_gateway(tried))

    async def GetGatewayConfigDrift(
        self, request: pb.GetGatewayConfigDriftRequest, context: Any
    ) -> pb.GetGatewayConfigDriftResponse:
        """Where settings are not as desired."""
        found, drifts = await self._gateways.drift(parse_id("gateway_id", request.gateway_id))
        return pb.GetGatewayConfigDriftResponse(
            drifts=map(wire_drift, drifts), configuration=wire_configuration(found.configuration)
        )

    async def ApplyGatewayConfigProfile(
        self, request: pb.ApplyGatewayConfigProfileRequest, context: Any
    ) -> pb.ApplyGatewayConfigProfileResponse:
        """Gives some the settings of a profile."""
        given = await self._gateways.apply_profile(
            parse_id("config_profile_id", request.config_profile_id),
            [parse_id(f"gateway_ids[{index}]", one) for index, one in enumerate(request.gateway_ids)],
        )
        return pb.ApplyGatewayConfigProfileResponse(gateways=map(wire_gateway, given))

    async def GetGatewayClockStatus(
        self, request: pb.GetGatewayClockStatusRequest, context: Any
    ) -> pb.GetGatewayClockStatusResponse:
        """How far the clock is off."""
        clock = await self._gateways.clock(parse_id("gateway_id", request.gateway_id))
        return pb.GetGatewayClockStatusResponse(clock_status=wire_clock(clock))


def _filter(request: pb.ListGatewaysRequest) -> FieldDeviceFilter:
    return FieldDeviceFilter(
        number=request.gateway_eui,
        state=enum_name(device_state_pb2.DeviceState, request.state),
        last_seen_before=maybe_instant("last_seen_before", request),
        external_id=name_filter(request),
        tag=(request.tag.key, request.tag.value) if request.HasField("tag") else None,
        place_id=maybe_id("place_id", request.place_id),
        archived=request.show_archived,
    )
