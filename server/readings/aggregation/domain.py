"""Who is summed, into what, and what was found. Pure: columns in, columns out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.readings.calendar import HOUR_MS
from server.readings.domain import Int64s
from server.readings.ports import Members
from server.readings.queries.spans import DEFAULT_SECONDS, cells_of_series

NONE, CHILD, PHASE = "NONE", "CHILD", "PHASE"
UNASSIGNED = "~"
"""Key of the group of what is in no group: sorts behind all others."""
AMOUNTS = (
    "ACTIVE_ENERGY_IMPORT",
    "ACTIVE_ENERGY_EXPORT",
    "REACTIVE_ENERGY_IMPORT",
    "REACTIVE_ENERGY_EXPORT",
    "APPARENT_ENERGY",
    "VOLUME",
    "VOLUME_REVERSE",
    "HEAT_ENERGY",
    "COOLING_ENERGY",
    "PULSE_COUNT",
)
"""Quantities whose intervals may be added up."""
OPPOSITES = {
    "ACTIVE_ENERGY_IMPORT": "ACTIVE_ENERGY_EXPORT",
    "REACTIVE_ENERGY_IMPORT": "REACTIVE_ENERGY_EXPORT",
    "VOLUME": "VOLUME_REVERSE",
}
_SEPARATOR = "\x1f"
_MOST_CELLS = 4_000_000
"""Cells of a matrix at once."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What one sum is of."""

    group: str
    """Id of a node, phases, or :data:`UNASSIGNED`; empty where nothing is split."""
    quantity: str
    unit: str


@dataclass(frozen=True, slots=True)
class Segments:
    """When series count for keys: columns of equal length; a series counts for one key at a time."""

    series: Int64s
    key: Int64s
    low: Int64s
    """Milliseconds, half-open."""
    high: Int64s

    def __len__(self) -> int:
        return len(self.series)

    def only(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> "Segments":
        """Some of them."""
        return Segments(self.series[keep], self.key[keep], self.low[keep], self.high[keep])


@dataclass(frozen=True, slots=True)
class Plan:
    """Members, put into groups."""

    keys: tuple[Key, ...]
    """In order."""
    stays: Segments
    zone: NDArray[np.intp]
    """Of each stay: the place of its time zone in ``zones``."""
    zones: tuple[str, ...]
    usage_point: NDArray[np.intp]
    """Of each stay: the place of its usage point in ``usage_points``."""
    usage_points: tuple[bytes, ...]
    expect: Segments
    """When meters were installed within the stays."""
    expect_zone: NDArray[np.intp]
    seconds: Int64s
    """Of each of those: the length of the intervals."""
    expect_point: NDArray[np.intp]

    @property
    def usual_zone(self) -> str:
        """The zone that most of the series have; UTC where there are none."""
        if not len(self.zone):
            return "UTC"
        return self.zones[int(np.bincount(self.zone).argmax())]

    @property
    def longest_ms(self) -> int:
        """The longest of the intervals, an hour at most: all of them fit into that."""
        if not len(self.seconds):
            return HOUR_MS
        return min(int(self.seconds.max()) * 1000, HOUR_MS)

    def by_usage_point(self) -> "Plan":
        """The same with a key for each usage point, in the order of ``usage_points``."""
        stays, expect = self.stays, self.expect
        return Plan(
            tuple(Key(str(UUID(bytes=one)), "", "") for one in self.usage_points),
            Segments(stays.series, self.usage_point.astype(np.int64), stays.low, stays.high),
            self.zone,
            self.zones,
            self.usage_point,
            self.usage_points,
            Segments(expect.series, self.expect_point.astype(np.int64), expect.low, expect.high),
            self.expect_zone,
            self.seconds,
            self.expect_point,
        )


def planned(members: Members, grouping: str, phases: str) -> Plan:
    """Puts members into groups; ``phases`` leaves only those on exactly these, or on none (UNASSIGNED)."""
    fact = pa.array(members.facts, pa.string()).dictionary_encode()
    facts = [one.split(_SEPARATOR) for one in fact.dictionary.to_pylist()]
    code = fact.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    child = _encoded(members.child_id)
    labels = [_label(one) for one in child.dictionary.to_pylist()]
    point = _encoded(members.usage_point_id)
    child_code, point_code = _codes(child), _codes(point)
    keys, key = _keys(grouping, facts, labels, code, child_code)
    zones = sorted({one[3] for one in facts})
    zone = np.array([zones.index(one[3]) for one in facts], np.intp)[code]
    keep = np.ones(len(code), np.bool_)
    if phases:
        wanted = "" if phases == UNASSIGNED else phases
        keep = np.array([one[0] == wanted for one in facts], np.bool_)[code]
    series = members.series
    first = keep.copy()
    if len(series):
        first[1:] &= (series[1:] != series[:-1]) | (members.low[1:] != members.low[:-1])
    there = keep & (members.expect_low < members.expect_high)
    # One meter may feed a series by two channels, for example a register and its intervals.
    there &= ~_repeats(members)
    seconds = np.where(members.interval_seconds > 0, members.interval_seconds, DEFAULT_SECONDS)
    return Plan(
        keys,
        Segments(series[first], key[first], members.low[first], members.high[first]),
        zone[first],
        tuple(zones),
        point_code[first],
        tuple(point.dictionary.to_pylist()),
        Segments(series[there], key[there], members.expect_low[there], members.expect_high[there]),
        zone[there],
        seconds[there].astype(np.int64),
        point_code[there],
    )


def _encoded(ids: NDArray[np.void]) -> Any:
    whole = np.ascontiguousarray(ids)
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(whole), [None, pa.py_buffer(whole)]
    ).dictionary_encode()


def _codes(encoded: Any) -> NDArray[np.intp]:
    codes: NDArray[np.intp] = encoded.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    return codes


def _label(child: bytes) -> str:
    return str(UUID(bytes=child)) if any(child) else UNASSIGNED


def _keys(
    grouping: str,
    facts: Sequence[Sequence[str]],
    labels: Sequence[str],
    code: NDArray[np.intp],
    child: NDArray[np.intp],
) -> tuple[tuple[Key, ...], Int64s]:
    """The keys in order, and the place of each row's."""
    if not len(code):
        return (), np.empty(0, np.int64)
    parts = child if grouping == CHILD else np.zeros(len(code), np.intp)
    found, place = np.unique(parts * len(facts) + code, return_inverse=True)

    def key_of(number: int) -> Key:
        phases, quantity, unit, _ = facts[number % len(facts)]
        group = {NONE: "", CHILD: labels[number // len(facts)], PHASE: phases or UNASSIGNED}[grouping]
        return Key(group, quantity, unit)

    raw = [key_of(int(number)) for number in found]
    keys = tuple(sorted(set(raw)))
    places = {key: n for n, key in enumerate(keys)}
    return keys, np.array([places[one] for one in raw], np.int64)[place]


def _repeats(members: Members) -> NDArray[np.bool_]:
    """Whether a row says the same as the one before."""
    same = np.zeros(len(members.series), np.bool_)
    if len(same):
        columns = (members.series, members.low, members.expect_low, members.expect_high)
        same[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    return same


def days_apart(segments: Segments, days: Int64s, fits: NDArray[np.bool_]) -> tuple[Segments, Segments]:
    """Segments cut into whole days and the rest: for those that do not fit, all is rest.

    ``days`` are the instants at which days begin, and the end of the last one.
    """
    first = np.searchsorted(days, segments.low, side="left")
    last = np.searchsorted(days, segments.high, side="right") - 1
    whole = fits & (first < last)
    first, last = np.minimum(first, len(days) - 1), np.maximum(last, 0)
    inner = Segments(segments.series, segments.key, days[first], days[last]).only(whole)
    before = Segments(segments.series, segments.key, segments.low, days[first]).only(
        whole & (segments.low < days[first])
    )
    after = Segments(segments.series, segments.key, days[last], segments.high).only(
        whole & (days[last] < segments.high)
    )
    none = segments.only(~whole)
    rest = [before, after, none]
    return inner, Segments(
        *(np.concatenate([getattr(one, name) for one in rest]) for name in ("series", "key", "low", "high"))
    )


def expected(plan: Plan, edges: Int64s, until: int) -> Int64s:
    """How many intervals begin in each span while meters are installed: keys by spans.

    Spans lie between the ``edges``; what begins at ``until`` or later does not count.
    """
    total = np.zeros((len(plan.keys), len(edges) - 1), np.int64)
    expect = plan.expect
    if not len(expect):
        return total
    rows = np.stack(
        [
            expect.key,
            expect.low,
            np.minimum(expect.high, until),
            plan.seconds,
            plan.expect_zone.astype(np.int64),
        ]
    )
    # Most are alike: the whole period, the usual interval.
    alike, count = np.unique(rows, axis=1, return_counts=True)
    step = max(_MOST_CELLS // len(edges), 1)
    for first in range(0, alike.shape[1], step):
        part = alike[:, first : first + step]
        cells = _cells(part, edges, plan.zones) * count[first : first + step, None]
        np.add.at(total, part[0], cells)
    return total


def _cells(rows: Int64s, edges: Int64s, zones: Sequence[str]) -> Int64s:
    """Intervals of each row (key, low, high, seconds, zone) by span."""
    _, low, high, seconds, zone = rows
    at = np.clip(edges[None, :], low[:, None], np.maximum(low, high)[:, None])
    length = seconds * 1000
    # They lie on multiples of their length, whatever the day.
    before = -(-at // length[:, None])
    for place in np.flatnonzero(length > HOUR_MS).tolist():
        starts = cells_of_series(zones[int(zone[place])], int(seconds[place]), int(edges[0]), int(edges[-1]))
        before[place] = np.searchsorted(starts, at[place], side="left")
    found: Int64s = np.diff(before, axis=1)
    return found


def counted(plan: Plan, edges: Int64s) -> Int64s:
    """How many series count for each key in each span: keys by spans."""
    spans = len(edges) - 1
    change = np.zeros((len(plan.keys), spans + 1), np.int64)
    stays = plan.stays
    order = np.lexsort((stays.low, stays.series, stays.key))
    key, series = stays.key[order], stays.series[order]
    first = np.maximum(np.searchsorted(edges, stays.low[order], side="right") - 1, 0)
    last = np.minimum(np.searchsorted(edges, stays.high[order], side="left"), spans)
    # One that comes back within a span counts once in it, and in no span that it was away for.
    back = (key[1:] == key[:-1]) & (series[1:] == series[:-1])
    first[1:] = np.where(back, np.maximum(first[1:], last[:-1]), first[1:])
    there = first < last
    np.add.at(change, (key[there], first[there]), 1)
    np.add.at(change, (key[there], last[there]), -1)
    total: Int64s = change.cumsum(axis=1)[:, :-1]
    return total
