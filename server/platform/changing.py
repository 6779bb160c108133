"""Updates: the caller's patch on the stored resource, by the mask."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from server.platform.errors import refuse
from server.platform.masks import apply_mask
from server.platform.rpc.required import missing_required

W = TypeVar("W", bound=Message)
R = TypeVar("R")


def masked(
    patch: W,
    mask: FieldMask | None,
    updatable: set[str],
    *,
    to_wire: Callable[[R], W],
    from_wire: Callable[[W], R],
    keep: tuple[str, ...] = ("stored",),
) -> Callable[[R], R]:
    """What turns a stored resource into the updated one.

    ``keep`` names what the wire does not carry back. The function raises InvalidFieldMask.
    """

    def change(before: R) -> R:
        wire = to_wire(before)
        apply_mask(wire, patch, mask, updatable)
        kept: dict[str, Any] = {name: getattr(before, name) for name in keep}
        return replace(from_wire(wire), **kept)  # type: ignore[type-var]  # all resources are dataclasses

    return change


def patched(
    field: str,
    patch: W,
    mask: FieldMask | None,
    updatable: set[str],
    *,
    to_wire: Callable[[R], W],
    from_wire: Callable[[W], R],
    keep: tuple[str, ...] = (),
) -> Callable[[R], R]:
    """As :func:`masked`, of a resource that keeps what is REQUIRED of it.

    ``field`` is the resource's name in the request. The function raises InvalidArgument too, when a field
    that must be set would be cleared.
    """

    def whole(wire: W) -> R:
        refuse(missing_required(wire, field))
        return from_wire(wire)

    return masked(patch, mask, updatable, to_wire=to_wire, from_wire=whole, keep=(*keep, "stored"))
