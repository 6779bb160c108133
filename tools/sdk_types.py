"""Types of the contract as they are written in the SDK."""

from __future__ import annotations

from dataclasses import dataclass, field

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from tools.contract import Contract, is_map

_SCALARS = {
    FieldDescriptor.CPPTYPE_BOOL: ("bool", "False"),
    FieldDescriptor.CPPTYPE_DOUBLE: ("float", "0.0"),
    FieldDescriptor.CPPTYPE_FLOAT: ("float", "0.0"),
    FieldDescriptor.CPPTYPE_INT32: ("int", "0"),
    FieldDescriptor.CPPTYPE_INT64: ("int", "0"),
    FieldDescriptor.CPPTYPE_UINT32: ("int", "0"),
    FieldDescriptor.CPPTYPE_UINT64: ("int", "0"),
}
_WELL_KNOWN = {
    "google.protobuf.Timestamp": "datetime.datetime",
    "google.protobuf.Duration": "datetime.timedelta",
    "google.protobuf.FieldMask": "Sequence[str]",
}
FIELD_MASK = "google.protobuf.FieldMask"


@dataclass
class Names:
    """How a module of services names others' messages, and which packages it must import for that."""

    packages: set[str] = field(default_factory=set)

    def of(self, described: Descriptor | EnumDescriptor) -> str:
        """`devices_v1.Meter` for `simba.devices.v1.Meter`."""
        package = described.file.package
        self.packages.add(package)
        nested = described.full_name.removeprefix(f"{package}.").replace(".", "")
        return f"{alias(package)}.{nested}"

    def imports(self, dots: str) -> list[str]:
        """Import lines, relative to a module `dots` above which the generated package is."""
        lines = []
        for package in sorted(self.packages):
            above, _, last = package.rpartition(".")
            lines.append(f"from {dots}{above} import {last} as {alias(package)}")
        return lines


def alias(package: str) -> str:
    """`simba.devices.v1` → `devices_v1`, `google.type` → `google_type`."""
    return package.removeprefix("simba.").replace(".", "_")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a request as a parameter of a method."""

    name: str
    type: str
    default: str
    """Empty: it must be given."""
    comment: str
    expression: str
    """What is put into the request."""


def parameter(contract: Contract, names: Names, of: FieldDescriptor) -> Parameter:
    """The parameter that stands for a field of a request."""
    required = "REQUIRED" in contract.behaviors(of) or bool(contract.rules(of).required)
    kind, default = _type(names, of)
    expression = of.name
    if of.message_type is not None and of.message_type.full_name == FIELD_MASK:
        expression = f"field_mask({of.name})"
    elif is_map(of):
        expression = f"dict({of.name})"
    elif of.is_repeated:
        expression = f"list({of.name})"
    if required:
        kind, default = kind.removesuffix(" | None"), ""
    return Parameter(of.name, kind, default, contract.comment(of), expression)


def single(names: Names, of: FieldDescriptor) -> str:
    """The type of one value of a field."""
    if of.message_type is not None:
        return _WELL_KNOWN.get(of.message_type.full_name) or names.of(of.message_type)
    if of.enum_type is not None:
        return names.of(of.enum_type)
    if of.type == FieldDescriptor.TYPE_BYTES:
        return "bytes"
    return "str" if of.cpp_type == FieldDescriptor.CPPTYPE_STRING else _SCALARS[of.cpp_type][0]


def _type(names: Names, of: FieldDescriptor) -> tuple[str, str]:
    """Type and default."""
    if is_map(of):
        assert of.message_type is not None
        key, value = (single(names, of.message_type.fields_by_name[part]) for part in ("key", "value"))
        return f"Mapping[{key}, {value}]", "{}"
    one = single(names, of)
    if of.is_repeated:
        return f"Sequence[{one}]", "()"
    if of.message_type is not None or of.containing_oneof is not None:
        return f"{one} | None", "None"
    if of.enum_type is not None:
        return one, f"{one}(0)"
    if of.type == FieldDescriptor.TYPE_BYTES:
        return one, 'b""'
    return (one, '""') if one == "str" else (one, _SCALARS[of.cpp_type][1])
