"""Use cases of principals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from server.access.domain import Principal
from server.access.errors import StateTransitionInvalid
from server.access.granting import check_fitting, check_hold_on, check_roles
from server.access.principal_store import PRINCIPALS
from server.access.roles import RoleBook
from server.access.tables import principal as _table
from server.platform.resource_store import Key
from server.platform.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class PrincipalFilter:
    """Which principals; unset fields do not narrow."""

    kind: str = ""
    role: str = ""
    subject: str = ""
    archived: bool = False


class Principals:
    """Makes, reads, changes and ends principals of the caller's tenant."""

    def __init__(self, uow: UnitOfWork, roles: RoleBook, forget: Callable[[], None]) -> None:
        self._uow = uow
        self._roles = roles
        self._forget = forget

    async def create(self, wanted: Principal) -> Principal:
        """Stores a new one. Raises RoleUnknown, BeyondCaller, Taken for a subject or certificate."""
        check_fitting(wanted)
        async with self._uow() as tx:
            await check_roles(tx, self._roles, "principal.roles", wanted.roles)
            return await PRINCIPALS.insert(tx, wanted)

    async def get(self, principal_id: UUID) -> Principal:
        """One. Raises PrincipalNotFound."""
        async with self._uow() as tx:
            return await PRINCIPALS.get(tx, principal_id)

    async def page(self, which: PrincipalFilter, *, after: Key | None, limit: int) -> Sequence[Principal]:
        """Many, oldest first."""
        where = [
            _table.c[name] == value
            for name, value in (("kind", which.kind), ("subject", which.subject))
            if value
        ]
        if which.role:
            where.append(_table.c.roles.contains([which.role]))
        async with self._uow() as tx:
            return await PRINCIPALS.page(tx, where=where, after=after, limit=limit, archived=which.archived)

    async def update(
        self, principal_id: UUID, etag: str, change: Callable[[Principal], Principal]
    ) -> Principal:
        """Changes one. Raises BeyondCaller also for one that may do more than the caller.

        Whoever could name their own subject or certificate there would have those rights.
        """
        async with self._uow() as tx:
            before = await PRINCIPALS.changing(tx, principal_id, etag)
            after = change(before)
            check_fitting(after)
            await check_hold_on(tx, self._roles, before.roles, f"principal {principal_id}")
            await check_roles(tx, self._roles, "principal.roles", after.roles)
            stored = await PRINCIPALS.save(tx, after)
        self._forget()
        return stored

    async def archive(self, principal_id: UUID, etag: str) -> Principal:
        """Ends one for good: its credentials are refused from then on."""
        async with self._uow() as tx:
            stored = await PRINCIPALS.archive(tx, principal_id, etag)
        self._forget()
        return stored

    async def suspend(self, principal_id: UUID, etag: str) -> Principal:
        """Refuses its credentials for a while. Raises StateTransitionInvalid when it is suspended."""
        async with self._uow() as tx:
            before = await PRINCIPALS.changing(tx, principal_id, etag)
            if before.suspended:
                raise StateTransitionInvalid(
                    f"principal {principal_id} is suspended already", principal_id=principal_id
                )
            stored = await PRINCIPALS.save(tx, replace(before, suspended=True), action="suspended")
        self._forget()
        return stored

    async def resume(self, principal_id: UUID, etag: str) -> Principal:
        """Lets it call again. Raises StateTransitionInvalid when it may, BeyondCaller."""
        async with self._uow() as tx:
            before = await PRINCIPALS.changing(tx, principal_id, etag)
            if not before.suspended:
                raise StateTransitionInvalid(
                    f"principal {principal_id} is not suspended", principal_id=principal_id
                )
            await check_hold_on(tx, self._roles, before.roles, f"principal {principal_id}")
            stored = await PRINCIPALS.save(tx, replace(before, suspended=False), action="resumed")
        self._forget()
        return stored
