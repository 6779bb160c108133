"""The filter that refuses unknown fields in JSON bodies: the contract's tables and the script for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from google.api import annotations_pb2
from google.protobuf import descriptor_pb2

from stack.edge.parts import FOLDER

_OPAQUE = {
    # JSON of their own kind: text, or anything at all.
    "google.protobuf.Any",
    "google.protobuf.Duration",
    "google.protobuf.FieldMask",
    "google.protobuf.ListValue",
    "google.protobuf.Struct",
    "google.protobuf.Timestamp",
    "google.protobuf.Value",
}
_VERBS = {"post": "POST", "put": "PUT", "patch": "PATCH"}
_MAGIC = re.compile(r"([\^$()%.\[\]*+\-?])")


def script(descriptor_set: Path, prefix: str = "simba.") -> str:
    """The Lua source for these services."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set.read_bytes()).file
    messages = {
        name: message for file in files for name, message in _messages(f".{file.package}", file.message_type)
    }
    calls: dict[str, list[str]] = {}
    wanted: list[str] = []
    for file in files:
        if not file.package.startswith(prefix):
            continue
        for service in file.service:
            for method in service.method:
                for verb, path in _with_body(method):
                    calls.setdefault(verb, []).append(f'{{"{pattern(path)}", "{method.input_type}"}}')
                    wanted.append(method.input_type)
    lists = ", ".join(f"{verb} = {{{', '.join(entries)}}}" for verb, entries in sorted(calls.items()))
    fields = "\n".join(_tables(messages, wanted))
    source = (FOLDER / "strict_json.lua").read_text(encoding="utf-8")
    return f"local CALLS = {{{lists}}}\nlocal FIELDS = {{}}\n{fields}\n{source}"


def pattern(path: str) -> str:
    """The Lua pattern of an http rule's path: `/v1/meters/{meter_id}:archive`."""
    parts = re.split(r"\{[^}]*\}", path)
    # Backslashes cannot stand in a path; a percent sign is Lua's own escape and needs none in a Lua string.
    return "^" + "[^/:]+".join(_MAGIC.sub(r"%\1", part) for part in parts) + "$"


def _with_body(method: descriptor_pb2.MethodDescriptorProto) -> Iterator[tuple[str, str]]:
    rule = method.options.Extensions[annotations_pb2.http]
    for bound in (rule, *rule.additional_bindings):
        verb = bound.WhichOneof("pattern")
        # A body that is one field alone would need that field's message; the contract has none.
        if verb in _VERBS and bound.body == "*":
            yield _VERBS[verb], getattr(bound, verb)


def _messages(
    scope: str, found: Iterable[descriptor_pb2.DescriptorProto]
) -> Iterator[tuple[str, descriptor_pb2.DescriptorProto]]:
    for message in found:
        name = f"{scope}.{message.name}"
        yield name, message
        yield from _messages(name, message.nested_type)


def _tables(messages: Mapping[str, descriptor_pb2.DescriptorProto], wanted: list[str]) -> Iterator[str]:
    """One assignment for each message that can be reached."""
    waiting, seen = list(wanted), set(wanted)
    while waiting:
        name = waiting.pop(0)
        entries = []
        for field in messages[name].field:
            inner = _inside(messages, field)
            reached = inner.removeprefix("*") if inner else ""
            if reached and reached not in seen:
                seen.add(reached)
                waiting.append(reached)
            value = f'"{inner}"' if inner else "false"
            entries += [
                f'["{spelled}"] = {value}' for spelled in dict.fromkeys((field.json_name, field.name))
            ]
        yield f'FIELDS["{name}"] = {{{", ".join(entries)}}}'


def _inside(
    messages: Mapping[str, descriptor_pb2.DescriptorProto], field: descriptor_pb2.FieldDescriptorProto
) -> str:
    """The message in a field, `*name` for the values of a map, empty for what is not looked into."""
    if field.type != descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE or field.type_name[1:] in _OPAQUE:
        return ""
    message = messages[field.type_name]
    if not message.options.map_entry:
        return field.type_name
    value = _inside(messages, message.field[1])
    return f"*{value}" if value else ""
