"""The channels of each tenant, kept in arrays so that millions of rows can be checked at once."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from server.readings.calendar import HOUR_MS
from server.readings.domain import MICRO, Int64s, UInt64s
from server.readings.ingest.checks import NO_LIMIT
from server.readings.ports import INTERVAL, REGISTER, ChannelDirectory, ChannelInfo

GROSS_FACTOR = 10
"""An interval of so many times the plausible use is refused; what lies between is for validation to judge."""
BELIEVED_SECONDS = 300.0
"""How long what is known of a channel is believed."""
ABSENT_SECONDS = 0.2
"""How long a channel is believed not to exist: a new meter's first reading may come at once."""
WIDEST_TABLE = 1 << 25
"""Channels that lie closer together than this are looked up in a table, others by searching."""
WORTH_A_THREAD = 20_000
"""Rows from which on looking them up is left to a thread, so that streams do not wait for it."""
_UNKNOWN = -1


def largest_value(info: ChannelInfo) -> int:
    """The largest value that a channel can show, in micro."""
    limit = NO_LIMIT
    if info.kind == REGISTER and info.dials:
        limit = 10**info.dials * MICRO - 1
    elif info.kind == INTERVAL and info.max_per_hour_micro is not None and info.interval_seconds:
        limit = info.max_per_hour_micro * max(info.interval_seconds * 1000, 1) * GROSS_FACTOR // HOUR_MS
    return min(limit, NO_LIMIT)


@dataclass(slots=True)
class _Tenant:
    known: tuple[UInt64s, Int64s, Int64s | None] = (np.empty(0, np.uint64), np.empty(0, np.int64), None)
    """Numbers, their limits, and a table of limits by number less the first number, where numbers lie close
    together; negative: no such channel."""
    until: float = 0.0
    absent: dict[int, float] = field(default_factory=dict)

    def look_up(self, channels: UInt64s) -> Int64s:
        """Limits row by row. May run in a thread: what is known is replaced, never changed in place."""
        numbers, all_limits, table = self.known
        if not len(numbers):
            return np.full(len(channels), _UNKNOWN, np.int64)
        if table is not None:
            # Smaller numbers wrap around and so lie beyond the table as well.
            places = channels - numbers[0]
            limits: Int64s = table[np.minimum(places, np.uint64(len(table) - 1)).astype(np.int64)]
            return limits
        places = np.minimum(np.searchsorted(numbers, channels), len(numbers) - 1)
        found: Int64s = np.where(numbers[places] == channels, all_limits[places], _UNKNOWN)
        return found

    def add(self, found: Sequence[ChannelInfo]) -> None:
        if not found:
            return
        numbers = np.array([info.channel for info in found], np.uint64)
        limits = np.array([largest_value(info) for info in found], np.int64)
        old_numbers, old_limits, _ = self.known
        merged, first = np.unique(np.concatenate((numbers, old_numbers)), return_index=True)
        limits = np.concatenate((limits, old_limits))[first]
        table = None
        span = int(merged[-1] - merged[0]) + 2
        if span <= WIDEST_TABLE:
            table = np.full(span, _UNKNOWN, np.int64)
            table[(merged - merged[0]).astype(np.int64)] = limits
        self.known = merged, limits, table


class KnownChannels:
    """Limits of channels by number, fetched from the directory when first met."""

    def __init__(self, directory: ChannelDirectory, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._directory = directory
        self._clock = clock
        self._tenants: dict[UUID, _Tenant] = {}

    async def limits(self, tenant_id: UUID, channels: UInt64s) -> Int64s:
        """The largest value of each channel, row by row; negative where the tenant has no such channel."""
        now = self._clock()
        kept = self._tenants.get(tenant_id)
        if kept is None or kept.until < now:
            kept = self._tenants[tenant_id] = _Tenant(until=now + BELIEVED_SECONDS)
        limits = await _looked_up(kept, channels)
        missing = limits < 0
        if not missing.any():
            return limits
        unknown = channels[missing]
        distinct = (
            np.unique(unknown)
            if len(unknown) < WORTH_A_THREAD
            else await asyncio.to_thread(np.unique, unknown)
        )
        asked = [number for number in distinct.tolist() if kept.absent.get(number, 0.0) <= now]
        if asked:
            found = await self._directory.channels(tenant_id, np.array(asked, np.uint64))
            kept.add(found)
            there = {info.channel for info in found}
            kept.absent = {number: end for number, end in kept.absent.items() if end > now}
            kept.absent |= {number: now + ABSENT_SECONDS for number in asked if number not in there}
            limits = await _looked_up(kept, channels)
        return limits


async def _looked_up(kept: _Tenant, channels: UInt64s) -> Int64s:
    if len(channels) < WORTH_A_THREAD:
        return kept.look_up(channels)
    return await asyncio.to_thread(kept.look_up, channels)
