"""Where a subscriber stands, and what it is told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from server.readings.domain import Int64s, UInt32s

RAW, FINAL, BOTH = "RAW", "FINAL", "BOTH"
MESSAGE_ROWS = 20_000
"""Rows of one message at most, but for rows that cannot be parted."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a subscriber has come."""

    batch: int
    """Batches up to this position are told."""
    channel: int = 0
    """Of the next one, rows up to this channel and time; 0: none."""
    time_ms: int = 0
    version: int = 0
    """Versions of final data up to this one are told."""
    upto: int = 0
    """Of those behind and up to this one, series up to ``series`` are told; 0: none."""
    series: int = 0

    @property
    def key(self) -> tuple[int, ...]:
        """As resume tokens hold it."""
        return self.batch, self.channel, self.time_ms, self.version, self.upto, self.series


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored batch."""

    position: int
    """In the tenant's order of storing, from 1, without a gap."""
    batch_id: int
    rows: int
    stored: datetime


@dataclass(frozen=True, slots=True)
class Rows:
    """Raw readings in columns, in order of channel and time."""

    channel: Int64s
    time_ms: Int64s
    value_micro: Int64s
    quality: UInt32s

    def __len__(self) -> int:
        return len(self.channel)

    def only(self, keep: NDArray[np.bool_]) -> "Rows":
        """Some of them."""
        return Rows(self.channel[keep], self.time_ms[keep], self.value_micro[keep], self.quality[keep])

    def behind(self, channel: int, time_ms: int) -> "Rows":
        """Those after a channel and time."""
        later = (self.channel > channel) | ((self.channel == channel) & (self.time_ms > time_ms))
        return self.only(later)

    def upto(self, limit: int) -> int:
        """How many rows make a message: about ``limit``, readings of one channel and time together."""
        if len(self) <= limit:
            return len(self)
        same = (self.channel == self.channel[limit - 1]) & (self.time_ms == self.time_ms[limit - 1])
        return int(np.flatnonzero(same)[-1]) + 1


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows of several batches, one behind the other."""
    if len(parts) == 1:
        return parts[0]
    return Rows(
        np.concatenate([one.channel for one in parts]),
        np.concatenate([one.time_ms for one in parts]),
        np.concatenate([one.value_micro for one in parts]),
        np.concatenate([one.quality for one in parts]),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A batch with its rows."""

    entry: Entry
    rows: Rows


@dataclass(frozen=True, slots=True)
class Finals:
    """Final values in columns, in order of series and time."""

    series: Int64s
    time_ms: Int64s
    length_ms: Int64s
    value_micro: Int64s
    state: UInt32s
    quality: UInt32s
    revision: UInt32s

    def __len__(self) -> int:
        return len(self.series)


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a stream."""

    now: datetime
    resumed: bool
    oldest: datetime
    """What was stored before cannot be told again."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Readings that will not come, by when they were stored."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class RawPart:
    """Raw readings."""

    rows: Rows
    stored: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to a subscriber at once; without content a heartbeat."""

    position: Position
    content: Start | Gap | RawPart | Finals | None = None
    caught_up: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a tenant's readings stand."""

    last: int = 0
    """Position of the batch that was stored last; 0: none ever."""
    version: int = 0
    """The newest version of final data that is to be seen."""
