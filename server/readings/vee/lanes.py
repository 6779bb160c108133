"""Lanes: series that one interval channel feeds, as columns, so that a million of them is no loop."""

from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from server.readings.calendar import DAY_MS
from server.readings.domain import Int64s
from server.readings.ports import ChannelDirectory, Lanes
from server.readings.vee.scope import day_at

TOUCHES = pa.schema(
    [
        ("channel", pa.uint64()),
        ("low", pa.int64()),
        ("high", pa.int64()),
        ("first", pa.int64()),
        ("last", pa.int64()),
    ]
)
"""Channels whose readings came in, from one time to another, both included; and the first and last reading
that each of them has. Milliseconds, one row a channel."""

LANES = pa.schema(
    [
        ("series", pa.uint64()),
        ("channel", pa.uint64()),
        ("usage_point_id", pa.binary(16)),
        ("tz", pa.string()),
        ("interval_ms", pa.int64()),
        ("first_day", pa.int32()),
        ("last_day", pa.int32()),
        ("expect_from", pa.int64()),
        ("expect_to", pa.int64()),
        ("mult", pa.int64()),
        ("max_hour", pa.int64()),
        ("neg", pa.uint8()),
        ("before_ms", pa.int64()),
        ("after_ms", pa.int64()),
        ("rule_set_version", pa.int64()),
    ]
)
"""The rows of a run's table ``lane``: one a series. Days are numbered since 1970 and all written; intervals
within ``[expect_from, expect_to)`` should have a value; ``mult`` is in 10^-9, ``max_hour`` in 10^-6 of the
unit, -1 for none. Where the channel has readings before the days, ``before_ms`` is their beginning, else 0;
``after_ms`` in the same way their end. ``max_hour`` and ``neg`` are under the rule set."""


async def lanes_of(
    directory: ChannelDirectory, tenant_id: UUID, touches: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """The lanes (:data:`LANES`) that touched readings feed, and the touches (:data:`TOUCHES`) of others.

    The lanes are under the built-in rule set.
    """
    channels = touches.column("channel").to_numpy()
    found = await directory.lanes(tenant_id, channels)
    if not len(found.channel):
        return LANES.empty_table(), touches
    place = np.searchsorted(found.channel, channels.astype(np.int64))
    place[place == len(found.channel)] = 0
    taken = found.channel[place] == channels.astype(np.int64)
    parts = []
    for zone in np.unique(found.time_zone):
        mine = np.flatnonzero(taken & (found.time_zone[place] == zone))
        if len(mine):
            inside, lanes = _of_zone(str(zone), touches.take(mine), found, place[mine])
            taken[mine[~inside]] = False
            parts.append(lanes)
    lanes = pa.concat_tables(parts) if parts else LANES.empty_table()
    return lanes, touches.filter(pa.array(~taken))


def _of_zone(zone: str, touches: pa.Table, found: Lanes, place: Int64s) -> tuple[NDArray[np.bool_], pa.Table]:
    """Which of the touches are of days that lie within their installations, and the lanes of those."""
    low, high, first, last = (touches.column(name).to_numpy() for name in ("low", "high", "first", "last"))
    since, until = found.valid_from[place], found.valid_to[place]
    low, high, first = np.maximum(low, since), np.minimum(high, until - 1), np.maximum(first, since)
    touched = low <= high
    low = np.minimum(low, high)
    days = _Days(zone, min(int(low.min()), int(np.minimum(first, last).min())), int(last.max()))
    begin, end = days.number(low), days.number(high)
    start_ms, end_ms = days.start(begin), days.start(end + 1)
    inside = touched & (since <= start_ms) & (until >= end_ms)
    length = found.interval_seconds[place].astype(np.int64) * 1000
    columns = {
        "series": found.series[place],
        "channel": found.channel[place],
        "interval_ms": length,
        "first_day": begin,
        "last_day": end,
        "expect_from": np.maximum(days.start(days.number(np.minimum(first, last))), since),
        "expect_to": np.minimum(last + length, until),
        "mult": found.multiplier[place],
        "max_hour": found.max_per_hour[place],
        "neg": found.negative_allowed[place],
        "before_ms": np.where(first < start_ms, start_ms, 0),
        "after_ms": np.where(last >= end_ms, end_ms, 0),
        "rule_set_version": np.zeros(len(low), np.int64),
    }
    arrays = {name: pa.array(column[inside], LANES.field(name).type) for name, column in columns.items()}
    ids = np.ascontiguousarray(found.usage_point_id[place][inside])
    count = int(inside.sum())
    arrays["usage_point_id"] = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), count, [None, pa.py_buffer(ids)]
    )
    arrays["tz"] = pa.repeat(zone, count)
    return inside, pa.table([arrays[name] for name in LANES.names], LANES)


class _Days:
    """The local days of a zone from one instant to another."""

    def __init__(self, zone: str, low: int, high: int) -> None:
        self._first = low // DAY_MS - 2
        numbers = range(self._first, high // DAY_MS + 4)
        self._starts = np.array([day_at(zone, number).start_ms for number in numbers], np.int64)

    def number(self, at: Int64s) -> Int64s:
        """The numbers of the days in which instants lie."""
        return self._first + np.searchsorted(self._starts, at, side="right") - 1

    def start(self, number: Int64s) -> Int64s:
        """The first instants of days."""
        return self._starts[number - self._first]


def portions(lanes: pa.Table, cells: int) -> Iterator[pa.Table]:
    """Lanes in portions of one zone and about so many intervals."""
    for tz in pc.unique(lanes.column("tz")).to_pylist():
        of_zone = lanes.filter(pc.equal(lanes.column("tz"), tz)).sort_by("series")
        first, last = (of_zone.column(name).to_numpy().astype(np.int64) for name in ("first_day", "last_day"))
        sizes = np.cumsum((last - first + 1) * DAY_MS // of_zone.column("interval_ms").to_numpy())
        number = sizes // cells
        starts = np.flatnonzero(np.diff(number, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(number)], strict=True):
            yield of_zone.slice(start, end - start)
