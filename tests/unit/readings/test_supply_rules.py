"""EN 50160 in numbers: bounds, weeks, doubts, phases."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.readings.supply_quality.checking import check, doubts_of
from server.readings.supply_quality.domain import (
    Bounds,
    Doubt,
    Measured,
    Phase,
    Rule,
    Span,
    Verdict,
    phase_of,
)
from server.readings.supply_quality.limits import Band, Limits
from tests.support.readings import Channel

DAY = 86_400_000
WEEKLY = Rule("c", "t", Bounds(0, 1), 0.95, 7, 7)
ALL = Rule("c", "t", Bounds(0, 1), 1.0, 0, 7)
FIRST = date(2025, 3, 24)


def measured(quantity="VOLTAGE", unit="V", phase=Phase.A, commodity="ELECTRICITY", interval_ms=600_000):
    info = Channel(7, uuid4(), "x", "INSTANTANEOUS", commodity, quantity, unit, interval_seconds=None)
    return Measured(info, phase, (Span(0, 7 * DAY),), interval_ms=interval_ms)


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=n) for n in range(count)]


def held(rule, counts, within):
    return check(rule, days(len(counts)), np.array(counts), np.array(within), [])


@pytest.mark.parametrize(
    ("reading_type", "phase"),
    [
        ("0.0.0.6.0.1.54.0.0.0.0.0.0.0.129.0.29.0", Phase.A),
        ("0.0.0.6.0.1.54.0.0.0.0.0.0.0.64.0.29.0", Phase.B),
        ("0.0.0.6.0.1.54.0.0.0.0.0.0.0.33.0.29.0", Phase.C),
        ("0.0.0.6.0.1.54.0.0.0.0.0.0.0.132.0.29.0", Phase.AB),
        ("0.0.0.6.0.1.54.0.0.0.0.0.0.0.224.0.29.0", Phase.NONE),
        ("0.0.0.6.0.1.54.0.0.0.0.0.0.0.0.0.29.0", Phase.NONE),
        ("", Phase.NONE),
    ],
)
def test_the_phase_stands_in_field_15(reading_type, phase):
    assert phase_of(reading_type) == phase


def test_voltages_are_held_against_4_2_2():
    plain, wide = Limits().rules(measured())
    assert (plain.bounds, plain.share, plain.span_days) == (Bounds(207_000_000, 253_000_000), 0.95, 7)
    assert (wide.bounds, wide.share, wide.span_days) == (Bounds(195_500_000, 253_000_000), 1.0, 0)
    assert plain.clause.startswith("EN 50160:2010 4.2.2")
    kilo = Limits(voltage=Fraction(240)).rules(measured(unit="kV"))[0]
    assert kilo.bounds == Bounds(216_000, 264_000)
    between = Limits().rules(measured(phase=Phase.AB))[0].bounds
    assert between.lower is not None
    assert abs(between.lower - 358_534_517) < 2  # 0.9 * 230 * sqrt(3)


def test_frequency_is_held_against_4_2_1():
    near, far = Limits().rules(measured("FREQUENCY", "Hz"))
    assert (near.bounds, near.share, near.least_days) == (Bounds(49_500_000, 50_500_000), 0.995, 365)
    assert (far.bounds, far.share) == (Bounds(47_000_000, 52_000_000), 1.0)
    near, far = Limits(islanded=True, frequency=Fraction(60)).rules(measured("FREQUENCY", "Hz"))
    assert (near.bounds, near.share, near.span_days) == (Bounds(58_800_000, 61_200_000), 0.95, 7)
    assert far.bounds == Bounds(51_000_000, 69_000_000)


def test_distortion_is_held_against_4_2_5_and_bands_against_themselves():
    (rule,) = Limits().rules(measured("VOLTAGE_THD", "%"))
    assert (rule.bounds, rule.share) == (Bounds(None, 8_000_000), 0.95)
    pressure = measured("PRESSURE", "kPa", commodity="COLD_WATER")
    assert Limits().rules(pressure) == ()
    band = Band(Fraction(2), Fraction(6), "bar", 0.99)
    (stated,) = Limits(bands={"PRESSURE": band}).rules(pressure)
    assert (stated.clause, stated.bounds, stated.share) == (
        "stated",
        Bounds(200_000_000, 600_000_000),
        0.99,
    )
    assert Limits(bands={"PRESSURE": replace(band, unit="V")}).rules(pressure) == ()
    # What a water meter calls its voltage is not the network's.
    assert Limits().rules(measured(commodity="COLD_WATER")) == ()


def test_a_rule_about_each_week_fails_with_the_worst_seven_days():
    counts = [100] * 14
    within = [100] * 5 + [94] * 7 + [100] * 2
    found = held(WEEKLY, counts, within)
    assert found.verdict is Verdict.NOT_COMPLIANT
    assert (found.share, found.worst, found.span_days) == (0.94, FIRST + timedelta(days=5), 7)
    assert (found.count, found.outside) == (1400, 42)
    # In all fourteen days together 97 % are within: what the standard says is each week.
    assert (1400 - 42) / 1400 > 0.95


def test_exactly_what_is_required_is_enough():
    assert held(WEEKLY, [100] * 7, [95] * 7).verdict is Verdict.COMPLIANT
    assert held(WEEKLY, [100] * 7, [95] * 6 + [94]).verdict is Verdict.NOT_COMPLIANT
    assert held(ALL, [100] * 7, [100] * 7).verdict is Verdict.COMPLIANT
    assert held(ALL, [100] * 7, [100] * 6 + [99]).verdict is Verdict.NOT_COMPLIANT


def test_without_data_there_is_no_verdict():
    nothing = held(WEEKLY, [0] * 9, [0] * 9)
    assert (nothing.verdict, nothing.worst, nothing.share) == (Verdict.NO_DATA, None, 0.0)
    # Weeks without data do not stand for good ones, nor for bad ones.
    assert held(WEEKLY, [0] * 9 + [10], [0] * 9 + [9]).verdict is Verdict.NOT_COMPLIANT


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=30))
def test_the_worst_week_is_found(pairs):
    counts, within = [max(pair) for pair in pairs], [min(pair) for pair in pairs]
    length = min(7, len(pairs))
    spans = [slice(n, n + length) for n in range(len(pairs) - length + 1)]
    shares = [sum(within[one]) / sum(counts[one]) for one in spans if sum(counts[one])]
    found = held(WEEKLY, counts, within)
    if not shares:
        assert found.verdict is Verdict.NO_DATA
        return
    assert found.share == pytest.approx(min(shares))
    exact = [Fraction(sum(within[s]), sum(counts[s])) for s in spans if sum(counts[s])]
    assert (found.verdict is Verdict.NOT_COMPLIANT) == (min(exact) < Fraction(95, 100))


def test_doubts():
    week = Span(0, 7 * DAY)
    assert doubts_of(measured(), WEEKLY, week, 1008, 1008) == []
    assert doubts_of(measured(), WEEKLY, Span(0, 7 * DAY - 3_600_000), 1002, 1002) == []
    assert doubts_of(measured(interval_ms=900_000), WEEKLY, week, 672, 672) == [Doubt.INTERVAL_TOO_COARSE]
    assert doubts_of(measured(), WEEKLY, Span(0, DAY), 144, 144) == [Doubt.PERIOD_TOO_SHORT]
    assert doubts_of(measured(), WEEKLY, week, 900, 1008) == [Doubt.COVERAGE_LOW]
    assert doubts_of(measured(interval_ms=0), WEEKLY, week, 1, 0) == [Doubt.INTERVAL_UNKNOWN]
    ten_minutes = measured("FREQUENCY", "Hz")
    assert Doubt.INTERVAL_TOO_COARSE in doubts_of(ten_minutes, WEEKLY, week, 1008, 1008)


def test_expected_values_are_the_multiples_of_the_interval():
    one = measured(interval_ms=1_800_000)
    assert one.expected(Span(0, DAY)) == 48
    assert one.expected(Span(1, DAY + 1)) == 48
    assert one.expected(Span(1_800_001, 3_600_000)) == 0
    there = replace(one, spans=(Span(0, 3_600_000), Span(DAY, DAY + 1)))
    assert there.expected(Span(0, 2 * DAY)) == 3
