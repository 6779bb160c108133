"""``simba.devices.v1.MeterService``."""

from operator import itemgetter
from typing import Any

from server.devices.convert_configuration import wire_configuration, wire_drift
from server.devices.convert_meter import item_of, meter_of, wire_entry, wire_item, wire_meter
from server.devices.exchanges import Exchanges
from server.devices.meter_filter import MeterFilter
from server.devices.meter_history import MeterHistory
from server.devices.meters import Meters
from server.devices.outcomes import good
from server.devices.service_exchange import ExchangeMethods
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, name_filter
from simba.devices.v1 import meter_pb2
from simba.devices.v1 import meter_service_pb2 as pb
from simba.devices.v1 import meter_service_pb2_grpc as rpc

_UPDATABLE = {
    "serial_number",
    "dev_eui",
    "join_eui",
    "display_name",
    "batch",
    "concentrator_id",
    "keys",
    "configuration.desired",
    "external_ids",
    "tags",
}


class MeterServicer(ExchangeMethods, rpc.MeterServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, meters: Meters, history: MeterHistory, exchanges: Exchanges, pages: Pages) -> None:
        super().__init__(exchanges, meters, pages)
        self._history = history

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
        rows = await self._meters.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, itemgetter(0))
        return pb.ListMetersResponse(meters=[wire_meter(one) for _, one in rows], next_page_token=following)

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
        device_id = parse_id("meter.meter_id", patch.meter_id)
        changed = await self._meters.update(device_id, patch.etag, change)
        return pb.UpdateMeterResponse(meter=wire_meter(changed))

    async def ArchiveMeter(self, request: pb.ArchiveMeterRequest, context: Any) -> pb.ArchiveMeterResponse:
        """Archives one."""
        device_id = parse_id("meter_id", request.meter_id)
        return pb.ArchiveMeterResponse(meter=wire_meter(await self._meters.archive(device_id, request.etag)))

    async def UndeleteMeter(self, request: pb.UndeleteMeterRequest, context: Any) -> pb.UndeleteMeterResponse:
        """Brings one back."""
        device_id = parse_id("meter_id", request.meter_id)
        return pb.UndeleteMeterResponse(
            meter=wire_meter(await self._meters.undelete(device_id, request.etag))
        )

    async def SuspendMeter(self, request: pb.SuspendMeterRequest, context: Any) -> pb.SuspendMeterResponse:
        """From now on it is told nothing."""
        device_id = parse_id("meter_id", request.meter_id)
        return pb.SuspendMeterResponse(meter=wire_meter(await self._meters.suspend(device_id, request.etag)))

    async def ResumeMeter(self, request: pb.ResumeMeterRequest, context: Any) -> pb.ResumeMeterResponse:
        """Ends the suspension."""
        device_id = parse_id("meter_id", request.meter_id)
        return pb.ResumeMeterResponse(meter=wire_meter(await self._meters.resume(device_id, request.etag)))

    async def ReturnMeter(self, request: pb.ReturnMeterRequest, context: Any) -> pb.ReturnMeterResponse:
        """Takes one back to the store."""
        device_id = parse_id("meter_id", request.meter_id)
        return pb.ReturnMeterResponse(meter=wire_meter(await self._meters.take_back(device_id, request.etag)))

    async def RetryProvisioning(
        self, request: pb.RetryProvisioningRequest, context: Any
    ) -> pb.RetryProvisioningResponse:
        """Begins the provisioning of one anew."""
        tried = await self._meters.retry(parse_id("meter_id", request.meter_id))
        return pb.RetryProvisioningResponse(meter=wire_meter(tried))

    async def BatchCreateMeters(
        self, request: pb.BatchCreateMetersRequest, context: Any
    ) -> pb.BatchCreateMetersResponse:
        """Makes many; each stands for itself."""
        outcome = await self._meters.create_batch(
            [item_of(one) for one in request.meters], validate_only=request.validate_only
        )
        return pb.BatchCreateMetersResponse(
            items=map(wire_item, range(len(outcome)), outcome), created=len(good(outcome))
        )

    async def ListMeterHistory(
        self, request: pb.ListMeterHistoryRequest, context: Any
    ) -> pb.ListMeterHistoryResponse:
        """What became of one."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        meter_id = parse_id("meter_id", request.meter_id)
        rows = await self._history.page(meter_id, after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: row.key)
        return pb.ListMeterHistoryResponse(entries=map(wire_entry, rows), next_page_token=following)

    async def GetMeterConfigDrift(
        self, request: pb.GetMeterConfigDriftRequest, context: Any
    ) -> pb.GetMeterConfigDriftResponse:
        """Where settings are not as desired."""
        found, drifts = await self._meters.drift(parse_id("meter_id", request.meter_id))
        return pb.GetMeterConfigDriftResponse(
            drifts=map(wire_drift, drifts), configuration=wire_configuration(found.configuration)
        )

    async def ApplyMeterConfigProfile(
        self, request: pb.ApplyMeterConfigProfileRequest, context: Any
    ) -> pb.ApplyMeterConfigProfileResponse:
        """Gives some the settings of a profile."""
        given = await self._meters.apply_profile(
            parse_id("config_profile_id", request.config_profile_id),
            [parse_id(f"meter_ids[{index}]", one) for index, one in enumerate(request.meter_ids)],
        )
        return pb.ApplyMeterConfigProfileResponse(meters=map(wire_meter, given))


def _filter(request: pb.ListMetersRequest) -> MeterFilter:
    return MeterFilter(
        device_model_id=maybe_id("device_model_id", request.device_model_id),
        state=enum_name(meter_pb2.MeterState, request.state),
        archived=request.show_archived,
        dev_eui=request.dev_eui,
        serial_number=request.serial_number,
        last_seen_before=maybe_instant("last_seen_before", request),
        external_id=name_filter(request),
        tag=(request.tag.key, request.tag.value) if request.HasField("tag") else None,
        place_id=maybe_id("place_id", request.place_id),
        grid_node_id=maybe_id("grid_node_id", request.grid_node_id),
        concentrator_id=maybe_id("concentrator_id", request.concentrator_id),
        batch=request.batch,
    )
