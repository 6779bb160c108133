"""Estimates for one series, as pure functions: the twin of the SQL in ``sql_estimates``."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from server.readings.domain import Method, Quality
from server.readings.vee import rules
from server.readings.vee.scope import EPOCH

if TYPE_CHECKING:
    from server.readings.vee.pure import Cell

History = Mapping[int, Mapping[int, int]]
"""Sound days that were stored before: day number → wall-clock milliseconds → value."""
NO_HISTORY: History = {}

_SATURDAY = 5
_EPOCH_WEEKDAY = EPOCH.weekday()


def weekday(day: int) -> int:
    """The weekday of a numbered day, 0 is Monday."""
    return (day + _EPOCH_WEEKDAY) % 7


def reference_days(day: int, sound: Sequence[int], knobs: rules.Knobs = rules.DEFAULT) -> list[int]:
    """The days to learn from: the three nearest of the same weekday, else up to three of the same kind.

    Nearest in time, before or after; of two that are equally near the earlier one comes first.
    """
    reach = [d for d in sound if 0 < abs(d - day) <= knobs.reach_days]
    kind = weekday(day) >= _SATURDAY
    near = sorted((d for d in reach if (weekday(d) >= _SATURDAY) == kind), key=lambda d: (abs(d - day), d))
    same = [d for d in near if weekday(d) == weekday(day)][: knobs.reference_days]
    return same if len(same) == knobs.reference_days else near[: knobs.reference_days]


def estimate(cells: list["Cell"], history: History, knobs: rules.Knobs) -> None:
    """Gives every cell in need its estimate, where there is one; the cells are in order and without holes."""
    if not any(cell.need for cell in cells):
        return
    _draw_lines(cells, knobs)
    _learn(cells, history, knobs)
    for window, members in _grouped(cells, lambda cell: cell.window):
        _fit(window, members, knobs)


def _draw_lines(cells: list["Cell"], knobs: rules.Knobs) -> None:
    place = 0
    for need, run in groupby(cells, lambda cell: cell.need):
        gap = list(run)
        begin, place = place, place + len(gap)
        if not need or begin == 0 or place == len(cells):
            continue
        before, after = cells[begin - 1], cells[place]
        if before.sound and after.sound and gap[-1].end - gap[0].start <= knobs.linear_ms:
            values = rules.linear(before.value or 0, after.value or 0, len(gap))
            for cell, value in zip(gap, values, strict=True):
                cell.estimate, cell.method = value, Method.LINEAR


def _learn(cells: list["Cell"], history: History, knobs: rules.Knobs) -> None:
    known: dict[int, Mapping[int, int]] = {}
    mine: set[int] = set()
    for day, members in _grouped(cells, lambda cell: cell.day):
        mine.add(day)
        whole = members[0].plain and len(members) == members[0].day_cells
        if whole and all(cell.sound and not cell.quality & Quality.POWER_DOWN for cell in members):
            known[day] = {cell.wall: cell.value or 0 for cell in members}
    known |= {day: values for day, values in history.items() if day not in mine}
    for day, members in _grouped(cells, lambda cell: cell.day):
        gaps = [cell for cell in members if cell.need and cell.estimate is None]
        if not gaps:
            continue
        days = reference_days(day, list(known), knobs)
        for cell in gaps:
            values = [known[d][cell.wall] for d in days if cell.wall in known[d]]
            if values and len(values) == len(days):
                cell.estimate, cell.method = rules.mean(values), Method.NEAREST_DAYS


def _fit(window: int, members: list["Cell"], knobs: rules.Knobs) -> None:
    """Scales the estimates of a stretch between registers to what the registers leave for them."""
    gaps = [cell for cell in members if cell.need]
    if not gaps or not window or not all(cell.covered for cell in members):
        return
    counted = sum(cell.counted for cell in members)
    known = sum(cell.value or 0 for cell in members if not cell.need)
    rest = counted - known
    if rest < 0:
        for cell in gaps if "V10" not in knobs.off else ():
            cell.mismatch = (known, counted)
        return
    if not knobs.scaling:
        return
    weights = [cell.estimate for cell in gaps if cell.estimate is not None]
    flat = len(weights) != len(gaps) or min(weights) < 0 or sum(weights) <= 0
    shares = rules.share_out(rest, [1] * len(gaps) if flat else weights)
    for cell, share in zip(gaps, shares, strict=True):
        cell.estimate, cell.is_scaled = share, True
        cell.method = Method.FLAT_TO_REGISTER if flat else cell.method


def mismatched(cells: list["Cell"], unit: int, knobs: rules.Knobs) -> None:
    """V10: marks intervals that do not add up to the registers around them."""
    for window, members in _grouped(cells, lambda cell: cell.window):
        if not window or any(cell.need or cell.source != 1 for cell in members):
            continue
        known, counted = sum(cell.value or 0 for cell in members), sum(cell.counted for cell in members)
        if not rules.sum_agrees(known, counted, unit, knobs):
            for cell in members:
                cell.mismatch = (known, counted)


def _grouped(cells: list["Cell"], key: Callable[["Cell"], int]) -> list[tuple[int, list["Cell"]]]:
    found: dict[int, list[Cell]] = {}
    for cell in cells:
        found.setdefault(key(cell), []).append(cell)
    return list(found.items())
