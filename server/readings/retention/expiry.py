"""Which rows are over, as conditions: policies by commodity, less what is held, in ranges of numbers.

Numbers of channels and series are given out in one sequence for all tenants. A condition is narrowed to its
tenant, so a range may reach over numbers of others: what matters is that it has no number of the tenant's own
that is not meant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from server.readings.domain import UInt64s
from server.readings.retention.domain import Policies
from server.readings.retention.stored import StoredTable

RANGES_AT_ONCE = 1000
"""Ranges that one statement names; more are deleted by several."""

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Expired:
    """Rows that are over: those before a time, of all numbers or of some ranges."""

    before: datetime
    ranges: Ranges | None
    """First and last number of each; None: all of the tenant."""

    def sql(self, table: StoredTable) -> str:
        """The condition."""
        early = table.before(self.before)
        if self.ranges is None:
            return f"({early})"
        among = " OR ".join(
            f"{table.key} = {first}" if first == last else f"{table.key} BETWEEN {first} AND {last}"
            for first, last in self.ranges
        )
        return f"({early} AND ({among}))"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A tenant's channels or series by commodity, and those of them that are held."""

    by_commodity: Mapping[str, Sequence[int]]
    held: Sequence[int] = ()


def expired(
    data_class: str, policies: Policies, numbers: Numbers, now: datetime, *, everything_held: bool = False
) -> list[Expired]:
    """What is over of a class of data; conditions do not overlap."""
    if everything_held or not policies.deletes(data_class):
        return []
    general = policies.keep_days(data_class, "")
    by_days: dict[int, list[str]] = {}
    for commodity in numbers.by_commodity:
        by_days.setdefault(policies.keep_days(data_class, commodity), []).append(commodity)
    if general and set(by_days) <= {general} and not len(numbers.held):
        # Numbers that nobody knows any more are over as well.
        return [Expired(now - timedelta(days=general), None)]
    every = _sorted(number for own in numbers.by_commodity.values() for number in own)
    found = []
    for days, commodities in sorted(by_days.items()):
        if not days:
            continue
        over = _sorted(number for name in commodities for number in numbers.by_commodity[name])
        doomed = np.isin(every, np.setdiff1d(over, _sorted(numbers.held)))
        ranges = _ranges(every, doomed)
        before = now - timedelta(days=days)
        starts = range(0, len(ranges), RANGES_AT_ONCE)
        found += [Expired(before, ranges[first : first + RANGES_AT_ONCE]) for first in starts]
    return found


def _sorted(numbers: Iterable[int]) -> UInt64s:
    return np.unique(np.fromiter(numbers, np.uint64))


def _ranges(every: UInt64s, doomed: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Ranges:
    """Runs of doomed numbers between those that are not."""
    edges = np.diff(np.concatenate(([0], doomed.astype(np.int8), [0])))
    firsts, lasts = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return tuple((int(every[first]), int(every[last])) for first, last in zip(firsts, lasts, strict=True))


def any_of(table: StoredTable, rows: Sequence[Expired]) -> str:
    """SQL of the condition that one of them holds."""
    return "(" + " OR ".join(one.sql(table) for one in rows) + ")" if rows else "0"
