"""``simba.devices.v1.DeviceModelService``."""

from typing import Any

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from server.devices.codec_trial import CodecTrial, Trial
from server.devices.convert_model import model_of, wire_codec_version, wire_model
from server.devices.convert_model_import import imported_of, wire_imported
from server.devices.device_models import DeviceModels
from server.devices.domain import DeviceModel
from server.devices.model_import import ModelImport
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, stamp
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_service_pb2 as pb
from simba.devices.v1 import device_model_service_pb2_grpc as rpc

_UPDATABLE = {
    "manufacturer",
    "model",
    "adapter",
    "codec",
    "channel_templates",
    "command_templates",
    "clock_behaviour",
    "lorawan",
}


class DeviceModelServicer(rpc.DeviceModelServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, models: DeviceModels, bring: ModelImport, trial: CodecTrial, pages: Pages) -> None:
        self._models = models
        self._import = bring
        self._trial = trial
        self._pages = pages

    async def CreateDeviceModel(
        self, request: pb.CreateDeviceModelRequest, context: Any
    ) -> pb.CreateDeviceModelResponse:
        """Makes one."""
        made = await self._models.create(model_of(request.device_model))
        return pb.CreateDeviceModelResponse(device_model=wire_model(made))

    async def GetDeviceModel(
        self, request: pb.GetDeviceModelRequest, context: Any
    ) -> pb.GetDeviceModelResponse:
        """One."""
        found = await self._models.get(parse_id("device_model_id", request.device_model_id))
        return pb.GetDeviceModelResponse(device_model=wire_model(found))

    async def ListDeviceModels(
        self, request: pb.ListDeviceModelsRequest, context: Any
    ) -> pb.ListDeviceModelsResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._models.page(
            commodity=enum_name(types_pb2.Commodity, request.commodity),
            manufacturer=request.manufacturer,
            adapter=request.adapter,
            archived=request.show_archived,
            after=page.after,
            limit=page.limit,
        )
        rows, following = page.cut(rows, lambda row: (row.device_model_id,))
        return pb.ListDeviceModelsResponse(
            device_models=[wire_model(row) for row in rows], next_page_token=following
        )

    async def UpdateDeviceModel(
        self, request: pb.UpdateDeviceModelRequest, context: Any
    ) -> pb.UpdateDeviceModelResponse:
        """Changes one."""
        patch = request.device_model
        change = patched(
            "device_model", patch, request.update_mask, _UPDATABLE, to_wire=wire_model, from_wire=model_of
        )
        model_id = parse_id("device_model.device_model_id", patch.device_model_id)
        changed: DeviceModel = await self._models.update(model_id, patch.etag, change)
        return pb.UpdateDeviceModelResponse(device_model=wire_model(changed))

    async def ArchiveDeviceModel(
        self, request: pb.ArchiveDeviceModelRequest, context: Any
    ) -> pb.ArchiveDeviceModelResponse:
        """Archives one."""
        model_id = parse_id("device_model_id", request.device_model_id)
        archived = await self._models.archive(model_id, request.etag)
        return pb.ArchiveDeviceModelResponse(device_model=wire_model(archived))

    async def UndeleteDeviceModel(
        self, request: pb.UndeleteDeviceModelRequest, context: Any
    ) -> pb.UndeleteDeviceModelResponse:
        """Brings one back."""
        model_id = parse_id("device_model_id", request.device_model_id)
        back = await self._models.undelete(model_id, request.etag)
        return pb.UndeleteDeviceModelResponse(device_model=wire_model(back))

    async def ListCodecVersions(
        self, request: pb.ListCodecVersionsRequest, context: Any
    ) -> pb.ListCodecVersionsResponse:
        """The scripts of one."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        model_id = parse_id("device_model_id", request.device_model_id)
        rows = await self._models.codec_versions(model_id, after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.codec.version,))
        return pb.ListCodecVersionsResponse(
            codec_versions=[wire_codec_version(row) for row in rows], next_page_token=following
        )

    async def ImportDeviceModels(
        self, request: pb.ImportDeviceModelsRequest, context: Any
    ) -> pb.ImportDeviceModelsResponse:
        """Brings many."""
        imported = await self._import.run(
            [imported_of(one) for one in request.device_models], validate_only=request.validate_only
        )
        return pb.ImportDeviceModelsResponse(
            items=[wire_imported(index, one) for index, one in enumerate(imported)]
        )

    async def TestCodec(self, request: pb.TestCodecRequest, context: Any) -> pb.TestCodecResponse:
        """Runs a codec on one frame."""
        given = model_of(request.device_model) if request.HasField("device_model") else None
        tried = await self._trial.run(
            given,
            maybe_id("device_model_id", request.device_model_id),
            payload=request.payload,
            f_port=request.f_port,
            receive_time=maybe_instant("receive_time", request),
        )
        return _tried(tried)


def _tried(tried: Trial) -> pb.TestCodecResponse:
    return pb.TestCodecResponse(
        data=json_format.ParseDict(tried.data, Struct()),
        warnings=tried.warnings,
        errors=tried.errors,
        readings=[
            pb.DecodedReading(
                channel_code=one.channel_code, time=stamp(one.time), value=one.value, unit=one.unit
            )
            for one in tried.readings
        ],
        mapping_errors=tried.mapping_errors,
    )
