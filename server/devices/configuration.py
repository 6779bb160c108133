"""Desired and reported settings of a device, and where they differ: pure.

Settings are a JSON object. A setting's path is the names that lead to it, joined by dots. What ``desired``
does not name does not count; lists are compared whole, numbers by value, and null is the same as not there.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from server.platform.errors import FieldViolation, InvalidField, refuse

Settings = Mapping[str, Any]

MOST_BYTES = 65_536
"""Of the settings as JSON."""
_MOST_LEVELS = 32
_MOST_MS = 2**32 - 1
_MOST_INTERVAL_SECONDS = 31 * 86_400
_PLAIN = (str, bool, int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a device should be set to, and what it says that it is set to."""

    desired: Settings = field(default_factory=dict)
    desired_version: int = 0
    """Counts the changes of ``desired``; 0 until there was one."""
    reported: Settings = field(default_factory=dict)
    report_time: datetime | None = None

    @property
    def drifted(self) -> bool:
        """Whether anything is not reported as it is desired."""
        return next(_drifts(self.desired, self.reported, ""), None) is not None


@dataclass(frozen=True, slots=True)
class Drift:
    """One setting that is not as it should be; both values as JSON, empty: not reported."""

    path: str
    desired: str
    reported: str


def drifts(desired: Settings, reported: Settings) -> tuple[Drift, ...]:
    """Every setting that is not reported as it is desired, in the order of their paths."""
    return tuple(sorted(_drifts(desired, reported, ""), key=lambda one: one.path))


def _drifts(desired: Settings, reported: Settings, above: str) -> Iterator[Drift]:
    for name, wish in desired.items():
        path, got = f"{above}{name}", reported.get(name)
        if isinstance(wish, Mapping) and (got is None or isinstance(got, Mapping)):
            yield from _drifts(wish, got or {}, f"{path}.")
        elif not same(wish, got):
            yield Drift(path, as_json(wish), "" if got is None else as_json(got))


def same(one: object, other: object) -> bool:
    """Whether two JSON values mean the same: 1 is 1.0 and is not true."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def as_json(value: object) -> str:
    """A value as compact JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def wanted(name: str, before: Configuration, desired: Settings) -> Configuration:
    """With other desired settings: a version more; the same ones are no change.

    A new device is given its first ones so: ``before`` is then ``Configuration()``. ``name`` is the field in
    the request. Raises InvalidArgument for names and values that no setting can have.
    """
    if same(before.desired, desired):
        return before
    check_settings(name, desired)
    return replace(before, desired=desired, desired_version=before.desired_version + 1)


def merged(settings: Settings, profile: Settings) -> dict[str, Any]:
    """The settings with those of a profile (RFC 7396): objects are merged, null takes a setting out."""
    result = dict(settings)
    for name, value in profile.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            below = result.get(name)
            result[name] = merged(below if isinstance(below, Mapping) else {}, value)
        else:
            result[name] = value
    return result


def check_settings(name: str, settings: Settings) -> None:
    """Raises InvalidArgument for what cannot be a setting, and for a value that the server could not use."""
    refuse(_violations(name, settings, 1))
    if len(as_json(settings).encode()) > MOST_BYTES:
        raise InvalidField(name, f"more than {MOST_BYTES} bytes as JSON", "settings.size")
    refuse(_unusable(name, settings))


def _violations(path: str, value: object, level: int) -> Iterator[FieldViolation]:
    if level > _MOST_LEVELS:
        yield FieldViolation(path, f"more than {_MOST_LEVELS} levels", "settings.depth")
    elif isinstance(value, Mapping):
        for name, below in value.items():
            if not name or "." in name or "\0" in name:
                why = f"{name!r} is no name of a setting: paths are names joined by dots"
                yield FieldViolation(path, why, "settings.name")
            else:
                yield from _violations(f"{path}.{name}", below, level + 1)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _violations(f"{path}[{index}]", below, level + 1)
    elif isinstance(value, str) and "\0" in value:
        yield FieldViolation(path, f"{value!r} has a character that cannot be stored", "settings.text")
    elif isinstance(value, float) and not math.isfinite(value):
        yield FieldViolation(path, f"{value} is no JSON number", "settings.finite")
    elif value is not None and not isinstance(value, _PLAIN):
        yield FieldViolation(path, f"{type(value).__name__} is no JSON", "settings.json")


def _unusable(name: str, settings: Settings) -> Iterator[FieldViolation]:
    """The settings that the server itself goes by."""
    for path, least, most in (
        (_MAX_OFFSET, 0, _MOST_MS),
        (_REPORT_INTERVAL, 1, _MOST_INTERVAL_SECONDS),
    ):
        value = _at(settings, path)
        if value is not None and (not _is_whole(value) or not least <= value <= most):
            yield FieldViolation(
                f"{name}.{'.'.join(path)}",
                f"{as_json(value)} is no whole number from {least} to {most}",
                "settings.known",
            )


_MAX_OFFSET = ("clock", "max_offset_ms")
_REPORT_INTERVAL = ("report", "interval_seconds")
DEFAULT_MAX_OFFSET_MS = 30_000


def max_offset_ms(desired: Settings) -> int:
    """How far the clock may be off: the desired ``clock.max_offset_ms``."""
    value = _at(desired, _MAX_OFFSET)
    return int(value) if _is_whole(value) else DEFAULT_MAX_OFFSET_MS


def report_seconds(desired: Settings) -> int | None:
    """How often the device is to report by itself: the desired ``report.interval_seconds``, if it is said."""
    value = _at(desired, _REPORT_INTERVAL)
    return int(value) if _is_whole(value) else None


def _at(settings: Settings, path: tuple[str, ...]) -> Any:
    value: Any = settings
    for name in path:
        # Most devices have no settings at all, and asking an abstract class takes a while.
        if not value or not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()


def document(configuration: Configuration) -> dict[str, Any]:
    """What is stored with the device; what it reports is stored apart."""
    if not configuration.desired_version:
        return {}
    return {"desired": configuration.desired, "desired_version": configuration.desired_version}


def read_document(stored: Mapping[str, Any]) -> Configuration:
    """From what is stored with the device."""
    return Configuration(desired=stored.get("desired", {}), desired_version=stored.get("desired_version", 0))
