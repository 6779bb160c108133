"""protovalidate rules as JSON Schema keywords, and in words where JSON Schema has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

Schema = dict[str, Any]

UUID_PATTERN = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_FORMATS = {
    "uuid": "uuid",
    "email": "email",
    "hostname": "hostname",
    "ip": None,
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uri": "uri",
    "uri_ref": "uri-reference",
}
_NUMBERS = {
    "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64",
    "fixed32", "fixed64", "sfixed32", "sfixed64",
}  # fmt: skip
_WIDE = {FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64}
_BOUNDS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_IN_WORDS = {"gt": "greater than", "gte": "at least", "lt": "less than", "lte": "at most"}


def is_required(rules: Any) -> bool:
    """Whether the value must be there."""
    return bool(rules.required)


def constrain(field: FieldDescriptor, rules: Any) -> tuple[Schema, list[str]]:
    """Keywords for one value of the field, and sentences for rules that have no keyword.

    A rule that is ignored for the empty value (`IGNORE_IF_ZERO_VALUE`) admits the empty value here as
    well: answers print it.
    """
    notes = [rule.message for rule in rules.cel if rule.message]
    kind = rules.WhichOneof("type")
    schema: Schema = {}
    if kind == "string":
        schema = _string(rules.string, empty_allowed=rules.ignore != 0)
    elif kind == "bytes":
        schema = _bytes(rules.bytes, empty_allowed=rules.ignore != 0)
    elif kind == "enum":
        schema = _enum(field, rules.enum)
    elif kind in {"duration", "timestamp"}:
        notes += _moments(getattr(rules, kind))
    elif kind in _NUMBERS:
        schema, more = _number(field, getattr(rules, kind))
        notes += more
    return schema, notes


def constrain_list(rules: Any) -> tuple[Schema, Any]:
    """Keywords for a list, and the rules of its items."""
    schema: Schema = {}
    if rules.WhichOneof("type") != "repeated":
        return schema, None
    many = rules.repeated
    if many.min_items:
        schema["minItems"] = many.min_items
    if many.HasField("max_items"):
        schema["maxItems"] = many.max_items
    if many.unique:
        schema["uniqueItems"] = True
    return schema, many.items if many.HasField("items") else None


def constrain_map(rules: Any) -> tuple[Schema, Any, Any]:
    """Keywords for a map, and the rules of its keys and of its values."""
    schema: Schema = {}
    if rules.WhichOneof("type") != "map":
        return schema, None, None
    pairs = rules.map
    if pairs.min_pairs:
        schema["minProperties"] = pairs.min_pairs
    if pairs.HasField("max_pairs"):
        schema["maxProperties"] = pairs.max_pairs
    keys = pairs.keys if pairs.HasField("keys") else None
    values = pairs.values if pairs.HasField("values") else None
    return schema, keys, values


def _string(rules: Any, *, empty_allowed: bool) -> Schema:
    schema: Schema = {}
    if rules.HasField("const"):
        schema["const"] = rules.const
    if getattr(rules, "in"):
        schema["enum"] = [*([""] if empty_allowed else []), *getattr(rules, "in")]
    least = rules.len if rules.HasField("len") else rules.min_len
    if least and not empty_allowed:
        schema["minLength"] = least
    for name in ("len", "max_len"):
        if rules.HasField(name):
            schema["maxLength"] = getattr(rules, name)
    well_known = rules.WhichOneof("well_known")
    if well_known == "uuid" and empty_allowed:
        schema["pattern"] = f"^$|{UUID_PATTERN}"
    elif well_known in _FORMATS and getattr(rules, well_known) and not empty_allowed:
        schema |= {"format": _FORMATS[well_known]} if _FORMATS[well_known] else {}
    if rules.pattern:
        schema["pattern"] = f"^$|{rules.pattern}" if empty_allowed else rules.pattern
    return schema


def _bytes(rules: Any, *, empty_allowed: bool) -> Schema:
    schema: Schema = {}
    if rules.min_len and not empty_allowed:
        schema["minLength"] = _base64_length(rules.min_len)
    if rules.HasField("max_len"):
        schema["maxLength"] = _base64_length(rules.max_len)
    return schema


def _base64_length(octets: int) -> int:
    return (octets + 2) // 3 * 4


def _enum(field: FieldDescriptor, rules: Any) -> Schema:
    enum = field.enum_type
    assert enum is not None
    schema: Schema = {}
    if rules.HasField("const"):
        schema["const"] = enum.values_by_number[rules.const].name
    if getattr(rules, "in"):
        schema["enum"] = [enum.values_by_number[number].name for number in getattr(rules, "in")]
    if rules.not_in:
        schema["not"] = {"enum": [enum.values_by_number[number].name for number in rules.not_in]}
    return schema


def _number(field: FieldDescriptor, rules: Any) -> tuple[Schema, list[str]]:
    if field.cpp_type in _WIDE:
        # As text a number has no bounds in JSON Schema.
        return {}, [f"Must be {_IN_WORDS[name]} {value}." for name, value in _bounds(rules)]
    schema: Schema = {_BOUNDS[name]: value for name, value in _bounds(rules)}
    if rules.HasField("const"):
        schema["const"] = rules.const
    if getattr(rules, "in"):
        schema["enum"] = list(getattr(rules, "in"))
    return schema, []


def _bounds(rules: Any) -> Iterator[tuple[str, Any]]:
    for name in _BOUNDS:
        if rules.HasField(name):
            yield name, getattr(rules, name)


def _moments(rules: Any) -> Iterator[str]:
    for name, value in _bounds(rules):
        yield f"Must be {_IN_WORDS[name]} {value.ToJsonString()}."
