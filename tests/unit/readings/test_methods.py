"""Methods of estimation and their order, and the rules that look at neighbours, each from its definition.

The days are those of London around the end of summer time: 27 October 2024 has 25 hours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from server.readings.calendar import grid_of
from server.readings.domain import Method, Quality, State
from server.readings.vee import pure, rules
from server.readings.vee.estimation import History, like_days
from server.readings.vee.pure import Arrival, Cell
from server.readings.vee.rules import DAY_MS, DEFAULT, HOUR_MS, Knobs, Scaling
from server.readings.vee.scope import FOREVER, Feed, SeriesScope, day_at, number_of

LONDON = "Europe/London"
SUNDAY = date(2024, 10, 27)
LONG_DAY = number_of(SUNDAY)
KWH = 1_000_000
INTERVALS, REGISTER = 10, 20


def starts(*days: int) -> list[int]:
    return [at for day in days for at in grid_of(day_at(LONDON, day), HOUR_MS)]


def scope(first: int, last: int, knobs: Knobs = DEFAULT, *, register: bool = False) -> SeriesScope:
    feeds = [Feed(INTERVALS, False, 0, FOREVER, 0, FOREVER, rules.NANO)]
    if register:
        feeds.append(Feed(REGISTER, True, 0, FOREVER, 0, FOREVER, rules.NANO))
    begin, end = day_at(LONDON, first).start_ms, day_at(LONDON, last).end_ms
    made = SeriesScope(1, UUID(int=1), LONDON, HOUR_MS, first, last, first, last, begin, end, tuple(feeds))
    return made.ruled(knobs)


def run(
    days: Sequence[int],
    value: Callable[[int], int | None],
    knobs: Knobs = DEFAULT,
    history: History | None = None,
    registers: Mapping[int, int] | None = None,
    quality: Callable[[int], int] = lambda _: 0,
) -> list[Cell]:
    """Hours of some days; ``value`` and ``quality`` are asked by the number of the hour, None is missing."""
    given = [
        Arrival(at, found, quality(n))
        for n, at in enumerate(starts(*days))
        if (found := value(n)) is not None
    ]
    arrivals = {INTERVALS: given}
    if registers:
        arrivals[REGISTER] = [Arrival(at, shown) for at, shown in registers.items()]
    whole = scope(days[0], days[-1], knobs, register=bool(registers))
    return pure.run(whole, arrivals, history or {})


def gap(first: int, last: int, value: int = KWH) -> Callable[[int], int | None]:
    return lambda n: None if first <= n <= last else value


def day_of(value: int) -> dict[int, int]:
    """What a stored day of 24 hours says, by the clock on the wall."""
    return {hour * HOUR_MS: value + hour for hour in range(24)}


@pytest.mark.parametrize(
    ("weekday", "wanted"),
    [
        (0, [-7, -14]),
        (1, [-7, -6, -5]),
        (2, [-7, -1, -8, -6]),
        (3, [-7, -1, -8, -2, -9]),
        (4, [-7]),
        (5, [-7]),
        (6, [-7]),
    ],
)
def test_the_list_of_like_days(weekday, wanted):
    day = number_of(date(2024, 10, 21)) + weekday
    known = range(day - 20, day)
    assert like_days(day, known) == [day + step for step in wanted]
    # Without any of them the same weeks of the year before, if that is wished.
    old = range(day - 400, day - 300)
    assert like_days(day, old) == [day + step - 364 for step in wanted]
    assert like_days(day, old, last_year=False) == []


def test_a_day_is_the_mean_of_its_like_days():
    tuesday = number_of(date(2024, 10, 29))
    history = {tuesday - 7: day_of(3 * KWH), tuesday - 6: day_of(5 * KWH), tuesday - 1: day_of(99 * KWH)}
    (*_, cell) = run([tuesday], lambda _: None, Knobs(methods=("E06",)), history)
    # Monday is none of Tuesday's like days, Thursday of the week before is not known.
    assert (cell.estimate, cell.method) == (4 * KWH + 23, Method.LIKE_DAYS)
    assert cell.final[2] & Quality.ESTIMATED_REFERENCE_DAY


def test_on_the_long_day_both_hours_are_those_of_the_wall_clock():
    history = {LONG_DAY - 7: day_of(KWH)}
    cells = run([LONG_DAY], lambda _: None, Knobs(methods=("E06",)), history)
    hours = [0, 1, 1, *range(2, 24)]
    assert [cell.estimate for cell in cells] == [KWH + hour for hour in hours]


def test_average_load_is_flat_and_keeps_the_day():
    history = {LONG_DAY - n: day_of(n * KWH) for n in (1, 2, 3, 31)}
    cells = run([LONG_DAY], lambda _: None, Knobs(methods=("E09",)), history)
    # 30 days by default; the use of a day is spread over 25 hours.
    average = sum(24 * n * KWH + sum(range(24)) for n in (1, 2, 3)) // 3
    assert {cell.estimate for cell in cells} == {round(average / 25)}
    assert {cell.method for cell in cells} == {Method.AVERAGE_LOAD}
    assert len(cells) == 25
    # Without any day there is nothing to say.
    nothing = run([LONG_DAY], lambda _: None, Knobs(methods=("E09",)))
    assert {cell.state for cell in nothing} == {State.MISSING}


def test_zero_between_values_of_one_outage_only():
    down = int(Quality.POWER_DOWN)
    knobs = Knobs(methods=("E10",))
    cells = run([LONG_DAY], gap(5, 9), knobs, quality=lambda n: down if n in {4, 10} else 0)
    assert [(cell.estimate, cell.method) for cell in cells[5:10]] == [(0, Method.ZERO)] * 5
    one_side = run([LONG_DAY], gap(5, 9), knobs, quality=lambda n: down if n == 4 else 0)
    assert {cell.state for cell in one_side[5:10]} == {State.MISSING}


def test_methods_are_tried_in_the_order_of_the_set():
    history = {LONG_DAY - 7: day_of(7 * KWH)}

    def method(*order: str) -> Method:
        cells = run([LONG_DAY], gap(5, 5), Knobs(methods=order), history)
        return cells[5].method

    assert method("E04", "E05") is Method.LINEAR
    assert method("E05", "E04") is Method.NEAREST_DAYS
    assert method("E10", "E06", "E04") is Method.LIKE_DAYS
    assert method("E09", "E06", "E04") is Method.AVERAGE_LOAD
    assert method() is Method.NONE


def test_what_is_missing_for_too_long_is_not_estimated_but_by_registers():
    history = {LONG_DAY - 7: day_of(KWH)}
    days = [LONG_DAY, LONG_DAY + 1, LONG_DAY + 2]
    short, long = Knobs(longest_ms=DAY_MS), Knobs(longest_ms=3 * DAY_MS)
    assert {cell.state for cell in run(days, gap(10, 60), long, history)[10:61]} == {State.ESTIMATED}
    assert {cell.state for cell in run(days, gap(10, 60), short, history)[10:61]} == {State.MISSING}
    begin, end = starts(days[0])[0], starts(days[-1])[-1] + HOUR_MS
    counted = run(days, gap(10, 60), short, history, registers={begin: 0, end: 124 * KWH})
    assert {cell.method for cell in counted[10:61]} == {Method.FLAT_TO_REGISTER}
    assert sum(cell.final[0] for cell in counted) == 124 * KWH


def test_scaling_between_all_readings_or_between_days():
    """A register read at midnight, noon and midnight; the estimates of both halves are alike."""
    day = number_of(date(2024, 10, 22))
    at = starts(day)
    registers = {at[0]: 0, at[12]: 12 * KWH, at[23] + HOUR_MS: 36 * KWH}

    def estimates(mode: Scaling) -> list[int]:
        knobs = Knobs(methods=("E04",), scaling=mode, off=frozenset({"V14"}))
        cells = run([day], lambda n: None if n in {5, 18} else KWH, knobs, registers=registers)
        return [cell.final[0] for cell in cells if cell.need]

    assert estimates(Scaling.NONE) == [KWH, KWH]
    assert estimates(Scaling.PARTIAL) == [KWH, 13 * KWH]
    assert estimates(Scaling.BOUNDARY) == [7 * KWH, 7 * KWH]


def test_a_negative_factor_only_where_it_is_allowed():
    day = number_of(date(2024, 10, 22))
    at = starts(day)
    registers = {at[0]: 0, at[23] + HOUR_MS: 20 * KWH}

    def cell(*, allowed: bool) -> Cell:
        knobs = Knobs(methods=("E04",), negative_scaling=allowed)
        return run([day], gap(5, 6), knobs, registers=registers)[5]

    # 22 kWh were measured, so the registers leave -2 kWh.
    refused = cell(allowed=False)
    assert (refused.estimate, refused.is_scaled, refused.mismatch) == (KWH, False, (22 * KWH, 20 * KWH))
    taken = cell(allowed=True)
    assert (taken.estimate, taken.is_scaled, taken.mismatch) == (-KWH, True, None)


def test_shares_are_rounded_towards_zero_and_the_last_takes_the_rest():
    assert rules.share_out(-10, [1, 1, 1]) == [-3, -3, -4]
    assert rules.share_out(-2, [1, 3]) == [0, -2]


STEPS = Knobs(off=frozenset())


def test_a_step_of_more_than_500_per_cent_is_suspect():
    values = [KWH] * 25
    values[7], values[15] = 6 * KWH, 6 * KWH + 1
    cells = run([LONG_DAY], lambda n: values[n], replace(STEPS, off=frozenset({"V11"})))
    assert [n for n, cell in enumerate(cells) if cell.rule == "V14"] == [15]
    assert cells[15].state is State.SUSPECT
    # It is off in the built-in set, and nothing is a step from zero.
    assert not any(cell.stepped_from for cell in run([LONG_DAY], lambda n: values[n]))
    zeros = run([LONG_DAY], lambda n: 0 if n < 10 else KWH, STEPS)
    assert not any(cell.rule for cell in zeros)


def test_the_step_is_from_the_last_value_that_was_trusted():
    values: list[int | None] = [KWH] * 25
    values[7:9] = [None, 7 * KWH]
    cells = run([LONG_DAY], lambda n: values[n], STEPS)
    assert cells[8].stepped_from == KWH
    # No line begins at a value that is suspect.
    assert cells[7].method is not Method.LINEAR


def test_later_values_count_when_they_differ_enough():
    at = starts(LONG_DAY)[0]

    def value(knobs: Knobs, *versions: int) -> int | None:
        arrivals = [Arrival(at, micro, received=n) for n, micro in enumerate(versions)]
        (first, *_) = pure.run(scope(LONG_DAY, LONG_DAY, knobs), {INTERVALS: arrivals})
        return first.value

    assert value(DEFAULT, 100, 101) == 101
    assert value(Knobs(replace_least=10), 100, 109) == 100
    assert value(Knobs(replace_least=10), 100, 109, 110, 115) == 110
    assert value(Knobs(replace_per_mille=100), 1000, 1099) == 1000
    assert value(Knobs(replace_per_mille=100), 1000, 900) == 900


def test_a_value_off_its_place_is_out_of_tolerance_and_too_many_are_of_another_interval():
    whole = starts(LONG_DAY)
    late = [Arrival(at + (600_000 if n == 3 else 0), KWH) for n, at in enumerate(whole)]
    cells = pure.run(scope(LONG_DAY, LONG_DAY), {INTERVALS: late})
    assert [(cell.off, cell.crowded) for cell in cells[2:5]] == [(0, False), (1, False), (0, False)]
    halves = [Arrival(at + half, KWH) for at in whole for half in (0, HOUR_MS // 2)]
    crowd = pure.run(scope(LONG_DAY, LONG_DAY), {INTERVALS: halves})
    assert {(cell.off, cell.crowded) for cell in crowd} == {(1, True)}


def test_registers_that_are_dense_enough_count_as_measured():
    day = number_of(date(2024, 10, 22))
    at = starts(day)
    registers = {at[0] + n * 2 * HOUR_MS: n * 2 * KWH for n in range(13)}

    def states(per_mille: int) -> set[State]:
        whole = scope(day, day, Knobs(dense_per_mille=per_mille), register=True)
        arrivals = {REGISTER: [Arrival(one, shown) for one, shown in registers.items()]}
        return {cell.state for cell in pure.run(whole, arrivals)}

    assert states(1500) == {State.ESTIMATED}
    assert states(2000) == {State.VALIDATED}
