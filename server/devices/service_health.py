"""``simba.devices.v1.NetworkHealthService``."""

from typing import Any

from server.devices.convert_configuration import wire_clock
from server.devices.health import DeviceHealth, HealthFilter, NetworkHealth, key_of
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, enum_value, maybe_id, maybe_instant, stamp
from simba.devices.v1 import network_health_service_pb2 as pb
from simba.devices.v1 import network_health_service_pb2_grpc as rpc


class NetworkHealthServicer(rpc.NetworkHealthServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, health: NetworkHealth, pages: Pages) -> None:
        self._health = health
        self._pages = pages

    async def GetDeviceHealth(
        self, request: pb.GetDeviceHealthRequest, context: Any
    ) -> pb.GetDeviceHealthResponse:
        """One device's."""
        found = await self._health.get(parse_id("device_id", request.device_id))
        return pb.GetDeviceHealthResponse(device_health=_wire(found))

    async def ListDeviceHealth(
        self, request: pb.ListDeviceHealthRequest, context: Any
    ) -> pb.ListDeviceHealthResponse:
        """Many devices', those silent the longest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._health.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, key_of)
        return pb.ListDeviceHealthResponse(device_health=map(_wire, rows), next_page_token=following)


def _filter(request: pb.ListDeviceHealthRequest) -> HealthFilter:
    return HealthFilter(
        kind=enum_name(pb.DeviceKind, request.kind),
        silent_since=maybe_instant("silent_since", request),
        battery_below=request.battery_below if request.HasField("battery_below") else None,
        node_id=maybe_id("node_id", request.node_id),
    )


def _wire(health: DeviceHealth) -> pb.DeviceHealth:
    contact = health.contact
    return pb.DeviceHealth(
        device_id=str(contact.device_id),
        kind=enum_value(pb.DeviceKind, contact.kind),
        address=contact.address,
        display_name=health.display_name,
        last_seen_time=stamp(contact.last_seen_time),
        silent=health.silent,
        rssi_dbm=contact.rssi_dbm,
        snr_db=contact.snr_db,
        margin_db=contact.margin_db,
        gateway_eui=contact.gateway_eui,
        battery_level=contact.battery_level,
        clock_status=wire_clock(contact.clock),
        completeness=health.completeness,
    )
