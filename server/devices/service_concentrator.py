"""``simba.devices.v1.ConcentratorService``."""

from operator import itemgetter
from typing import Any

from server.devices.concentrators import Concentrators
from server.devices.convert_configuration import wire_clock, wire_configuration, wire_drift
from server.devices.convert_gateway import concentrator_of, wire_concentrator
from server.devices.field_device_filter import FieldDeviceFilter
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, name_filter
from simba.devices.v1 import concentrator_service_pb2 as pb
from simba.devices.v1 import concentrator_service_pb2_grpc as rpc
from simba.devices.v1 import device_state_pb2

_UPDATABLE = {
    "serial_number",
    "identity",
    "adapter",
    "display_name",
    "place_id",
    "grid_node_id",
    "keys",
    "configuration.desired",
    "external_ids",
    "tags",
}


class ConcentratorServicer(rpc.ConcentratorServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, concentrators: Concentrators, pages: Pages) -> None:
        self._concentrators = concentrators
        self._pages = pages

    async def CreateConcentrator(
        self, request: pb.CreateConcentratorRequest, context: Any
    ) -> pb.CreateConcentratorResponse:
        """Makes one."""
        made = await self._concentrators.create(concentrator_of(request.concentrator))
        return pb.CreateConcentratorResponse(concentrator=wire_concentrator(made))

    async def GetConcentrator(
        self, request: pb.GetConcentratorRequest, context: Any
    ) -> pb.GetConcentratorResponse:
        """One."""
        found = await self._concentrators.get(parse_id("concentrator_id", request.concentrator_id))
        return pb.GetConcentratorResponse(concentrator=wire_concentrator(found))

    async def ListConcentrators(
        self, request: pb.ListConcentratorsRequest, context: Any
    ) -> pb.ListConcentratorsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._concentrators.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, itemgetter(0))
        return pb.ListConcentratorsResponse(
            concentrators=[wire_concentrator(one) for _, one in rows], next_page_token=following
        )

    async def UpdateConcentrator(
        self, request: pb.UpdateConcentratorRequest, context: Any
    ) -> pb.UpdateConcentratorResponse:
        """Changes one."""
        patch = request.concentrator
        change = patched(
            "concentrator",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_concentrator,
            from_wire=concentrator_of,
        )
        device_id = parse_id("concentrator.concentrator_id", patch.concentrator_id)
        changed = await self._concentrators.update(device_id, patch.etag, change)
        return pb.UpdateConcentratorResponse(concentrator=wire_concentrator(changed))

    async def ArchiveConcentrator(
        self, request: pb.ArchiveConcentratorRequest, context: Any
    ) -> pb.ArchiveConcentratorResponse:
        """Archives one."""
        device_id = parse_id("concentrator_id", request.concentrator_id)
        return pb.ArchiveConcentratorResponse(
            concentrator=wire_concentrator(await self._concentrators.archive(device_id, request.etag))
        )

    async def UndeleteConcentrator(
        self, request: pb.UndeleteConcentratorRequest, context: Any
    ) -> pb.UndeleteConcentratorResponse:
        """Brings one back."""
        device_id = parse_id("concentrator_id", request.concentrator_id)
        return pb.UndeleteConcentratorResponse(
            concentrator=wire_concentrator(await self._concentrators.undelete(device_id, request.etag))
        )

    async def SuspendConcentrator(
        self, request: pb.SuspendConcentratorRequest, context: Any
    ) -> pb.SuspendConcentratorResponse:
        """From now on it is told nothing."""
        device_id = parse_id("concentrator_id", request.concentrator_id)
        return pb.SuspendConcentratorResponse(
            concentrator=wire_concentrator(await self._concentrators.suspend(device_id, request.etag))
        )

    async def ResumeConcentrator(
        self, request: pb.ResumeConcentratorRequest, context: Any
    ) -> pb.ResumeConcentratorResponse:
        """Ends the suspension."""
        device_id = parse_id("concentrator_id", request.concentrator_id)
        return pb.ResumeConcentratorResponse(
            concentrator=wire_concentrator(await self._concentrators.resume(device_id, request.etag))
        )

    async def ReturnConcentrator(
        self, request: pb.ReturnConcentratorRequest, context: Any
    ) -> pb.ReturnConcentratorResponse:
        """Takes one back to the store."""
        device_id = parse_id("concentrator_id", request.concentrator_id)
        return pb.ReturnConcentratorResponse(
            concentrator=wire_concentrator(await self._concentrators.take_back(device_id, request.etag))
        )

    async def RetryConcentratorProvisioning(
        self, request: pb.RetryConcentratorProvisioningRequest, context: Any
    ) -> pb.RetryConcentratorProvisioningResponse:
        """Begins the provisioning of one anew."""
        tried = await self._concentrators.retry(parse_id("concentrator_id", request.concentrator_id))
        return pb.RetryConcentratorProvisioningResponse(concentrator=wire_concentrator(tried))

    async def GetConcentratorConfigDrift(
        self, request: pb.GetConcentratorConfigDriftRequest, context: Any
    ) -> pb.GetConcentratorConfigDriftResponse:
        """Where settings are not as desired."""
        found, drifts = await self._concentrators.drift(parse_id("concentrator_id", request.concentrator_id))
        return pb.GetConcentratorConfigDriftResponse(
            drifts=map(wire_drift, drifts), configuration=wire_configuration(found.configuration)
        )

    async def ApplyConcentratorConfigProfile(
        self, request: pb.ApplyConcentratorConfigProfileRequest, context: Any
    ) -> pb.ApplyConcentratorConfigProfileResponse:
        """Gives some the settings of a profile."""
        given = await self._concentrators.apply_profile(
            parse_id("config_profile_id", request.config_profile_id),
            [
                parse_id(f"concentrator_ids[{index}]", one)
                for index, one in enumerate(request.concentrator_ids)
            ],
        )
        return pb.ApplyConcentratorConfigProfileResponse(concentrators=map(wire_concentrator, given))

    async def GetConcentratorClockStatus(
        self, request: pb.GetConcentratorClockStatusRequest, context: Any
    ) -> pb.GetConcentratorClockStatusResponse:
        """How far the clock is off."""
        clock = await self._concentrators.clock(parse_id("concentrator_id", request.concentrator_id))
        return pb.GetConcentratorClockStatusResponse(clock_status=wire_clock(clock))


def _filter(request: pb.ListConcentratorsRequest) -> FieldDeviceFilter:
    return FieldDeviceFilter(
        number=request.serial_number,
        state=enum_name(device_state_pb2.DeviceState, request.state),
        last_seen_before=maybe_instant("last_seen_before", request),
        external_id=name_filter(request),
        tag=(request.tag.key, request.tag.value) if request.HasField("tag") else None,
        place_id=maybe_id("place_id", request.place_id),
        grid_node_id=maybe_id("grid_node_id", request.grid_node_id),
        archived=request.show_archived,
    )
