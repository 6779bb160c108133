"""Estimates by a method that a person chose: pure functions over the values of one series.

The methods are those of the rule catalogue that need the series alone. They learn from sound values only:
measured or verified, and not from an outage.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from server.platform.errors import InvalidField
from server.readings.calendar import HOUR_MS, from_ms
from server.readings.desk.domain import Bools, Values
from server.readings.desk.operations import wall_of
from server.readings.domain import Int64s, Method, Quality, State
from server.readings.rule_sets.catalogue import METHODS
from server.readings.vee.estimation import like_days as like
from server.readings.vee.estimation import reference_days
from server.readings.vee.rules import LIKE_REACH, YEAR_OF_WEEKS, flat, linear, mean
from server.readings.vee.scope import day_at


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be estimated, and what surrounds it."""

    tz: str
    near: Values
    """The values from before the first gap until behind the last, without holes."""
    gaps: Bools
    """Which of them are to be estimated."""
    past: Values
    """All values within reach, to learn from."""
    parameters: Mapping[str, int]
    """As the engine has them, by column: ``max_gap_ms``."""


@dataclass(frozen=True, slots=True)
class Way:
    """One method, and what marks its values."""

    make: Callable[[Asked], list[int | None]]
    """An estimate for each gap, None where it cannot say anything."""
    method: Method
    quality: Quality
    reach_days: Callable[[Mapping[str, int]], int]
    """How far from the gaps it learns."""


def estimated(field: str, method: str, asked: Asked) -> Values:
    """The gaps with their estimates. Raises InvalidField where there is one that the method cannot make."""
    way = WAYS[method]
    made = way.make(asked)
    gaps = asked.near.taken(asked.gaps)
    missing = [place for place, one in enumerate(made) if one is None]
    if missing:
        at = from_ms(int(gaps.ms[missing[0]])).isoformat()
        told = f"{method} has nothing to go by for {len(missing)} intervals, the first one of {at}"
        raise InvalidField(f"{field}.method", told, f"{method}.basis")
    micro = np.array([one or 0 for one in made], np.int64)
    return gaps.edited(micro, method=int(way.method), quality=way.quality, rule=method)


def way_of(field: str, method: str) -> Way:
    """A method by its id. Raises InvalidField."""
    if method not in METHODS:
        raise InvalidField(f"{field}.method", f"{method!r} is no method of the catalogue", "method.known")
    if method not in WAYS:
        told = f"{method} needs more than the series; {', '.join(WAYS)} do not"
        raise InvalidField(f"{field}.method", told, "method.by_hand")
    return WAYS[method]


def parameters_of(field: str, method: str, given: Mapping[str, str]) -> dict[str, int]:
    """The parameters of a method by column, what is not given as in the catalogue. Raises InvalidField."""
    known = {one.name: one for one in METHODS[method].parameters}
    found = {one.column: one.default_stored for one in known.values()}
    for name, text in given.items():
        path = f"{field}.parameters[{name}]"
        if name not in known:
            raise InvalidField(path, f"{method} has no parameter {name!r}", f"{method}.known")
        try:
            found[known[name].column] = known[name].stored(text)
        except ValueError as error:
            raise InvalidField(path, str(error), f"{method}.{name}") from None
    return found


def sound(values: Values) -> Bools:
    """Measured, or verified by a person."""
    trusted = (values.state == State.VALIDATED) | (values.state == State.EDITED)
    return np.asarray(trusted | ((values.quality & Quality.VERIFIED != 0) & ~values.missing))


def _from_outage(values: Values) -> Bools:
    return np.asarray((values.quality & Quality.POWER_DOWN) != 0)


def straight_line(asked: Asked) -> list[int | None]:
    """E04: between the sound values around each gap that is not too long."""
    near, ends = asked.near, sound(asked.near) & ~asked.gaps
    if not asked.parameters["outage_end_point"]:
        ends &= ~_from_outage(near)
    found: list[int | None] = []
    edges = np.flatnonzero(np.diff(np.concatenate(([0], asked.gaps.astype(np.int8), [0]))))
    for begin, behind in pairwise(edges.tolist()):
        if not asked.gaps[begin]:
            continue
        count = behind - begin
        inside = begin > 0 and behind < len(near) and bool(ends[begin - 1] and ends[behind])
        length = int(near.until[behind - 1] - near.ms[begin])
        if inside and length <= asked.parameters["max_gap_ms"]:
            found += linear(int(near.micro[begin - 1]), int(near.micro[behind]), count)
        else:
            found += [None] * count
    return found


@dataclass(frozen=True, slots=True)
class Days:
    """Sound days of 24 hours by number: value by the clock on the wall."""

    values: Mapping[int, Mapping[int, int]]

    def total(self, day: int) -> int:
        """What was used on a day."""
        return sum(self.values[day].values())


def sound_days(asked: Asked) -> Days:
    """The days to learn from: whole, measured, without an outage, and without any of the gaps."""
    past = asked.past
    if not len(past):
        return Days({})
    good = sound(past) & ~_from_outage(past) & ~np.isin(past.ms, asked.near.ms[asked.gaps])
    length = int((past.until - past.ms).max())
    found: dict[int, Mapping[int, int]] = {}
    numbers = day_numbers(asked.tz, past.ms)
    for number in np.unique(numbers).tolist():
        day = day_at(asked.tz, number)
        mine = numbers == number
        whole = int(mine.sum()) * length == day.end_ms - day.start_ms
        if day.plain and whole and good[mine].all():
            wall = wall_of(day, past.ms[mine]).tolist()
            found[number] = dict(zip(wall, past.micro[mine].tolist(), strict=True))
    return Days(found)


def day_numbers(tz: str, ms: Int64s) -> Int64s:
    """The local day of each instant, numbered since 1970; instants are in order."""
    if not len(ms):
        return np.empty(0, np.int64)
    first = int(ms[0] // (24 * HOUR_MS)) - 1
    last = int(ms[-1] // (24 * HOUR_MS)) + 2
    starts = np.array([day_at(tz, number).start_ms for number in range(first, last + 1)], np.int64)
    return np.asarray(np.searchsorted(starts, ms, side="right") - 1 + first)


def _by_day(asked: Asked, days_for: Callable[[int, Days], Iterable[int]]) -> list[int | None]:
    """Means of the same time of chosen days."""
    known = sound_days(asked)
    gaps = asked.near.ms[asked.gaps]
    found: list[int | None] = []
    chosen: dict[int, list[int]] = {}
    for at, number in zip(gaps.tolist(), day_numbers(asked.tz, gaps).tolist(), strict=True):
        if number not in chosen:
            chosen[number] = list(days_for(number, known))
        wall = day_at(asked.tz, number).wall_ms(at)
        values = [known.values[one][wall] for one in chosen[number] if wall in known.values[one]]
        found.append(mean(values) if values else None)
    return found


def nearest_days(asked: Asked) -> list[int | None]:
    """E05: the nearest days of the same weekday, else of the same kind of day."""
    count, reach = asked.parameters["reference_days"], asked.parameters["reach_days"]

    return _by_day(asked, lambda day, known: reference_days(day, known.values, count, reach))


def like_days(asked: Asked) -> list[int | None]:
    """E06: the list of like days of two weeks, else the same two weeks of the year before."""
    last_year = bool(asked.parameters["last_year"])
    return _by_day(asked, lambda day, known: like(day, known.values, last_year=last_year))


def average_load(asked: Asked) -> list[int | None]:
    """E09: the mean use of the sound days before, evenly over the day."""
    known, reach = sound_days(asked), asked.parameters["history_days"]
    gaps = asked.near.taken(asked.gaps)
    found: list[int | None] = []
    for at, until, number in zip(
        gaps.ms.tolist(), gaps.until.tolist(), day_numbers(asked.tz, gaps.ms).tolist(), strict=True
    ):
        totals = [known.total(one) for one in known.values if 0 < number - one <= reach]
        day = day_at(asked.tz, number)
        length = day.end_ms - day.start_ms
        found.append(flat(sum(totals), len(totals), until - at, length) if totals else None)
    return found


def zero(asked: Asked) -> list[int | None]:
    """E10: nothing."""
    return [0] * int(asked.gaps.sum())


WAYS: Final[dict[str, Way]] = {
    "E04": Way(straight_line, Method.LINEAR, Quality.ESTIMATED_LINEAR, lambda _: 0),
    "E05": Way(
        nearest_days,
        Method.NEAREST_DAYS,
        Quality.ESTIMATED_REFERENCE_DAY,
        lambda given: given["reach_days"],
    ),
    "E06": Way(
        like_days,
        Method.LIKE_DAYS,
        Quality.ESTIMATED_REFERENCE_DAY,
        lambda given: LIKE_REACH + (YEAR_OF_WEEKS if given["last_year"] else 0),
    ),
    "E09": Way(average_load, Method.AVERAGE_LOAD, Quality.PLAIN, lambda given: given["history_days"]),
    "E10": Way(zero, Method.ZERO, Quality.PLAIN, lambda _: 0),
}
"""The methods that a person can choose, by their ids in the catalogue."""
