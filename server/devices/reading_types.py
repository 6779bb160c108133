"""IEC 61968-9 reading types (clause C): what a value is, as 18 numbers in a fixed order.

A reading type is a tuple, never a text that is searched: ``0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0`` says bulk
quantity, forward, electricity, energy, 10³ Wh. Codes here are those that quantities of SiMBA need.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from kernel.codec.units import canonical, dimension_of, factor
from server.devices.domain import ChannelTemplate
from server.platform.errors import FieldViolation


class ReadingType(NamedTuple):
    """The 18 fields in the standard's order; 0 says that a field does not apply."""

    macro_period: int = 0
    aggregate: int = 0
    measuring_period: int = 0
    accumulation: int = 0
    flow_direction: int = 0
    commodity: int = 0
    measurement_kind: int = 0
    interharmonic_numerator: int = 0
    interharmonic_denominator: int = 0
    argument_numerator: int = 0
    argument_denominator: int = 0
    time_of_use: int = 0
    critical_peak_period: int = 0
    consumption_tier: int = 0
    phases: int = 0
    multiplier: int = 0
    """Power of ten."""
    unit: int = 0
    currency: int = 0

    def __str__(self) -> str:
        """As the standard writes it: joined by dots, without leading zeros."""
        return ".".join(map(str, self))


FIELDS = len(ReadingType._fields)


def parse(text: str) -> ReadingType:
    """A reading type from its text. Raises ValueError where it has not 18 whole numbers."""
    parts = text.split(".")
    if len(parts) != FIELDS:
        raise ValueError(f"{text!r} has {len(parts)} fields, a reading type has {FIELDS}")
    return ReadingType(*map(int, parts))


class _Meaning(NamedTuple):
    """What a quantity allows in the fields that tell it; the first of each is what is derived."""

    kinds: tuple[int, ...]
    flows: tuple[int, ...] = ()
    """Empty: any, and 0 is derived."""
    commodities: tuple[int, ...] = ()
    """Empty: those of the model's commodity, and 0 is derived."""
    of_model: bool = False
    """Whether the model's commodity is derived."""


_ELECTRICITY = (1, 2)
_ENERGY, _POWER, _TEMPERATURE = 12, 37, 46

_MEANINGS = {
    "ACTIVE_ENERGY_IMPORT": _Meaning((_ENERGY,), (1,), _ELECTRICITY),
    "ACTIVE_ENERGY_EXPORT": _Meaning((_ENERGY,), (19,), _ELECTRICITY),
    # Forward, Q1+Q2, Q1, Q2; then reverse, Q3+Q4, Q3, Q4.
    "REACTIVE_ENERGY_IMPORT": _Meaning((_ENERGY,), (1, 5, 15, 16), _ELECTRICITY),
    "REACTIVE_ENERGY_EXPORT": _Meaning((_ENERGY,), (19, 13, 17, 18), _ELECTRICITY),
    "APPARENT_ENERGY": _Meaning((_ENERGY,), (), _ELECTRICITY),
    "ACTIVE_POWER": _Meaning((_POWER, 8), (), _ELECTRICITY),
    "REACTIVE_POWER": _Meaning((_POWER, 8), (), _ELECTRICITY),
    "VOLTAGE": _Meaning((54,), (), _ELECTRICITY),
    "CURRENT": _Meaning((4,), (), _ELECTRICITY),
    "FREQUENCY": _Meaning((15,), (), _ELECTRICITY),
    "POWER_FACTOR": _Meaning((38,), (), _ELECTRICITY),
    "VOLTAGE_THD": _Meaning((47,), (), _ELECTRICITY),
    "CURRENT_THD": _Meaning((47,), (), _ELECTRICITY),
    "VOLUME": _Meaning((58,), (1, 0), (), of_model=True),
    "VOLUME_REVERSE": _Meaning((58,), (19,), (), of_model=True),
    "FLOW_RATE": _Meaning((155,), (), (), of_model=True),
    "HEAT_ENERGY": _Meaning((_ENERGY,), (1, 0), (12, 10)),
    "COOLING_ENERGY": _Meaning((_ENERGY,), (1, 0), (13,)),
    "THERMAL_POWER": _Meaning((_POWER,), (), (12, 13, 10)),
    "FLOW_TEMPERATURE": _Meaning((_TEMPERATURE,)),
    "RETURN_TEMPERATURE": _Meaning((_TEMPERATURE,)),
    "TEMPERATURE": _Meaning((_TEMPERATURE,)),
    "BATTERY_VOLTAGE": _Meaning((94, 54)),
    "SWITCH_STATE": _Meaning((43,)),
}
"""By quantity. Of the others (pressure, pulses, battery level, hours) no kind of the standard says enough."""

_COMMODITIES = {
    "ELECTRICITY": _ELECTRICITY,
    "COLD_WATER": (9, 14),
    "HOT_WATER": (9, 14, 12),
    "GAS": (7, 8, 5),
    "HEAT": (12, 10, 9),
    "COOLING": (13, 9),
}

_ACCUMULATIONS = {
    "REGISTER": (1, 2, 3, 9),
    "INTERVAL": (4,),
    "INSTANTANEOUS": (6, 12),
}
"""Bulk quantity, continuous cumulative, cumulative, summation; delta data; indicating, instantaneous."""

_PERIODS = {60: 3, 120: 10, 180: 14, 300: 6, 600: 1, 900: 2, 1200: 31, 1800: 5, 3600: 7, 86_400: 4}
"""The code of a measuring period by its seconds."""

_UNITS = {
    72: "Wh",
    31: "J",
    73: "varh",
    71: "VAh",
    38: "W",
    63: "var",
    29: "V",
    5: "A",
    33: "Hz",
    134: "L",
    42: "m3",
    166: "m3",
    137: "L/h",
    125: "m3/h",
    45: "m3/s",
    23: "Cel",
    39: "Pa",
    27: "s",
    159: "min",
    160: "h",
    111: "1",
    65: "1",
    109: "1",
}
"""The unit of a code; of several for one unit the first is derived."""

_POWERS = (0, 3, 6, 9, 12, 2, 1, -1, -2, -3, -6, -9)
"""Powers of ten that are multipliers of the standard, in the order in which they are tried."""

_STATE, _NUMBERS = "SWITCH_STATE", {"POWER_FACTOR": (65, 0, 111), "SWITCH_STATE": (0, 109, 111)}
_WITHOUT_UNIT = (None, "share", "number")
_INSTANTANEOUS_STATE = 12
_LARGEST_TARIFF = 63


def derived(template: ChannelTemplate, commodity: str) -> str:
    """The reading type that follows from the rest of a template; empty for a unit that has no code."""
    scale = _scale(template)
    if scale is None:
        return ""
    power, unit = scale
    meaning = _MEANINGS.get(template.quantity, _Meaning((0,)))
    # A state is one at an instant; what a meter shows is an indication.
    is_state = template.quantity == _STATE and template.kind == "INSTANTANEOUS"
    accumulation = _INSTANTANEOUS_STATE if is_state else _ACCUMULATIONS.get(template.kind, (0,))[0]
    interval = template.interval_seconds if template.kind == "INTERVAL" else None
    return str(
        ReadingType(
            measuring_period=_PERIODS.get(interval or 0, 0),
            accumulation=accumulation,
            flow_direction=meaning.flows[0] if meaning.flows else 0,
            commodity=_commodity(meaning, commodity),
            measurement_kind=meaning.kinds[0],
            time_of_use=_tariff(template),
            phases=_phase(template),
            multiplier=power,
            unit=unit,
        )
    )


def of_intervals(quantity: str, unit: str, interval_seconds: int | None, commodity: str) -> str:
    """The reading type of intervals that no template describes; empty for a unit that has no code."""
    template = ChannelTemplate(
        code="", quantity=quantity, kind="INTERVAL", unit=unit, interval_seconds=interval_seconds
    )
    return derived(template, commodity)


def reading_type_violations(
    where: str, template: ChannelTemplate, commodity: str
) -> Iterator[FieldViolation]:
    """Where a template's reading type says something else than the template; each names the field's place."""
    if not template.reading_type:
        return
    try:
        given = parse(template.reading_type)
    except ValueError as error:
        yield FieldViolation(where, str(error), "reading_type.fields")
        return
    for name, allowed in _allowed(template, commodity):
        value = getattr(given, name)
        if allowed and value not in allowed:
            place = ReadingType._fields.index(name) + 1
            said = " or ".join(map(str, allowed))
            yield FieldViolation(
                where,
                f"field {place} ({name}) of {template.reading_type!r} is {value}; {template.kind}"
                f" {template.quantity} has {said}",
                f"reading_type.{name}",
            )
    yield from _unit_violations(where, given, template)


def _allowed(template: ChannelTemplate, commodity: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Which numbers a field may have; none of them: any."""
    meaning = _MEANINGS.get(template.quantity)
    yield "accumulation", (*_ACCUMULATIONS.get(template.kind, ()), *_momentary(template))
    period = _PERIODS.get(template.interval_seconds or 0)
    if template.kind == "INTERVAL" and period:
        yield "measuring_period", (period, 0)
    if meaning is None:
        return
    yield "measurement_kind", meaning.kinds
    yield "flow_direction", meaning.flows
    of_model = _COMMODITIES.get(commodity, ()) if meaning.of_model else ()
    wanted = meaning.commodities or of_model
    yield "commodity", (*wanted, 0) if wanted else ()


def _momentary(template: ChannelTemplate) -> tuple[int, ...]:
    return (0,) if template.kind == "INSTANTANEOUS" else ()


def _unit_violations(where: str, given: ReadingType, template: ChannelTemplate) -> Iterator[FieldViolation]:
    """Multiplier and unit together must be the template's unit."""
    if not _is_unit(given, template):
        yield FieldViolation(
            where,
            f"fields 16 and 17 (multiplier, unit) of {template.reading_type!r} say 10^{given.multiplier} of"
            f" unit {given.unit}, which is not {template.unit!r}",
            "reading_type.unit",
        )


def _is_unit(given: ReadingType, template: ChannelTemplate) -> bool:
    if template.quantity in _NUMBERS:
        return given.unit in _NUMBERS[template.quantity]
    if given.unit == 0:
        return dimension_of(template.unit) in _WITHOUT_UNIT
    known = _UNITS.get(given.unit)
    if known is None:
        # The standard has more units than these; what cannot be told is not refused.
        return True
    size = factor(known, template.unit)
    return size is not None and size * Fraction(10) ** given.multiplier == 1


def _scale(template: ChannelTemplate) -> tuple[int, int] | None:
    """Multiplier and unit of the template's unit."""
    unit = canonical(template.unit)
    if template.quantity in _NUMBERS:
        return 0, _NUMBERS[template.quantity][0]
    if dimension_of(unit) == "share":
        return -2, 0
    for power in _POWERS:
        for code, name in _UNITS.items():
            size = factor(name, unit)
            if size is not None and size * Fraction(10) ** power == 1:
                return power, code
    return None


def _commodity(meaning: _Meaning, commodity: str) -> int:
    if meaning.commodities:
        return meaning.commodities[0]
    return _COMMODITIES.get(commodity, (0,))[0] if meaning.of_model else 0


_LINES = {1: (128, 129), 2: (64, 65), 3: (32, 33)}
"""The code of a phase alone, and to neutral, by the number of its conductor."""
_ELECTRICITY_OBIS = "1"
_PER_LINE = range(21, 81)


def _phase(template: ChannelTemplate) -> int:
    """Group C of an OBIS code of electricity tells the line: 21 to 40 L1, 41 to 60 L2, 61 to 80 L3."""
    medium, _, rest = template.obis.partition("-")
    if medium != _ELECTRICITY_OBIS or not rest:
        return 0
    group = int(rest.partition(":")[2].partition(".")[0])
    if group not in _PER_LINE:
        return 0
    alone, to_neutral = _LINES[(group - 1) // 20]
    return to_neutral if template.quantity in _TO_NEUTRAL else alone


_TO_NEUTRAL = ("VOLTAGE", "VOLTAGE_THD")


def _tariff(template: ChannelTemplate) -> int:
    """Group E of an OBIS code is the tariff of an energy register (IEC 62056-6-1 clause 5.7)."""
    if template.kind != "REGISTER" or not template.obis:
        return 0
    groups = template.obis.partition(":")[2].partition("*")[0].split(".")
    tariff = int(groups[2])
    return tariff if groups[1] == "8" and tariff <= _LARGEST_TARIFF else 0
