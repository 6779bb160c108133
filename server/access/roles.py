"""Roles: named sets of permissions, written as patterns over the permissions of the contract.

A permission reads ``<area>.<resource>.<verb>``; ``*`` stands for any run of characters. A pattern that starts
with ``!`` takes away what earlier ones gave. What no pattern gives is denied.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from uuid import UUID, uuid5

from server.access.domain import Role

ADAPTER, CONSUMER = "adapter", "consumer"
MACHINE_ONLY = frozenset({"devices.provisioning.work"})
"""What hands out the keys of devices: the role ``adapter`` has it, and no other can."""

_SELF = "access.self.read"
_SELF_ONLY = frozenset({_SELF})
_NAMESPACE = UUID("5f8b3a1e-6c0d-5e3f-9a53-51da0b0f7a11")

ROLES: dict[str, tuple[str, ...]] = {
    # Whoever runs the installation: makes tenants, sees nothing inside them.
    "platform-admin": (_SELF, "access.tenants.*", "system.*"),
    # Everything within one tenant.
    "admin": ("*", "!access.tenants.*", "!system.*", "system.operations.read"),
    # Runs the meters, day by day.
    "operator": (
        _SELF,
        "access.quota.read",
        "devices.*",
        "readings.*",
        # What is deleted stays deleted: that is for who answers for the whole tenant.
        "!readings.retention.write",
        # Whether edits need a second person is not for those to say who edit.
        "!readings.edit_settings.write",
        "commands.*",
        "events.*",
        "analytics.*",
    ),
    # Makes the bills.
    "billing": (
        _SELF,
        "billing.*",
        "!billing.personal_data.erase",
        "devices.*.read",
        "readings.*.read",
        "events.*.read",
        "analytics.*.read",
    ),
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
        "readings.exports.write",
        "commands.commands.*",
        "events.*.read",
        "analytics.*",
    ),
    # SCADA, OMS, DMS: listens.
    "scada": (_SELF, "devices.*.read", "readings.*.read", "commands.commands.read", "events.*.read"),
    # A field adapter of ours.
    ADAPTER: (
        _SELF,
        "devices.bindings.*",
        "devices.models.read",
        "devices.gateways.read",
        "devices.provisioning.*",
        "readings.readings.ingest",
        "readings.frames.write",
        "readings.frames.read",
        "commands.adapters.*",
    ),
    # A customer's portal: their own usage points, so it gives nothing to who has no scope.
    CONSUMER: (
        _SELF,
        "devices.usage_points.read",
        "devices.meters.read",
        "readings.readings.read",
        "billing.invoices.read",
        "billing.personal_data.read",
    ),
}


class RoleBook:
    """What each role may do, given the permissions that the contract knows.

    A tenant's own roles are handed in as their permissions by code, see :meth:`expand`.
    """

    def __init__(self, catalogue: Iterable[str]) -> None:
        self._known = frozenset(catalogue)
        self._permissions = {role: self._expand(role, patterns) for role, patterns in ROLES.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """All built-in roles."""
        return tuple(self._permissions)

    @property
    def built_in(self) -> tuple[Role, ...]:
        """The built-in roles as resources; their ids are the same everywhere."""
        return tuple(
            Role(
                role_id=uuid5(_NAMESPACE, code),
                code=code,
                display_name=code.replace("-", " ").capitalize(),
                permissions=patterns,
                built_in=True,
            )
            for code, patterns in ROLES.items()
        )

    def knows(self, role: str) -> bool:
        """Whether there is such a built-in role."""
        return role in self._permissions

    def permissions(
        self,
        roles: Iterable[str],
        own: Mapping[str, Iterable[str]] | None = None,
        *,
        scoped: bool = True,
    ) -> frozenset[str]:
        """What the roles may do together; ``own`` are patterns of the tenant's own roles.

        A role that does not exist any more gives nothing, and so does ``consumer`` to who is not
        ``scoped``, but to know themselves.
        """
        given: frozenset[str] = frozenset()
        for role in roles:
            if role == CONSUMER and not scoped:
                given |= _SELF_ONLY
            elif role in self._permissions:
                given |= self._permissions[role]
            elif own is not None and role in own:
                given |= self.expand(own[role])
        return given

    def expand(self, patterns: Iterable[str]) -> frozenset[str]:
        """The permissions that the patterns of a tenant's own role give."""
        return self._expand("", patterns)

    def idle(self, pattern: str) -> bool:
        """Whether a pattern speaks of no permission that a tenant's own role can have."""
        wanted = pattern.removeprefix("!")
        return not any(fnmatchcase(name, wanted) for name in self._known - MACHINE_ONLY)

    def _expand(self, role: str, patterns: Iterable[str]) -> frozenset[str]:
        given: set[str] = set()
        for pattern in patterns:
            wanted = pattern.removeprefix("!")
            matching = {name for name in self._known if fnmatchcase(name, wanted)}
            given = given - matching if pattern.startswith("!") else given | matching
        return frozenset(given) if role == ADAPTER else frozenset(given) - MACHINE_ONLY
