"""Registers to intervals, as pure functions: the twin of the SQL in ``sql_cells``."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.readings.domain import Quality
from server.readings.vee.rules import Delta, register_at, register_delta
from server.readings.vee.scope import Feed


@dataclass(frozen=True, slots=True)
class Point:
    """One reading: time in milliseconds, value in 10^-6 of the unit, quality bits."""

    ms: int
    micro: int
    quality: int = 0


@dataclass(slots=True)
class Counted:
    """What the registers say of one interval."""

    amount: int = 0
    covered_ms: int = 0
    span_ms: int = 0
    """The longest distance of two readings that the interval lies between."""
    window: int = 0
    """The reading from which the beginning of the interval counts; 0: none."""
    quality: int = 0
    fault: int = 0
    """NEGATIVE or LIMIT where a difference was not believed."""
    observed: int = 0
    rolled: int = 0
    """Largest amount of a rollover that ends here."""


def judge(feed: Feed, before: Point, after: Point) -> Delta:
    """The difference of two readings of a channel."""
    return register_delta(
        before.micro,
        after.micro,
        after.ms - before.ms,
        modulus=feed.modulus,
        max_per_hour=feed.max_per_hour,
        negative_allowed=feed.negative_allowed,
        floor=feed.floor,
        turn=feed.turn,
    )


def split_odd(feed: Feed, points: Sequence[Point]) -> tuple[list[Point], list[tuple[Point, Delta]]]:
    """The readings without the odd ones, and the odd ones.

    A reading is odd when it does not follow from the one before, while the one after does without it.
    """
    kept: list[Point] = []
    odd: list[tuple[Point, Delta]] = []
    for i, point in enumerate(points):
        if 0 < i < len(points) - 1:
            delta = judge(feed, points[i - 1], point)
            if delta.fault and not judge(feed, points[i - 1], points[i + 1]).fault:
                odd.append((point, delta))
                continue
        kept.append(point)
    return kept, odd


def counted(periods: Sequence[Feed], points: Sequence[Point], starts: Sequence[int]) -> dict[int, Counted]:
    """What one register says of each interval of a tenure.

    ``periods`` are the feeds of the tenure, one for each multiplier; ``starts`` the beginnings of all
    intervals, in order. The register runs on a straight line between two readings.
    """
    cells: defaultdict[int, Counted] = defaultdict(Counted)
    feed = periods[0]
    kept, odd = split_odd(feed, points)
    for point, delta in odd:
        _tell(cells, starts, point, delta)
    for before, after in pairwise(kept):
        delta = judge(feed, before, after)
        if delta.fault or delta.rolled:
            _tell(cells, starts, after, delta)
        if delta.fault:
            continue
        for period in periods:
            _spread(cells, starts, period, before, after, delta)
    return dict(cells)


def _spread(
    cells: dict[int, Counted], starts: Sequence[int], period: Feed, before: Point, after: Point, delta: Delta
) -> None:
    begin, end = max(before.ms, period.valid_from), min(after.ms, period.valid_to)
    if begin >= end:
        return
    span = after.ms - before.ms

    def at(ms: int) -> int:
        return register_at(before.micro, delta.amount, ms - before.ms, span, period.multiplier)

    first = bisect_right(starts, begin) - 1
    while begin < end and first < len(starts):
        until = min(end, starts[first + 1] if first + 1 < len(starts) else end)
        if first >= 0:
            cell = cells[starts[first]]
            cell.amount += at(until) - at(begin)
            cell.covered_ms += until - begin
            cell.span_ms = max(cell.span_ms, span)
            if before.ms <= starts[first]:
                cell.window = max(cell.window, before.ms)
            cell.quality |= (after.quality & period.bits) | (int(Quality.ROLLOVER) if delta.rolled else 0)
        begin, first = until, first + 1


def _tell(cells: dict[int, Counted], starts: Sequence[int], at: Point, delta: Delta) -> None:
    place = bisect_right(starts, at.ms - 1) - 1
    if place < 0:
        return
    cell = cells[starts[place]]
    if delta.fault:
        cell.fault |= int(delta.fault)
        if abs(delta.amount) > abs(cell.observed):
            cell.observed = delta.amount
    else:
        cell.rolled = max(cell.rolled, delta.amount)
