"""What the contract says of a method: its permission, its messages, whether it can be repeated."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pool, message_factory, symbol_database
from google.protobuf.message import Message

from simba.common.v1 import options_pb2

INSPECT = "system.server.inspect"
"""Permission for channelz, which tells the addresses of other callers."""

_PUBLIC = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1alpha.ServerReflection",
    "grpc.reflection.v1.ServerReflection",
)
_FOREIGN = {"grpc.channelz.v1.Channelz": INSPECT}

assert symbol_database.Default() is not None  # registers the generated pool before it is asked


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """One method."""

    path: str
    """``/simba.devices.v1.MeterService/GetMeter``."""
    service: str
    name: str
    permission: str
    """Permission that the caller must hold; empty when the contract forgot it: then everybody is refused."""
    public: bool
    """Whether anybody may call it, without a credential."""
    request_type: type[Message] | None
    repeatable: bool
    """Whether the request has a ``request_id``."""
    has_validate_only: bool
    scoped: bool = False
    """Whether the method itself keeps to the scope of its caller."""


@cache
def method_info(path: str) -> MethodInfo:
    """What is known of a method; an unknown one gets neither permission nor types."""
    service, _, name = path.lstrip("/").rpartition("/")
    public = service in _PUBLIC
    descriptor = _find(service, name)
    if descriptor is None:
        return MethodInfo(path, service, name, _FOREIGN.get(service, ""), public, None, False, False)
    permission = str(descriptor.GetOptions().Extensions[options_pb2.permission])
    fields = descriptor.input_type.fields_by_name
    repeatable = (
        "request_id" in fields and not descriptor.client_streaming and not descriptor.server_streaming
    )
    return MethodInfo(
        path=path,
        service=service,
        name=name,
        permission=permission or _FOREIGN.get(service, ""),
        public=public,
        request_type=message_factory.GetMessageClass(descriptor.input_type),
        repeatable=repeatable,
        has_validate_only="validate_only" in fields,
        scoped=bool(descriptor.GetOptions().Extensions[options_pb2.scoped]),
    )


def methods_of(services: Iterable[str]) -> list[MethodInfo]:
    """All methods of the services."""
    pool = descriptor_pool.Default()
    return [
        method_info(f"/{service}/{method.name}")
        for service in services
        for method in pool.FindServiceByName(service).methods
    ]


def permission_catalogue() -> frozenset[str]:
    """Every permission that some method of the contract, as far as it is imported, demands."""
    return frozenset(
        {info.permission for info in methods_of(simba_services()) if info.permission} | {INSPECT}
    )


def simba_services() -> list[str]:
    """Full names of all services of ours; imports the generated modules to know them."""
    root = Path(options_pb2.__file__).parents[2]
    names: list[str] = []
    for path in sorted(root.glob("*/*/*_service_pb2.py")):
        relative = path.relative_to(root.parent).with_suffix("")
        module = importlib.import_module(".".join(relative.parts))
        names.extend(service.full_name for service in module.DESCRIPTOR.services_by_name.values())
    return names


def _find(service: str, name: str) -> Any:
    try:
        return descriptor_pool.Default().FindServiceByName(service).FindMethodByName(name)
    except KeyError:
        return None
