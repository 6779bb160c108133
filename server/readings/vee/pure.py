"""One series through all rules, as pure functions: twin of a run's SQL, for explanations and tests."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from server.readings.calendar import grid_of
from server.readings.domain import Method, Quality, State
from server.readings.vee import rules
from server.readings.vee.estimation import NO_HISTORY, History, estimate, mismatched
from server.readings.vee.registers import Counted, Point, counted
from server.readings.vee.scope import Feed, SeriesScope, day_at


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw reading of a channel."""

    ms: int
    micro: int
    quality: int = 0
    received: int = 0
    """When it was stored; of two values of one time the later one counts."""
    sequence: int = 0


@dataclass(slots=True)
class Cell:
    """One interval on its way through the rules."""

    start: int
    end: int
    day: int
    day_cells: int
    day_ms: int
    plain: bool
    wall: int
    source: int = 0
    """1: an interval channel; 2: registers, close enough together; 0: nobody."""
    value: int | None = None
    quality: int = 0
    need: bool = True
    cap: int = -1
    repeats: int = 0
    conflicts: int = 0
    off: int = 0
    register: Counted = field(default_factory=Counted)
    covered: bool = False
    spiked: rules.Spike | None = None
    stepped_from: int | None = None
    """V14: the value before, where the step from it was too large."""
    crowded: bool = False
    """V03: whether its day has more values than intervals."""
    mismatch: tuple[int, int] | None = None
    unsound: int = int(Quality.CLOCK_INVALID)
    estimate: int | None = None
    method: Method = Method.NONE
    is_scaled: bool = False

    @property
    def window(self) -> int:
        """The register reading from which it counts, where registers cover it; 0: none."""
        return self.register.window if self.covered else 0

    @property
    def counted(self) -> int:
        """What the registers say of it; 0 where they do not cover it."""
        return self.register.amount if self.covered else 0

    @property
    def sound(self) -> bool:
        """Measured, without any fault."""
        faultless = self.spiked is None and self.stepped_from is None
        return not self.need and faultless and not self.quality & self.unsound

    @property
    def rule(self) -> str:
        """The check that it failed, or the reason for its estimate; empty: none."""
        quality = self.quality
        told = (
            ("V08", bool(quality & Quality.NEGATIVE)),
            ("V13", bool(quality & Quality.LIMIT)),
            ("V07", bool(quality & (Quality.DEVICE_FLAG | Quality.CLOCK_INVALID))),
            ("V06", self.need),
            ("V11", self.spiked is not None),
            ("V14", self.stepped_from is not None),
            ("V10", self.mismatch is not None),
        )
        return next((rule for rule, holds in told if holds), "")

    @property
    def state(self) -> State:
        """Where the value stands."""
        if self.need:
            return State.MISSING if self.estimate is None else State.ESTIMATED
        return State.SUSPECT if self.rule else State.VALIDATED

    @property
    def final(self) -> tuple[int, int, int, int, str]:
        """Value, state, quality, method and rule, as they are stored."""
        state, quality = self.state, self.quality
        if state is State.ESTIMATED:
            quality |= _METHOD_BITS[self.method] | (Quality.SCALED if self.is_scaled else 0)
            return self.estimate or 0, int(state), int(quality), int(self.method), self.rule
        if state is State.MISSING:
            return 0, int(state), int(quality), 0, self.rule
        if state is State.SUSPECT:
            quality |= Quality.QUESTIONABLE | (Quality.SPIKE if self.spiked else 0)
        else:
            quality |= Quality.VALID
        return self.value or 0, int(state), int(quality), 0, self.rule


_METHOD_BITS = {
    Method.NONE: 0,
    Method.LINEAR: Quality.ESTIMATED_LINEAR,
    Method.NEAREST_DAYS: Quality.ESTIMATED_REFERENCE_DAY,
    Method.FLAT_TO_REGISTER: 0,
    Method.LIKE_DAYS: Quality.ESTIMATED_REFERENCE_DAY,
    Method.AVERAGE_LOAD: 0,
    Method.ZERO: 0,
}


def run(
    scope: SeriesScope, arrivals: Mapping[int, Sequence[Arrival]], history: History = NO_HISTORY
) -> list[Cell]:
    """All expected intervals of the days looked at, after every rule.

    ``arrivals`` holds the raw readings of each channel; ``history`` the sound days that were stored before.
    """
    cells = _grid(scope)
    starts = [cell.start for cell in cells]
    for (register, _), feeds in _tenures(scope).items():
        if register:
            _count(cells, starts, feeds, _points(scope, feeds[0], arrivals), scope)
        else:
            _give(cells, starts, feeds, arrivals, scope)
    for cell in cells:
        _settle(cell, scope.knobs)
    wanted = [c for c in cells if c.start >= scope.expect_from and c.end <= scope.expect_to]
    _crowds(wanted)
    _spikes(wanted, scope.knobs)
    _steps(wanted, scope.knobs)
    estimate(wanted, history, scope)
    mismatched(wanted, scope.unit, scope.knobs)
    return wanted


def _grid(scope: SeriesScope) -> list[Cell]:
    cells: list[Cell] = []
    for number in range(scope.first_day, scope.last_day + 1):
        day = day_at(scope.tz, number)
        grid = grid_of(day, scope.interval_ms)
        for start in grid:
            end = start + scope.interval_ms
            if scope.interval_ms > rules.HOUR_MS:
                end = min(end, day.end_ms)
            wall = day.wall_ms(start)
            length = day.end_ms - day.start_ms
            cells.append(
                Cell(start, end, number, len(grid), length, day.plain, wall, unsound=scope.knobs.unsound)
            )
    return cells


def _tenures(scope: SeriesScope) -> dict[tuple[bool, tuple[int, int]], list[Feed]]:
    found: dict[tuple[bool, tuple[int, int]], list[Feed]] = {}
    for feed in scope.feeds:
        found.setdefault((feed.register, (feed.channel, feed.tenure_from)), []).append(feed)
    return found


def _points(scope: SeriesScope, feed: Feed, arrivals: Mapping[int, Sequence[Arrival]]) -> list[Point]:
    low, high = max(feed.tenure_from, scope.load_from), min(feed.tenure_to, scope.load_to)
    latest: dict[int, Arrival] = {}
    for arrival in arrivals.get(feed.channel, ()):
        if low <= arrival.ms <= high and _newer(arrival, latest.get(arrival.ms)):
            latest[arrival.ms] = arrival
    return [Point(ms, latest[ms].micro, latest[ms].quality) for ms in sorted(latest)]


def _newer(arrival: Arrival, than: Arrival | None) -> bool:
    return than is None or _rank(arrival) > _rank(than)


def _rank(arrival: Arrival) -> tuple[int, int, int]:
    return arrival.received, arrival.sequence, arrival.micro


def _count(
    cells: list[Cell], starts: list[int], feeds: list[Feed], points: list[Point], scope: SeriesScope
) -> None:
    for start, found in counted(feeds, points, [*starts, scope.load_to]).items():
        place = bisect_right(starts, start) - 1
        if place < 0 or starts[place] != start:
            continue
        into = cells[place].register
        into.amount += found.amount
        into.covered_ms += found.covered_ms
        into.span_ms = max(into.span_ms, found.span_ms)
        into.window = max(into.window, found.window)
        into.quality |= found.quality
        into.fault |= found.fault
        if abs(found.observed) > abs(into.observed):
            into.observed = found.observed
        into.rolled = max(into.rolled, found.rolled)


def _give(
    cells: list[Cell],
    starts: list[int],
    feeds: list[Feed],
    arrivals: Mapping[int, Sequence[Arrival]],
    scope: SeriesScope,
) -> None:
    tolerance = scope.knobs.tolerance(scope.interval_ms)
    reach = tolerance if scope.interval_ms <= rules.HOUR_MS else rules.LONG_TOLERANCE_LIMIT_MS
    for feed in feeds:
        gathered: dict[int, list[Arrival]] = {}
        for arrival in arrivals.get(feed.channel, ()):
            inside = feed.valid_from <= arrival.ms < feed.valid_to
            if not inside or not scope.load_from <= arrival.ms < scope.load_to:
                continue
            place = bisect_right(starts, arrival.ms + reach) - 1
            if place < 0:
                continue
            if abs(arrival.ms - starts[place]) <= tolerance:
                gathered.setdefault(place, []).append(arrival)
            else:
                cells[place].off += 1
        for place, found in gathered.items():
            _take(cells[place], feed, found, scope)


def _take(cell: Cell, feed: Feed, found: list[Arrival], scope: SeriesScope) -> None:
    latest = rules.kept(
        sorted(found, key=lambda one: (*_rank(one), one.quality)), lambda one: one.micro, scope.knobs
    )
    quality = latest.quality & feed.bits
    if not scope.knobs.outage_is_valid and latest.quality & Quality.POWER_DOWN:
        quality |= int(Quality.DEVICE_FLAG)
    if latest.micro < feed.floor and not feed.negative_allowed:
        quality |= int(Quality.NEGATIVE)
    if feed.max_per_hour is not None:
        bound = rules.limit_of(feed.max_per_hour, scope.interval_ms)
        cell.cap = max(cell.cap, rules.scaled(bound, feed.multiplier))
        if abs(latest.micro) > bound:
            quality |= int(Quality.LIMIT)
    cell.value = (cell.value or 0) + rules.scaled(latest.micro, feed.multiplier)
    cell.source = 1
    cell.quality |= quality
    cell.repeats += len(found) - 1
    cell.conflicts += len({arrival.micro for arrival in found}) > 1


def _settle(cell: Cell, knobs: rules.Knobs) -> None:
    """Decides what the value is, and whether it is to be replaced."""
    register = cell.register
    length = cell.end - cell.start
    cell.covered = register.covered_ms == length
    if cell.source == 1:
        cell.need = bool(cell.quality & rules.DISTRUST_BITS)
    elif cell.covered and register.span_ms <= length * knobs.dense_per_mille // 1000:
        cell.source, cell.value = 2, register.amount
        cell.quality = register.quality | int(Quality.DERIVED)
        cell.need = False
    else:
        cell.quality = register.fault


def _spikes(cells: list[Cell], knobs: rules.Knobs) -> None:
    days: dict[int, list[Cell]] = {}
    for cell in cells:
        days.setdefault(0 if knobs.spike_whole else cell.day, []).append(cell)
    for of_day in days.values():
        trusted = [cell for cell in of_day if not cell.need]
        if not knobs.spike_whole and len(of_day) != of_day[0].day_cells:
            continue
        verdict = rules.spike([cell.value or 0 for cell in trusted], knobs)
        if verdict.failed:
            next(cell for cell in trusted if cell.value == verdict.peak1).spiked = verdict


def _crowds(cells: list[Cell]) -> None:
    """Marks days with more values than they have intervals (V03)."""
    days: dict[int, list[Cell]] = {}
    for cell in cells:
        days.setdefault(cell.day, []).append(cell)
    for of_day in days.values():
        values = sum(cell.off + (cell.source == 1) for cell in of_day)
        for cell in of_day:
            cell.crowded = values > cell.day_cells


def _steps(cells: list[Cell], knobs: rules.Knobs) -> None:
    if knobs.largest_step < 0:
        return
    trusted = [cell for cell in cells if not cell.need]
    for before, cell in pairwise(trusted):
        if rules.is_step(before.value or 0, cell.value or 0, knobs):
            cell.stepped_from = before.value
