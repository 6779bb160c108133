"""Which resource a call is about, as the contract's paths say: ``/v1/meters/{meter_id}:suspend``."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.api import annotations_pb2
from google.protobuf import descriptor_pool
from google.protobuf.message import Message

from server.platform.rpc.methods import MethodInfo

_LONGEST = 128
_VARIABLE = re.compile(r"\{([a-z_0-9.]+)(?:=[^}]*)?\}")


@dataclass(frozen=True, slots=True)
class _Places:
    request: tuple[str, ...] = ()
    """Path of the id in the request; empty: none."""
    response: tuple[str, ...] = ()
    """Path of the id of what was made, in the response; empty: none."""


def named_in(method: MethodInfo, request: Message) -> str:
    """Id of the resource that a request names; empty: none."""
    return _at(request, _places(method.service, method.name).request)


def made_by(method: MethodInfo, response: object) -> str:
    """Id of the resource that a response says was made; empty: none."""
    return _at(response, _places(method.service, method.name).response)


@cache
def _places(service: str, name: str) -> _Places:
    try:
        method = descriptor_pool.Default().FindServiceByName(service).FindMethodByName(name)
    except KeyError:
        return _Places()
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    path = getattr(rule, rule.WhichOneof("pattern") or "get")
    variables = _VARIABLE.findall(path) if isinstance(path, str) else []
    if variables:
        # The last one: /v1/models/{device_model_id}/codecs/{version} is about the version.
        return _Places(tuple(variables[-1].split(".")))
    made = _resource(method.input_type)
    return _Places(made, made if made and made[0] in method.output_type.fields_by_name else ())


def _resource(descriptor: Any) -> tuple[str, ...]:
    """The id in the first field that holds a resource: a message ``tenant`` that has a ``tenant_id``."""
    for field in descriptor.fields:
        of = f"{field.name}_id"
        if (
            field.message_type is not None
            and not field.is_repeated
            and of in field.message_type.fields_by_name
        ):
            return field.name, of
    return ()


def _at(message: object, path: tuple[str, ...]) -> str:
    if not path or not isinstance(message, Message):
        return ""
    value: Any = message
    for part in path:
        value = getattr(value, part)
    return str(value)[:_LONGEST] if value else ""
