"""From decoded data to readings: exact, in the right unit, one broken field at a time."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codec.mapping import (
    LARGEST_MICRO,
    RuleInvalid,
    answers,
    channel_rule,
    map_frame,
)
from kernel.codec.times import device_clock

AT = datetime(2024, 3, 31, 1, 0, 0, 123456, tzinfo=UTC)
RECEIVED = AT.replace(microsecond=123000)


def rule(path="v", unit="kWh", **others):
    return channel_rule(code="c", unit=unit, codec_path=path, **others)


def take(data, *rules, clock=None):
    return map_frame(data, rules or (rule(),), AT, clock)


def micros(mapped):
    return [row.micro for row in mapped.rows]


@given(st.decimals(-(10**9), 10**9, places=6))
def test_six_places_of_a_number_come_through_exactly(value):
    """Whatever a double does to it on the way: 15 digits fit into one."""
    text = json.dumps({"v": float(value)}) if abs(value) < 10**8 else json.dumps({"v": int(value)})
    data = json.loads(text)
    [row] = take(data).rows
    with localcontext(prec=50):
        exact = Decimal(repr(data["v"]))
        assert row.value == exact.quantize(Decimal("0.000001"))
        assert abs(value) >= 10**8 or row.value == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e11, max_value=1e11))
def test_a_double_is_the_number_that_json_wrote(value):
    [row] = take(json.loads(json.dumps({"v": value}))).rows
    assert row.micro == round(Fraction(Decimal(json.dumps(value))) * 10**6)


@given(
    st.integers(-(10**14), 10**14),
    st.sampled_from([("Wh", "kWh"), ("MJ", "GJ"), ("L", "m3"), ("MWh", "kWh")]),
)
def test_units_convert_exactly(value, units):
    given_unit, unit = units
    mapped = take({"v": value}, rule(unit=unit, codec_unit=given_unit))
    size = Fraction(1, 1000) if given_unit != "MWh" else Fraction(1000)
    exact = round(value * size * 10**6)
    if abs(exact) > LARGEST_MICRO:
        assert [error.rule for error in mapped.errors] == ["range"]
    else:
        assert micros(mapped) == [exact]


def test_thirds_of_a_kilowatt_hour_are_rounded_once():
    [row] = take({"v": 1}, rule(codec_unit="MJ")).rows
    assert row.value == Decimal("0.277778")
    [row] = take({"v": 3.6}, rule(codec_unit="MJ")).rows
    assert row.value == 1


def test_halves_go_to_the_even_neighbour():
    assert micros(take({"v": 0.0000005})) == [0]
    assert micros(take({"v": 0.0000015})) == [2]
    assert micros(take({"v": -0.0000025})) == [-2]


def test_multipliers_are_decimal():
    assert micros(take({"v": 3560}, rule(unit="m3", multiplier="0.01"))) == [35_600_000]
    assert micros(take({"v": 0.1}, rule(multiplier="0.000000000001"))) == [0]
    assert micros(take({"v": 7}, rule(multiplier="-1"))) == [-7_000_000]


@pytest.mark.parametrize(
    ("value", "shown", "why"),
    [
        ("abc", '"abc"', "a text stands where a number belongs"),
        ("12.5", '"12.5"', "a text stands where a number belongs"),
        (True, "true", "a boolean stands"),
        ([1], "[1]", "a list stands"),
        ({"a": 1}, '{"a": 1}', "an object stands"),
        (float("nan"), "NaN", "not a finite number"),
        (float("-inf"), "-Infinity", "not a finite number"),
        (1e300, "1e+300", "more than can be stored"),
        (10**12, "1000000000000", "more than can be stored"),
        ("x" * 200, '"' + "x" * 62 + "…", "a text"),
    ],
)
def test_what_is_no_number_is_named(value, shown, why):
    mapped = take({"v": value, "w": 1}, rule("v"), channel_rule(code="d", unit="kWh", codec_path="w"))
    [error] = mapped.errors
    assert (error.code, error.path, error.value) == ("c", "v", shown)
    assert why in error.why
    assert str(error).startswith(f"channel c: v = {shown}: ")
    assert [row.code for row in mapped.rows] == ["d"]


@pytest.mark.parametrize("data", [{}, {"v": None}, {"v": {}}, {"other": 1}, {"v": []}])
def test_missing_is_not_zero(data):
    mapped = take(data, rule("v.w"))
    assert (mapped.rows, mapped.errors) == ((), ())


def test_largest_and_smallest():
    assert micros(take({"v": 999_999_999_999})) == [999_999_999_999_000_000]
    assert micros(take({"v": -999_999_999_999})) == [-999_999_999_999_000_000]


@pytest.mark.parametrize(
    ("told", "taken"),
    [("Wh", True), (None, True), ("kWh", False), ("wh", False), (7, False), ("", False)],
)
def test_the_unit_must_be_the_expected_one(told, taken):
    expected = rule("r.v", codec_unit="Wh", codec_unit_path="r.u")
    mapped = take({"r": {"v": 1000, "u": told}}, expected)
    assert micros(mapped) == ([1_000_000] if taken else [])
    assert [error.rule for error in mapped.errors] == ([] if taken else ["unit"])
    assert taken or "not Wh" in str(mapped.errors[0])


def test_other_spellings_of_a_unit_are_the_unit():
    assert micros(take({"v": 2, "u": "m³"}, rule(unit="L", codec_unit="m3", codec_unit_path="u"))) == [
        2_000_000_000
    ]


def test_history_has_its_own_times():
    history = rule("log[].v", codec_time_path="log[].t")
    data = {
        "log": [
            {"v": 1, "t": "2024-03-31T00:30:00Z"},
            {"v": None, "t": "2024-03-31T01:00:00Z"},
            {"v": "?", "t": "2024-03-31T01:30:00Z"},
            {"v": 4, "t": "soon"},
            {"v": 5, "t": "2024-03-31T04:30:00+02:00"},
            {"v": 6},
            {"t": 1},
            {"v": 8, "t": 1711857600},
        ]
    }
    mapped = take(data, history)
    assert [(row.time.isoformat(), row.micro) for row in mapped.rows] == [
        ("2024-03-31T00:30:00+00:00", 1_000_000),
        ("2024-03-31T02:30:00+00:00", 5_000_000),
        (RECEIVED.isoformat(), 6_000_000),
        ("2024-03-31T04:00:00+00:00", 8_000_000),
    ]
    assert [(error.path, error.value, error.rule) for error in mapped.errors] == [
        ("log[2].v", '"?"', "number"),
        ("log[3].t", '"soon"', "time"),
    ]


def test_lists_in_lists():
    deep = rule("d[].r[].v", codec_time_path="d[].t", codec_unit_path="d[].r[].u", codec_unit="Wh")
    data = {
        "d": [
            {"t": 1711843200, "r": [{"v": 1, "u": "Wh"}]},
            {"t": 1711846800, "r": [{"v": 3, "u": "J"}, {"v": 4, "u": "Wh"}]},
        ]
    }
    mapped = take(data, deep)
    assert [(row.time.hour, row.micro) for row in mapped.rows] == [(0, 1000), (1, 4000)]
    assert [error.path for error in mapped.errors] == ["d[1].r[0].v"]


def test_registers_chosen_by_a_field():
    by_code = rule("o[id=1_8_0].v")
    assert micros(take({"o": [{"id": "1_8_1", "v": 1}, {"id": "1_8_0", "v": 2}, {"v": 3}, 4]}, by_code)) == [
        2_000_000
    ]
    by_number = rule("o[n=2].v")
    assert micros(take({"o": [{"n": 1, "v": 1}, {"n": 2.0, "v": 2}]}, by_number)) == [2_000_000]


def test_the_same_value_twice_is_one_reading_and_another_value_an_error():
    many = rule("o[].v")
    mapped = take({"o": [{"v": 1}, {"v": 1.0}, {"v": 2}]}, many)
    assert micros(mapped) == [1_000_000]
    [error] = mapped.errors
    assert (error.path, error.rule) == ("o[2].v", "conflict")


def test_local_times_of_the_device():
    clock = device_clock("Europe/Berlin", observes_dst=True)
    local = rule(codec_time_path="t")
    assert take({"v": 1, "t": "2024-07-01T12:00:00"}, local, clock=clock).rows[0].time.hour == 10
    for text in ("2024-10-27T02:30:00", "2024-03-31T02:30:00"):
        [error] = take({"v": 1, "t": text}, local, clock=clock).errors
        assert (error.rule, error.path) == ("ambiguous_time", "t")


@pytest.mark.parametrize("word", ["ON", "closed", "Connected", "true", True, 1])
def test_states_of_a_switch(word):
    state = rule(unit="1", switch=True)
    assert micros(take({"v": word}, state)) == [1_000_000]


def test_open_switches_and_nonsense():
    state = rule(unit="1", switch=True)
    assert micros(take({"v": "OFF"}, state)) == micros(take({"v": False}, state)) == [0]
    assert [error.rule for error in take({"v": "ARMED"}, state).errors] == ["number"]


@pytest.mark.parametrize(
    ("others", "field"),
    [
        ({"path": ""}, "codec_path"),
        ({"path": "a..b"}, "codec_path"),
        ({"codec_time_path": "["}, "codec_time_path"),
        ({"path": "a[].v", "codec_time_path": "b[].t"}, "codec_time_path"),
        ({"path": "v", "codec_time_path": "log[].t"}, "codec_time_path"),
        ({"path": "a[].v", "codec_unit_path": "a[].b[].u"}, "codec_unit_path"),
        ({"codec_unit": "m3"}, "codec_unit"),
        ({"codec_unit": "florins"}, "codec_unit"),
    ],
)
def test_rules_that_do_not_hold_together(others, field):
    with pytest.raises(RuleInvalid) as caught:
        rule(**others)
    assert caught.value.field == field


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abv"), inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_no_data_whatever_breaks_the_mapping(anything):
    rules = [
        rule("v"),
        rule("a[].v", codec_time_path="a[].b", codec_unit_path="a[].a"),
        rule("a[b=1].v", unit="1", switch=True),
        rule("b[0].v"),
    ]
    mapped = take({"v": anything, "a": anything, "b": anything}, *rules)
    assert all(abs(row.micro) <= LARGEST_MICRO and row.time.tzinfo is not None for row in mapped.rows)
    assert all(error.why and error.path for error in mapped.errors)


@pytest.mark.parametrize(
    ("data", "path", "wanted", "done"),
    [
        ({"s": "OFF"}, "s", '"OFF"', True),
        ({"s": "OFF"}, "s", "OFF", True),
        ({"s": "ON"}, "s", '"OFF"', False),
        ({"s": 1}, "s", "1", True),
        ({"s": 1.0}, "s", "1", True),
        ({"s": True}, "s", "1", False),
        ({"s": True}, "s", "true", True),
        ({"s": None}, "s", "", False),
        ({"s": 0}, "s", "", True),
        ({}, "s", "", False),
        ({"r": [{"id": 1, "v": 0}, {"id": 2, "v": 5}]}, "r[id=2].v", "5", True),
        ({"s": {"a": [1]}}, "s", '{"a": [1]}', True),
    ],
)
def test_answers_of_commands(data, path, wanted, done):
    assert answers(data, path, wanted) is done


def test_frame_times_are_kept_to_the_millisecond():
    [row] = map_frame({"v": 1}, [rule()], AT.astimezone(tz=None) + timedelta(0)).rows
    assert row.time == RECEIVED
    assert row.time.tzinfo is UTC
