"""Use cases of tenants: only for the platform's own administrators."""

from uuid import UUID

from server.access import store
from server.access.domain import ApiKey, Tenant
from server.access.errors import TenantExists, TenantNotFound
from server.access.principals import issue_key
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.platform.uow import UnitOfWork
from server.platform.zones import is_zone

FIRST_ROLES = ("admin",)
"""Roles of a tenant's first key."""


class Tenants:
    """Makes and lists tenants."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(
        self, tenant_id: UUID | None, code: str, display_name: str, time_zone: str
    ) -> tuple[Tenant, ApiKey, str]:
        """A new tenant, its first administrator key and the secret of that.

        Raises TenantExists when the code or the id is taken, InvalidField for an unknown time zone.
        """
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
            )
            taken = await store.insert_tenant(tx, made)
            if taken is not None:
                raise TenantExists(f"tenant.{taken}", str(getattr(made, taken)))
            key, secret = await issue_key(tx.of(made.tenant_id), "First administrator", FIRST_ROLES)
        return made, key, secret

    async def get(self, tenant_id: UUID) -> Tenant:
        """One tenant. Raises TenantNotFound."""
        async with self._uow.system() as tx:
            found = await store.find_tenant(tx, tenant_id=tenant_id)
        if found is None:
            raise TenantNotFound(tenant_id)
        return found

    async def list(self, after: UUID | None, limit: int) -> list[Tenant]:
        """Tenants after one, oldest first."""
        async with self._uow.system() as tx:
            return await store.list_tenants(tx, after, limit)


def checked_zone(name: str) -> str:
    """The name of a time zone that exists. Raises InvalidField."""
    if not is_zone(name):
        raise InvalidField("tenant.time_zone", f"{name!r} is not an IANA time zone", "time_zone")
    return name
