"""From a codec's data to readings: pure, exact, and one broken field does not cost the others."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.codec.paths import Path, PathInvalid, as_text, parse_path
from kernel.codec.times import DeviceClock, TimeAmbiguous, TimeInvalid, read_time
from kernel.codec.units import canonical, factor

MICRO = 10**6
"""Stored values are integers in 10^-6 of the channel's unit."""
LARGEST_MICRO = 10**18 - 1
"""What Decimal64(6) holds."""

_SWITCH_WORDS = {
    "on": 1,
    "closed": 1,
    "connected": 1,
    "true": 1,
    "off": 0,
    "open": 0,
    "disconnected": 0,
    "false": 0,
}
_SHOWN = 64


class RuleInvalid(ValueError):
    """A channel's rule does not hold together. ``field`` is that of the channel template."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.field = name


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """Where the values of one channel stand in decoded data, and what they mean."""

    code: str
    unit: str
    """Unit of stored values."""
    path: Path
    time_path: Path | None = None
    unit_path: Path | None = None
    codec_unit: str = ""
    """Unit in which the codec gives values; empty: the same."""
    scale: Fraction = field(default=Fraction(1))
    """What a decoded number is multiplied by to be in ``unit``."""
    switch: bool = False
    """Whether the values are states: booleans and words such as ON and OFF are taken as 1 and 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """One reading of a frame."""

    code: str
    time: datetime
    """UTC: the interval's start, or the instant of the register."""
    micro: int
    """The value in 10^-6 of the channel's unit."""
    quality: int = 0

    @property
    def value(self) -> Decimal:
        """The value in the channel's unit."""
        return Decimal(self.micro).scaleb(-6)


@dataclass(frozen=True, slots=True)
class MappingError:
    """One value that could not be taken."""

    code: str
    """Of the channel."""
    path: str
    """Where it stands, with the element's index: ``history[3].volume``."""
    value: str
    """What stands there, as JSON, shortened."""
    rule: str
    """``number``, ``range``, ``time``, ``ambiguous_time``, ``unit`` or ``conflict``."""
    why: str

    def __str__(self) -> str:
        return f"channel {self.code}: {self.path} = {self.value}: {self.why}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a frame gave."""

    rows: tuple[Row, ...]
    errors: tuple[MappingError, ...]


def channel_rule(
    *,
    code: str,
    unit: str,
    codec_path: str,
    codec_time_path: str = "",
    codec_unit_path: str = "",
    codec_unit: str = "",
    multiplier: str = "",
    switch: bool = False,
) -> ChannelRule:
    """A rule from the fields of a channel template. Raises RuleInvalid, naming the field."""
    path = _path("codec_path", codec_path)
    time_path = _path("codec_time_path", codec_time_path) if codec_time_path else None
    unit_path = _path("codec_unit_path", codec_unit_path) if codec_unit_path else None
    for name, other in (("codec_time_path", time_path), ("codec_unit_path", unit_path)):
        if other is not None and other.lists != path.lists[: len(other.lists)]:
            raise RuleInvalid(name, f"{other.text!r} does not go through the same lists as {path.text!r}")
    converted = factor(codec_unit or unit, unit)
    if converted is None:
        raise RuleInvalid("codec_unit", f"{codec_unit!r} does not convert to {unit!r}")
    scale = Fraction(Decimal(multiplier or "1")) * converted
    return ChannelRule(code, unit, path, time_path, unit_path, codec_unit or unit, scale, switch)


def map_frame(
    data: Mapping[str, Any],
    rules: Sequence[ChannelRule],
    frame_time: datetime,
    clock: DeviceClock | None = None,
) -> Mapped:
    """The readings in a frame's data.

    A path that leads nowhere, or to null, gives no row: missing is not zero. Values are rounded once, half
    to even, to the sixth place. The same value for the same channel and time is taken once; another value
    for them is an error, and the first stays.
    """
    clock = clock or DeviceClock()
    received = frame_time.astimezone(UTC)
    received = received.replace(microsecond=received.microsecond // 1000 * 1000)
    rows: dict[tuple[str, datetime], Row] = {}
    errors: list[MappingError] = []
    for rule in rules:
        for where, row in _take(rule, data, received, clock):
            if isinstance(row, MappingError):
                errors.append(row)
                continue
            first = rows.setdefault((row.code, row.time), row)
            if first.micro != row.micro:
                why = f"at {row.time.isoformat()} the frame also says {first.value}"
                errors.append(MappingError(row.code, where, str(row.value), "conflict", why))
    return Mapped(tuple(rows.values()), tuple(errors))


def answers(data: Mapping[str, Any], path: str, wanted: str) -> bool:
    """Whether an uplink's data shows that a command was done.

    ``path`` is a command template's ``answer_path`` and ``wanted`` its ``answer_value``, JSON text; empty:
    any value but null. Raises PathInvalid.
    """
    found = [value for _, value in parse_path(path).find(data) if value is not None]
    if not wanted:
        return bool(found)
    try:
        expected = json.loads(wanted)
    except ValueError:
        # A bare word is taken as the text that it is.
        expected = wanted
    return any(value == expected and isinstance(value, bool) == isinstance(expected, bool) for value in found)


def _path(name: str, text: str) -> Path:
    try:
        return parse_path(text)
    except PathInvalid as error:
        raise RuleInvalid(name, str(error)) from None


def _take(
    rule: ChannelRule, data: Mapping[str, Any], received: datetime, clock: DeviceClock
) -> Iterator[tuple[str, Row | MappingError]]:
    times = _beside(rule.time_path, data)
    units = _beside(rule.unit_path, data)
    for taken, value in rule.path.find(data):
        if value is None:
            continue
        where = rule.path.shown(taken)
        try:
            _check_unit(rule, units.get(taken[: len(rule.unit_path.lists)]) if rule.unit_path else None)
            micro = _micro(rule, value)
            time = received
            if rule.time_path is not None:
                told = times.get(taken[: len(rule.time_path.lists)])
                time = received if told is None else read_time(told, clock)
        except _Refused as error:
            yield where, MappingError(rule.code, where, _shown(value), error.rule, error.why)
        except TimeInvalid as error:
            kind = "ambiguous_time" if isinstance(error, TimeAmbiguous) else "time"
            assert rule.time_path is not None
            where = rule.time_path.shown(taken)
            yield where, MappingError(rule.code, where, _shown(told), kind, str(error))
        else:
            yield where, Row(rule.code, time, micro)


class _Refused(Exception):
    def __init__(self, rule: str, why: str) -> None:
        super().__init__(why)
        self.rule = rule
        self.why = why


def _beside(path: Path | None, data: Mapping[str, Any]) -> dict[tuple[int, ...], Any]:
    return {} if path is None else dict(path.find(data))


def _check_unit(rule: ChannelRule, told: Any) -> None:
    if told is None:
        return
    if not isinstance(told, str) or canonical(told) != canonical(rule.codec_unit):
        raise _Refused("unit", f"its unit is {as_text(told) or _shown(told)}, not {rule.codec_unit}")


def _micro(rule: ChannelRule, value: Any) -> int:
    number = _number(rule, value)
    exact = Fraction(number) * rule.scale * MICRO
    micro = round(exact)
    if abs(micro) > LARGEST_MICRO:
        raise _Refused("range", "is more than can be stored")
    return micro


def _number(rule: ChannelRule, value: Any) -> Decimal:
    if rule.switch:
        word = as_text(value)
        if isinstance(value, bool | str) and word is not None and word.lower() in _SWITCH_WORDS:
            return Decimal(_SWITCH_WORDS[word.lower()])
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _Refused("number", f"{_kind(value)} stands where a number belongs")
    # The shortest text of a double is what JSON had: 0.1 is a tenth, not the double next to it.
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise _Refused("number", "it is not a finite number")
    return number


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list | tuple) else "an object"


def _shown(value: Any) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
