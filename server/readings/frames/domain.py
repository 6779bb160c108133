"""A kept frame."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class FrameState(StrEnum):
    """Where a kept frame stands; the names of the wire without their prefix."""

    UNREADABLE = "UNREADABLE"
    REPLAYING = "REPLAYING"
    DECODED = "DECODED"


@dataclass(frozen=True, slots=True)
class NewFrame:
    """What an adapter could not read, as it hands it in."""

    adapter: str
    dev_eui: str
    frame_key: str
    """By which the adapter knows the frame again: the same key is kept once."""
    event: bytes
    topic: str
    receive_time: datetime | None
    """By the network's clock; None when not even that could be read."""
    reason: str
    """Name of an ErrorReason without its prefix."""
    description: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it is kept."""

    frame_id: UUID
    adapter: str
    dev_eui: str
    frame_key: str
    event: bytes
    topic: str
    receive_time: datetime | None
    reason: str
    description: str
    state: FrameState
    attempts: int
    """How often it was tried to be read, the first time included."""
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a frame that was read again."""

    frame_id: UUID
    decoded: bool
    reason: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class FrameFilter:
    """Which frames to list; what is empty does not filter."""

    dev_eui: str = ""
    state: FrameState | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReplaySelector:
    """Which frames to read again; joined by "and"."""

    frame_ids: tuple[UUID, ...] = ()
    dev_eui: str = ""
    device_model_id: UUID | None = None

    @property
    def empty(self) -> bool:
        """Whether it says nothing at all."""
        return not (self.frame_ids or self.dev_eui or self.device_model_id)
