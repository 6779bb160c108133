"""Units of metered quantities and exact conversion between them."""

from fractions import Fraction

_MILLION = 10**6
_HOUR = 3600

_SIZES: dict[str, dict[str, Fraction]] = {
    "energy": {
        "Wh": Fraction(1),
        "kWh": Fraction(1000),
        "MWh": Fraction(_MILLION),
        "GWh": Fraction(1000 * _MILLION),
        "J": Fraction(1, _HOUR),
        "kJ": Fraction(1000, _HOUR),
        "MJ": Fraction(_MILLION, _HOUR),
        "GJ": Fraction(1000 * _MILLION, _HOUR),
        # The international steam table calorie, 4.1868 J, as heat meters count.
        "Gcal": Fraction(41868 * 10**5, _HOUR),
        "Mcal": Fraction(41868 * 10**2, _HOUR),
    },
    "reactive energy": {"varh": Fraction(1), "kvarh": Fraction(1000), "Mvarh": Fraction(_MILLION)},
    "apparent energy": {"VAh": Fraction(1), "kVAh": Fraction(1000), "MVAh": Fraction(_MILLION)},
    "power": {
        "mW": Fraction(1, 1000),
        "W": Fraction(1),
        "kW": Fraction(1000),
        "MW": Fraction(_MILLION),
    },
    "reactive power": {"var": Fraction(1), "kvar": Fraction(1000), "Mvar": Fraction(_MILLION)},
    "voltage": {"mV": Fraction(1, 1000), "V": Fraction(1), "kV": Fraction(1000)},
    "current": {"mA": Fraction(1, 1000), "A": Fraction(1), "kA": Fraction(1000)},
    "frequency": {"mHz": Fraction(1, 1000), "Hz": Fraction(1)},
    "volume": {
        "mL": Fraction(1, _MILLION),
        "L": Fraction(1, 1000),
        "hL": Fraction(1, 10),
        "m3": Fraction(1),
    },
    "flow": {
        "L/h": Fraction(1, 1000),
        "L/min": Fraction(60, 1000),
        "L/s": Fraction(_HOUR, 1000),
        "m3/h": Fraction(1),
        "m3/s": Fraction(_HOUR),
    },
    "temperature": {"Cel": Fraction(1)},
    "pressure": {
        "Pa": Fraction(1, 10**5),
        "hPa": Fraction(1, 1000),
        "kPa": Fraction(1, 100),
        "MPa": Fraction(10),
        "mbar": Fraction(1, 1000),
        "bar": Fraction(1),
    },
    "time": {"s": Fraction(1), "min": Fraction(60), "h": Fraction(_HOUR), "d": Fraction(24 * _HOUR)},
    "share": {"%": Fraction(1)},
    "number": {"1": Fraction(1)},
}

_OTHER_SPELLINGS = {
    "m³": "m3",
    "l": "L",
    "ml": "mL",
    "dm3": "L",
    "dm³": "L",
    "l/h": "L/h",
    "l/min": "L/min",
    "l/s": "L/s",
    "m³/h": "m3/h",
    "m³/s": "m3/s",
    "°C": "Cel",
    "℃": "Cel",
    "C": "Cel",
    "Var": "var",
    "kVar": "kvar",
    "kVArh": "kvarh",
    "kVarh": "kvarh",
    "VArh": "varh",
    "percent": "%",
    "pulses": "1",
    "pulse": "1",
    "count": "1",
}

_DIMENSIONS = {name: dimension for dimension, sizes in _SIZES.items() for name in sizes}


def canonical(unit: str) -> str:
    """The unit as it is written here; other texts come back as they are."""
    return _OTHER_SPELLINGS.get(unit, unit)


def dimension_of(unit: str) -> str | None:
    """What a unit measures: energy, volume, …; None for an unknown one."""
    return _DIMENSIONS.get(canonical(unit))


def known_units() -> list[str]:
    """Every unit, in the order of the dimensions."""
    return list(_DIMENSIONS)


def factor(given: str, wanted: str) -> Fraction | None:
    """What a value in ``given`` is multiplied by to be in ``wanted``; None where they do not convert."""
    given, wanted = canonical(given), canonical(wanted)
    if given == wanted:
        return Fraction(1)
    dimension = _DIMENSIONS.get(given)
    if dimension is None or dimension != _DIMENSIONS.get(wanted):
        return None
    return _SIZES[dimension][given] / _SIZES[dimension][wanted]
