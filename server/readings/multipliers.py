"""Which multiplier a channel's installation has at a time."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from server.readings.calendar import to_ms
from server.readings.domain import Int64s, UInt64s
from server.readings.ports import Installation

NOT_INSTALLED = Decimal(1)


def multipliers_at(installations: Iterable[Installation], channel: UInt64s, time_ms: Int64s) -> list[Decimal]:
    """The multiplier of each reading's installation; 1 where the channel was not installed at the time."""
    by_channel: dict[int, list[Installation]] = defaultdict(list)
    for one in installations:
        by_channel[one.channel].append(one)
    return [
        _at(by_channel[number], at) for number, at in zip(channel.tolist(), time_ms.tolist(), strict=True)
    ]


def _at(installations: Iterable[Installation], at: int) -> Decimal:
    for one in installations:
        if to_ms(one.start) <= at and (one.end is None or at < to_ms(one.end)):
            return one.multiplier
    return NOT_INSTALLED
