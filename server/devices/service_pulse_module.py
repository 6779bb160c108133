"""``simba.devices.v1.PulseModuleService``."""

from operator import itemgetter
from typing import Any

from server.devices.attachments import Attachments
from server.devices.convert_configuration import wire_configuration, wire_drift
from server.devices.convert_pulse_module import pulse_module_of, wire_pulse_module
from server.devices.meter_filter import MeterFilter
from server.devices.pulse_modules import PulseModules
from server.devices.service_attachment import AttachmentMethods
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, name_filter
from simba.devices.v1 import device_state_pb2
from simba.devices.v1 import pulse_module_service_pb2 as pb
from simba.devices.v1 import pulse_module_service_pb2_grpc as rpc

_UPDATABLE = {
    "serial_number",
    "dev_eui",
    "join_eui",
    "display_name",
    "concentrator_id",
    "keys",
    "configuration.desired",
    "external_ids",
    "tags",
}


class PulseModuleServicer(AttachmentMethods, rpc.PulseModuleServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, modules: PulseModules, attachments: Attachments, pages: Pages) -> None:
        super().__init__(attachments, modules, pages)

    async def CreatePulseModule(
        self, request: pb.CreatePulseModuleRequest, context: Any
    ) -> pb.CreatePulseModuleResponse:
        """Makes one."""
        made = await self._modules.create(pulse_module_of(request.pulse_module))
        return pb.CreatePulseModuleResponse(pulse_module=wire_pulse_module(made))

    async def GetPulseModule(
        self, request: pb.GetPulseModuleRequest, context: Any
    ) -> pb.GetPulseModuleResponse:
        """One."""
        found = await self._modules.get(parse_id("pulse_module_id", request.pulse_module_id))
        return pb.GetPulseModuleResponse(pulse_module=wire_pulse_module(found))

    async def ListPulseModules(
        self, request: pb.ListPulseModulesRequest, context: Any
    ) -> pb.ListPulseModulesResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._modules.page(_filter(request), after=page.after, limit=page.limit)
        rows, following = page.cut(rows, itemgetter(0))
        return pb.ListPulseModulesResponse(
            pulse_modules=[wire_pulse_module(one) for _, one in rows], next_page_token=following
        )

    async def UpdatePulseModule(
        self, request: pb.UpdatePulseModuleRequest, context: Any
    ) -> pb.UpdatePulseModuleResponse:
        """Changes one."""
        patch = request.pulse_module
        change = patched(
            "pulse_module",
            patch,
            request.update_mask,
            _UPDATABLE,
            to_wire=wire_pulse_module,
            from_wire=pulse_module_of,
            keep=("manufacturer",),
        )
        device_id = parse_id("pulse_module.pulse_module_id", patch.pulse_module_id)
        changed = await self._modules.update(device_id, patch.etag, change)
        return pb.UpdatePulseModuleResponse(pulse_module=wire_pulse_module(changed))

    async def ArchivePulseModule(
        self, request: pb.ArchivePulseModuleRequest, context: Any
    ) -> pb.ArchivePulseModuleResponse:
        """Archives one."""
        device_id = parse_id("pulse_module_id", request.pulse_module_id)
        return pb.ArchivePulseModuleResponse(
            pulse_module=wire_pulse_module(await self._modules.archive(device_id, request.etag))
        )

    async def UndeletePulseModule(
        self, request: pb.UndeletePulseModuleRequest, context: Any
    ) -> pb.UndeletePulseModuleResponse:
        """Brings one back."""
        device_id = parse_id("pulse_module_id", request.pulse_module_id)
        return pb.UndeletePulseModuleResponse(
            pulse_module=wire_pulse_module(await self._modules.undelete(device_id, request.etag))
        )

    async def SuspendPulseModule(
        self, request: pb.SuspendPulseModuleRequest, context: Any
    ) -> pb.SuspendPulseModuleResponse:
        """From now on it is told nothing."""
        device_id = parse_id("pulse_module_id", request.pulse_module_id)
        return pb.SuspendPulseModuleResponse(
            pulse_module=wire_pulse_module(await self._modules.suspend(device_id, request.etag))
        )

    async def ResumePulseModule(
        self, request: pb.ResumePulseModuleRequest, context: Any
    ) -> pb.ResumePulseModuleResponse:
        """Ends the suspension."""
        device_id = parse_id("pulse_module_id", request.pulse_module_id)
        return pb.ResumePulseModuleResponse(
            pulse_module=wire_pulse_module(await self._modules.resume(device_id, request.etag))
        )

    async def ReturnPulseModule(
        self, request: pb.ReturnPulseModuleRequest, context: Any
    ) -> pb.ReturnPulseModuleResponse:
        """Takes one back to the store."""
        device_id = parse_id("pulse_module_id", request.pulse_module_id)
        return pb.ReturnPulseModuleResponse(
            pulse_module=wire_pulse_module(await self._modules.take_back(device_id, request.etag))
        )

    async def RetryPulseModuleProvisioning(
        self, request: pb.RetryPulseModuleProvisioningRequest, context: Any
    ) -> pb.RetryPulseModuleProvisioningResponse:
        """Begins the provisioning of one anew."""
        tried = await self._modules.retry(parse_id("pulse_module_id", request.pulse_module_id))
        return pb.RetryPulseModuleProvisioningResponse(pulse_module=wire_pulse_module(tried))

    async def GetPulseModuleConfigDrift(
        self, request: pb.GetPulseModuleConfigDriftRequest, context: Any
    ) -> pb.GetPulseModuleConfigDriftResponse:
        """Where settings are not as desired."""
        found, drifts = await self._modules.drift(parse_id("pulse_module_id", request.pulse_module_id))
        return pb.GetPulseModuleConfigDriftResponse(
            drifts=map(wire_drift, drifts), configuration=wire_configuration(found.configuration)
        )

    async def ApplyPulseModuleConfigProfile(
        self, request: pb.ApplyPulseModuleConfigProfileRequest, context: Any
    ) -> pb.ApplyPulseModuleConfigProfileResponse:
        """Gives some the settings of a profile."""
        ids = [parse_id("pulse_module_ids", one) for one in request.pulse_module_ids]
        profile_id = parse_id("config_profile_id", request.config_profile_id)
        given = await self._modules.apply_profile(profile_id, ids)
        return pb.ApplyPulseModuleConfigProfileResponse(pulse_modules=map(wire_pulse_module, given))


def _filter(request: pb.ListPulseModulesRequest) -> MeterFilter:
    return MeterFilter(
        device_model_id=maybe_id("device_model_id", request.device_model_id),
        state=enum_name(device_state_pb2.DeviceState, request.state),
        archived=request.show_archived,
        dev_eui=request.dev_eui,
        serial_number=request.serial_number,
        last_seen_before=maybe_instant("last_seen_before", request),
        external_id=name_filter(request),
        tag=(request.tag.key, request.tag.value) if request.HasField("tag") else None,
        meter_id=maybe_id("meter_id", request.meter_id),
    )
