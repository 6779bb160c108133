"""The methods of ``simba.devices.v1.PulseModuleService`` about what inputs count for."""

from decimal import Decimal
from typing import Any

from server.devices.attachments import AttachmentFilter, Attachments, Counts, NewAttachment
from server.devices.convert_installation import wire_attachment
from server.devices.convert_pulse_module import wire_pulse_module
from server.devices.pulse_modules import PulseModules
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import instant, maybe_id, maybe_instant
from simba.devices.v1 import pulse_module_service_pb2 as pb


class AttachmentMethods:
    """Converts, calls, converts."""

    def __init__(self, attachments: Attachments, modules: PulseModules, pages: Pages) -> None:
        self._attachments = attachments
        self._modules = modules
        self._pages = pages

    async def AttachChannel(self, request: pb.AttachChannelRequest, context: Any) -> pb.AttachChannelResponse:
        """Lets an input count."""
        wanted = NewAttachment(
            pulse_module_id=parse_id("pulse_module_id", request.pulse_module_id),
            input=request.input,
            meter_id=parse_id("meter_id", request.meter_id),
            code=request.code,
            pulse_weight=Decimal(request.pulse_weight),
            initial_index=Decimal(request.initial_index or "0"),
            initial_count=_count(request.initial_count),
            start=instant("effective_from", request.effective_from),
        )
        made = await self._attachments.attach(wanted)
        return pb.AttachChannelResponse(pulse_attachment=wire_attachment(made))

    async def DetachChannel(self, request: pb.DetachChannelRequest, context: Any) -> pb.DetachChannelResponse:
        """Lets it count no more."""
        ended = await self._attachments.detach(
            parse_id("pulse_module_id", request.pulse_module_id),
            request.input,
            instant("effective_to", request.effective_to),
        )
        return pb.DetachChannelResponse(pulse_attachment=wire_attachment(ended))

    async def SetPulseWeight(
        self, request: pb.SetPulseWeightRequest, context: Any
    ) -> pb.SetPulseWeightResponse:
        """Gives pulses another worth."""
        made = await self._attachments.weigh(
            parse_id("pulse_module_id", request.pulse_module_id),
            request.input,
            Decimal(request.pulse_weight),
            instant("effective_from", request.effective_from),
            _count(request.count),
        )
        return pb.SetPulseWeightResponse(pulse_attachment=wire_attachment(made))

    async def ListAttachments(
        self, request: pb.ListAttachmentsRequest, context: Any
    ) -> pb.ListAttachmentsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        which = AttachmentFilter(
            maybe_id("pulse_module_id", request.pulse_module_id),
            maybe_id("meter_id", request.meter_id),
            maybe_instant("as_of", request),
        )
        rows = await self._attachments.page(which, before=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.pulse_attachment_id,))
        return pb.ListAttachmentsResponse(
            pulse_attachments=map(wire_attachment, rows), next_page_token=following
        )

    async def ReplaceModule(self, request: pb.ReplaceModuleRequest, context: Any) -> pb.ReplaceModuleResponse:
        """Puts another module in its place."""
        new_id = parse_id("new_pulse_module_id", request.new_pulse_module_id)
        made = await self._attachments.replace_module(
            parse_id("pulse_module_id", request.pulse_module_id),
            new_id,
            instant("replace_time", request.replace_time),
            {one.input: _counts(one) for one in request.counts},
        )
        module = await self._modules.get(new_id)
        return pb.ReplaceModuleResponse(
            pulse_module=wire_pulse_module(module), pulse_attachments=map(wire_attachment, made)
        )


def _count(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _counts(wire: pb.InputCounts) -> Counts:
    return Counts(wire.new_input, _count(wire.final_count), Decimal(wire.initial_count or "0"))
