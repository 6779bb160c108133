"""Texts to exact numbers, in columns."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_DECIMAL = r"^[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$"
_WIDE = pa.decimal128(38, 18)
_PLACES = 6
_LARGEST_WHOLE = 10**12
"""Decimal64(6) holds twelve digits before the point."""


@dataclass(frozen=True, slots=True)
class Micros:
    """Numbers in 10^-6 of the unit."""

    values: npt.NDArray[np.int64]
    """0 where ``known`` is false."""
    known: npt.NDArray[np.bool_]
    """Whether the text was a number that fits."""


def micros_of(texts: pa.StringArray, *, decimal_comma: bool, factor: Fraction) -> Micros:
    """The numbers in texts, times ``factor``, exact to 18 places and rounded once, half to even, to six.

    Blanks around a number are taken away. What is no decimal number (also ``nan`` and ``inf``) or has more
    than twelve digits before the point after the conversion is not known.
    """
    trimmed = pc.utf8_trim_whitespace(texts)
    if decimal_comma:
        trimmed = pc.replace_substring(trimmed, ",", ".")
    looks = pc.match_substring_regex(trimmed, _DECIMAL)
    # Digits beyond the eighteenth place cannot change the sixth by more than rounding already does.
    shortened = pc.replace_substring_regex(trimmed, r"(\.[0-9]{18})[0-9]+", r"\1")
    exact = cast_or_null(pc.if_else(looks, shortened, pa.scalar(None, pa.string())), _WIDE)
    if factor != 1:
        exact = _times(exact, factor)
    rounded = pc.round(exact, _PLACES, round_mode="half_to_even")
    bound = pa.scalar(_LARGEST_WHOLE, rounded.type)
    fits = pc.fill_null(pc.less(pc.abs(rounded), bound), fill_value=False)
    kept = pc.if_else(fits, rounded, pa.scalar(0, rounded.type)).cast(pa.decimal128(18, _PLACES))
    return Micros(_unscaled(kept), fits.to_numpy(zero_copy_only=False))


def _times(exact: pa.Array, factor: Fraction) -> pa.Array:
    """Products with a factor of up to ten digits before the point, itself exact to 24 places."""
    with localcontext(prec=40):
        multiplier = (Decimal(factor.numerator) / Decimal(factor.denominator)).quantize(
            Decimal(1).scaleb(-24)
        )
    wide = exact.cast(pa.decimal256(40, 18))
    return pc.multiply(wide, pa.scalar(multiplier, pa.decimal256(35, 24)))


def cast_or_null(texts: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Texts as values of a type; null where a text is none. Arrow casts all or nothing: halves are tried."""
    try:
        return texts.cast(wanted)
    except pa.ArrowInvalid:
        if len(texts) == 1:
            return pa.nulls(1, wanted)
        middle = len(texts) // 2
        return pa.concat_arrays(
            [cast_or_null(texts.slice(0, middle), wanted), cast_or_null(texts.slice(middle), wanted)]
        )


def _unscaled(decimals: pa.Array) -> npt.NDArray[np.int64]:
    """The unscaled integers of 128-bit decimals of at most 18 digits: the low words of two."""
    words = np.frombuffer(decimals.buffers()[1], dtype="<i8")
    return words[decimals.offset * 2 : (decimals.offset + len(decimals)) * 2 : 2].copy()
