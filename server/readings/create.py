"""Some readings of a caller without a stream, checked one by one and stored as one block."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol
from uuid import UUID

import numpy as np

from server.platform.caller import current_caller
from server.platform.rates import Rates
from server.readings.calendar import to_ms
from server.readings.dead_letter.domain import (
    MULTIPLIER_MISMATCH,
    NO_METER,
    UNIT_MISMATCH,
    UNKNOWN_CHANNEL,
    DeadRows,
)
from server.readings.domain import DECIMAL64_LIMIT, MICRO, Block
from server.readings.ingest.checks import VALUE_OUT_OF_RANGE, RejectedRow
from server.readings.ingest.pipeline import Pipeline
from server.readings.multipliers import multipliers_at
from server.readings.ports import ChannelDirectory

NOT_A_NUMBER = "NOT_A_NUMBER"


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading as a caller gives it: the channel by number, or by meter and code."""

    channel: int
    meter_id: UUID | None
    code: str
    time: datetime
    value: str
    unit: str
    quality: int
    multiplier: str = ""


@dataclass(frozen=True, slots=True)
class Created:
    """What became of them."""

    stored: int
    rejected: tuple[RejectedRow, ...]
    dead_lettered: int = 0
    """Of the refused rows, those that are kept in the dead letter."""


class LoneDeadLetter(Protocol):
    """The dead letter for callers without a stream."""

    async def keep_alone(self, tenant_id: UUID, rows: DeadRows) -> int:
        """Keeps rows; returns how many, all or none."""
        ...


@dataclass(frozen=True, slots=True)
class _Row:
    """A reading that could be read."""

    place: int
    reading: NewReading
    number: int
    """Of its channel; 0 where there is none by that name."""
    micro: int

    @property
    def columns(self) -> tuple[int, int, int, int, int]:
        """Place, channel, time, value, quality."""
        return self.place, self.number, to_ms(self.reading.time), self.micro, self.reading.quality


class CreateReadings:
    """The use case."""

    def __init__(
        self, pipeline: Pipeline, directory: ChannelDirectory, rates: Rates, box: LoneDeadLetter
    ) -> None:
        self._rates = rates
        self._pipeline = pipeline
        self._directory = directory
        self._box = box

    async def create(self, readings: Sequence[NewReading], source: str) -> Created:
        """Stores the good ones of some readings; the same ones again are stored once.

        Those whose channel nobody knows, or with another unit or multiplier than the channel's, go to the
        dead letter.
        """
        caller = current_caller()
        await self._rates.readings(caller, len(readings))
        numbers, units = await self._channels(caller.tenant_id, readings)
        refused: list[RejectedRow] = []
        rows: list[_Row] = []
        for place, (reading, number) in enumerate(zip(readings, numbers, strict=True)):
            micro = micro_of(place, reading.value)
            if isinstance(micro, RejectedRow):
                refused.append(micro)
            else:
                rows.append(_Row(place, reading, number, micro))
        dead = [wrong for row in rows if (wrong := _wrong(row, units)) is not None]
        dead += await self._unlike_multiplier(caller.tenant_id, rows, {one.row for one in dead})
        source = source or caller.principal_id
        buried = await self._bury(caller.tenant_id, source, rows, dead)
        refused += dead
        away = {one.row for one in dead}
        kept = [row.columns for row in rows if row.place not in away]
        stored = 0
        if kept:
            block = block_of(source, kept)
            # Some of them may have come before, beside others.
            ack = await self._pipeline.store(caller.tenant_id, block, only_new=True)
            stored = ack.stored + ack.repeated
            refused += [replace(one, row=kept[one.row][0]) for one in ack.rejected]
        return Created(stored, tuple(sorted(refused, key=lambda one: one.row)), buried)

    async def _channels(
        self, tenant_id: UUID, readings: Sequence[NewReading]
    ) -> tuple[list[int], dict[int, str]]:
        """The channel number of each reading, 0 where there is none, and the unit of each channel."""
        meters = sorted({reading.meter_id for reading in readings if reading.meter_id is not None})
        named = await self._directory.channels_of_meters(tenant_id, meters) if meters else ()
        direct = sorted({reading.channel for reading in readings if reading.meter_id is None})
        known = await self._directory.channels(tenant_id, np.array(direct, np.uint64)) if direct else ()
        by_name = {(info.meter_id, info.code): info.channel for info in named}
        numbers = [
            reading.channel if reading.meter_id is None else by_name.get((reading.meter_id, reading.code), 0)
            for reading in readings
        ]
        return numbers, {info.channel: info.unit for info in (*named, *known)}

    async def _unlike_multiplier(
        self, tenant_id: UUID, rows: Sequence[_Row], wrong: set[int]
    ) -> list[RejectedRow]:
        stated = [row for row in rows if row.reading.multiplier and row.place not in wrong]
        if not stated:
            return []
        numbers = np.array([row.number for row in stated], np.uint64)
        installations = await self._directory.installations(tenant_id, np.unique(numbers))
        times = np.array([to_ms(row.reading.time) for row in stated], np.int64)
        return [
            RejectedRow(row.place, "multiplier", row.reading.multiplier, said, MULTIPLIER_MISMATCH)
            for row, now in zip(stated, multipliers_at(installations, numbers, times), strict=True)
            if (said := _unlike(row.reading.multiplier, now))
        ]

    async def _bury(
        self, tenant_id: UUID, source: str, rows: Sequence[_Row], dead: Sequence[RejectedRow]
    ) -> int:
        """Puts rows in the dead letter, by reason; returns how many it took."""
        by_place = {row.place: row for row in rows}
        count = 0
        for reason in sorted({one.reason for one in dead}):
            mine = [by_place[one.row] for one in dead if one.reason == reason]
            count += await self._box.keep_alone(tenant_id, _dead_rows(source, mine, reason))
        return count


def _wrong(row: _Row, units: Mapping[int, str]) -> RejectedRow | None:
    """Why a reading cannot be given to a channel, but for its multiplier."""
    reading, unit = row.reading, units.get(row.number)
    if unit is None and reading.meter_id is not None:
        said = f"meter {reading.meter_id} has no channel {reading.code!r}"
        return RejectedRow(row.place, "channel_name", reading.code, said, UNKNOWN_CHANNEL)
    if unit is None:
        said = f"no channel has the number {reading.channel}"
        return RejectedRow(row.place, "channel", str(reading.channel), said, UNKNOWN_CHANNEL)
    if reading.unit and reading.unit != unit:
        said = f"{reading.unit!r} is not the channel's unit, {unit!r}"
        return RejectedRow(row.place, "unit", reading.unit, said, UNIT_MISMATCH)
    return None


def _unlike(said: str, now: Decimal) -> str:
    """What is wrong with a stated multiplier; empty: nothing."""
    try:
        same = Decimal(said) == now
    except InvalidOperation:
        return f"{said!r} is not a decimal number"
    return (
        "" if same else f"{said} is not the multiplier of the installation at the time, {now.normalize():f}"
    )


def _dead_rows(source: str, rows: Sequence[_Row], reason: str) -> DeadRows:
    """Rows for the dead letter. Their content is their number, so that they are kept once."""
    readings = [row.reading for row in rows]
    named = [(one.meter_id or NO_METER, one.code, one.unit, one.multiplier) for one in readings]
    block = block_of(source, [row.columns for row in rows], more=(reason, named))
    return DeadRows(
        source,
        block.sequence,
        np.arange(len(rows), dtype=np.uint32),
        np.array([0 if one.meter_id else one.channel for one in readings], np.uint64),
        block.time_ms,
        block.value_micro,
        block.quality,
        reason,
        meter_id=[meter for meter, *_ in named],
        code=[one.code for one in readings],
        unit=[one.unit for one in readings],
        multiplier=[one.multiplier for one in readings],
    )


def micro_of(row: int, text: str) -> int | RejectedRow:
    """A decimal as a number of millionths, or why it is refused."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return RejectedRow(row, "value", text, f"{text!r} is not a decimal number", NOT_A_NUMBER)
    if abs(number) >= DECIMAL64_LIMIT // MICRO:
        return RejectedRow(row, "value", text, f"{text} is beyond what can be stored", VALUE_OUT_OF_RANGE)
    micro = number.scaleb(6)
    if micro != micro.to_integral_value():
        return RejectedRow(row, "value", text, f"{text} has more than six places", VALUE_OUT_OF_RANGE)
    return int(micro)


def block_of(source: str, kept: Sequence[tuple[int, int, int, int, int]], *, more: object = ()) -> Block:
    """A block of rows: place, channel, time, value, quality. Its content and ``more`` are its number."""
    columns = list(zip(*kept, strict=True))
    content = repr(columns[1:]).encode() + (repr(more).encode() if more else b"")
    return Block(
        source,
        # The content is the number: the same readings are the same block.
        int.from_bytes(hashlib.sha256(content).digest()[:8], "big"),
        np.array(columns[1], np.uint64),
        np.array(columns[2], np.int64),
        np.array(columns[3], np.int64),
        np.array(columns[4], np.uint32),
    )
