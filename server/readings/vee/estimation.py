"""Estimates for one series, as pure functions: the twin of the SQL in ``sql_estimates``."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from server.readings.calendar import day_of
from server.readings.domain import Method, Quality
from server.readings.vee import rules
from server.readings.vee.scope import EPOCH, SeriesScope

if TYPE_CHECKING:
    from server.readings.vee.pure import Cell

History = Mapping[int, Mapping[int, int]]
"""Sound days that were stored before: day number → wall-clock milliseconds → value."""
NO_HISTORY: History = {}
Sound = Mapping[int, Mapping[int, int]]
"""Sound days, of these cells and of before, in the same form."""

_SATURDAY = 5
_EPOCH_WEEKDAY = EPOCH.weekday()


def weekday(day: int) -> int:
    """The weekday of a numbered day, 0 is Monday."""
    return (day + _EPOCH_WEEKDAY) % 7


def is_weekend(day: int) -> bool:
    """Whether a numbered day is a Saturday or Sunday."""
    return weekday(day) >= _SATURDAY


def reference_days(
    day: int, sound: Iterable[int], count: int = rules.DEFAULT.reference_days, reach: int = 91
) -> list[int]:
    """E05: the days to learn from: the nearest of the same weekday, else up to so many of the same kind.

    Nearest in time, before or after; of two that are equally near the earlier one comes first.
    """
    near = sorted(
        (d for d in sound if 0 < abs(d - day) <= reach and is_weekend(d) == is_weekend(day)),
        key=lambda d: (abs(d - day), d),
    )
    same = [d for d in near if weekday(d) == weekday(day)][:count]
    return same if len(same) == count else near[:count]


def like_days(day: int, sound: Container[int], *, last_year: bool = True) -> list[int]:
    """E06: which of the like days of two weeks are sound, else those of the same two weeks a year ago."""
    wanted = [day + step for step in rules.LIKE_DAYS[weekday(day)]]
    found = [one for one in wanted if one in sound]
    if found or not last_year:
        return found
    return [one - rules.YEAR_OF_WEEKS for one in wanted if one - rules.YEAR_OF_WEEKS in sound]


def estimate(cells: list["Cell"], history: History, scope: SeriesScope) -> None:
    """Gives every cell in need its estimate, where there is one; the cells are in order and without holes."""
    if not any(cell.need for cell in cells):
        return
    knobs, gaps = scope.knobs, _gaps(cells)
    sound = _sound_days(cells, history)
    for method in knobs.methods:
        for gap in gaps:
            if gap.length <= knobs.longest_ms:
                _MAKERS[method](gap, sound, knobs)
    for _, members in _grouped(cells, stretch_of(cells, scope)):
        _fit(members, knobs)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Cells in need that follow one another, and what is on both sides of them."""

    members: list["Cell"]
    before: "Cell | None"
    after: "Cell | None"

    @property
    def length(self) -> int:
        return self.members[-1].end - self.members[0].start


def _gaps(cells: list["Cell"]) -> list[_Gap]:
    found, place = [], 0
    for need, run in groupby(cells, lambda cell: cell.need):
        members = list(run)
        begin, place = place, place + len(members)
        if need:
            before = cells[begin - 1] if begin else None
            found.append(_Gap(members, before, cells[place] if place < len(cells) else None))
    return found


def _draw_line(gap: _Gap, _: Sound, knobs: rules.Knobs) -> None:
    before, after = gap.before, gap.after
    if before is None or after is None or not (before.sound and after.sound) or gap.length > knobs.linear_ms:
        return
    values = rules.linear(before.value or 0, after.value or 0, len(gap.members))
    for cell, value in zip(gap.members, values, strict=True):
        _give(cell, value, Method.LINEAR)


def _learn(gap: _Gap, sound: Sound, knobs: rules.Knobs) -> None:
    for cell in gap.members:
        days = reference_days(cell.day, sound, knobs.reference_days, knobs.reach_days)
        _give(cell, _mean_of(cell, days, sound), Method.NEAREST_DAYS)


def _look_up(gap: _Gap, sound: Sound, knobs: rules.Knobs) -> None:
    for cell in gap.members:
        days = like_days(cell.day, sound, last_year=knobs.last_year)
        _give(cell, _mean_of(cell, days, sound), Method.LIKE_DAYS)


def _mean_of(cell: "Cell", days: Sequence[int], sound: Sound) -> int | None:
    values = [sound[day][cell.wall] for day in days if cell.wall in sound[day]]
    return rules.mean(values) if values and len(values) == len(days) else None


def _average(gap: _Gap, sound: Sound, knobs: rules.Knobs) -> None:
    for cell in gap.members:
        totals = [sum(sound[day].values()) for day in sound if 0 < cell.day - day <= knobs.average_days]
        value = rules.flat(sum(totals), len(totals), cell.end - cell.start, cell.day_ms) if totals else None
        _give(cell, value, Method.AVERAGE_LOAD)


def _zero(gap: _Gap, _: Sound, __: rules.Knobs) -> None:
    ends = (gap.before, gap.after)
    if all(end is not None and end.quality & Quality.POWER_DOWN for end in ends):
        for cell in gap.members:
            _give(cell, 0, Method.ZERO)


def _give(cell: "Cell", value: int | None, method: Method) -> None:
    if cell.estimate is None and value is not None:
        cell.estimate, cell.method = value, method


_MAKERS: dict[str, Callable[[_Gap, Sound, rules.Knobs], None]] = {
    "E04": _draw_line,
    "E05": _learn,
    "E06": _look_up,
    "E09": _average,
    "E10": _zero,
}


def _sound_days(cells: list["Cell"], history: History) -> Sound:
    """Whole ordinary days without fault or outage: of these cells, and of what was stored before."""
    known: dict[int, Mapping[int, int]] = {}
    mine: set[int] = set()
    for day, members in _grouped(cells, lambda cell: cell.day):
        mine.add(day)
        whole = members[0].plain and len(members) == members[0].day_cells
        if whole and all(cell.sound and not cell.quality & Quality.POWER_DOWN for cell in members):
            known[day] = {cell.wall: cell.value or 0 for cell in members}
    return known | {day: values for day, values in history.items() if day not in mine}


def stretch_of(cells: Sequence["Cell"], scope: SeriesScope) -> Callable[["Cell"], int]:
    """S: between which readings cells are scaled together, named for the first of them; 0: none."""
    if scope.knobs.scaling is not rules.Scaling.BOUNDARY:
        return lambda cell: cell.window
    windows = sorted({cell.window for cell in cells if cell.window}, reverse=True)
    days = {window: day_of(scope.tz, window) for window in windows}
    leads = {day: window for window, day in days.items()}
    return lambda cell: leads[days[cell.window]] if cell.window else 0


def _fit(members: list["Cell"], knobs: rules.Knobs) -> None:
    """Scales the estimates of a stretch between registers to what the registers leave for them."""
    gaps = [cell for cell in members if cell.need]
    if not gaps or not all(cell.window and cell.covered for cell in members):
        return
    counted = sum(cell.counted for cell in members)
    known = sum(cell.value or 0 for cell in members if not cell.need)
    rest = counted - known
    scaling = knobs.scaling is not rules.Scaling.NONE and (rest >= 0 or knobs.negative_scaling)
    if rest < 0 and not scaling:
        for cell in gaps if "V10" not in knobs.off else ():
            cell.mismatch = (known, counted)
    if not scaling:
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
