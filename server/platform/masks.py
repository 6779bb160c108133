"""Update masks (AIP-134): which fields of a patch reach the stored resource."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from server.platform.errors import InvalidFieldMask


def apply_mask(target: Message, patch: Message, mask: FieldMask | None, updatable: set[str]) -> set[str]:
    """Copies masked fields of ``patch`` into ``target`` (same type) and returns the paths that changed.

    No mask, or an empty one, means the fields that are populated in the patch; ``*`` means every
    updatable field, so that unpopulated ones are cleared. A path reaches into messages with dots; naming
    a message takes it whole. ``updatable`` lists the paths that may change; a path below one of them may
    too. Raises InvalidFieldMask for a path that does not exist or that may not be updated.
    """
    changed: set[str] = set()
    for path in sorted(_paths(patch, mask, updatable)):
        if _copy(target, patch, path.split(".")):
            changed.add(path)
    return changed


def _paths(patch: Message, mask: FieldMask | None, updatable: set[str]) -> set[str]:
    given = list(mask.paths) if mask is not None else []
    if not given:
        return {path for path in updatable if _populated(patch, path.split("."))}
    if given == ["*"]:
        return set(updatable)
    return {_checked(patch.DESCRIPTOR, path, updatable) for path in given}


def _checked(descriptor: Any, path: str, updatable: set[str]) -> str:
    if not _exists(descriptor, path.split(".")):
        raise InvalidFieldMask(path, "is not a field of the resource")
    prefixes = set(_prefixes(path))
    if not prefixes & updatable:
        raise InvalidFieldMask(path, "cannot be updated")
    return path


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def _exists(descriptor: Any, parts: list[str]) -> bool:
    field = descriptor.fields_by_name.get(parts[0])
    if field is None:
        return False
    if len(parts) == 1:
        return True
    if field.message_type is None or _is_repeated(field):
        return False
    return _exists(field.message_type, parts[1:])


def _is_repeated(field: Any) -> bool:
    return bool(field.is_repeated)


def _populated(message: Message, parts: list[str]) -> bool:
    field = message.DESCRIPTOR.fields_by_name[parts[0]]
    value: Any = getattr(message, field.name)
    if len(parts) > 1:
        return message.HasField(field.name) and _populated(value, parts[1:])
    if field.has_presence:
        return message.HasField(field.name)
    return bool(value)


def _copy(target: Message, patch: Message, parts: list[str]) -> bool:
    field = target.DESCRIPTOR.fields_by_name[parts[0]]
    name = field.name
    if len(parts) > 1:
        return _copy_below(target, patch, field, parts[1:])
    if field.has_presence and not patch.HasField(name):
        was_set = target.HasField(name)
        target.ClearField(name)
        return was_set
    old, new = getattr(target, name), getattr(patch, name)
    if old == new and (not field.has_presence or target.HasField(name)):
        return False
    if _is_repeated(field) or field.message_type is not None:
        target.ClearField(name)
        _fill(target, patch, field)
    else:
        setattr(target, name, new)
    return True


def _copy_below(target: Message, patch: Message, field: Any, rest: list[str]) -> bool:
    if not patch.HasField(field.name) and not target.HasField(field.name):
        return False
    return _copy(getattr(target, field.name), getattr(patch, field.name), rest)


def _fill(target: Message, patch: Message, field: Any) -> None:
    slot: Any = getattr(target, field.name)
    if not _is_repeated(field):
        slot.SetInParent()
    slot.MergeFrom(getattr(patch, field.name))
