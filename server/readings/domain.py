"""States, quality bits, methods and the columns that the capability works on.

The numbers are those of the wire (``simba.readings.v1``): they are stored, so they never change.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

MICRO = 1_000_000
"""Stored values are integers in 10^-6 of the unit."""

DECIMAL64_LIMIT = 10**18
"""ClickHouse's Decimal64 holds 18 digits: values must be smaller than this, in micro."""

Int64s = NDArray[np.int64]
UInt64s = NDArray[np.uint64]
UInt32s = NDArray[np.uint32]


class State(IntEnum):
    """Where a value stands between the field and the bill."""

    RAW = 1
    VALIDATED = 2
    SUSPECT = 3
    ESTIMATED = 4
    EDITED = 5
    MISSING = 6


class Quality(IntFlag):
    """Bits that tell more of a value; the first seven are those of IEEE 2030.5."""

    PLAIN = 0
    VALID = 1
    MANUALLY_EDITED = 2
    ESTIMATED_REFERENCE_DAY = 4
    ESTIMATED_LINEAR = 8
    QUESTIONABLE = 16
    DERIVED = 32
    PROJECTED = 64
    SCALED = 128
    ROLLOVER = 256
    CLOCK_INVALID = 512
    CLOCK_ADJUSTED = 1024
    POWER_DOWN = 2048
    LATE = 4096
    RECOVERED = 8192
    NEGATIVE = 16384
    SPIKE = 32768
    LIMIT = 65536
    DEVICE_FLAG = 131072
    VERIFIED = 262144


class Method(IntEnum):
    """How an estimated value was made."""

    NONE = 0
    LINEAR = 1
    NEAREST_DAYS = 2
    FLAT_TO_REGISTER = 3
    LIKE_DAYS = 4
    AVERAGE_LOAD = 5
    ZERO = 6


REFERENCE_METHODS = (Method.NEAREST_DAYS, Method.LIKE_DAYS)
"""Methods that learn from reference days."""


class Severity(IntEnum):
    """How grave a finding of validation is."""

    INFO = 1
    ISSUE = 2
    TERMINATE = 3


@dataclass(frozen=True, slots=True)
class Block:
    """Readings in columns of equal length, as one sender numbered them."""

    source: str
    sequence: int
    channel: UInt64s
    time_ms: Int64s
    value_micro: Int64s
    quality: UInt32s
    """Empty: all plain."""
    backfill: bool = False
    """Whether the sender says that it may wait behind live data."""

    def __len__(self) -> int:
        return len(self.channel)


def decimal_of(micro: int) -> Decimal:
    """The decimal number of so many millionths."""
    return Decimal(micro).scaleb(-6)


def decimal_text(micro: int) -> str:
    """The decimal number as text, without trailing zeros: ``1.5``, ``0``."""
    sign = "-" if micro < 0 else ""
    whole, part = divmod(abs(micro), MICRO)
    return f"{sign}{whole}.{part:06d}".rstrip("0").rstrip(".")


def round_div(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves away from zero; the denominator is positive."""
    half = denominator // 2
    if numerator >= 0:
        return (numerator + half) // denominator
    return -((-numerator + half) // denominator)


def half_even(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves to the even one; the denominator is positive."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
