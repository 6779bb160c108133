"""Fields of messages as options: their names, their help, and from text to a message and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import typer
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from tools.contract import Contract, is_map, lower_camel

_SKIPPED: Final = {"request_id", "page_token", "page_size", "update_mask"}
_NUMBERS: Final = {
    FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT32,
    FieldDescriptor.CPPTYPE_UINT64, FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT,
}  # fmt: skip
_SINGULAR: Final = {"address", "series", "status"}
_SPAN: Final = re.compile(r"^(\d+(?:\.\d+)?)(s|m|h|d)$")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Option:
    """One field of a request, or of the resource in it, as the command line gives it."""

    path: tuple[str, ...]
    """Where it stands in the request, in the contract's names."""
    field: FieldDescriptor
    help: str
    argument: bool
    """Whether it is given by its place instead of its name."""

    @property
    def name(self) -> str:
        """The name of the function's parameter."""
        return self.path[-1]

    @property
    def flag(self) -> str:
        """As it is written: `--serial-number`."""
        name = self.name.removesuffix("s") if self.many and self.name not in _SINGULAR else self.name
        return "--" + name.replace("_", "-")

    @property
    def many(self) -> bool:
        """Whether it may be given more than once."""
        return bool(self.field.is_repeated)

    @property
    def is_flag(self) -> bool:
        """Whether its presence alone says something."""
        return self.field.cpp_type == FieldDescriptor.CPPTYPE_BOOL and not self.many


def options_of(contract: Contract, request: Descriptor, resource: Descriptor | None) -> Iterator[Option]:
    """The options of a request: its own fields, and those of the resource in it, if there is one."""
    for field in request.fields:
        if field.name in _SKIPPED or "OUTPUT_ONLY" in contract.behaviors(field):
            continue
        if resource is not None and field.message_type is resource and not field.is_repeated:
            update = "update_mask" in request.fields_by_name
            for inner in resource.fields:
                own_id = inner.name == f"{field.name}_id"
                # A new one has no etag yet.
                asked = update or inner.name != "etag"
                if asked and "OUTPUT_ONLY" not in contract.behaviors(inner):
                    yield Option((field.name, inner.name), inner, contract.comment(inner), own_id and update)
            continue
        needed = "REQUIRED" in contract.behaviors(field) and field.name.endswith("_id")
        yield Option((field.name,), field, contract.comment(field), needed)


def json_of(option: Option, given: Any) -> Any:
    """What the field is in the JSON of the request. Raises typer.BadParameter naming the option."""
    try:
        if is_map(option.field):
            return dict(_pair(text, "KEY=VALUE") for text in given)
        if option.many:
            return [_value(option.field, text) for text in given]
        return _value(option.field, given)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option.flag) from None


def _value(field: FieldDescriptor, given: Any) -> Any:
    if field.enum_type is not None:
        return enum_name(field, str(given))
    if field.message_type is not None:
        return _message(field.message_type.full_name, str(given))
    if field.type == FieldDescriptor.TYPE_BYTES:
        raise ValueError("bytes cannot be given here; use --from FILE")
    return given


def _message(name: str, given: str) -> Any:
    """A message written on one line: times and spans as such, pairs as KEY=VALUE, all others as JSON."""
    if name == "google.protobuf.Timestamp":
        return given
    if name == "google.protobuf.Duration":
        return span(given)
    if name == "simba.common.v1.TimeInterval":
        start, sign, end = given.partition("/")
        if not sign or not start or not end:
            raise ValueError(f"{given!r} is not START/END")
        return {"start": start, "end": end}
    if name == "simba.common.v1.ExternalId":
        system, value = _pair(given, "SYSTEM=VALUE")
        return {"system": system, "value": value}
    if name == "simba.devices.v1.Tag":
        key, _, value = given.partition("=")
        return {"key": key, "value": value}
    try:
        return json.loads(given)
    except ValueError as error:
        raise ValueError(f"{given!r} is not JSON: {error}") from None


def _pair(text: str, shape: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise ValueError(f"{text!r} is not {shape}")
    return key, value


def span(text: str) -> str:
    """`90s`, `15m`, `24h` or `7d` as protobuf's JSON has it."""
    found = _SPAN.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a span of time such as 90s, 15m, 24h or 7d")
    return f"{float(found[1]) * _SECONDS[found[2]]:g}s"


def enum_words(field: FieldDescriptor) -> dict[str, str]:
    """The values of a field's enum as words: `in-stock` for `METER_STATE_IN_STOCK`."""
    assert field.enum_type is not None
    names = [value.name for value in field.enum_type.values]
    start = len(names[0].removesuffix("UNSPECIFIED"))
    return {name[start:].lower().replace("_", "-"): name for name in names[1:]}


def enum_name(field: FieldDescriptor, given: str) -> str:
    """The name of a value that is given as a word or as that name. Raises ValueError with all words."""
    words = enum_words(field)
    if given in words.values():
        return given
    try:
        return words[given.lower().replace("_", "-")]
    except KeyError:
        raise ValueError(f"{given!r} is none of {', '.join(words)}") from None


def type_of(option: Option) -> Any:
    """The type of the parameter, as Typer takes it."""
    field = option.field
    if option.many:
        return list[str] | None
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return bool | None
    if field.cpp_type in _NUMBERS:
        return (float if field.cpp_type in {5, 6} else int) | None
    return str | None


def metavar_of(option: Option) -> str:
    """What stands for the value in the help."""
    field = option.field
    if field.enum_type is not None:
        return "|".join(enum_words(field))
    if is_map(field):
        return "KEY=VALUE"
    if field.message_type is not None:
        return {
            "google.protobuf.Timestamp": "TIME",
            "google.protobuf.Duration": "SPAN",
            "simba.common.v1.TimeInterval": "START/END",
            "simba.common.v1.ExternalId": "SYSTEM=VALUE",
            "simba.devices.v1.Tag": "KEY[=VALUE]",
        }.get(field.message_type.full_name, "JSON")
    return option.name.removesuffix("s").upper() if option.argument else "TEXT"


def request_json(options: Mapping[Option, Any]) -> tuple[dict[str, Any], list[str]]:
    """The request in JSON, and the paths within its resource that were given, for an update mask."""
    request: dict[str, Any] = {}
    paths = []
    for option, given in options.items():
        at = request
        for step in option.path[:-1]:
            at = at.setdefault(lower_camel(step), {})
        at[lower_camel(option.name)] = json_of(option, given)
        if len(option.path) > 1:
            paths.append(option.name)
    return request, paths
