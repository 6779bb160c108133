"""Readings of the dead letter, in columns, and the jobs over them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.readings.domain import Int64s, UInt32s, UInt64s

UNKNOWN_CHANNEL = "UNKNOWN_CHANNEL"
UNIT_MISMATCH = "UNIT_MISMATCH"
MULTIPLIER_MISMATCH = "MULTIPLIER_MISMATCH"
KEPT_DAYS = 90
NO_METER = UUID(int=0)
OVER = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})

Key = tuple[str, int, int]
"""Source, sequence and row."""


@dataclass(frozen=True, slots=True)
class DeadRows:
    """Rows of one block, all for one reason, in columns of equal length."""

    source: str
    sequence: int
    row: UInt32s
    channel: UInt64s
    time_ms: Int64s
    value_micro: Int64s
    quality: UInt32s
    reason: str = UNKNOWN_CHANNEL
    meter_id: Sequence[UUID] = ()
    """Of senders that name meter and code; empty: nobody did."""
    code: Sequence[str] = ()
    unit: Sequence[str] = ()
    multiplier: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class DeadReading:
    """One of them, as it is shown."""

    source: str
    sequence: int
    row: int
    channel: int
    meter_id: UUID | None
    code: str
    ms: int
    micro: int
    quality: int
    unit: str
    multiplier: str
    reason: str
    kept_ms: int

    @property
    def key(self) -> Key:
        """By which it is known."""
        return self.source, self.sequence, self.row

    @property
    def description(self) -> str:
        """The rule that it broke, in words."""
        named = f"channel {self.channel}"
        if self.meter_id is not None:
            named = f"channel {self.code!r} of meter {self.meter_id}"
        match self.reason:
            case "UNIT_MISMATCH":
                return f"{self.unit!r} is not the unit of {named}"
            case "MULTIPLIER_MISMATCH":
                return f"{self.multiplier} is not the multiplier of {named} at the time of the reading"
            case "VALUE_OUT_OF_RANGE":
                return f"the value is beyond what {named} can show"
            case "TIME_OUT_OF_RANGE":
                return "the time lies too far in the past or in the future"
            case _:
                if self.meter_id is not None:
                    return f"meter {self.meter_id} has no channel {self.code!r}"
                return f"no channel has the number {self.channel}"


@dataclass(frozen=True, slots=True)
class Group:
    """Readings with one source, channel and reason."""

    source: str
    channel: int
    meter_id: UUID | None
    code: str
    reason: str
    count: int
    first_ms: int
    last_ms: int
    kept_ms: int


@dataclass(frozen=True, slots=True)
class Selector:
    """Which readings; joined by "and", what is empty does not filter."""

    source: str = ""
    channel: int = 0
    reason: str = ""
    channels: tuple[int, ...] = ()
    """Those that became known, of an automatic job."""
    meters: tuple[UUID, ...] = ()
    """Those whose channels became known, of an automatic job; joined with ``channels`` by "or"."""

    @property
    def empty(self) -> bool:
        """Whether it says nothing at all."""
        return self == Selector()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "source": self.source,
            # As text: JSON's numbers are doubles elsewhere.
            "channel": str(self.channel),
            "reason": self.reason,
            "channels": [str(one) for one in self.channels],
            "meters": [str(one) for one in self.meters],
        }

    @staticmethod
    def of_json(kept: dict[str, Any]) -> "Selector":
        """From what is kept."""
        return Selector(
            kept["source"],
            int(kept["channel"]),
            kept["reason"],
            tuple(int(one) for one in kept["channels"]),
            tuple(UUID(one) for one in kept["meters"]),
        )


class Action(StrEnum):
    """What a job does; the names of the wire without their prefix."""

    REPLAY = "REPLAY"
    DISCARD = "DISCARD"


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a job is."""

    total: int = 0
    done: int = 0
    stored: int = 0
    duplicates: int = 0
    discarded: int = 0
    failed: int = 0
    """Readings that stay in the dead letter."""

    def plus(self, **more: int) -> "Counts":
        """With these added."""
        return replace(self, **{name: getattr(self, name) + count for name, count in more.items()})


@dataclass(frozen=True, slots=True)
class DeadLetterJob:
    """Replaying or discarding."""

    job_id: UUID
    action: Action
    selector: Selector
    automatic: bool
    state: str
    """Name of a ``simba.common.v1.WorkState`` without its prefix."""
    create_time: datetime
    counts: Counts = field(default_factory=Counts)
    reached: Key | None = None
    """Key of the last reading that was done."""
    error: str = ""
    end_time: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER
