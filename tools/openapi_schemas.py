"""Messages and enums as JSON Schema, as the edge's transcoder reads and prints them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from tools.contract import Contract, is_map
from tools.openapi_examples import example
from tools.openapi_rules import Schema, constrain, constrain_list, constrain_map, is_required

_SCALARS: dict[int, Schema] = {
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    **{
        kind: {"type": "integer", "format": "int32"}
        for kind in (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_SINT32, FieldDescriptor.TYPE_SFIXED32)
    },
    **{
        kind: {"type": "integer", "format": "uint32", "minimum": 0}
        for kind in (FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_FIXED32)
    },
    # 64-bit numbers are text in JSON: JavaScript would round them.
    **{
        kind: {"type": "string", "format": "int64", "pattern": "^-?[0-9]{1,19}$"}
        for kind in (FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_SINT64, FieldDescriptor.TYPE_SFIXED64)
    },
    **{
        kind: {"type": "string", "format": "uint64", "pattern": "^[0-9]{1,20}$"}
        for kind in (FieldDescriptor.TYPE_UINT64, FieldDescriptor.TYPE_FIXED64)
    },
}
_WELL_KNOWN: dict[str, Schema] = {
    "google.protobuf.Timestamp": {
        "type": "string",
        "format": "date-time",
        "examples": ["2026-01-31T12:00:00Z"],
    },
    "google.protobuf.Duration": {
        "type": "string",
        "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$",
        "examples": ["900s"],
    },
    "google.protobuf.FieldMask": {"type": "string", "examples": ["displayName,tags"]},
    "google.protobuf.Struct": {"type": "object", "additionalProperties": True},
    "google.protobuf.Value": {},
    "google.protobuf.ListValue": {"type": "array", "items": {}},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.Any": {
        "type": "object",
        "properties": {"@type": {"type": "string", "description": "Name of the message's type."}},
        "required": ["@type"],
        "additionalProperties": True,
    },
}
_FOREIGN = {
    "google.type.Date": "A day of the calendar: year, month from 1, day from 1.",
    "google.rpc.Status": "How every refusal looks.",
}
_SPACE = "simba."


class Components:
    """The schemas that are referred to, made on first use."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._schemas: dict[str, Schema] = {}

    @property
    def schemas(self) -> dict[str, Schema]:
        """Every schema by its name, sorted."""
        return dict(sorted(self._schemas.items()))

    def reference(self, message: Descriptor, *, patch: bool = False) -> Schema:
        """A reference to the schema of a message, or what stands for a well-known type.

        `patch` asks for the form in which nothing is required: an update names only what changes.
        """
        if message.full_name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[message.full_name])
        name = component_name(message) + ("Patch" if patch else "")
        if name not in self._schemas:
            self._schemas[name] = {}  # a message may hold itself
            self._schemas[name] = self.object(message, message.fields, patch=patch)
        return {"$ref": f"#/components/schemas/{name}"}

    def object(
        self, message: Descriptor, fields: Iterable[FieldDescriptor], *, patch: bool = False
    ) -> Schema:
        """The schema of a message with these of its fields."""
        chosen = list(fields)
        schema: Schema = {"type": "object"}
        comment = self._contract.comment(message) or _FOREIGN.get(message.full_name, "")
        notes = [rule.message for rule in self._contract.message_rules(message).cel if rule.message]
        description = " ".join([comment, *(f"Rule: {note}." for note in notes)]).strip()
        if description:
            schema["description"] = description
        properties = {field.json_name: self.field(field) for field in chosen}
        if properties:
            schema["properties"] = properties
        required = [field.json_name for field in chosen if not patch and self._is_required(field)]
        if required:
            schema["required"] = required
        self._oneofs(message, chosen, schema, patch=patch)
        return schema

    def field(self, field: FieldDescriptor) -> Schema:
        """The schema of one field, with its comment, its rules and an example."""
        rules = self._contract.rules(field)
        comment = self._contract.comment(field)
        notes: list[str] = []
        if is_map(field):
            schema = self._map(field, rules)
        elif field.is_repeated:
            schema, item_rules = constrain_list(rules)
            items, notes = self._value(field, item_rules)
            schema = {"type": "array", "items": items, **schema}
        else:
            schema, notes = self._value(field, rules)
        description = " ".join([comment, *notes]).strip()
        if description:
            schema["description"] = description
        if "OUTPUT_ONLY" in self._contract.behaviors(field):
            schema["readOnly"] = True
        good = example(field, comment)
        if good is not None:
            schema["examples"] = [good]
        return schema

    def _value(self, field: FieldDescriptor, rules: Any) -> tuple[Schema, list[str]]:
        keywords, notes = constrain(field, rules) if rules is not None else ({}, [])
        if field.message_type is not None:
            schema = self.reference(field.message_type, patch=self._is_patch(field))
        elif field.enum_type is not None:
            schema = self._enum(field.enum_type)
        else:
            schema = dict(_SCALARS[field.type])
        if keywords.get("format"):
            schema.pop("format", None)
        return {**schema, **keywords}, notes

    def _map(self, field: FieldDescriptor, rules: Any) -> Schema:
        assert field.message_type is not None
        keywords, key_rules, value_rules = constrain_map(rules)
        key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
        schema: Schema = {
            "type": "object",
            "additionalProperties": self._value(value, value_rules)[0],
            **keywords,
        }
        names = constrain(key, key_rules)[0] if key_rules is not None else {}
        if names:
            schema["propertyNames"] = names
        return schema

    def _enum(self, enum: EnumDescriptor) -> Schema:
        name = component_name(enum)
        if name not in self._schemas:
            lines = [f"- `{value.name}`: {self._contract.comment(value)}" for value in enum.values]
            self._schemas[name] = {
                "type": "string",
                "description": "\n".join([self._contract.comment(enum), "", *lines]),
                "enum": [value.name for value in enum.values],
            }
        return {"$ref": f"#/components/schemas/{name}"}

    def _is_required(self, field: FieldDescriptor) -> bool:
        behaviors = self._contract.behaviors(field)
        return "OUTPUT_ONLY" not in behaviors and (
            "REQUIRED" in behaviors or is_required(self._contract.rules(field))
        )

    def _is_patch(self, field: FieldDescriptor) -> bool:
        """Whether the field is what an update changes: it stands beside an update mask."""
        message = field.containing_type
        return message is not None and "update_mask" in message.fields_by_name and field.name != "update_mask"

    def _oneofs(
        self, message: Descriptor, chosen: list[FieldDescriptor], schema: Schema, *, patch: bool
    ) -> None:
        for oneof in message.oneofs:
            members = [field for field in oneof.fields if field in chosen]
            if len(members) <= 1:  # an `optional` field is a oneof of its own
                continue
            names = [field.json_name for field in members]
            if self._contract.oneof_required(oneof) and not patch:
                schema.setdefault("allOf", []).append({"oneOf": [{"required": [name]} for name in names]})
            told = ", ".join(f"`{name}`" for name in names)
            for name in names:
                property_ = schema["properties"][name]
                property_["description"] = f"{property_.get('description', '')} (One of {told}.)".strip()


def component_name(described: Descriptor | EnumDescriptor) -> str:
    """`simba.devices.v1.Meter` → `devices.v1.Meter`."""
    return described.full_name.removeprefix(_SPACE)
