"""gRPC: FrameService."""

from typing import Any

from server.platform.ids import parse_id
from server.readings.frames import convert
from server.readings.frames.app import Frames
from simba.readings.v1 import frame_service_pb2 as wire
from simba.readings.v1.frame_service_pb2_grpc import FrameServiceServicer


class FrameService(FrameServiceServicer):
    """Frames that no codec could read."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    async def StoreFrames(self, request: wire.StoreFramesRequest, context: Any) -> wire.StoreFramesResponse:
        """Keeps frames."""
        created = await self._frames.keep([convert.new_frame_from_wire(one) for one in request.frames])
        return wire.StoreFramesResponse(created=created)

    async def ReportReplay(
        self, request: wire.ReportReplayRequest, context: Any
    ) -> wire.ReportReplayResponse:
        """Notes what became of replayed frames."""
        await self._frames.settle([convert.outcome_from_wire(one) for one in request.outcomes])
        return wire.ReportReplayResponse()

    async def GetFrame(self, request: wire.GetFrameRequest, context: Any) -> wire.GetFrameResponse:
        """One frame."""
        found = await self._frames.get(parse_id("frame_id", request.frame_id))
        return wire.GetFrameResponse(frame=convert.frame_to_wire(found))

    async def ListFrames(self, request: wire.ListFramesRequest, context: Any) -> wire.ListFramesResponse:
        """A page of frames."""
        found, token = await self._frames.page(
            convert.filter_from_wire(request),
            page_size=request.page_size,
            page_token=request.page_token,
            bound_to=request,
        )
        frames = [convert.frame_to_wire(one) for one in found]
        return wire.ListFramesResponse(frames=frames, next_page_token=token)

    async def ReplayFrames(
        self, request: wire.ReplayFramesRequest, context: Any
    ) -> wire.ReplayFramesResponse:
        """Sends frames through their adapters again."""
        return wire.ReplayFramesResponse(
            frames=await self._frames.replay(convert.selector_from_wire(request))
        )
