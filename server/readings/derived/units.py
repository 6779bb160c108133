"""Units of formulas: plain ones, and rates like ``MJ/m3`` or ``kWh/pulse`` that turn one into another."""

from fractions import Fraction

from kernel.codec.units import canonical, dimension_of, factor


def is_plain(unit: str) -> bool:
    """Whether it is the unit of a mere number."""
    return unit in {"", "1"}


def is_known(unit: str) -> bool:
    """Whether it is a known unit, or a rate of two."""
    return is_plain(unit) or dimension_of(unit) is not None or rate(unit) is not None


def rate(unit: str) -> tuple[str, str] | None:
    """What a rate makes, and of what; None: it is no rate of two known units."""
    made, slash, of = unit.partition("/")
    if not slash or dimension_of(made) is None or dimension_of(of) is None:
        return None
    return canonical(made), canonical(of)


def convert(given: str, wanted: str) -> Fraction | None:
    """What a value in ``given`` is multiplied by to be in ``wanted``; None: they do not convert."""
    plain = factor(given, wanted)
    first, second = rate(given), rate(wanted)
    if plain is not None or first is None or second is None:
        return plain
    made, of = factor(first[0], second[0]), factor(first[1], second[1])
    return None if made is None or of is None else made / of
