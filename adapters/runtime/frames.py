"""Keeps what could not be read at the server, with the reason, until it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from adapters.runtime.batching import Batcher
from adapters.runtime.server import ServerLink
from simba.common.v1.error_reason_pb2 import ErrorReason
from simba.readings.v1.frame_pb2 import Frame
from simba.readings.v1.frame_service_pb2 import (
    ReplayOutcome,
    ReportReplayRequest,
    ReportReplayResponse,
    StoreFramesRequest,
    StoreFramesResponse,
)
from simba.readings.v1.frame_service_pb2_grpc import FrameServiceStub

_MOST_BYTES: Final = 262_144
_MOST_TEXT: Final = 4000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a frame, or a part of it, could not be read: a reason for scripts and words for people."""

    reason: str
    """Name of an ErrorReason without the prefix `ERROR_REASON_`."""
    description: str


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A frame as it came, to be kept."""

    key: str
    """The same for the same frame, however often it comes: at most 128 characters."""
    dev_eui: str
    topic: str
    event: bytes
    receive_time: datetime
    why: Unreadable


class FrameKeeper:
    """Sends frames to the server's FrameService, many at once."""

    def __init__(self, link: ServerLink, adapter: str) -> None:
        self._link = link
        self._adapter = adapter
        self._stub: Any = FrameServiceStub(link.channel)
        self._store: Batcher[Frame, None] = Batcher(self._store_all, limit=200)
        self._report: Batcher[ReplayOutcome, None] = Batcher(self._report_all, limit=1000)

    async def keep(self, frame: KeptFrame) -> None:
        """Returns once the server has it; keeping the same key again updates the reason."""
        message = Frame(
            adapter=self._adapter,
            dev_eui=frame.dev_eui,
            frame_key=frame.key[:128],
            event=frame.event[:_MOST_BYTES],
            topic=frame.topic[:512],
            reason=reason_number(frame.why.reason),
            description=frame.why.description[:_MOST_TEXT],
        )
        message.receive_time.FromDatetime(frame.receive_time)
        await self._store.submit(message)

    async def report(self, frame_id: str, why: Unreadable | None) -> None:
        """Tells what became of a replayed frame: decoded when `why` is None."""
        outcome = ReplayOutcome(frame_id=frame_id, decoded=why is None)
        if why is not None:
            outcome.reason = reason_number(why.reason)
            outcome.description = why.description[:_MOST_TEXT]
        await self._report.submit(outcome)

    async def _store_all(self, frames: Sequence[Frame]) -> Sequence[None]:
        request = StoreFramesRequest(frames=frames)
        await self._link.call(self._stub.StoreFrames, request, StoreFramesResponse)
        return [None] * len(frames)

    async def _report_all(self, outcomes: Sequence[ReplayOutcome]) -> Sequence[None]:
        request = ReportReplayRequest(outcomes=outcomes)
        await self._link.call(self._stub.ReportReplay, request, ReportReplayResponse)
        return [None] * len(outcomes)


def reason_number(name: str) -> ErrorReason.ValueType:
    """The wire's number of a reason; a name that it does not know becomes CODEC_FAILED."""
    known = ErrorReason.DESCRIPTOR.values_by_name.get(f"ERROR_REASON_{name}")
    return ErrorReason.ERROR_REASON_CODEC_FAILED if known is None else ErrorReason.ValueType(known.number)


def reason_name(number: int) -> str:
    """The name of a reason's number, without its prefix."""
    known = ErrorReason.DESCRIPTOR.values_by_number.get(number)
    return "CODEC_FAILED" if known is None else known.name.removeprefix("ERROR_REASON_")
