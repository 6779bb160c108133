"""What the descriptors say of each method, as far as a table over all of them asks for it."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from google.api import annotations_pb2, field_behavior_pb2
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message

from server.platform.rpc.methods import simba_services
from simba.common.v1 import options_pb2

_VERBS = ("get", "post", "patch", "put", "delete")
_PAGE = ("page_size", "page_token")


@dataclass(frozen=True)
class Method:
    """One method of the contract."""

    descriptor: Any

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def name(self) -> str:
        """``devices.MeterService.GetMeter``."""
        area = self.descriptor.containing_service.file.package.split(".")[1]
        return f"{area}.{self.descriptor.containing_service.name}.{self.descriptor.name}"

    @cached_property
    def path(self) -> str:
        return f"/{self.descriptor.containing_service.full_name}/{self.descriptor.name}"

    @cached_property
    def request(self) -> type[Message]:
        return message_factory.GetMessageClass(self.descriptor.input_type)

    @cached_property
    def response(self) -> type[Message]:
        return message_factory.GetMessageClass(self.descriptor.output_type)

    @cached_property
    def permission(self) -> str:
        return str(self.descriptor.GetOptions().Extensions[options_pb2.permission])

    @cached_property
    def scoped(self) -> bool:
        """Whether it keeps to the caller's scope by itself."""
        return bool(self.descriptor.GetOptions().Extensions[options_pb2.scoped])

    @cached_property
    def client_streaming(self) -> bool:
        return bool(self.descriptor.client_streaming)

    @cached_property
    def server_streaming(self) -> bool:
        return bool(self.descriptor.server_streaming)

    @cached_property
    def route(self) -> tuple[str, str] | None:
        """Verb and path over REST; None: gRPC only."""
        rule = self.descriptor.GetOptions().Extensions[annotations_pb2.http]
        for verb in _VERBS:
            if template := getattr(rule, verb):
                return verb, template
        return None

    def reached_by(self, wire: str) -> bool:
        """Whether it is there over ``grpc`` or ``rest``; streams are tried over gRPC alone."""
        streams = self.client_streaming or self.server_streaming
        return wire == "grpc" or (self.route is not None and not streams)

    @cached_property
    def response_body(self) -> str:
        """The field of the answer that is the whole body over REST; empty: the answer is."""
        return str(self.descriptor.GetOptions().Extensions[annotations_pb2.http].response_body)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Fields of the request that stand in the path."""
        return tuple(re.findall(r"{([a-z_.]+)}", self.route[1])) if self.route else ()

    def has(self, field: str) -> bool:
        return field in self.descriptor.input_type.fields_by_name

    @cached_property
    def lists(self) -> bool:
        return self.has("page_token")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Fields that name something that must exist: those in the path, and required ids."""
        required = [
            field.name
            for field in self.descriptor.input_type.fields
            if field.name.endswith("_id") and is_required(field)
        ]
        return tuple(dict.fromkeys((*self.variables, *required)))

    @cached_property
    def etag(self) -> str:
        """Field with the etag that the call is based on; empty: none."""
        if self.has("etag"):
            return "etag"
        if self.has("update_mask"):
            resource = self.resource
            if "etag" in resource.message_type.fields_by_name:
                return f"{resource.name}.etag"
        return ""

    @cached_property
    def resource(self) -> Any:
        """The field with the resource of a create or an update."""
        return next(field for field in self.descriptor.input_type.fields if _holds_ours(field))

    @cached_property
    def rows(self) -> str:
        """The repeated field of a page."""
        return next(field.name for field in self.descriptor.output_type.fields if field.is_repeated)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Fields that must not be empty; of a resource only where it is not a patch."""
        return tuple(_required(self.descriptor.input_type, deep=not self.has("update_mask")))

    @cached_property
    def filters(self) -> tuple[Any, ...]:
        """Fields that decide which rows a list has, those in its path left out."""
        return tuple(
            field
            for field in self.descriptor.input_type.fields
            if field.name not in (*_PAGE, *self.variables)
        )


@cache
def methods() -> tuple[Method, ...]:
    """Every method of every service of the contract."""
    pool = descriptor_pool.Default()
    found = [Method(one) for name in simba_services() for one in pool.FindServiceByName(name).methods]
    return tuple(sorted(found, key=lambda method: method.name))


@cache
def method(name: str) -> Method:
    """The method of a name: ``devices.MeterService.GetMeter``."""
    return next(one for one in methods() if one.name == name)


def is_required(field: Any) -> bool:
    """Whether a new resource, or a request, must have the field."""
    behaviours = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    return field_behavior_pb2.REQUIRED in behaviours


def get(message: Any, path: str) -> Any:
    """What is at a dotted path."""
    for part in path.split("."):
        message = getattr(message, part)
    return message


def changed(message: Any, path: str, value: Any) -> Any:
    """A copy with another value at a dotted path; None clears it."""
    copy = type(message)()
    copy.CopyFrom(message)
    *parents, last = path.split(".")
    holder = get(copy, ".".join(parents)) if parents else copy
    if value is None:
        holder.ClearField(last)
    else:
        setattr(holder, last, value)
    return copy


def _holds_ours(field: Any) -> bool:
    return field.message_type is not None and field.message_type.file.package.startswith("simba.")


def _required(descriptor: Any, *, deep: bool, prefix: str = "") -> list[str]:
    found = []
    for field in descriptor.fields:
        if is_required(field):
            found.append(prefix + field.name)
            if deep and _holds_ours(field) and not field.is_repeated:
                found += _required(field.message_type, deep=deep, prefix=f"{prefix}{field.name}.")
    return found
