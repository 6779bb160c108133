"""The life of a device: what is stored of it, what is shown, and what may follow what: pure.

Stored is only what cannot be derived: nothing, ``SUSPENDED``, ``REPLACED`` or ``RETURNED``, beside the flag
of the archive. The rest follows from where the device is used and from what the network server knows of it.
"""

from enum import StrEnum
from uuid import UUID

from server.devices.errors import InUse, StateTransitionInvalid


class Life(StrEnum):
    """Where a device is in its life."""

    IN_STOCK = "IN_STOCK"
    PROVISIONING = "PROVISIONING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REPLACED = "REPLACED"
    RETURNED = "RETURNED"
    FAILED = "FAILED"
    ARCHIVED = "ARCHIVED"


PLAIN = ""
"""Stored of a device whose state can be derived."""


def shown_state(*, archived: bool, life: str, provisioning: str = "", in_use: bool) -> Life:
    """What is shown of a device; ``provisioning`` is the state in the network server, empty: none is kept."""
    if archived:
        return Life.ARCHIVED
    if life in {Life.RETURNED, Life.SUSPENDED}:
        return Life(life)
    if provisioning in {Life.FAILED, Life.PROVISIONING}:
        return Life(provisioning)
    if in_use:
        return Life.ACTIVE
    return Life.REPLACED if life == Life.REPLACED else Life.IN_STOCK


def suspend(kind: str, device_id: UUID, life: str) -> str:
    """What is stored of a device that is suspended. Raises StateTransitionInvalid for a returned one."""
    if life == Life.RETURNED:
        raise StateTransitionInvalid(kind, device_id, life, Life.SUSPENDED)
    return Life.SUSPENDED


def resume(kind: str, device_id: UUID, life: str) -> str:
    """What is stored once the suspension ends. Raises StateTransitionInvalid if it is not."""
    if life != Life.SUSPENDED:
        raise StateTransitionInvalid(kind, device_id, life, "RESUMED")
    return PLAIN


def used_again(life: str) -> str:
    """What is stored of a device that is put to use: it is in stock, or replaced, no more."""
    return PLAIN if life in {Life.RETURNED, Life.REPLACED} else life


def replaced(life: str) -> str:
    """What is stored of a device whose place another one has taken."""
    return life or Life.REPLACED


def take_back(kind: str, device_id: UUID, life: str, *, used_by: UUID | None) -> str:
    """What is stored of a device that is returned.

    Raises InUse while something uses it, StateTransitionInvalid when it was returned before.
    """
    if life == Life.RETURNED:
        raise StateTransitionInvalid(kind, device_id, life, Life.RETURNED)
    if used_by is not None:
        raise InUse(f"{kind} {device_id} is used by {used_by}", used_by=used_by)
    return Life.RETURNED
