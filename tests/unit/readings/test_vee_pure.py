"""What validation makes of random days keeps its promises."""

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from server.readings.domain import State
from server.readings.vee import pure
from server.readings.vee.estimation import stretch_of
from tests.support.vee_cases import random_case


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_intervals_add_up_to_the_registers_around_them(seed):
    case = random_case(Random(seed), 1)
    cells = pure.run(case.scope, case.arrivals)
    stretch = stretch_of(cells, case.scope)
    windows: dict[int, list[pure.Cell]] = {}
    for cell in cells:
        if cell.window:
            windows.setdefault(stretch(cell), []).append(cell)
    for members in windows.values():
        if any(cell.is_scaled for cell in members):
            total = sum(cell.final[0] for cell in members)
            assert total == sum(cell.counted for cell in members)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_interval_is_in_two_days_and_none_is_left_out(seed):
    case = random_case(Random(seed), 1)
    cells = pure.run(case.scope, case.arrivals)
    starts = [cell.start for cell in cells]
    assert starts == sorted(set(starts))
    assert all(a.end == b.start for a, b in pairwise(cells))
    assert all((cell.state == State.MISSING) == (cell.need and cell.estimate is None) for cell in cells)
