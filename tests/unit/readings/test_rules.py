"""Each rule from its definition, with the worked examples of the catalogue."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.readings.domain import MICRO, Quality, decimal_of, decimal_text, round_div
from server.readings.vee import rules

KWH = MICRO
HOUR = rules.HOUR_MS


def micro(*numbers: str) -> list[int]:
    return [round(float(number) * MICRO) for number in numbers]


FEW = rules.Knobs(spike_least=3)


def test_spike_by_180_per_cent():
    assert rules.spike(micro("9.0", "2.4", "2.0"), FEW).failed
    assert not rules.spike(micro("5.5", "2.4", "2.0"), FEW).failed
    # 180 % exactly is not more than 180 %.
    assert not rules.spike(micro("5.6", "2.4", "2.0"), FEW).failed
    nothing = rules.spike(micro("9.0", "0", "0"), FEW)
    assert (nothing.applicable, nothing.reason) == (False, "NO_BASE")
    assert rules.spike(micro("9", "1", "1")).reason == "TOO_FEW"


def test_sum_of_intervals_against_registers():
    assert rules.sum_agrees(23_400_000, 24 * KWH, KWH)
    unit = rules.one_unit(40 * rules.NANO)
    assert rules.sum_agrees(936 * KWH, 960 * KWH, unit)
    assert not rules.sum_agrees(900 * KWH, 960 * KWH, unit)


def test_linear_interpolation():
    assert rules.linear(*micro("1.2", "2.0"), 3) == micro("1.4", "1.6", "1.8")


def test_scaling_to_the_registers():
    assert rules.share_out(6 * KWH, micro("1.0", "1.5", "1.5")) == micro("1.5", "2.25", "2.25")
    assert rules.share_out(10, [1, 1, 1]) == [3, 3, 4]


def test_mean_of_three_days():
    assert rules.mean(micro("0.8", "1.0", "1.5")) == micro("1.1")[0]


def test_rollover():
    delta = rules.register_delta(99_990 * KWH, 15 * KWH, HOUR, modulus=100_000 * KWH)
    assert (delta.amount, delta.rolled, delta.fault) == (25 * KWH, True, Quality.PLAIN)


@pytest.mark.parametrize(
    ("previous", "current", "bound", "fault"),
    [
        (40_000, 0, None, Quality.NEGATIVE),  # a reset: 60,000 across the rollover is not plausible
        (99_990, 15, 20, Quality.NEGATIVE),  # 25 in an hour is more than 20
        (99_990, 15, 30, Quality.PLAIN),
        (100, 200, 50, Quality.LIMIT),
        (100, 140, 50, Quality.PLAIN),
    ],
)
def test_only_plausible_differences_are_believed(previous, current, bound, fault):
    delta = rules.register_delta(
        previous * KWH,
        current * KWH,
        HOUR // 4,
        modulus=100_000 * KWH,
        max_per_hour=None if bound is None else bound * KWH,
    )
    assert delta.fault == fault
    if fault:
        assert not delta.rolled


def test_a_register_that_does_not_roll_over_or_may_run_backwards():
    assert rules.register_delta(10, 5, HOUR).fault == Quality.NEGATIVE
    assert rules.register_delta(10, 5, HOUR, negative_allowed=True).amount == -5
    under = rules.register_delta(2 * KWH, 99_999 * KWH, HOUR, modulus=100_000 * KWH, negative_allowed=True)
    assert (under.amount, under.rolled) == (-3 * KWH, True)


def test_multipliers_round_half_away_from_zero():
    assert rules.scaled(3, rules.NANO // 2) == 2
    assert rules.scaled(-3, rules.NANO // 2) == -2
    assert rules.scaled(7, 40 * rules.NANO) == 280


def test_the_grid_tolerance_is_one_per_cent_and_a_minute_at_most():
    assert rules.DEFAULT.tolerance(1_800_000) == 18_000
    assert rules.DEFAULT.tolerance(86_400_000) == 60_000


VALUES = st.integers(-(10**15), 10**15)


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=50))
def test_shares_add_up_and_are_not_negative(rest, weights):
    if sum(weights) == 0:
        weights[0] = 1
    shares = rules.share_out(rest, weights)
    assert sum(shares) == rest
    assert min(shares) >= 0


@given(VALUES, VALUES, st.integers(1, 100))
def test_a_line_stays_between_its_ends(before, after, count):
    values = rules.linear(before, after, count)
    low, high = sorted((before, after))
    assert all(low <= value <= high for value in values)
    assert len(values) == count


@given(
    st.integers(0, 10**14),
    st.integers(0, 10**13),
    st.lists(st.integers(0, 10**7), min_size=1, max_size=20),
    st.integers(1, 10**12),
)
def test_stretches_of_a_register_add_up_to_its_difference(start, delta, cuts, multiplier):
    span = 10**7
    at = [0, *sorted(cuts), span]
    readings = [rules.register_at(start, delta, ms, span, multiplier) for ms in at]
    total = rules.scaled(start + delta, multiplier) - rules.scaled(start, multiplier)
    assert sum(b - a for a, b in itertools.pairwise(readings)) == total


@given(VALUES, st.integers(1, 10**9))
def test_rounding_is_to_the_nearest(numerator, denominator):
    rounded = round_div(numerator, denominator)
    assert abs(numerator - rounded * denominator) * 2 <= denominator
    assert round_div(-numerator, denominator) == -rounded


@given(VALUES)
def test_decimals_as_text(number):
    text = decimal_text(number)
    assert decimal_of(number) == Decimal(text)
    assert not text.endswith(".")
    assert "." not in text or not text.endswith("0")
