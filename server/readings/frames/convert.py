"""Frames between wire and domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from server.platform.ids import parse_id
from server.platform.wire import enum_name, enum_value, maybe_id, maybe_instant, stamp
from server.readings.frames.domain import (
    Frame,
    FrameFilter,
    FrameState,
    NewFrame,
    Outcome,
    ReplaySelector,
)
from simba.common.v1.error_reason_pb2 import ErrorReason
from simba.readings.v1 import frame_pb2 as wire
from simba.readings.v1.frame_service_pb2 import ListFramesRequest, ReplayFramesRequest, ReplayOutcome
from simba.readings.v1.replay_message_pb2 import ReplayFramesMessage

_MESSAGE_FRAMES: Final = 100
_MESSAGE_BYTES: Final = 512 * 1024


def state_from_wire(number: wire.FrameState.ValueType) -> FrameState | None:
    """The state; None for the unspecified one."""
    return FrameState(enum_name(wire.FrameState, number)) if number else None


def new_frame_from_wire(frame: wire.Frame) -> NewFrame:
    """What an adapter hands in."""
    return NewFrame(
        adapter=frame.adapter,
        dev_eui=frame.dev_eui,
        frame_key=frame.frame_key,
        event=frame.event,
        topic=frame.topic,
        receive_time=maybe_instant("frames.receive_time", frame),
        reason=enum_name(ErrorReason, frame.reason),
        description=frame.description,
    )


def frame_to_wire(frame: Frame) -> wire.Frame:
    """A frame as it is shown, and as it is sent to its adapter again."""
    return wire.Frame(
        frame_id=str(frame.frame_id),
        adapter=frame.adapter,
        dev_eui=frame.dev_eui,
        frame_key=frame.frame_key,
        event=frame.event,
        topic=frame.topic,
        reason=enum_value(ErrorReason, frame.reason),
        description=frame.description,
        state=enum_value(wire.FrameState, frame.state),
        attempts=frame.attempts,
        receive_time=stamp(frame.receive_time),
        create_time=stamp(frame.create_time),
        update_time=stamp(frame.update_time),
    )


def outcome_from_wire(outcome: ReplayOutcome) -> Outcome:
    """What became of one frame."""
    return Outcome(
        frame_id=parse_id("outcomes.frame_id", outcome.frame_id),
        decoded=outcome.decoded,
        reason=enum_name(ErrorReason, outcome.reason),
        description=outcome.description,
    )


def filter_from_wire(request: ListFramesRequest) -> FrameFilter:
    """Which frames to list."""
    return FrameFilter(
        dev_eui=request.dev_eui.lower(),
        state=state_from_wire(request.state),
        reason=enum_name(ErrorReason, request.reason),
    )


def selector_from_wire(request: ReplayFramesRequest) -> ReplaySelector:
    """Which frames to replay."""
    return ReplaySelector(
        frame_ids=tuple(parse_id("frame_ids", text) for text in request.frame_ids),
        dev_eui=request.dev_eui.lower(),
        device_model_id=maybe_id("device_model_id", request.device_model_id),
    )


def replay_messages(tenant_id: UUID, frames: Sequence[Frame]) -> Iterator[tuple[str, ReplayFramesMessage]]:
    """Bus messages of a decent size, each with the adapter that it is for."""
    for adapter, group in groupby(sorted(frames, key=lambda one: one.adapter), lambda one: one.adapter):
        for chunk in _chunks(list(group)):
            wired = [frame_to_wire(one) for one in chunk]
            yield adapter, ReplayFramesMessage(tenant_id=str(tenant_id), frames=wired)


def _chunks(frames: Sequence[Frame]) -> Iterator[list[Frame]]:
    """Frames in groups that make messages of a decent size."""
    group: list[Frame] = []
    size = 0
    for one in frames:
        if group and (len(group) >= _MESSAGE_FRAMES or size + len(one.event) > _MESSAGE_BYTES):
            yield group
            group, size = [], 0
        group.append(one)
        size += len(one.event)
    if group:
        yield group
