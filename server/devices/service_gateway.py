"""``simba.devices.v1.GatewayService``."""

from typing import Any

from server.devices.convert_meter import gateway_of, wire_gateway
from server.devices.gateways import Gateways
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from simba.devices.v1 import gateway_service_pb2 as pb
from simba.devices.v1 import gateway_service_pb2_grpc as rpc

_UPDATABLE = {"gateway_eui", "display_name", "latitude", "longitude", "external_ids", "tags"}


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
        rows = await self._gateways.page(
            gateway_eui=request.gateway_eui,
            archived=request.show_archived,
            after=page.after,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.gateway_id,))
        return pb.ListGatewaysResponse(
            gateways=[wire_gateway(row) for row in rows], next_page_token=following
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
            keep=("last_seen_time",),
        )
        changed = await self._gateways.update(
            parse_id("gateway.gateway_id", patch.gateway_id), patch.etag, change
        )
        return pb.UpdateGatewayResponse(gateway=wire_gateway(changed))

    async def ArchiveGateway(
        self, request: pb.ArchiveGatewayRequest, context: Any
    ) -> pb.ArchiveGatewayResponse:
        """Archives one."""
        archived = await self._gateways.archive(parse_id("gateway_id", request.gateway_id), request.etag)
        return pb.ArchiveGatewayResponse(gateway=wire_gateway(archived))
