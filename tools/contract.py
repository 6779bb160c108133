"""The contract as generators read it: descriptors with comments, http rules, permissions and field rules.

Everything comes from the descriptor set alone (its own option definitions included), so that it can be
read before, and without, any code generated from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import (
    Descriptor,
    EnumDescriptor,
    EnumValueDescriptor,
    FieldDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)

AREAS = (
    "access",
    "devices",
    "readings",
    "commands",
    "events",
    "billing",
    "analytics",
    "reports",
    "portal",
    "system",
)
"""The order in which people meet the areas; others follow by name."""
_VERBS = ("get", "put", "post", "delete", "patch")

type_described = (
    Descriptor | EnumDescriptor | EnumValueDescriptor | FieldDescriptor | MethodDescriptor | ServiceDescriptor
)


@dataclass(frozen=True, slots=True)
class HttpRule:
    """One REST binding of a call."""

    verb: str
    path: str
    body: str
    response_body: str

    @property
    def variables(self) -> list[str]:
        """Field paths that the path takes, in order: `meter.meter_id`."""
        found = re.findall(r"\{([^}]*)\}", self.path)
        patterns = [name for name in found if "=" in name]
        if patterns:
            raise ValueError(f"{self.path}: path patterns such as {patterns[0]} are not in use here")
        return found


class Contract:
    """All files of a descriptor set."""

    def __init__(self, descriptor_set: bytes) -> None:
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file
        self._pool = descriptor_pool.DescriptorPool()
        self._comments: dict[str, str] = {}
        for file in files:
            self._pool.Add(file)  # type: ignore[no-untyped-call]
            self._comments.update(_comments(file))
        self._packages = sorted(
            {file.package for file in files if file.package.startswith("simba.")}, key=_by_area
        )
        self._files = [file.name for file in files]
        self._options = {
            kind: message_factory.GetMessageClass(self._pool.FindMessageTypeByName(f"google.protobuf.{kind}"))
            for kind in ("FieldOptions", "MethodOptions", "MessageOptions", "OneofOptions")
        }

    @classmethod
    def load(cls, file: Path) -> Contract:
        """Read `simba.binpb`."""
        return cls(file.read_bytes())

    @property
    def services(self) -> list[ServiceDescriptor]:
        """Every service of SiMBA: by area in the order of `AREAS`, within it by name."""
        found = [
            service
            for name in self._files
            for service in self._pool.FindFileByName(name).services_by_name.values()
            if service.file.package.startswith("simba.")
        ]
        return sorted(found, key=lambda service: (_by_area(service.file.package), service.name))

    @property
    def packages(self) -> list[str]:
        """Every package of SiMBA, in the same order."""
        return self._packages

    def message(self, full_name: str) -> Descriptor:
        """The message of that name."""
        return self._pool.FindMessageTypeByName(full_name)

    def enum(self, full_name: str) -> EnumDescriptor:
        """The enum of that name."""
        return self._pool.FindEnumTypeByName(full_name)

    def comment(self, described: type_described) -> str:
        """What the contract says of it: paragraphs parted by empty lines, each on one line."""
        if isinstance(described, EnumValueDescriptor):
            return self._comments.get(f"{described.type.full_name}.{described.name}", "")
        return self._comments.get(described.full_name, "")

    def http(self, method: MethodDescriptor) -> list[HttpRule]:
        """The REST bindings of a call; none for a call that is gRPC only."""
        rule = self._option(method, "MethodOptions", "google.api.http")
        rules = [rule, *rule.additional_bindings] if rule.WhichOneof("pattern") else []
        return [
            HttpRule(verb, getattr(bound, verb), bound.body, bound.response_body)
            for bound in rules
            for verb in [bound.WhichOneof("pattern")]
            if verb in _VERBS
        ]

    def permission(self, method: MethodDescriptor) -> str:
        """The permission that a caller needs."""
        return str(self._option(method, "MethodOptions", "simba.common.v1.permission"))

    def rules(self, field: FieldDescriptor) -> Any:
        """`buf.validate.FieldRules` of a field, empty if it has none."""
        return self._option(field, "FieldOptions", "buf.validate.field")

    def message_rules(self, message: Descriptor) -> Any:
        """`buf.validate.MessageRules` of a message."""
        return self._option(message, "MessageOptions", "buf.validate.message")

    def oneof_required(self, oneof: Any) -> bool:
        """Whether one member of the oneof must be set."""
        return bool(self._option(oneof, "OneofOptions", "buf.validate.oneof").required)

    def behaviors(self, field: FieldDescriptor) -> set[str]:
        """Names of `google.api.FieldBehavior`, for example REQUIRED and OUTPUT_ONLY."""
        names = self._pool.FindEnumTypeByName("google.api.FieldBehavior").values_by_number
        return {
            names[number].name for number in self._option(field, "FieldOptions", "google.api.field_behavior")
        }

    def _option(self, described: Any, kind: str, extension: str) -> Any:
        # The pool's own class of options knows the pool's extensions, the usual one those of generated code.
        options = self._options[kind].FromString(described.GetOptions().SerializeToString())
        return options.Extensions[self._pool.FindExtensionByName(extension)]


def is_map(field: FieldDescriptor) -> bool:
    """Whether a field is a `map<…>`."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def words(camel: str) -> str:
    """`UsagePointService` → `usage point service`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", camel).lower()


def lower_camel(snake: str) -> str:
    """`usage_point_id` → `usagePointId`, also within a path of fields."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), snake)


def first_sentence(comment: str) -> str:
    """The first sentence, without its full stop."""
    return re.split(r"(?<=[^.][.:;])\s+(?=[A-Z`])|\n", comment, maxsplit=1)[0].rstrip(".:;")


def _by_area(package: str) -> tuple[int, str]:
    area = package.split(".")[1]
    return (AREAS.index(area) if area in AREAS else len(AREAS), package)


def _comments(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[str, str]]:
    """What is said of each thing in the file, by its full name (values of enums: below their enum)."""
    said = {tuple(location.path): location.leading_comments for location in file.source_code_info.location}
    for path, name in _named(file):
        if said.get(path):
            yield name, _unfold(said[path])


type_named = Iterator[tuple[tuple[int, ...], str]]
"""Paths as `SourceCodeInfo` has them (numbers of fields and indices in turn), and full names."""


def _named(file: descriptor_pb2.FileDescriptorProto) -> type_named:
    for index, message in enumerate(file.message_type):
        yield from _named_in_message((4, index), file.package, message)
    for index, enum in enumerate(file.enum_type):
        yield from _named_in_enum((5, index), file.package, enum)
    for index, service in enumerate(file.service):
        name = f"{file.package}.{service.name}"
        yield (6, index), name
        for number, method in enumerate(service.method):
            yield (6, index, 2, number), f"{name}.{method.name}"


def _named_in_message(path: tuple[int, ...], scope: str, found: descriptor_pb2.DescriptorProto) -> type_named:
    name = f"{scope}.{found.name}"
    yield path, name
    for index, field in enumerate(found.field):
        yield (*path, 2, index), f"{name}.{field.name}"
    for index, nested in enumerate(found.nested_type):
        yield from _named_in_message((*path, 3, index), name, nested)
    for index, enum in enumerate(found.enum_type):
        yield from _named_in_enum((*path, 4, index), name, enum)


def _named_in_enum(
    path: tuple[int, ...], scope: str, found: descriptor_pb2.EnumDescriptorProto
) -> type_named:
    yield path, f"{scope}.{found.name}"
    for index, value in enumerate(found.value):
        yield (*path, 2, index), f"{scope}.{found.name}.{value.name}"


def _unfold(comment: str) -> str:
    """Lines of one paragraph joined; empty lines and numbered or dashed lists kept."""
    paragraphs: list[str] = []
    for paragraph in re.split(r"\n\s*\n", comment.strip()):
        lines: list[str] = []
        for line in (line.strip() for line in paragraph.splitlines()):
            if not lines or re.match(r"(\d+\.|-|\*) ", line):
                lines.append(line)
            else:
                lines[-1] += f" {line}"
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)
