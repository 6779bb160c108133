"""Fields that a new resource must have: those marked ``google.api.field_behavior = REQUIRED``.

protovalidate cannot say it, because the same message is the patch of an update, which brings only some.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from google.api import field_behavior_pb2
from google.protobuf.message import Message

from buf.validate import validate_pb2
from server.platform.errors import FieldViolation

RULE = "required"


def missing_required(message: Message, path: str = "") -> Iterator[FieldViolation]:
    """A violation for every required field that is not set, in the message and in those that it holds."""
    for field in message.DESCRIPTOR.fields:
        where = f"{path}.{field.name}" if path else field.name
        if _is_required(field) and not _is_set(message, field):
            yield FieldViolation(where, "must be set", RULE)
        elif field.message_type is not None and _of_ours(field.message_type) and not _alone(field):
            yield from _inside(message, field, where)


def _inside(message: Message, field: Any, where: str) -> Iterator[FieldViolation]:
    value: Any = getattr(message, field.name)
    if field.is_repeated:
        if not field.message_type.GetOptions().map_entry:
            for index, one in enumerate(value):
                yield from missing_required(one, f"{where}[{index}]")
    elif message.HasField(field.name):
        yield from missing_required(value, where)


def _is_set(message: Message, field: Any) -> bool:
    if field.has_presence:
        return message.HasField(field.name)
    return bool(getattr(message, field.name))


@cache
def _is_required(field: Any) -> bool:
    behaviours = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    return field_behavior_pb2.REQUIRED in behaviours


@cache
def _alone(field: Any) -> bool:
    """Whether each item of a batch is checked by itself: the request is not refused for one of them."""
    rules = field.GetOptions().Extensions[validate_pb2.field]
    return bool(rules.repeated.items.ignore == validate_pb2.IGNORE_ALWAYS)


@cache
def _of_ours(descriptor: Any) -> bool:
    """Whether the message, or one that it holds, may have required fields; bulk columns are passed over."""
    return bool(descriptor.file.package.startswith("simba."))
