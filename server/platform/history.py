"""What changed: the difference between a resource before and after, field by field.

A change is stated by :meth:`server.platform.uow.Tx.changed`, or by a :class:`ResourceStore` on its own, and
written when its transaction commits; see docs/history.md for what becomes of it.
"""

import base64
import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring
from typing import Any, Final
from uuid import UUID

from google.protobuf import json_format
from google.protobuf.message import Message

Form = Mapping[str, Any]
"""A resource as paths and values; what is absent, None or empty is not there."""

CREATED, UPDATED, ARCHIVED, UNDELETED = "created", "updated", "archived", "undeleted"

_LATER = {"create_time", "update_time", "etag"}


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value that must not be told, only that it changed."""

    value: Any

    def __repr__(self) -> str:
        return "(secret)"


SECRET: Final = Hidden(None)
"""Says that there is a value, for whoever does not know it. Before and after, it is taken to have changed."""
_HIDDEN_JSON: Final = '"(secret)"'


@dataclass(frozen=True, slots=True)
class Personal:
    """Whose personal data the fields at these paths hold: they are sealed with a key of that subject."""

    kind: str
    resource_id: UUID
    paths: frozenset[str]

    @property
    def subject(self) -> str:
        """``customer/<id>``."""
        return f"{self.kind}/{self.resource_id}"


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field before and after, each as JSON; empty: it was, or is, not there."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One change as it is stated: see :func:`differences` for what ``before`` and ``after`` hold."""

    kind: str
    resource_id: UUID | str
    action: str
    before: "Form | Message | None" = None
    after: "Form | Message | None" = None
    personal: Personal | None = None


def differences(before: Form | Message | None, after: Form | Message | None) -> tuple[FieldDiff, ...]:
    """What is different, in the order of the paths. None: the resource was, or is, not there."""
    old, new = form_of(before), form_of(after)
    found = []
    for path in sorted(old.keys() | new.keys()):
        was, is_now = old.get(path), new.get(path)
        if isinstance(was, Hidden) or isinstance(is_now, Hidden):
            if was != is_now or was is SECRET:
                found.append(FieldDiff(path, _told(was), _told(is_now)))
        elif was != is_now or type(was) is not type(is_now):
            told = FieldDiff(path, as_json(was), as_json(is_now))
            if told.before != told.after:
                found.append(told)
    return tuple(found)


def _told(value: Any) -> str:
    return _HIDDEN_JSON if isinstance(value, Hidden) else as_json(value)


def form_of(resource: Form | Message | None) -> Form:
    """Paths and values of a resource. Of a message, those that callers set, by their wire names."""
    if resource is None:
        return {}
    if isinstance(resource, Message):
        return dict(_of_message(resource, ""))
    return resource


def _of_message(message: Message, prefix: str) -> Iterator[tuple[str, Any]]:
    whole = json_format.MessageToDict(message)
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        if field.name in _LATER and not prefix:
            continue
        if field.GetOptions().debug_redact:
            yield path, Hidden(value)
        elif _is_document(field):
            yield from _of_message(value, f"{path}.")
        else:
            yield path, whole[field.json_name]


def _has_parts(descriptor: Any) -> bool:
    """Whether a mask may reach into it; well-known types have a JSON form of their own."""
    return not str(descriptor.full_name).startswith("google.protobuf.")


def as_wire(columns: Mapping[str, Any], message: type[Message] | None) -> Iterator[tuple[str, Any]]:
    """Stored columns as paths and values: enum values by their wire names, documents in parts.

    ``message`` is the resource on the wire, if it is known which; columns that it does not have stay as
    they are.
    """
    fields = message.DESCRIPTOR.fields_by_name if message is not None else {}
    for name, value in columns.items():
        field = fields.get(name)
        if field is not None and field.enum_type is not None and isinstance(value, str) and value:
            yield name, f"{_enum_prefix(field.enum_type)}{value}"
        elif field is not None and isinstance(value, dict) and _is_document(field):
            for part, inner in value.items():
                yield f"{name}.{part}", inner
        else:
            yield name, value


def _is_document(field: Any) -> bool:
    return field.message_type is not None and not field.is_repeated and _has_parts(field.message_type)


def _enum_prefix(enum: Any) -> str:
    return str(enum.values[0].name).removesuffix("UNSPECIFIED")


def as_json(value: Any) -> str:
    """A value as compact JSON with sorted keys; empty for what is not there."""
    if value is None or value == "" or (isinstance(value, (Sequence, Mapping, set, frozenset)) and not value):
        return ""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, UUID):
        return f'"{value}"'
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """What JSON has no word for."""
    for kind, write in _PLAIN:
        if isinstance(value, kind):
            return write(value)
    if dataclasses.is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    return str(value)


def instant_text(time: datetime) -> str:
    """``2026-01-31T23:59:59.000000Z``: always UTC, always with microseconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_PLAIN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Decimal, lambda value: format(value, "f")),
    (datetime, instant_text),
    (Enum, lambda value: value.name),
    (bytes, lambda value: base64.b64encode(value).decode()),
    (set, lambda value: sorted(value, key=str)),
    (frozenset, lambda value: sorted(value, key=str)),
    (Message, json_format.MessageToDict),
)
"""How to write what is none of JSON's own; UUIDs, dates and the rest are written as their text."""
