"""``simba.readings.v1.ReadingEditService``."""

from typing import Any

from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_id, maybe_instant
from server.readings.apart import apart
from server.readings.desk.convert_edit import estimate_of, operation_of, wire_edit, wire_settings
from server.readings.desk.domain import EditState
from server.readings.desk.edit_store import EditFilter
from server.readings.desk.edits import Edits
from simba.readings.v1 import reading_edit_service_pb2 as pb
from simba.readings.v1 import reading_edit_service_pb2_grpc as rpc


class ReadingEditService(rpc.ReadingEditServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, edits: Edits, pages: Pages) -> None:
        self._edits = edits
        self._pages = pages

    async def EditReadings(self, request: pb.EditReadingsRequest, context: Any) -> pb.EditReadingsResponse:
        """Edits."""
        wanted, request_id = operation_of(request), maybe_id("request_id", request.request_id)
        made = await apart(
            lambda: self._edits.edit(
                wanted,
                reason_code=request.reason_code,
                note=request.note,
                validate_only=request.validate_only,
                request_id=request_id,
            )
        )
        return pb.EditReadingsResponse(edit=wire_edit(made, values=True))

    async def EstimateReadings(
        self, request: pb.EstimateReadingsRequest, context: Any
    ) -> pb.EstimateReadingsResponse:
        """Estimates."""
        wanted, request_id = estimate_of(request.estimate), maybe_id("request_id", request.request_id)
        made = await apart(
            lambda: self._edits.edit(
                wanted,
                reason_code=request.reason_code,
                note=request.note,
                validate_only=request.validate_only,
                request_id=request_id,
            )
        )
        return pb.EstimateReadingsResponse(edit=wire_edit(made, values=True))

    async def RevertEdit(self, request: pb.RevertEditRequest, context: Any) -> pb.RevertEditResponse:
        """Takes back."""
        edit_id = parse_id("edit_id", request.edit_id)
        request_id = maybe_id("request_id", request.request_id)
        made = await apart(
            lambda: self._edits.revert(
                edit_id,
                reason_code=request.reason_code,
                note=request.note,
                validate_only=request.validate_only,
                request_id=request_id,
            )
        )
        return pb.RevertEditResponse(edit=wire_edit(made, values=True))

    async def ApproveEdit(self, request: pb.ApproveEditRequest, context: Any) -> pb.ApproveEditResponse:
        """Says yes."""
        edit_id = parse_id("edit_id", request.edit_id)
        applied = await apart(lambda: self._edits.approve(edit_id, request.note))
        return pb.ApproveEditResponse(edit=wire_edit(applied, values=True))

    async def RejectEdit(self, request: pb.RejectEditRequest, context: Any) -> pb.RejectEditResponse:
        """Says no."""
        rejected = await self._edits.reject(parse_id("edit_id", request.edit_id), request.note)
        return pb.RejectEditResponse(edit=wire_edit(rejected, values=True))

    async def GetEdit(self, request: pb.GetEditRequest, context: Any) -> pb.GetEditResponse:
        """One."""
        found = await self._edits.get(parse_id("edit_id", request.edit_id))
        return pb.GetEditResponse(edit=wire_edit(found, values=True))

    async def ListEdits(self, request: pb.ListEditsRequest, context: Any) -> pb.ListEditsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        wanted = EditFilter(
            state=EditState(request.state) if request.state else None,
            series=request.series,
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            author=request.author,
            start=maybe_instant("start_time", request),
            end=maybe_instant("end_time", request),
        )
        rows = await self._edits.page(wanted, after=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.edit_id,))
        return pb.ListEditsResponse(
            edits=[wire_edit(row, values=False) for row in rows], next_page_token=following
        )

    async def GetEditSettings(
        self, request: pb.GetEditSettingsRequest, context: Any
    ) -> pb.GetEditSettingsResponse:
        """What the tenant wants."""
        return pb.GetEditSettingsResponse(settings=wire_settings(*await self._edits.four_eyes()))

    async def UpdateEditSettings(
        self, request: pb.UpdateEditSettingsRequest, context: Any
    ) -> pb.UpdateEditSettingsResponse:
        """What the tenant wants from now on."""
        settings = wire_settings(*await self._edits.set_four_eyes(request.settings.four_eyes))
        return pb.UpdateEditSettingsResponse(settings=settings)
