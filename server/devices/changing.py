"""Updates: the caller's patch on the stored resource, by the mask."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from server.devices.checks import refuse
from server.platform.masks import apply_mask
from server.platform.rpc.required import missing_required

W = TypeVar("W", bound=Message)
R = TypeVar("R")


def patched(
    field: str,
    patch: W,
    mask: FieldMask,
    updatable: set[str],
    *,
    to_wire: Callable[[R], W],
    from_wire: Callable[[W], R],
    keep: tuple[str, ...] = (),
) -> Callable[[R], R]:
    """What turns a stored resource into the updated one.

    ``field`` is the resource's name in the request; ``keep`` names what the wire does not carry back. The
    function raises InvalidFieldMask, and InvalidArgument when a field that must be set would be cleared.
    """

    def change(before: R) -> R:
        wire = to_wire(before)
        apply_mask(wire, patch, mask, updatable)
        refuse(missing_required(wire, field))
        kept: dict[str, Any] = {name: getattr(before, name) for name in (*keep, "stored")}
        return replace(from_wire(wire), **kept)  # type: ignore[type-var]  # all resources are dataclasses

    return change
