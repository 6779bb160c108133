"""Exact decimals: arithmetic, canonical text, rounding."""

from dataclasses import dataclass
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum
from fractions import Fraction

EXACT = Context(prec=80, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Wide enough that every product of a quantity (38 digits) and a rate (38 digits) is exact."""

ZERO = Decimal(0)
ONE = Decimal(1)
QUANTITY_STEP = Decimal("0.000000001")
"""Quantities that are no measured values (a share of a month) are shown with nine places."""

_LARGEST_DIGITS = 38


class RoundingMode(StrEnum):
    """What becomes of half a cent."""

    HALF_UP = "HALF_UP"
    """Away from zero; commercial rounding."""
    HALF_EVEN = "HALF_EVEN"
    """To the even neighbour; bankers' rounding."""


_MODES = {RoundingMode.HALF_UP: ROUND_HALF_UP, RoundingMode.HALF_EVEN: ROUND_HALF_EVEN}


class TaxBase(StrEnum):
    """What a tax is computed on."""

    INVOICE = "INVOICE"
    """The unrounded sum of the invoice's lines, once."""
    LINE = "LINE"
    """Each rounded line; the tax is the sum of the rounded ones."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How an exact amount becomes one that can be paid; a tariff version declares it."""

    mode: RoundingMode = RoundingMode.HALF_UP
    decimals: int = 2
    """Places after the point: 0 for yen, 2 for most, 3 for dinars."""
    tax_base: TaxBase = TaxBase.INVOICE

    def amount(self, exact: Decimal) -> Decimal:
        """The exact amount rounded, always with :attr:`decimals` places and never negative zero."""
        step = ONE.scaleb(-self.decimals)
        rounded = exact.quantize(step, rounding=_MODES[self.mode], context=EXACT)
        return rounded or abs(rounded)


def times(left: Decimal, right: Decimal) -> Decimal:
    """The exact product."""
    return EXACT.multiply(left, right)


def plus(*terms: Decimal) -> Decimal:
    """The exact sum."""
    total = ZERO
    for term in terms:
        total = EXACT.add(total, term)
    return total


def share(amount: Decimal, part: Fraction) -> Decimal:
    """``amount * part``, multiplied before it is divided, so that a tie stays a tie; 80 digits."""
    if part.denominator == 1:
        return times(amount, Decimal(part.numerator))
    return EXACT.divide(times(amount, Decimal(part.numerator)), Decimal(part.denominator))


def shown(part: Fraction) -> Decimal:
    """A fraction as a quantity on a line: nine places, half up, no trailing zeros."""
    exact = EXACT.divide(Decimal(part.numerator), Decimal(part.denominator))
    return trimmed(exact.quantize(QUANTITY_STEP, rounding=ROUND_HALF_UP, context=EXACT))


def trimmed(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 1E+2 is 100, 0.50 is 0.5."""
    if not value:
        return ZERO
    whole = value.normalize(EXACT)
    exponent = whole.as_tuple().exponent
    return whole.quantize(ONE, context=EXACT) if isinstance(exponent, int) and exponent > 0 else whole


def text(value: Decimal) -> str:
    """Canonical text: one number, one text; used where text is hashed or sent."""
    return format(trimmed(value), "f")


class NotADecimal(ValueError):
    """The text is no decimal number that billing can hold."""


def parse(written: str) -> Decimal:
    """The decimal written in ASCII digits with a point: no exponent, no blanks, at most 38 digits.

    Raises :class:`NotADecimal` with a sentence that names the text.
    """
    digits = written.removeprefix("-")
    whole, point, part = digits.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (point and not (part.isascii() and part.isdigit())):
        raise NotADecimal(f"{written!r} is not a decimal number like 12.5")
    if len(whole) + len(part) > _LARGEST_DIGITS:
        raise NotADecimal(f"{written!r} has more than {_LARGEST_DIGITS} digits")
    return Decimal(written)
