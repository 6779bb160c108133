"""Edits of values, from their definitions, over the days on which the clocks change."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platform.errors import InvalidArgument
from server.readings.calendar import grid_of, local_day
from server.readings.desk.domain import Values
from server.readings.desk.operations import (
    copy_day,
    decimal_micro,
    doubtful,
    fitted,
    scale,
    set_values,
    verify,
)
from server.readings.desk.values import packed, unpacked
from server.readings.domain import MICRO, Quality, State
from server.readings.vee.overlay import CHANGES

LONDON, HALF = "Europe/London", 1_800_000
PLAIN, SPRING, AUTUMN = date(2025, 3, 23), date(2025, 3, 30), date(2024, 10, 27)
HAND = int(Quality.MANUALLY_EDITED)


def values(starts, micro, state=State.VALIDATED, quality=Quality.VALID, length=HALF, rule="") -> Values:
    starts = list(starts)
    count = len(starts)
    return Values(
        np.array(starts, np.int64),
        np.array(starts, np.int64) + length,
        np.array(micro, np.int64),
        np.broadcast_to(np.array(state, np.uint8), count).copy(),
        np.broadcast_to(np.array(quality, np.uint32), count).copy(),
        np.zeros(count, np.uint8),
        np.broadcast_to(np.array(rule), count).copy(),
    )


def a_day(day: date, micro=None, **others) -> Values:
    starts = grid_of(local_day(LONDON, day), HALF)
    return values(starts, range(len(starts)) if micro is None else micro, **others)


def refusals(refused) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in refused.value.violations]


def test_set_values_are_edited_and_the_others_are_not_named():
    present = a_day(SPRING)
    assert len(present) == 46
    at = present.ms[[5, 3]].tolist()
    change = set_values("set", present, [(at[0], "1.5"), (at[1], "-0.000001")])
    assert change.before.ms.tolist() == sorted(at)
    assert change.before.micro.tolist() == [3, 5]
    assert change.after.micro.tolist() == [-1, 1_500_000]
    assert set(change.after.state.tolist()) == {State.EDITED}
    assert set(change.after.quality.tolist()) == {HAND}
    assert change.after.changes(7).schema == CHANGES


def test_all_that_cannot_be_set_is_named():
    present = a_day(SPRING)
    start = int(present.ms[0])
    wanted = [
        (start, "1"),
        (start, "2"),
        (start + 1, "1"),
        (start + HALF, "many"),
        (start + 2 * HALF, "1.0000001"),
        (start + 3 * HALF, "1e12"),
        (start + 4 * HALF, "NaN"),
    ]
    with pytest.raises(InvalidArgument) as refused:
        set_values("set", present, wanted)
    assert refusals(refused) == [
        ("set.values[1].time", "interval.once"),
        ("set.values[2].time", "interval.start"),
        ("set.values[3].value", "value.not_a_number"),
        ("set.values[4].value", "value.value_out_of_range"),
        ("set.values[5].value", "value.value_out_of_range"),
        ("set.values[6].value", "value.not_a_number"),
    ]


def test_scaling_is_exact_and_the_last_takes_the_rest():
    # The example of the design: 18 measured, estimates 1.0, 1.5, 1.5, the registers say 24.
    measured = [18 * MICRO, 0]
    estimates = [MICRO, 1_500_000, 1_500_000]
    states = [State.VALIDATED, State.VALIDATED, State.ESTIMATED, State.ESTIMATED, State.ESTIMATED]
    present = values([n * HALF for n in range(5)], [*measured, *estimates], states)
    change = scale("scale", present, 24 * MICRO, only_estimated=True)
    assert change.after.micro.tolist() == [1_500_000, 2_250_000, 2_250_000]
    thirds = values([0, HALF, 2 * HALF], [1, 1, 1])
    assert scale("scale", thirds, 100).after.micro.tolist() == [33, 33, 34]
    assert set(change.after.quality.tolist()) == {HAND | Quality.SCALED}


def test_nothing_is_scaled_evenly_and_what_is_missing_stays_missing():
    present = values(
        [n * HALF for n in range(3)], [0, 0, 0], [State.VALIDATED, State.MISSING, State.VALIDATED]
    )
    change = scale("scale", present, 5)
    assert change.before.ms.tolist() == [0, 2 * HALF]
    assert change.after.micro.tolist() == [2, 3]


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=60),
    st.integers(0, 10**15),
)
def test_whatever_the_values_the_sum_is_the_total(micro, total):
    present = values([n * HALF for n in range(len(micro))], micro)
    after = scale("scale", present, total).after
    assert after.total == total
    assert min(after.micro.tolist()) >= 0


@pytest.mark.parametrize(
    ("micro", "state", "total", "only", "problem"),
    [
        ([5, 5], [State.MISSING] * 2, 1, False, ("scale.period", "scale.values")),
        ([5, 5], [State.VALIDATED] * 2, 1, True, ("scale.period", "scale.values")),
        ([5, 5], [State.VALIDATED, State.ESTIMATED], 4, True, ("scale.total", "scale.total")),
        ([5, 5], [State.VALIDATED] * 2, -1, False, ("scale.total", "scale.total")),
        ([5, -5], [State.VALIDATED] * 2, 1, False, ("scale.period", "scale.negative")),
    ],
)
def test_what_cannot_be_scaled_is_refused(micro, state, total, only, problem):
    with pytest.raises(InvalidArgument) as refused:
        scale("scale", values([0, HALF], micro, state), total, only_estimated=only)
    assert refusals(refused) == [problem]


def test_an_ordinary_day_is_copied_interval_by_interval():
    change = copy_day(
        "copy_day",
        a_day(PLAIN, [9] * 48),
        local_day(LONDON, PLAIN),
        a_day(date(2025, 3, 16)),
        local_day(LONDON, date(2025, 3, 16)),
    )
    assert change.after.micro.tolist() == list(range(48))
    assert set(change.after.quality.tolist()) == {HAND | Quality.ESTIMATED_REFERENCE_DAY}


def copied(day: date, source: date) -> list[int]:
    change = copy_day(
        "copy_day", a_day(day), local_day(LONDON, day), a_day(source), local_day(LONDON, source)
    )
    assert len(change.after) == len(change.before) == len(a_day(day))
    return change.after.micro.tolist()


def test_the_day_without_an_hour_leaves_it_out():
    # At one the clock is put to two: half hours 2 and 3 of the source have no place.
    assert copied(SPRING, PLAIN) == [0, 1, *range(4, 48)]


def test_a_day_of_the_day_without_an_hour_takes_the_hour_after():
    # The spring day goes 0:00, 0:30, 2:00, ...: one o'clock takes what two o'clock had.
    assert copied(PLAIN, SPRING) == [0, 1, 2, 3, *range(2, 46)]


def test_the_day_with_an_hour_twice_takes_it_twice():
    # At two the clock is put back to one: half hours 2 and 3 come twice.
    assert copied(AUTUMN, date(2024, 10, 20)) == [0, 1, 2, 3, 2, 3, *range(4, 48)]


def test_a_day_of_the_day_with_an_hour_twice_takes_it_once():
    assert copied(date(2024, 10, 20), AUTUMN) == [0, 1, 2, 3, *range(6, 50)]
    assert copied(date(2023, 10, 29), AUTUMN) == list(range(50))


def test_a_source_with_a_hole_is_refused():
    source = a_day(PLAIN)
    source.state[7] = State.MISSING
    with pytest.raises(InvalidArgument, match="has no value for 1 intervals") as refused:
        copy_day(
            "copy_day",
            a_day(date(2025, 3, 16)),
            local_day(LONDON, date(2025, 3, 16)),
            source,
            local_day(LONDON, PLAIN),
        )
    assert refusals(refused) == [("copy_day.source_day", "copy.source")]


def test_what_is_verified_keeps_its_value():
    states = [State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.EDITED, State.MISSING]
    bits = Quality.QUESTIONABLE | Quality.SPIKE | Quality.POWER_DOWN
    present = values([n * HALF for n in range(5)], [1, 2, 3, 4, 0], states, [1, bits, 4, 2, 0], rule="V11")
    change = verify("verify", present)
    assert change.after.micro.tolist() == [1, 2, 3, 4]
    assert change.after.state.tolist() == [
        State.VALIDATED,
        State.VALIDATED,
        State.ESTIMATED,
        State.EDITED,
    ]
    sure = Quality.VALID | Quality.VERIFIED
    assert change.after.quality.tolist() == [
        sure,
        sure | Quality.POWER_DOWN,
        4 | Quality.VERIFIED,
        2 | Quality.VERIFIED,
    ]
    assert change.after.rule.tolist() == ["", "", "V11", "V11"]
    assert doubtful(present).tolist() == [False, True, True, False, True]
    assert not doubtful(change.after).any()


def test_estimates_are_fitted_to_what_is_left():
    after = values([0, HALF, 2 * HALF], [1, 2, 3]).edited(np.array([1, 2, 3], np.int64))
    assert fitted("estimate", after, 13, "x").micro.tolist() == [2, 4, 7]
    with pytest.raises(InvalidArgument):
        fitted("estimate", after, -1, "x")


def test_decimals_are_read_exactly():
    assert decimal_micro("total", "0.000001") == 1
    assert decimal_micro("total", "123456789.123456") == 123_456_789_123_456
    with pytest.raises(InvalidArgument) as refused:
        decimal_micro("scale.total", "1,5")
    assert refusals(refused) == [("scale.total", "value.not_a_number")]


def test_values_are_kept_whole():
    kept = a_day(AUTUMN, rule="V11")
    found = unpacked(packed(kept))
    for name in ("ms", "until", "micro", "state", "quality", "method", "rule"):
        assert getattr(found, name).tolist() == getattr(kept, name).tolist()
