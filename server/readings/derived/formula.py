"""Formulas as SQL over exact integers.

Every part is a fraction: a numerator in SQL (Int256) over a constant and, where it is divided by factors,
their columns. Nothing is rounded on the way; the whole is divided once, at the end, and rounded half to even.
Units are looked after: what is added is brought to one unit, and the whole to that of the series.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from server.readings.derived.syntax import FormulaRefused, Name, Node, Number, parse
from server.readings.derived.units import convert, is_plain, rate
from server.readings.domain import MICRO

NANO = 10**9
"""Factors are integers in 10^-9."""
_AMOUNT_BOUND = 2**83
"""What a million values of 64 bits add up to."""
_FACTOR_BOUND = 10**18
_WIDEST = 2**254


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for."""

    unit: str
    column: str = ""
    """SQL of a column: of an amount in 10^-6, or of a factor in 10^-9. Empty: it is a constant."""
    measured: bool = False
    constant: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula, ready."""

    micro: str
    """SQL of the value in 10^-6 of the series' unit. Factors by which it divides must not be 0."""
    names: frozenset[str]
    """The inputs that it uses."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A value: ``top / (under * product of the columns below)``."""

    top: str
    bound: int
    unit: str
    under: int = 1
    below: Counter[str] = None  # type: ignore[assignment]  # set by _term
    measured: bool = False
    single: tuple[Fraction, Counter[str]] | None = None
    """Where it is a constant times factors: what by which it can be divided."""


def compiled(formula: str, symbols: Mapping[str, Symbol], unit: str) -> Compiled:
    """The SQL of a formula whose value is in ``unit``. Raises FormulaRefused."""
    tree = parse(formula)
    names: set[str] = set()
    made = _Compiler(symbols, names).term(tree)
    if not made.measured:
        raise FormulaRefused(0, "it measures nothing: no input is a series", "measured")
    size = convert(made.unit, unit)
    if size is None:
        raise FormulaRefused(0, f"it gives {made.unit}, the series is in {unit}", "units")
    made = _times(made, size * MICRO)
    below = [column for column in sorted(made.below) for _ in range(made.below[column])]
    divisor = _product([_constant(made.under), *below])
    if made.bound >= _WIDEST or made.under * _FACTOR_BOUND ** len(below) >= _WIDEST:
        raise FormulaRefused(0, "it needs numbers of more than 76 digits", "size")
    micro = made.top if divisor == _constant(1) else half_even(made.top, divisor)
    return Compiled(micro, frozenset(names))


def half_even(top: str, under: str) -> str:
    """SQL of a quotient of Int256, rounded half to even; ``under`` is positive."""
    # Towards zero first: the rest then says what is nearest, on both sides of it alike.
    return (
        f"arrayMap((a, b) -> intDiv(a, b) + toInt256(sign(a)) * toInt256("
        f"2 * toInt256(abs(modulo(a, b))) > b"
        f" OR (2 * toInt256(abs(modulo(a, b))) = b AND modulo(intDiv(a, b), 2) != 0)), [{top}], [{under}])[1]"
    )


class _Compiler:
    def __init__(self, symbols: Mapping[str, Symbol], names: set[str]) -> None:
        self._symbols = symbols
        self._names = names

    def term(self, node: Node) -> _Term:
        if isinstance(node, Number):
            return _number(node.value, "")
        if isinstance(node, Name):
            return self._named(node)
        parts = [self.term(part) for part in node.parts]
        if node.operator == "*":
            return self._multiplied(node, parts[0], parts[1])
        if node.operator == "/":
            return self._divided(node, parts[0], parts[1])
        return self._alike(node, parts)

    def _named(self, node: Name) -> _Term:
        symbol = self._symbols.get(node.name)
        if symbol is None:
            known = ", ".join(sorted(self._symbols)) or "none"
            raise FormulaRefused(node.column, f"{node.name!r} is no input; there are {known}", "name")
        self._names.add(node.name)
        if symbol.measured:
            return _Term(symbol.column, _AMOUNT_BOUND, symbol.unit, MICRO, below=Counter(), measured=True)
        if not symbol.column:
            return _number(symbol.constant, symbol.unit)
        single = Fraction(1), Counter([symbol.column])
        return _Term(symbol.column, _FACTOR_BOUND, _unit(symbol.unit), NANO, Counter(), single=single)

    def _alike(self, node: Node, parts: list[_Term]) -> _Term:
        """A sum, or the smallest or largest of some."""
        assert not isinstance(node, Number | Name)
        unit = next((part.unit for part in parts if part.unit), "")
        same = []
        for part in parts:
            # A mere number is in the unit of what it is added to.
            size = convert(part.unit, unit) if part.unit else Fraction(1)
            if size is None:
                shown = f" {node.operator} ".join(one.unit or "1" for one in parts)
                raise FormulaRefused(node.column, f"the units do not match: {shown}", "units")
            same.append(replace(_times(part, size), unit=unit))
        under = lcm(*(part.under for part in same))
        below: Counter[str] = Counter()
        for part in same:
            below |= part.below
        tops, bounds = zip(*(_over(part, under, below) for part in same), strict=True)
        if node.operator in {"min", "max"}:
            name = "least" if node.operator == "min" else "greatest"
            top, bound = f"{name}({', '.join(tops)})", max(bounds)
        else:
            top, bound = f"({tops[0]} {node.operator} {tops[1]})", sum(bounds)
        measured = any(part.measured for part in same)
        single = _sum_of(node.operator, [part.single for part in same])
        return _Term(top, bound, unit, under, below, measured, single)

    def _multiplied(self, node: Node, left: _Term, right: _Term) -> _Term:
        if left.measured and right.measured:
            raise FormulaRefused(node.column, "two measured amounts are multiplied", "product")
        unit, size = _product_unit(node, left.unit, right.unit)
        single = None
        if left.single is not None and right.single is not None:
            single = left.single[0] * right.single[0] * size, left.single[1] + right.single[1]
        made = _Term(
            f"({left.top} * {right.top})",
            left.bound * right.bound,
            unit,
            left.under * right.under,
            left.below + right.below,
            left.measured or right.measured,
        )
        return replace(_times(made, size), single=single)

    def _divided(self, node: Node, left: _Term, right: _Term) -> _Term:
        if right.measured or right.single is None:
            raise FormulaRefused(node.column, "it divides by what is no constant and no factor", "divisor")
        constant, columns = right.single
        if constant == 0:
            raise FormulaRefused(node.column, "it divides by 0", "zero")
        unit, size = _quotient_unit(node, left.unit, right.unit)
        # A factor's column is 10^9 of its value.
        inverse = size * NANO ** columns.total() / constant
        made = _times(replace(left, unit=unit, below=left.below + columns, single=None), inverse)
        if left.single is not None and not columns:
            made = replace(made, single=(left.single[0] * size / constant, left.single[1]))
        return made


def _sum_of(
    operator: str, parts: "list[tuple[Fraction, Counter[str]] | None]"
) -> tuple[Fraction, Counter[str]] | None:
    """The constant that constants make; what has factors in it is not one any more."""
    if any(part is None or part[1] for part in parts):
        return None
    numbers = [part[0] for part in parts if part is not None]
    if operator in {"min", "max"}:
        return (min if operator == "min" else max)(numbers), Counter()
    return numbers[0] + (numbers[1] if operator == "+" else -numbers[1]), Counter()


def _number(value: Fraction, unit: str) -> _Term:
    top = _constant(value.numerator)
    return _Term(
        top, abs(value.numerator), _unit(unit), value.denominator, Counter(), single=(value, Counter())
    )


def _unit(unit: str) -> str:
    return "" if is_plain(unit) else unit


def _constant(number: int) -> str:
    return f"toInt256('{number}')"


def _product(factors: list[str]) -> str:
    left = [one for one in factors if one != _constant(1)]
    return "(" + " * ".join(left) + ")" if left else _constant(1)


def _times(term: _Term, size: Fraction) -> _Term:
    """A term times a constant, with what has become of its unit left to others."""
    if size == 1:
        return term
    single = None if term.single is None else (term.single[0] * size, term.single[1])
    reduced = Fraction(size.numerator, term.under * size.denominator)
    return replace(
        term,
        top=_product([_constant(reduced.numerator), term.top]),
        bound=term.bound * abs(reduced.numerator),
        under=reduced.denominator,
        single=single,
    )


def _over(term: _Term, under: int, below: Counter[str]) -> tuple[str, int]:
    """The numerator over another denominator, and its bound."""
    more = list((below - term.below).elements())
    times = under // term.under
    return _product([_constant(times), term.top, *more]), term.bound * times * _FACTOR_BOUND ** len(more)


def _product_unit(node: Node, left: str, right: str) -> tuple[str, Fraction]:
    for one, other in ((left, right), (right, left)):
        if not other:
            return one, Fraction(1)
        found = rate(other)
        size = None if found is None else convert(one, found[1])
        if found is not None and size is not None:
            return found[0], size
    raise FormulaRefused(node.column, f"the units do not match: {left} * {right}", "units")


def _quotient_unit(node: Node, left: str, right: str) -> tuple[str, Fraction]:
    if not right:
        return left, Fraction(1)
    found = rate(right)
    size = None if found is None else convert(left, found[0])
    if found is not None and size is not None:
        return found[1], size
    size = convert(left, right) if left else None
    if size is not None:
        return "", size
    raise FormulaRefused(node.column, f"the units do not match: {left or 1} / {right}", "units")
