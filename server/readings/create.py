"""Some readings of a caller without a stream, checked one by one and stored as one block."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

import numpy as np

from server.platform.caller import current_caller
from server.platform.rates import Rates
from server.readings.calendar import to_ms
from server.readings.domain import DECIMAL64_LIMIT, MICRO, Block
from server.readings.ingest.checks import VALUE_OUT_OF_RANGE, RejectedRow
from server.readings.ingest.pipeline import Pipeline
from server.readings.ports import ChannelDirectory

NOT_A_NUMBER = "NOT_A_NUMBER"
UNIT_MISMATCH = "UNIT_MISMATCH"
UNKNOWN_CHANNEL = "UNKNOWN_CHANNEL"


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


@dataclass(frozen=True, slots=True)
class Created:
    """What became of them."""

    stored: int
    rejected: tuple[RejectedRow, ...]


class CreateReadings:
    """The use case."""

    def __init__(self, pipeline: Pipeline, directory: ChannelDirectory, rates: Rates) -> None:
        self._rates = rates
        self._pipeline = pipeline
        self._directory = directory

    async def create(self, readings: Sequence[NewReading], source: str) -> Created:
        """Stores the good ones of some readings; the same ones again are stored once."""
        caller = current_caller()
        await self._rates.readings(caller, len(readings))
        numbers, units = await self._channels(caller.tenant_id, readings)
        refused: list[RejectedRow] = []
        kept: list[tuple[int, int, int, int, int]] = []
        for row, (reading, number) in enumerate(zip(readings, numbers, strict=True)):
            read = _read(row, reading, number, units)
            if isinstance(read, RejectedRow):
                refused.append(read)
            else:
                kept.append((row, number, to_ms(reading.time), read, reading.quality))
        stored = 0
        if kept:
            block = block_of(source or caller.principal_id, kept)
            # Some of them may have come before, beside others.
            ack = await self._pipeline.store(caller.tenant_id, block, only_new=True)
            stored = ack.stored + ack.repeated
            refused += [replace(one, row=kept[one.row][0]) for one in ack.rejected]
        return Created(stored, tuple(sorted(refused, key=lambda one: one.row)))

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


def _read(row: int, reading: NewReading, number: int, units: dict[int, str]) -> int | RejectedRow:
    """The value in micro, or why the row is refused."""
    if reading.meter_id is not None and not number:
        said = f"meter {reading.meter_id} has no channel {reading.code!r}"
        return RejectedRow(row, "channel_name", reading.code, said, UNKNOWN_CHANNEL)
    unit = units.get(number)
    if unit is not None and reading.unit and reading.unit != unit:
        said = f"{reading.unit!r} is not the channel's unit, {unit!r}"
        return RejectedRow(row, "unit", reading.unit, said, UNIT_MISMATCH)
    return micro_of(row, reading.value)


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


def block_of(source: str, kept: Sequence[tuple[int, int, int, int, int]]) -> Block:
    """A block of rows: place, channel, time, value, quality. Its content is its number."""
    columns = list(zip(*kept, strict=True))
    content = repr(columns[1:]).encode()
    return Block(
        source,
        # The content is the number: the same readings are the same block.
        int.from_bytes(hashlib.sha256(content).digest()[:8], "big"),
        np.array(columns[1], np.uint64),
        np.array(columns[2], np.int64),
        np.array(columns[3], np.int64),
        np.array(columns[4], np.uint32),
    )
