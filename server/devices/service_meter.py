"""``simba.devices.v1.MeterService``."""

from typing import Any

from server.devices.convert_meter import meter_of, wire_meter
from server.devices.meters import MeterFilter, Meters
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, name_filter
from simba.devices.v1 import meter_pb2
from simba.devices.v1 import meter_service_pb2 as pb
from simba.devices.v1 import meter_service_pb2_grpc as rpc

_UPDATABLE = {"serial_number", "dev_eui", "display_name", "external_ids", "tags"}


class MeterServicer(rpc.MeterServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, meters: Meters, pages: Pages) -> None:
        self._meters = meters
        self._pages = pages

    async def CreateMeter(self, request: pb.CreateMeterRequest, context: Any) -> pb.CreateMeterResponse:
        """Makes one."""
        made = await self._meters.create(meter_of(request.meter))
        return pb.CreateMeterResponse(meter=wire_meter(made))

    async def GetMeter(self, request: pb.GetMeterRequest, context: Any) -> pb.GetMeterResponse:
        """One."""
        found = await self._meters.get(parse_id("meter_id", request.meter_id))
        return pb.GetMeterResponse(meter=wire_meter(found))

    async def ListMeters(self, request: pb.ListMetersRequest, context: Any) -> pb.ListMetersResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._meters.page(
            MeterFilter(
                device_model_id=maybe_id("device_model_id", request.device_model_id),
                state=enum_name(meter_pb2.MeterState, request.state),
                archived=request.show_archived,
                dev_eui=request.dev_eui,
                serial_number=request.serial_number,
                last_seen_before=maybe_instant("last_seen_before", request),
                external_id=name_filter(request),
            ),
            after=page.after,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.meter_id,))
        return pb.ListMetersResponse(meters=[wire_meter(row) for row in rows], next_page_token=following)

    async def UpdateMeter(self, request: pb.UpdateMeterRequest, context: Any) -> pb.UpdateMeterResponse:
        """Changes one."""
        patch = request.meter
        change = patched(
            "meter",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_meter,
            from_wire=meter_of,
            keep=("manufacturer",),
        )
        changed = await self._meters.update(parse_id("meter.meter_id", patch.meter_id), patch.etag, change)
        return pb.UpdateMeterResponse(meter=wire_meter(changed))

    async def ArchiveMeter(self, request: pb.ArchiveMeterRequest, context: Any) -> pb.ArchiveMeterResponse:
        """Archives one."""
        archived = await self._meters.archive(parse_id("meter_id", request.meter_id), request.etag)
        return pb.ArchiveMeterResponse(meter=wire_meter(archived))
