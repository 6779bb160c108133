"""Small pieces of the generated services."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypeVar

from simba_metering._generated.google.protobuf import FieldMask
from simba_metering.errors import SimbaError

Value = TypeVar("Value")


def new_request_id() -> str:
    """An id that makes a repeat of the same call safe."""
    return str(uuid.uuid4())


def field_mask(paths: Sequence[str] | None) -> FieldMask | None:
    """The mask of these paths; None: no mask, that is, the fields that are set."""
    return None if paths is None else FieldMask(paths=list(paths))


def present(value: Value | None, name: str) -> Value:
    """The value that an answer must hold."""
    if value is None:
        raise SimbaError(f"the server's answer has no {name}")
    return value
