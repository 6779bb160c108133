"""What is promised of a supply: EN 50160:2010, and bands that a caller states."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kernel.codec.units import factor
from server.readings.domain import MICRO
from server.readings.supply_quality.domain import LINE_TO_LINE, Bounds, Measured, Rule

WEEK, YEAR = 7, 365

DIP, SWELL, INTERRUPTION = Fraction(90, 100), Fraction(110, 100), Fraction(5, 100)
"""Shares of the declared voltage at which an event begins: EN 50160 3.14, 3.21, 3.7."""

UNBALANCE_RULE = Rule(
    "EN 50160:2010 4.2.4",
    "95 % of the ten-minute means of each week: negative sequence up to 2 % of the positive",
    Bounds(None, 2 * MICRO),
    0.95,
    WEEK,
    WEEK,
)
"""In 10^-6 per cent."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between which values a quantity is to be, in a unit."""

    lower: Fraction | None
    upper: Fraction | None
    unit: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What is promised."""

    voltage: Fraction = Fraction(230)
    """V, between phase and neutral."""
    frequency: Fraction = Fraction(50)
    """Hz."""
    islanded: bool = False
    bands: Mapping[str, Band] = field(default_factory=dict)
    """By quantity."""

    def nominal_micro(self, measured: Measured) -> int:
        """The declared voltage in 10^-6 of the channel's unit; 0 where it is no voltage of a network."""
        info = measured.info
        size = factor("V", info.unit)
        if info.quantity != "VOLTAGE" or info.commodity != "ELECTRICITY" or size is None:
            return 0
        between = math.sqrt(3) if measured.phase in LINE_TO_LINE else 1.0
        return round(self.voltage * size * MICRO * Fraction(between))

    def rules(self, measured: Measured) -> tuple[Rule, ...]:
        """The promises about a channel; a band of the caller's takes the place of the standard."""
        info = measured.info
        band = self.bands.get(info.quantity)
        if band is not None:
            return _stated(band, info.unit)
        if info.commodity != "ELECTRICITY":
            return ()
        if info.quantity == "VOLTAGE":
            return _voltage(self.nominal_micro(measured))
        if info.quantity == "FREQUENCY":
            return _frequency(self, info.unit)
        return _distortion(info.unit) if info.quantity == "VOLTAGE_THD" else ()


def _stated(band: Band, unit: str) -> tuple[Rule, ...]:
    size = factor(band.unit, unit)
    if size is None:
        return ()
    lower, upper = (None if one is None else round(one * size * MICRO) for one in (band.lower, band.upper))
    said = f"{band.share * 100:g} % of the ten-minute means within the stated band"
    return (Rule("stated", said, Bounds(lower, upper), band.share, 0, 0),)


def _voltage(nominal: int) -> tuple[Rule, ...]:
    if not nominal:
        return ()

    def around(below: int, above: int) -> Bounds:
        return Bounds(nominal * (100 - below) // 100, nominal * (100 + above) // 100)

    return (
        Rule(
            "EN 50160:2010 4.2.2.2",
            "95 % of the ten-minute means of each week within Un ±10 %",
            around(10, 10),
            0.95,
            WEEK,
            WEEK,
        ),
        Rule(
            "EN 50160:2010 4.2.2.2",
            "all ten-minute means within Un +10 % / -15 %",
            around(15, 10),
            1.0,
            0,
            WEEK,
        ),
    )


def _frequency(limits: Limits, unit: str) -> tuple[Rule, ...]:
    size = factor("Hz", unit)
    if size is None:
        return ()
    nominal = limits.frequency * size * MICRO

    def around(below: int, above: int) -> Bounds:
        return Bounds(round(nominal * (100 - below) / 100), round(nominal * (100 + above) / 100))

    clause = "EN 50160:2010 4.2.1"
    if limits.islanded:
        return (
            Rule(
                clause, "95 % of the ten-second means of a week within ±2 %", around(2, 2), 0.95, WEEK, WEEK
            ),
            Rule(clause, "all ten-second means within ±15 %", around(15, 15), 1.0, 0, WEEK),
        )
    return (
        Rule(clause, "99.5 % of the ten-second means of a year within ±1 %", around(1, 1), 0.995, 0, YEAR),
        Rule(clause, "all ten-second means within +4 % / -6 %", around(6, 4), 1.0, 0, YEAR),
    )


def _distortion(unit: str) -> tuple[Rule, ...]:
    size = factor("%", unit)
    if size is None:
        return ()
    upper = Bounds(None, round(8 * size * MICRO))
    said = "95 % of the ten-minute means of each week up to 8 %"
    return (Rule("EN 50160:2010 4.2.5", said, upper, 0.95, WEEK, WEEK),)
