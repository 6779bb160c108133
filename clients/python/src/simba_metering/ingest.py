"""Readings in bulk: columns in, acknowledgements out.

    block = Block("cis", 1, channel=[17, 17], time=[six_o_clock, seven_o_clock], value=["1.25", "1.5"])
    summary = client.readings.ingest([block])

A block is stored as a whole before it is acknowledged, and once, however often its (source, sequence) is
sent. When the connection breaks, what was not acknowledged is sent again by itself. Columns may be lists,
`array.array` or numpy arrays; numpy arrays of the wire's own types are taken as they are.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from simba_metering._generated.simba.readings.v1 import IngestAck, RejectedRow

__all__ = ["Block", "IngestSummary"]

MICRO = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LENGTH = 2  # wire type of length-delimited fields
_MANY_TOLD = 1000


class Block:
    """Readings in columns of equal length, sent and stored as one.

    source: who sends, for example `cis` or `import:2026-01`; together with the sequence it names the block.
    sequence: chosen by the sender, increasing; a repeat of a block has the same one.
    channel: channel numbers, as the meter's `channels` have them.
    time: start of the interval, or the instant of a register reading: aware `datetime`s, numpy `datetime64`
        (UTC), or milliseconds since 1970 as integers.
    value: in the channel's unit: `Decimal`, `str` or `int` (exact), or floats (rounded to six places).
    value_micro: instead of `value`, integers in 10^-6 of the unit.
    quality: bits of `ReadingQuality`; none: all plain.
    backfill: whether the block may wait behind live data.

    Raises `ValueError` for columns of different length, naive times and values that are no numbers.
    """

    __slots__ = ("_columns", "backfill", "rows", "sequence", "source")

    def __init__(
        self,
        source: str,
        sequence: int,
        *,
        channel: Sequence[int] | Any,
        time: Sequence[datetime] | Sequence[int] | Any,
        value: Sequence[Decimal] | Sequence[str] | Sequence[float] | Any = None,
        value_micro: Sequence[int] | Any = None,
        quality: Sequence[int] | Any = None,
        backfill: bool = False,
    ) -> None:
        if (value is None) == (value_micro is None):
            raise ValueError("give either value or value_micro")
        self.source = source
        self.sequence = sequence
        self.backfill = backfill
        columns = {
            "channel": (3, _fixed(channel, "Q", "uint64")),
            "time": (4, _fixed(_milliseconds(time), "q", "int64")),
            "value": (5, _fixed(_micro(value) if value_micro is None else value_micro, "q", "int64")),
        }
        self.rows = len(columns["channel"][1]) // 8
        lengths = {name: len(column) // 8 for name, (_, column) in columns.items()}
        if quality is not None:
            lengths["quality"] = len(quality)
            columns["quality"] = (6, b"".join(map(_varint, quality)))
        if len(set(lengths.values())) != 1:
            raise ValueError(f"columns differ in length: {lengths}")
        self._columns = columns

    def __len__(self) -> int:
        return self.rows

    def __repr__(self) -> str:
        return f"Block(source={self.source!r}, sequence={self.sequence}, rows={self.rows})"

    def to_wire(self) -> bytes:
        """The block as an `IngestReadingsRequest` with this block alone.

        Written by hand: the columns are already what the wire holds.
        """
        source = self.source.encode()
        parts: list[bytes | memoryview] = [_tag(1) + _varint(len(source)), source]
        parts.append(bytes([2 << 3]) + _varint(self.sequence))
        for number, column in self._columns.values():
            parts += [_tag(number) + _varint(len(column)), column]
        if self.backfill:
            parts.append(bytes([7 << 3, 1]))
        return b"".join([_tag(1), _varint(sum(map(len, parts))), *parts])


@dataclass(slots=True)
class IngestSummary:
    """What became of all blocks."""

    blocks: int = 0
    """Blocks acknowledged."""
    stored: int = 0
    """Rows stored."""
    duplicates: int = 0
    """Blocks that had been stored before; nothing was stored again."""
    rejected: int = 0
    """Rows refused; the others of their blocks are stored."""
    dead_lettered: int = 0
    """Of the refused rows, those that the server keeps in its dead letter."""
    rejected_rows: list[tuple[str, int, RejectedRow]] = field(default_factory=list)
    """The first thousand of them: source, sequence, and which row and why."""

    def add(self, ack: IngestAck) -> None:
        """Count one acknowledgement."""
        self.blocks += 1
        self.stored += ack.stored
        self.duplicates += ack.duplicate
        self.rejected += ack.rejected_count
        self.dead_lettered += ack.dead_lettered
        room = _MANY_TOLD - len(self.rejected_rows)
        self.rejected_rows += [(ack.source, ack.sequence, row) for row in ack.rejected[:room]]


def _fixed(column: Any, code: str, numpy_type: str) -> bytes | memoryview:
    """A column as little-endian 64-bit integers."""
    if hasattr(column, "astype"):
        return memoryview(column.astype(f"<{numpy_type[0]}8", copy=False, casting="same_kind")).cast("B")
    try:
        packed = column if isinstance(column, array) and column.typecode == code else array(code, column)
    except TypeError as error:
        raise ValueError(f"a column of whole numbers holds something else: {error}") from None
    if sys.byteorder == "big":
        packed = array(code, packed)
        packed.byteswap()
    return packed.tobytes()


def _milliseconds(column: Any) -> Any:
    if hasattr(column, "dtype"):
        return column.astype("datetime64[ms]").astype("int64") if column.dtype.kind == "M" else column
    if isinstance(column, array) or not len(column) or isinstance(column[0], int):
        return column
    return [_moment(moment) for moment in column]


def _moment(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: readings are stored in UTC")
    return (moment - _EPOCH) // _MILLISECOND


def _micro(column: Any) -> Any:
    if hasattr(column, "dtype"):
        if column.dtype.kind in "iu":
            return column * MICRO
        return (column * MICRO).round().astype("int64")
    return [_micro_of(value) for value in column]


def _micro_of(value: Any) -> int:
    if isinstance(value, float):
        return round(value * MICRO)
    try:
        scaled = Decimal(value) * MICRO
        whole = int(scaled)
    except (ArithmeticError, TypeError, ValueError):
        raise ValueError(f"{value!r} is not a number") from None
    if whole != scaled:
        raise ValueError(f"{value} has more than six decimal places")
    return whole


def _tag(number: int) -> bytes:
    return struct.pack("B", number << 3 | _LENGTH)


def _varint(value: int) -> bytes:
    if value < 0:
        raise ValueError(f"{value} is negative")
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004  seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
