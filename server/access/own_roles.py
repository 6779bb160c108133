"""Use cases of roles: the built-in ones, and those that a tenant makes."""

from collections.abc import Callable, Sequence
from uuid import UUID

from server.access.domain import Role
from server.access.errors import InUse, RoleBuiltIn
from server.access.granting import check_held
from server.access.principal_store import ROLES, holder_of
from server.access.roles import RoleBook
from server.platform.errors import FieldViolation, InvalidField, refuse
from server.platform.resource_store import Taken
from server.platform.rpc.methods import methods_of, simba_services
from server.platform.uow import UnitOfWork


class Roles:
    """Makes, reads, changes and archives roles of the caller's tenant."""

    def __init__(self, uow: UnitOfWork, book: RoleBook, forget: Callable[[], None]) -> None:
        self._uow = uow
        self._book = book
        self._forget = forget
        self._built_in = {role.role_id: role for role in book.built_in}

    async def create(self, wanted: Role) -> Role:
        """Stores a new one. Raises Taken for a code, BeyondCaller, InvalidArgument for its patterns."""
        if self._book.knows(wanted.code):
            raise Taken("role.code", wanted.code, None)
        self._check(wanted)
        async with self._uow() as tx:
            return await ROLES.insert(tx, wanted)

    async def get(self, role_id: UUID) -> Role:
        """One, built in or not. Raises RoleNotFound."""
        if role_id in self._built_in:
            return self._built_in[role_id]
        async with self._uow() as tx:
            return await ROLES.get(tx, role_id)

    async def page(self, after: tuple[int, UUID] | None, limit: int, *, archived: bool) -> Sequence[Role]:
        """The built-in ones by their order, then the tenant's own, oldest first.

        ``after`` is what :meth:`place` gives.
        """
        first = [] if after is not None and after[0] == 1 else list(self._built_in.values())
        if after is not None and after[0] == 0:
            first = first[[role.role_id for role in first].index(after[1]) + 1 :]
        left = limit - len(first)
        if left <= 0:
            return first[:limit]
        key = (after[1],) if after is not None and after[0] == 1 else None
        async with self._uow() as tx:
            return [*first, *await ROLES.page(tx, where=[], after=key, limit=left, archived=archived)]

    @staticmethod
    def place(role: Role) -> tuple[int, UUID]:
        """Where a role is in the list."""
        return (0 if role.built_in else 1, role.role_id)

    async def update(self, role_id: UUID, etag: str, change: Callable[[Role], Role]) -> Role:
        """Changes one; whoever has it is bound by it at once. Raises RoleBuiltIn, BeyondCaller."""
        self._check_own(role_id)
        async with self._uow() as tx:
            before = await ROLES.changing(tx, role_id, etag)
            after = change(before)
            if after.permissions != before.permissions:
                self._check(after)
            stored = await ROLES.save(tx, after)
        self._forget()
        return stored

    async def archive(self, role_id: UUID, etag: str) -> Role:
        """Archives one. Raises RoleBuiltIn, and InUse while somebody has it."""
        self._check_own(role_id)
        async with self._uow() as tx:
            role = await ROLES.changing(tx, role_id, etag)
            holder = await holder_of(tx, role.code)
            if holder is not None:
                raise InUse(f"{holder} has the role {role.code!r}", role=role.code)
            stored = await ROLES.archive(tx, role_id, etag)
        self._forget()
        return stored

    def _check_own(self, role_id: UUID) -> None:
        if role_id in self._built_in:
            raise RoleBuiltIn(self._built_in[role_id].code)

    def _check(self, role: Role) -> None:
        """Every pattern must speak of something, and the caller hold all that they give."""
        if not role.permissions:
            raise InvalidField("role.permissions", "a role must allow something", "required")
        refuse(
            FieldViolation(
                f"role.permissions[{index}]",
                f"{pattern!r} matches no permission that a role can have",
                "permission.known",
            )
            for index, pattern in enumerate(role.permissions)
            if self._book.idle(pattern)
        )
        check_held(self._book.expand(role.permissions), f"the role {role.code!r}")


def permission_methods() -> dict[str, list[str]]:
    """Every permission of the contract, and the full names of the methods that need it; both sorted."""
    found: dict[str, list[str]] = {}
    for method in methods_of(simba_services()):
        if method.permission:
            found.setdefault(method.permission, []).append(f"{method.service}.{method.name}")
    return {name: sorted(found[name]) for name in sorted(found)}
