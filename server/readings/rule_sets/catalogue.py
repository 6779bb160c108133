"""The catalogue: every rule and every method of estimation, with its parameters, as data.

A parameter is a text for people (`0.5`, `day`, `true`) and one integer for the engine: a number times its
``scale``, a choice by its place, ``false`` and ``true`` as 0 and 1. The integer's column is named for the
rule and for what it counts: ``v10_tolerance_per_mille``. Names and columns are stored, so they never change;
a parameter that is new has its default in versions that were made before.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from server.readings.domain import MICRO, Severity

SWITCH: Final = ("false", "true")
"""The choices of a parameter that is on or off."""
SCALING: Final = "S"
"""The step that scales estimates to the registers; it is always the last one."""
_HOUR_MS, _MINUTE_MS, _SECOND_MS = 3_600_000, 60_000, 1000
_LARGEST = "1000000000"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One knob of a rule, of a method or of a rule set."""

    name: str
    unit: str
    """``%``, ``s``, ``min``, ``h``, ``d``; ``unit`` is that of the series; empty: a number or a choice."""
    default: str
    least: str
    most: str
    description: str
    column: str
    """What the engine calls it, behind the name of the rule."""
    scale: int = 1
    choices: tuple[str, ...] = ()

    def stored(self, text: str) -> int:
        """The integer of a text. Raises ValueError that says what is wrong with it."""
        if self.choices:
            if text not in self.choices:
                raise ValueError(f"{text!r} is none of {', '.join(self.choices)}")
            return self.choices.index(text)
        number = _number(text)
        if number is None:
            raise ValueError(f"{text!r} is not a number")
        if not Decimal(self.least) <= number <= Decimal(self.most):
            raise ValueError(f"{text} is not between {self.least} and {self.most}{self._in_unit}")
        scaled = number * self.scale
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{text} is finer than {plain(Decimal(1) / self.scale)}{self._in_unit}")
        return int(scaled)

    def shown(self, stored: int) -> str:
        """The text of an integer."""
        return self.choices[stored] if self.choices else plain(Decimal(stored) / self.scale)

    @property
    def default_stored(self) -> int:
        """The default, as the engine has it."""
        return self.stored(self.default)

    @property
    def _in_unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


def plain(number: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and text.strip() == text and "_" not in text else None


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule of validation."""

    id: str
    name: str
    definition: str
    severity: Severity
    on_fail: str
    parameters: tuple[Parameter, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class MethodEntry:
    """One method of estimation, or the scaling that follows them."""

    id: str
    name: str
    definition: str
    when: str
    code: str
    """As NEM12 calls it; empty: it has none there."""
    parameters: tuple[Parameter, ...] = ()


def _per_cent(
    name: str, default: str, description: str, *, most: str = "100", column: str = "", least: str = "0"
) -> Parameter:
    """A part of something; the engine counts in thousandths."""
    told = column or name.replace("per_cent", "per_mille")
    return Parameter(name, "%", default, least, most, description, told, scale=10)


def _factor(name: str, default: str, description: str, *, most: str = "1000") -> Parameter:
    return Parameter(name, "", default, "0", most, description, f"{name}_per_mille", scale=1000)


def _amount(name: str, default: str, description: str) -> Parameter:
    return Parameter(name, "unit", default, "0", _LARGEST, description, f"{name}_micro", scale=MICRO)


def _count(name: str, default: str, description: str, *, least: str = "1", most: str = "10000") -> Parameter:
    return Parameter(name, "", default, least, most, description, name)


def _days(name: str, default: str, description: str, *, least: str = "1", most: str = "3660") -> Parameter:
    return Parameter(name, "d", default, least, most, description, name)


def _time(
    name: str, unit: str, default: str, description: str, *, least: str = "0", most: str = "87600"
) -> Parameter:
    scale = {"s": _SECOND_MS, "min": _MINUTE_MS, "h": _HOUR_MS}[unit]
    suffix = {"s": "seconds", "min": "minutes", "h": "hours"}[unit]
    return Parameter(f"{name}_{suffix}", unit, default, least, most, description, f"{name}_ms", scale=scale)


def _choice(name: str, default: str, choices: tuple[str, ...], description: str) -> Parameter:
    return Parameter(name, "", default, "", "", description, name, choices=choices)


def _switch(name: str, default: str, description: str) -> Parameter:
    return _choice(name, default, SWITCH, description)


_INFO, _ISSUE, _TERMINATE = Severity.INFO, Severity.ISSUE, Severity.TERMINATE

RULES: Final[dict[str, RuleEntry]] = {
    rule.id: rule
    for rule in (
        RuleEntry(
            "V01",
            "Channel and unit known",
            "The channel of the reading exists and its unit is the configured one.",
            _TERMINATE,
            "the reading goes to the dead letters",
        ),
        RuleEntry(
            "V02",
            "Multiplier",
            "The multiplier that comes with a reading is that of the installation: current times voltage"
            " transformer ratio times pulse weight.",
            _TERMINATE,
            "the values of the day are not used",
        ),
        RuleEntry(
            "V03",
            "Interval size and place",
            "A day holds its length divided by the interval: 46, 48 or 50 half hours; values lie on it.",
            _ISSUE,
            "the value is left out",
        ),
        RuleEntry(
            "V04",
            "Time tolerance",
            "A value lies no further from its place than the tolerance.",
            _ISSUE,
            "the value is left out",
            (
                _per_cent("tolerance_per_cent", "1", "Part of the interval that a time may be off."),
                _time("cap", "s", "60", "The most that a time may be off.", most="3600"),
                _per_cent(
                    "shift_per_cent",
                    "50",
                    "A clock that is set by more than this part of an interval fails what came since the last"
                    " good synchronisation.",
                ),
            ),
        ),
        RuleEntry(
            "V05",
            "Duplicate",
            "The same value of the same channel and time is stored already.",
            _INFO,
            "the repeat is dropped",
        ),
        RuleEntry("V06", "Missing", "An expected interval has no value.", _ISSUE, "estimated"),
        RuleEntry(
            "V07",
            "Meter status flags",
            "The device marked the value: memory fault, overflow, test mode, invalid clock, outage.",
            _ISSUE,
            "device flag: estimated; clock invalid: suspect",
            (_switch("outage_is_valid", "true", "Whether a value from an outage counts as measured."),),
        ),
        RuleEntry(
            "V08",
            "Negative consumption",
            "A register or interval of one direction falls below zero and did not roll over.",
            _ISSUE,
            "estimated; a register begins anew",
            (_amount("tolerance", "0", "How far below zero passes."),),
        ),
        RuleEntry(
            "V09",
            "Rollover",
            "A register of d digits that falls has rolled over when 10^d - before + after is plausible.",
            _INFO,
            "accepted and marked",
            (
                _per_cent(
                    "plausible_per_cent",
                    "10",
                    "Part of what the register can show that may lie between two readings, where no bound of"
                    " use is set.",
                ),
            ),
        ),
        RuleEntry(
            "V10",
            "Sum of intervals against registers",
            "The intervals between two register readings differ from them by no more than the tolerance.",
            _ISSUE,
            "suspect",
            (
                Parameter(
                    "tolerance_per_mille",
                    "per mille",
                    "5",
                    "0",
                    "1000",
                    "Part of the register difference that passes.",
                    "tolerance_per_mille",
                ),
                _factor(
                    "least_units", "1", "Units of the register, times the multiplier, that pass in any case."
                ),
            ),
        ),
        RuleEntry(
            "V11",
            "Spike",
            "The highest value stands out from the third highest: (peak1 - peak3) / peak3.",
            _ISSUE,
            "suspect",
            (
                _per_cent("spike_per_cent", "180", "By how much it may stand out.", most="100000"),
                _count("least_values", "20", "Fewer values are not checked.", least="3"),
                _choice(
                    "window",
                    "day",
                    ("day", "whole"),
                    "Whether each local day is looked at, or all days of a run.",
                ),
            ),
        ),
        RuleEntry(
            "V12",
            "High and low use",
            "The average daily use of the period lies between two factors of that of the same period a year"
            " ago, or of the period before.",
            _ISSUE,
            "for somebody to look at",
            (
                _factor("low", "0.4", "Least factor that passes."),
                _factor("high", "2.5", "Largest factor that passes."),
                _days("history_days", "30", "Days of the period."),
                _days("window_days", "15", "Days that the period may be shifted either way.", least="0"),
                _per_cent("max_estimated_per_cent", "20", "Part of the history that may be estimated."),
            ),
        ),
        RuleEntry(
            "V13",
            "Limit of use",
            "An interval, or the time between two registers, holds no more than the channel's bound of use.",
            _ISSUE,
            "estimated; a register begins anew",
            (_factor("factor", "1", "What the bound is multiplied by."),),
        ),
        RuleEntry(
            "V14",
            "Step between intervals",
            "|x - last valid| / last valid stays below the limit.",
            _ISSUE,
            "suspect",
            (_per_cent("step_per_cent", "500", "The largest step.", most="100000"),),
            enabled=False,
        ),
        RuleEntry(
            "V15",
            "Historical maximum",
            "The peak of the days of a run is no more than this part of the peak of the days before.",
            _ISSUE,
            "for somebody to look at",
            (
                _per_cent("peak_per_cent", "300", "Part of the earlier peak that passes.", most="100000"),
                _days("history_days", "30", "Days before that are looked at."),
            ),
        ),
        RuleEntry(
            "V16",
            "Change of use",
            "100 |(now - before) / now| of two uses over equal times stays below the limit.",
            _ISSUE,
            "for somebody to look at",
            (_per_cent("delta_per_cent", "50", "The largest change.", most="100000"),),
            enabled=False,
        ),
        RuleEntry(
            "V17",
            "Replacement by later data",
            "Data of at least the same rank (measured, edited, estimated) that differ enough replace what is"
            " stored.",
            _INFO,
            "the later value counts",
            (
                _amount("least_change", "0", "A smaller change is dropped."),
                _per_cent("least_change_per_cent", "0", "A smaller change, of the stored value, is dropped."),
            ),
        ),
        RuleEntry(
            "V18",
            "Zero and flat line",
            "A time of zeros while the supply is on, or equal values in a row.",
            _ISSUE,
            "for somebody to look at: a stuck meter",
            (
                _time("zero", "h", "48", "Zeros for this long.", least="1"),
                _count("equal_values", "24", "So many equal values that are not zero.", least="2"),
            ),
        ),
        RuleEntry(
            "V19",
            "Inactive consumption",
            "Use where the supply is off, or where nobody has a contract.",
            _TERMINATE,
            "for somebody to look at: tampering",
            (_amount("per_day", "0.2", "Use in a day that passes."),),
        ),
        RuleEntry(
            "V20",
            "Reactive energy",
            "Where there is active energy there is reactive energy too, and the power factor is plausible.",
            _ISSUE,
            "for somebody to look at",
            (
                _factor("power_factor_low", "0.3", "Least power factor.", most="1"),
                _factor("power_factor_high", "1", "Largest power factor.", most="1"),
            ),
        ),
        RuleEntry(
            "V21",
            "Siblings complete",
            "All channels of a device have the same period.",
            _INFO,
            "waits for the others until the cut-off",
            (_time("cutoff", "h", "24", "How long it waits."),),
        ),
        RuleEntry(
            "V22",
            "Main against check meter",
            "|main - check| / check stays below a factor of the combined accuracy class.",
            _ISSUE,
            "suspect",
            (
                _factor("class_factor", "2", "Factor of the class."),
                _per_cent("class_per_cent", "2", "Combined class of both meters."),
            ),
        ),
        RuleEntry(
            "V23",
            "Phases and balance",
            "The phases add up to the total, and the meters behind a transformer to its own.",
            _ISSUE,
            "for somebody to look at",
            (
                _per_cent("phase_per_cent", "1", "How far the phases may be off."),
                _factor("balance_sigma", "3", "Standard deviations that the balance may be off."),
            ),
        ),
        RuleEntry(
            "V24",
            "Prolonged estimation",
            "Estimated for more bills in a row than allowed.",
            _ISSUE,
            "for somebody to look at; no bill by itself",
            (
                _count("bills", "2", "Bills in a row.", most="120"),
                _days("days", "60", "Days in a row, where the length of a bill is not known."),
            ),
        ),
        RuleEntry(
            "V25",
            "Sufficient data",
            "Enough of a day, and of a billing period, was measured to say something about it (CalTRACK).",
            _INFO,
            "left out of analytics",
            (
                _per_cent("day_per_cent", "50", "Part of a day's values that must be there."),
                _per_cent("coverage_per_cent", "90", "Part of a billing period that must be covered."),
                _days("merge_days", "70", "Estimated bills are merged with the next up to this length."),
            ),
        ),
    )
}
"""Rule by its id, in the order of the built-in set."""

METHODS: Final[dict[str, MethodEntry]] = {
    method.id: method
    for method in (
        MethodEntry(
            "E01",
            "Check channel",
            "The value of the check or redundant channel, unless that one is missing, failed or the same.",
            "any gap",
            "M11",
        ),
        MethodEntry(
            "E02",
            "Node calculation",
            "The unknown flow of a node is what the known ones leave.",
            "any gap, all other flows known",
            "M12",
        ),
        MethodEntry(
            "E03",
            "Similar point",
            "Scaled values of a similar point.",
            "a similar point is named",
            "M13",
        ),
        MethodEntry(
            "E04",
            "Linear interpolation",
            "a + (b - a) k / (n + 1) between the sound values around the gap.",
            "gaps up to the limit",
            "M17",
            (
                _time("max_gap", "min", "120", "The longest gap.", least="1", most="1440"),
                _switch(
                    "outage_end_point", "true", "Whether a value from an outage may be an end of the line."
                ),
            ),
        ),
        MethodEntry(
            "E05",
            "Mean of the nearest like days",
            "Mean of the same interval of the nearest days of the same weekday, else the same kind of day.",
            "longer gaps",
            "M15",
            (
                _days("reference_days", "3", "How many days.", most="30"),
                _days("reach_days", "91", "How far away a day may lie, before or after.", most="400"),
            ),
        ),
        MethodEntry(
            "E06",
            "Like days of two weeks",
            "The fixed list of like days of this week and the last: Monday of Mondays, Tuesday of Tuesday to"
            " Thursday, and so on.",
            "too few like days",
            "M14",
            (_switch("last_year", "true", "Whether the same two weeks of the year before do, too."),),
        ),
        MethodEntry(
            "E07",
            "Proxy day by temperature",
            "The day whose mean temperature is nearest.",
            "a temperature is known",
            "",
            (_days("reach_days", "91", "How far away a day may lie.", most="400"),),
        ),
        MethodEntry(
            "E08",
            "Class profile",
            "Factor of the profile times the average daily use.",
            "a profile is known",
            "M18",
            (_days("history_days", "365", "Days that the average is made of."),),
        ),
        MethodEntry(
            "E09",
            "Average daily load",
            "The average daily use, or what the registers leave, evenly over the day.",
            "last resort",
            "M16",
            (_days("history_days", "30", "Days that the average is made of."),),
        ),
        MethodEntry("E10", "Zero", "Nothing.", "disconnected, or a confirmed outage", "M19"),
        MethodEntry(
            SCALING,
            "Scaling to the registers",
            "Estimates times (register difference - measured) / estimated; the last one takes the remainder.",
            "registers around the gap; always last",
            "",
            (
                _choice(
                    "mode",
                    "partial",
                    ("none", "boundary", "partial"),
                    "Not at all, between the registers at both ends of the days, or between all readings.",
                ),
                _switch("negative_allowed", "false", "Whether a negative factor is used."),
            ),
        ),
    )
}
"""Method by its id, in the order of the built-in set."""

LIMITS: Final[dict[str, Parameter]] = {
    limit.name: limit
    for limit in (
        _per_cent(
            "dense_per_cent",
            "150",
            "Registers no further apart than this part of an interval give values that count as measured.",
            most="1000",
            least="100",
        ),
        _per_cent(
            "storm_per_cent",
            "20",
            "When more than this part of the tenant's series misses the same hours, it is a storm: what is"
            " missing waits instead of being estimated.",
        ),
        _time("storm_hold", "h", "24", "How long it waits."),
        _days("prolonged_days", "60", "What is missing for longer is not estimated any more."),
    )
}
"""Limits of a whole rule set, by name."""


def rule_columns(rule: RuleEntry) -> dict[str, int]:
    """The integer columns of a rule with their defaults: place (0: off), severity, its parameters."""
    prefix = rule.id.lower()
    place = list(RULES).index(rule.id) + 1 if rule.enabled else 0
    own = {f"{prefix}_{one.column}": one.default_stored for one in rule.parameters}
    return {f"{prefix}_place": place, f"{prefix}_severity": int(rule.severity), **own}


def method_columns(method: MethodEntry) -> dict[str, int]:
    """The integer columns of a method with their defaults: place (0: not used), its parameters."""
    prefix = method.id.lower()
    own = {f"{prefix}_{one.column}": one.default_stored for one in method.parameters}
    return {f"{prefix}_place": list(METHODS).index(method.id) + 1, **own}


DEFAULTS: Final[dict[str, int]] = {
    **{name: value for rule in RULES.values() for name, value in rule_columns(rule).items()},
    **{name: value for method in METHODS.values() for name, value in method_columns(method).items()},
    **{limit.column: limit.default_stored for limit in LIMITS.values()},
}
"""Every integer column of a set of parameters, in order, as it is in the built-in set."""
