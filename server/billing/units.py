"""Units that convert into one another exactly."""

from decimal import Decimal

_SIZES: dict[str, tuple[str, Decimal]] = {
    "Wh": ("active energy", Decimal(1)),
    "kWh": ("active energy", Decimal(1000)),
    "MWh": ("active energy", Decimal(1_000_000)),
    "varh": ("reactive energy", Decimal(1)),
    "kvarh": ("reactive energy", Decimal(1000)),
    "VAh": ("apparent energy", Decimal(1)),
    "kVAh": ("apparent energy", Decimal(1000)),
    "L": ("volume", Decimal(1)),
    "m3": ("volume", Decimal(1000)),
    "m³": ("volume", Decimal(1000)),
    "J": ("heat", Decimal(1)),
    "kJ": ("heat", Decimal(1000)),
    "MJ": ("heat", Decimal(1_000_000)),
    "GJ": ("heat", Decimal(1_000_000_000)),
}


def factor(given: str, wanted: str) -> Decimal | None:
    """What a value in ``given`` is multiplied by to be in ``wanted``; None where they do not convert."""
    if given == wanted:
        return Decimal(1)
    if given not in _SIZES or wanted not in _SIZES:
        return None
    (kind, size), (other_kind, other_size) = _SIZES[given], _SIZES[wanted]
    return size / other_size if kind == other_kind else None
