"""Which units a quantity can be in."""

from kernel.codec.units import dimension_of

_DIMENSIONS = {
    "ACTIVE_ENERGY_IMPORT": "energy",
    "ACTIVE_ENERGY_EXPORT": "energy",
    "REACTIVE_ENERGY_IMPORT": "reactive energy",
    "REACTIVE_ENERGY_EXPORT": "reactive energy",
    "APPARENT_ENERGY": "apparent energy",
    "ACTIVE_POWER": "power",
    "VOLTAGE": "voltage",
    "CURRENT": "current",
    "FREQUENCY": "frequency",
    "POWER_FACTOR": "number",
    "REACTIVE_POWER": "reactive power",
    "VOLTAGE_THD": "share",
    "CURRENT_THD": "share",
    "VOLUME": "volume",
    "VOLUME_REVERSE": "volume",
    "FLOW_RATE": "flow",
    "PRESSURE": "pressure",
    "HEAT_ENERGY": "energy",
    "COOLING_ENERGY": "energy",
    "THERMAL_POWER": "power",
    "FLOW_TEMPERATURE": "temperature",
    "RETURN_TEMPERATURE": "temperature",
    "TEMPERATURE": "temperature",
    "BATTERY_VOLTAGE": "voltage",
    "BATTERY_LEVEL": "share",
    "OPERATING_TIME": "time",
    "SWITCH_STATE": "number",
}
"""By the name of a ``simba.common.v1.Quantity`` without its prefix; a pulse may stand for anything."""


def wanted_dimension(quantity: str, unit: str) -> str | None:
    """What the unit of the quantity must measure, if this one does not; None where it does."""
    wanted = _DIMENSIONS.get(quantity)
    return None if wanted is None or dimension_of(unit) == wanted else wanted
