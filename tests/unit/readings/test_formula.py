"""Formulas: what can be read, which units fit, what is refused, where and why."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.readings.derived.formula import Symbol, compiled
from server.readings.derived.syntax import DEEPEST, FormulaRefused, Name, Number, Operation, parse
from server.readings.derived.units import convert, is_known, rate

SYMBOLS = {
    "import": Symbol("kWh", "v0", measured=True),
    "export": Symbol("Wh", "v1", measured=True),
    "volume": Symbol("m3", "v2", measured=True),
    "pulses": Symbol("1", "v3", measured=True),
    "z": Symbol("", "f0"),
    "hs": Symbol("MJ/m3", "f1"),
    "weight": Symbol("L/pulse", constant=Fraction(10)),
    "share": Symbol("", constant=Fraction(1, 3)),
}


def shape(node) -> object:
    if isinstance(node, Number):
        return node.value
    return node.name if isinstance(node, Name) else (node.operator, *map(shape, node.parts))


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("a", "a"),
        ("a + b * c", ("+", "a", ("*", "b", "c"))),
        ("(a + b) * c", ("*", ("+", "a", "b"), "c")),
        ("a - b - c", ("-", ("-", "a", "b"), "c")),
        ("a / b / c", ("/", ("/", "a", "b"), "c")),
        ("-a + 0.1", ("+", ("-", 0, "a"), Fraction(1, 10))),
        ("max(a, min(b, 2), +c)", ("max", "a", ("min", "b", 2), "c")),
    ],
)
def test_formulas_are_read_as_people_write_them(formula, tree):
    assert shape(parse(formula)) == tree


@pytest.mark.parametrize(
    ("formula", "column", "said", "rule"),
    [
        ("", 1, "the formula ends where a value is expected", "syntax"),
        ("import +", 9, "the formula ends where a value is expected", "syntax"),
        ("import $ 2", 8, "'$' means nothing", "syntax"),
        ("import export", 8, "'export' is not expected here", "syntax"),
        ("(import", 8, "'' where ')' is expected", "syntax"),
        ("import * * 2", 10, "'*' where a value is expected", "syntax"),
        ("__import__('os')", 1, "no function", "function"),
        ("import.real", 7, "'.' means nothing", "syntax"),
        ("import ** 2", 9, "'*' where a value is expected", "syntax"),
        ("1e5 * import", 2, "'e5' is not expected here", "syntax"),
        ("abs(import)", 1, "'abs' is no function; there are min and max", "function"),
        ("max(import)", 1, "max takes two values or more", "function"),
        ("imports", 1, "'imports' is no input; there are export, hs, import, pulses", "name"),
        ("import + 1234567890123456789", 10, "has more than 18 digits", "digits"),
        ("import + volume", 8, "the units do not match: kWh + m3", "units"),
        ("max(import, volume)", 1, "the units do not match: kWh max m3", "units"),
        ("import * hs", 8, "the units do not match: kWh * MJ/m3", "units"),
        ("volume", 1, "it gives m3, the series is in kWh", "units"),
        ("import * volume", 8, "two measured amounts are multiplied", "product"),
        ("import / volume", 8, "it divides by what is no constant and no factor", "divisor"),
        ("import / (z + 1)", 8, "it divides by what is no constant and no factor", "divisor"),
        ("import / 0", 8, "it divides by 0", "zero"),
        ("import / (2 - 2.0)", 8, "it divides by 0", "zero"),
        ("import / (share * 0)", 8, "it divides by 0", "zero"),
        ("hs * 2", 1, "it measures nothing", "measured"),
        ("import * z * z * z * z", 1, "more than 76 digits", "size"),
        ("(" * (DEEPEST + 1) + "import" + ")" * (DEEPEST + 1), DEEPEST + 1, "nested deeper than", "depth"),
        ("-" * 1001, 1001, "longer than 1000 characters", "length"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_is(formula, column, said, rule):
    with pytest.raises(FormulaRefused) as caught:
        compiled(formula, SYMBOLS, "kWh")
    (violation,) = caught.value.violations
    assert violation.field == "derived_series.formula"
    assert violation.description.startswith(f"column {column}: ")
    assert said in violation.description
    assert violation.rule == f"formula.{rule}"


@given(st.text("()+-*/,. abmaxin019e_", max_size=60))
def test_any_text_is_read_or_refused(text):
    with suppress(FormulaRefused):
        assert compiled(text, {"a": SYMBOLS["import"], "b": SYMBOLS["z"]}, "kWh").names <= {"a", "b"}


@pytest.mark.parametrize(
    ("given_unit", "wanted", "size"),
    [
        ("MJ", "kWh", Fraction(10, 36)),
        ("L/pulse", "m3/pulse", Fraction(1, 1000)),
        ("L/h", "m3/h", Fraction(1, 1000)),
        ("MJ/m3", "kWh/L", Fraction(10, 36) / 1000),
        ("MJ/m3", "kWh", None),
        ("kWh", "m3", None),
    ],
)
def test_units_and_rates_convert_exactly(given_unit, wanted, size):
    assert convert(given_unit, wanted) == size


def test_rates_are_known_by_their_parts():
    assert rate("kWh/pulse") == ("kWh", "1")
    assert rate("kWh") is None
    assert is_known("MJ/m3") and is_known("") and is_known("kWh")  # noqa: PT018
    assert not is_known("furlong/fortnight")


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("volume * z * hs", "kWh"),
        ("volume * hs / 2", "MJ"),
        ("import / hs", "m3"),
        ("import / hs + volume", "m3"),
        ("pulses * weight", "m3"),
        ("import - export", "kWh"),
        ("max(import - export - 0.5, 0)", "Wh"),
        ("(volume - 5) * hs", "kWh"),
        ("min(2 * import, import * share + 3)", "kWh"),
    ],
)
def test_what_fits_is_taken(formula, unit):
    assert compiled(formula, SYMBOLS, unit).micro


def test_a_tree_has_no_more_than_it_was_given():
    made = parse("min(a, b)")
    assert isinstance(made, Operation)
    assert compiled("import + z * 0 * export", SYMBOLS, "kWh").names == {"import", "z", "export"}
