"""Roles: named sets of permissions, written as patterns over the permissions of the contract.

A permission reads ``<area>.<resource>.<verb>``; ``*`` stands for any run of characters. A pattern that starts
with ``!`` takes away what earlier ones gave.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

_SELF = "access.self.read"

ROLES: dict[str, tuple[str, ...]] = {
    # Whoever runs the installation: makes tenants, sees nothing inside them.
    "platform-admin": (_SELF, "access.tenants.*", "system.*"),
    # Everything within one tenant.
    "admin": ("*", "!access.tenants.*", "!system.*"),
    # Runs the meters, day by day.
    "operator": (_SELF, "devices.*", "readings.*", "commands.*", "events.*", "analytics.*"),
    # Makes the bills.
    "billing": (_SELF, "billing.*", "devices.*.read", "readings.*.read", "events.*.read", "analytics.*.read"),
    # Looks at consumption, not at customers.
    "analyst": (_SELF, "analytics.*", "devices.*.read", "readings.*.read", "events.*.read"),
    # Sees everything, changes nothing.
    "auditor": ("*.read", "!access.tenants.*"),
    # The customer information system.
    "cis": (
        _SELF,
        "billing.*",
        "devices.*",
        "!devices.bindings.*",
        "readings.*.read",
        "readings.imports.write",
        "commands.commands.*",
        "events.*.read",
        "analytics.*",
    ),
    # SCADA, OMS, DMS: listens.
    "scada": (_SELF, "devices.*.read", "readings.*.read", "commands.commands.read", "events.*.read"),
    # A field adapter of ours.
    "adapter": (
        _SELF,
        "devices.bindings.*",
        "devices.models.read",
        "devices.gateways.read",
        "readings.readings.ingest",
        "readings.frames.write",
        "readings.frames.read",
        "commands.adapters.*",
    ),
}


class RoleBook:
    """What each role may do, given the permissions that the contract knows."""

    def __init__(self, catalogue: Iterable[str]) -> None:
        known = frozenset(catalogue)
        self._permissions = {role: _expand(patterns, known) for role, patterns in ROLES.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """All roles."""
        return tuple(self._permissions)

    def knows(self, role: str) -> bool:
        """Whether there is such a role."""
        return role in self._permissions

    def permissions(self, roles: Iterable[str]) -> frozenset[str]:
        """What the roles may do together. A role that does not exist any more gives nothing."""
        empty: frozenset[str] = frozenset()
        return empty.union(*(self._permissions.get(role, empty) for role in roles))


def _expand(patterns: tuple[str, ...], known: frozenset[str]) -> frozenset[str]:
    given: set[str] = set()
    for pattern in patterns:
        taken_away = pattern.startswith("!")
        matching = {name for name in known if fnmatchcase(name, pattern.removeprefix("!"))}
        given = given - matching if taken_away else given | matching
    return frozenset(given)
