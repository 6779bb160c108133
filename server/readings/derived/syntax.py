"""The language of formulas: names, decimal numbers, ``+ - * /``, parentheses, ``min`` and ``max``.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = [ "-" | "+" ] atom
    atom    = number | name | function "(" sum { "," sum } ")" | "(" sum ")"

Numbers are exact: they are read as decimals. Nothing is ever evaluated by Python.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from server.platform.errors import InvalidField

LONGEST = 1000
DEEPEST = 32
PLACES = 18
FUNCTIONS = ("min", "max")
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|([-+*/(),]))")
_FIELD = "derived_series.formula"


class FormulaRefused(InvalidField):
    """A formula that cannot be read, or that makes no sense."""

    def __init__(self, column: int, why: str, rule: str) -> None:
        super().__init__(_FIELD, f"column {column + 1}: {why}", f"formula.{rule}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written."""

    column: int
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """An input."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``+ - * /`` of two, or ``min`` and ``max`` of some."""

    column: int
    operator: str
    parts: "tuple[Node, ...]"


Node = Number | Name | Operation


def parse(formula: str) -> Node:
    """The formula as a tree. Raises FormulaRefused."""
    if len(formula) > LONGEST:
        raise FormulaRefused(LONGEST, f"longer than {LONGEST} characters", "length")
    reader = _Reader(formula)
    made = reader.sum(0)
    reader.end()
    return made


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def sum(self, depth: int) -> Node:
        return self._chain("+-", self._product, depth)

    def end(self) -> None:
        token, column = self._peek()
        if token:
            raise FormulaRefused(column, f"{token!r} is not expected here", "syntax")

    def _product(self, depth: int) -> Node:
        return self._chain("*/", self._signed, depth)

    def _chain(self, operators: str, part: Callable[[int], Node], depth: int) -> Node:
        made = part(depth)
        while True:
            token, column = self._peek()
            if not token or token not in operators:
                return made
            self._take()
            made = Operation(column, token, (made, part(depth)))

    def _signed(self, depth: int) -> Node:
        sign, column = self._peek()
        if sign not in {"-", "+"}:
            return self._atom(depth)
        self._take()
        inner = self._atom(depth)
        return inner if sign == "+" else Operation(column, "-", (Number(column, Fraction(0)), inner))

    def _atom(self, depth: int) -> Node:
        text, column = self._take()
        if depth >= DEEPEST:
            raise FormulaRefused(column, f"nested deeper than {DEEPEST}", "depth")
        if not text:
            raise FormulaRefused(column, "the formula ends where a value is expected", "syntax")
        if text == "(":
            made = self.sum(depth + 1)
            self._expect(")")
            return made
        if text[0].isdigit():
            if len(text.replace(".", "")) > PLACES:
                raise FormulaRefused(column, f"{text} has more than {PLACES} digits", "digits")
            return Number(column, Fraction(Decimal(text)))
        if not (text[0].isalpha() or text[0] == "_"):
            raise FormulaRefused(column, f"{text!r} where a value is expected", "syntax")
        return self._called(text, column, depth) if self._peek()[0] == "(" else Name(column, text)

    def _called(self, name: str, column: int, depth: int) -> Node:
        if name not in FUNCTIONS:
            raise FormulaRefused(column, f"{name!r} is no function; there are min and max", "function")
        self._take()
        parts = [self.sum(depth + 1)]
        while self._peek()[0] == ",":
            self._take()
            parts.append(self.sum(depth + 1))
        self._expect(")")
        if len(parts) == 1:
            raise FormulaRefused(column, f"{name} takes two values or more", "function")
        return Operation(column, name, tuple(parts))

    def _expect(self, wanted: str) -> None:
        token, column = self._take()
        if token != wanted:
            raise FormulaRefused(column, f"{token!r} where {wanted!r} is expected", "syntax")

    def _peek(self) -> tuple[str, int]:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            rest = self._text[self._at :]
            column = self._at + len(rest) - len(rest.lstrip())
            if not rest.strip():
                return "", column
            raise FormulaRefused(column, f"{self._text[column]!r} means nothing", "syntax")
        kind = found.lastindex or 0
        return found.group(kind), found.start(kind)

    def _take(self) -> tuple[str, int]:
        token, column = self._peek()
        if token:
            self._at = column + len(token)
        return token, column
