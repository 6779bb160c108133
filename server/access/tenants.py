"""Use cases of tenants: only for the platform's own administrators, but for the quota."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from server.access import store
from server.access.api_keys import issue_key
from server.access.domain import ApiKey, Tenant
from server.access.errors import (
    InUse,
    OneTenantOnly,
    StateTransitionInvalid,
    TenantExists,
    TenantNotFound,
)
from server.access.key_history import tenant_told
from server.platform.caller import Quota, current_caller
from server.platform.errors import InvalidField
from server.platform.etags import check_etag
from server.platform.ids import new_id
from server.platform.quotas import Usage, usage_of
from server.platform.uow import Tx, UnitOfWork
from server.platform.zones import is_zone

FIRST_ROLES = ("admin",)
"""Roles of a tenant's first key."""


class Tenants:
    """Makes, lists and changes tenants."""

    def __init__(self, uow: UnitOfWork, forget: Callable[[], None], *, one_tenant: bool) -> None:
        self._uow = uow
        self._forget = forget
        self._one_tenant = one_tenant

    async def create(
        self, tenant_id: UUID | None, code: str, display_name: str, time_zone: str, quota: Quota
    ) -> tuple[Tenant, ApiKey, str]:
        """A new tenant, its first administrator key and the secret of that.

        Raises TenantExists when the code or the id is taken, InvalidField for an unknown time zone, and
        OneTenantOnly where the installation is for one.
        """
        if self._one_tenant:
            raise OneTenantOnly
        zone = checked_zone(time_zone or "UTC")
        async with self._uow.system() as tx:
            made = Tenant(
                tenant_id=tenant_id or new_id(),
                code=code,
                display_name=display_name or code,
                time_zone=zone,
                active=True,
                version=1,
                create_time=tx.now,
                quota=quota,
            )
            taken = await store.insert_tenant(tx, made)
            if taken is not None:
                raise TenantExists(f"tenant.{taken}", str(getattr(made, taken)))
            await tenant_told(tx, None, made, "created")
            key, secret = await issue_key(tx.of(made.tenant_id), "First administrator", FIRST_ROLES)
        return made, key, secret

    async def get(self, tenant_id: UUID) -> Tenant:
        """One tenant. Raises TenantNotFound."""
        async with self._uow.system() as tx:
            return await _found(tx, tenant_id)

    async def page(self, after: UUID | None, limit: int) -> list[Tenant]:
        """Tenants after one, oldest first."""
        async with self._uow.system() as tx:
            return await store.list_tenants(tx, after, limit)

    async def update(self, tenant_id: UUID, etag: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Changes name, zone or quota. Raises TenantNotFound, EtagMismatch, InvalidField."""

        def work(before: Tenant) -> Tenant:
            check_etag(etag, before.version)
            after = change(before)
            zone = checked_zone(after.time_zone or before.time_zone)
            return replace(after, time_zone=zone, display_name=after.display_name or before.code)

        return await self._changed(tenant_id, work, "updated")

    async def suspend(self, tenant_id: UUID, why: str) -> Tenant:
        """Refuses all its credentials. Raises StateTransitionInvalid when it is, InUse for one's own."""

        def work(before: Tenant) -> Tenant:
            if not before.active:
                raise StateTransitionInvalid(f"tenant {tenant_id} is suspended already", tenant_id=tenant_id)
            if tenant_id == current_caller().tenant_id:
                raise InUse("this is your own tenant: nobody of it could resume it", tenant_id=tenant_id)
            return replace(before, active=False, suspend_reason=why)

        return await self._changed(tenant_id, work, "suspended")

    async def resume(self, tenant_id: UUID) -> Tenant:
        """Lets it work again. Raises StateTransitionInvalid when it may."""

        def work(before: Tenant) -> Tenant:
            if before.active:
                raise StateTransitionInvalid(f"tenant {tenant_id} is not suspended", tenant_id=tenant_id)
            return replace(before, active=True, suspend_reason="")

        return await self._changed(tenant_id, work, "resumed")

    async def quota(self) -> tuple[Quota, Usage]:
        """What the caller's tenant may have, and what it has."""
        async with self._uow() as tx:
            return (await _found(tx, tx.tenant_id)).quota, await usage_of(tx)

    async def _changed(self, tenant_id: UUID, work: Callable[[Tenant], Tenant], action: str) -> Tenant:
        async with self._uow.system() as tx:
            before = await _found(tx, tenant_id, lock=True)
            after = replace(work(before), version=before.version + 1, update_time=tx.now)
            await store.save_tenant(tx, after)
            await tenant_told(tx, before, after, action)
        self._forget()
        return after


async def _found(tx: Tx, tenant_id: UUID, *, lock: bool = False) -> Tenant:
    found = await store.find_tenant(tx, tenant_id=tenant_id, lock=lock)
    if found is None:
        raise TenantNotFound(tenant_id)
    return found


def checked_zone(name: str) -> str:
    """The name of a time zone that exists. Raises InvalidField."""
    if not is_zone(name):
        raise InvalidField("tenant.time_zone", f"{name!r} is not an IANA time zone", "time_zone")
    return name
