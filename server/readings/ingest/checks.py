"""Checks of blocks in columns: known channel, sane time, possible value. Bad rows are told."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.readings.calendar import from_ms
from server.readings.domain import DECIMAL64_LIMIT, Block, Int64s, decimal_text

FUTURE_TOLERANCE_MS = 10 * 60 * 1000
"""How far a device's clock may be ahead of ours."""
OLDEST_MS = 20 * 366 * 86_400_000
"""How far back readings may lie: a clock that was reset tells years long gone."""
TOLD_REJECTS = 1000
"""Refused rows of a block that are told one by one; more are counted."""

UNKNOWN_CHANNEL = "UNKNOWN_CHANNEL"
TIME_OUT_OF_RANGE = "TIME_OUT_OF_RANGE"
VALUE_OUT_OF_RANGE = "VALUE_OUT_OF_RANGE"
COLUMN_LENGTH_MISMATCH = "COLUMN_LENGTH_MISMATCH"
SEQUENCE_REUSED = "SEQUENCE_REUSED"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was refused."""

    row: int
    """Index within the block."""
    field: str
    """Column; empty for the block as a whole."""
    value: str
    description: str
    reason: str
    """Name of a ``simba.common.v1.ErrorReason`` without its prefix."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A block after the checks."""

    block: Block
    accepted: NDArray[np.bool_] | None
    """Which rows are good; None: all."""
    rejected: tuple[RejectedRow, ...] = ()
    rejected_count: int = 0
    dead: NDArray[np.bool_] | None = None
    """Which of the refused rows are to be kept in the dead letter: they would be good if anybody knew their
    channel. None: none."""
    dead_count: int = 0

    @property
    def accepted_count(self) -> int:
        """Number of good rows."""
        return len(self.block) - self.rejected_count

    @property
    def buried(self) -> "Checked":
        """The same, with nothing kept in the dead letter."""
        return replace(self, dead=None, dead_count=0)


def length_problem(block: Block) -> RejectedRow | None:
    """What is wrong with the lengths of a block's columns, or None."""
    rows = len(block.channel)
    for name, column in (
        ("time_ms", block.time_ms),
        ("value_micro", block.value_micro),
        ("quality", block.quality),
    ):
        if len(column) != rows and not (name == "quality" and len(column) == 0):
            return RejectedRow(
                0,
                name,
                str(len(column)),
                f"{name} has {len(column)} values but channel has {rows}; columns must be of equal length",
                COLUMN_LENGTH_MISMATCH,
            )
    return None


def refuse(block: Block, problem: RejectedRow) -> Checked:
    """A block that is refused as a whole."""
    rows = max(len(block.channel), len(block.time_ms), len(block.value_micro), 1)
    return Checked(block, np.zeros(len(block.channel), np.bool_), (problem,), rows)


def check(block: Block, limits: Int64s, now_ms: int) -> Checked:
    """Checks the rows of a block with columns of equal length.

    ``limits`` holds for each row the largest value that its channel can show, in micro; negative where
    there is no such channel.
    """
    unknown = limits < 0
    mistimed, beyond = out_of_bounds(block.time_ms, block.value_micro, limits, now_ms)
    bad = unknown | mistimed | beyond
    count = int(np.count_nonzero(bad))
    if not count:
        return Checked(block, None)
    told = []
    for row in np.flatnonzero(bad)[:TOLD_REJECTS].tolist():
        if unknown[row]:
            told.append(_unknown(row, int(block.channel[row])))
        elif mistimed[row]:
            told.append(_mistimed(row, int(block.time_ms[row]), *time_bounds(now_ms)))
        else:
            told.append(_beyond(row, int(block.value_micro[row]), int(limits[row])))
    dead = unknown & ~mistimed & ~_unstorable(block.value_micro)
    buried = int(np.count_nonzero(dead))
    return Checked(block, ~bad, tuple(told), count, dead if buried else None, buried)


def out_of_bounds(
    time_ms: Int64s, value_micro: Int64s, limits: Int64s, now_ms: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows lie too early or too late, and which are beyond what their channel can show."""
    early, late = time_bounds(now_ms)
    mistimed = (time_ms < early) | (time_ms > late)
    return mistimed, (value_micro > limits) | (value_micro < -limits)


def time_bounds(now_ms: int) -> tuple[int, int]:
    """The first and the last time that are taken now."""
    return now_ms - OLDEST_MS, now_ms + FUTURE_TOLERANCE_MS


def _unstorable(value_micro: Int64s) -> NDArray[np.bool_]:
    return (value_micro > NO_LIMIT) | (value_micro < -NO_LIMIT)


def _unknown(row: int, channel: int) -> RejectedRow:
    return RejectedRow(row, "channel", str(channel), f"no channel has the number {channel}", UNKNOWN_CHANNEL)


def _mistimed(row: int, at: int, early: int, late: int) -> RejectedRow:
    text = _time_text(at)
    if at > late:
        said = f"{text} is in the future; the latest time taken now is {_time_text(late)}"
    else:
        said = f"{text} is too long ago; the earliest time taken now is {_time_text(early)}"
    return RejectedRow(row, "time_ms", str(at), said, TIME_OUT_OF_RANGE)


def _beyond(row: int, value: int, limit: int) -> RejectedRow:
    said = f"{decimal_text(value)} is beyond what the channel can show, {decimal_text(limit)}"
    return RejectedRow(row, "value_micro", str(value), said, VALUE_OUT_OF_RANGE)


def _time_text(at: int) -> str:
    try:
        return from_ms(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except OverflowError:
        return f"{at} ms"


NO_LIMIT = DECIMAL64_LIMIT - 1
"""The largest value that can be stored at all, in micro."""


def digest(block: Block) -> bytes:
    """A short fingerprint of a block's content: tells a repeat from another block under the same number."""
    parts = (block.channel, block.time_ms, block.value_micro, block.quality)
    sums = [zlib.crc32(np.ascontiguousarray(part).view(np.uint8).data) for part in parts]
    return b"".join(number.to_bytes(4, "big") for number in (len(block), *sums))


def touched(channel: NDArray[np.uint64], time_ms: Int64s) -> tuple[NDArray[np.uint64], Int64s, Int64s]:
    """Channels with the first and the last time of their readings: one row a run of equal channels.

    Blocks come in order of channel, or of time: in the first case there is a row for each channel, in the
    second one for each reading.
    """
    starts = np.flatnonzero(np.concatenate(([True], channel[1:] != channel[:-1])))
    if len(channel) == 0:
        starts = np.empty(0, np.int64)
        return channel, time_ms, time_ms
    return channel[starts], np.minimum.reduceat(time_ms, starts), np.maximum.reduceat(time_ms, starts)


def months(time_ms: Int64s) -> list[int]:
    """The months, written 202611, in which times lie: the partitions of ``raw_reading`` that they go to."""
    if len(time_ms) == 0:
        return []
    first, last = (int(_month_numbers(edge)) for edge in (time_ms.min(), time_ms.max()))
    if first == last:
        # Nearly all blocks: two passes over the times, no sorting.
        return [_written(first)]
    there = np.bincount(_month_numbers(time_ms) - first, minlength=last - first + 1)
    return [_written(first + month) for month in np.flatnonzero(there).tolist()]


def _month_numbers(time_ms: Any) -> Any:
    """Months since 1970."""
    return np.asarray(time_ms).astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)


def _written(month: int) -> int:
    return (1970 + month // 12) * 100 + month % 12 + 1


def json_of(rejected: tuple[RejectedRow, ...]) -> list[list[Any]] | None:
    """Refused rows as they are kept in the ledger."""
    return [[r.row, r.field, r.value, r.description, r.reason] for r in rejected] or None


def of_json(kept: list[list[Any]] | None) -> Iterator[RejectedRow]:
    """Refused rows from the ledger."""
    for row, field, value, description, reason in kept or ():
        yield RejectedRow(row, field, value, description, reason)
