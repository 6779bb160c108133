"""Who a credential stands for, as the database knows it; for system transactions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from server.access import store
from server.access.domain import ApiKey, Principal, Tenant
from server.access.errors import KeyRevoked, PrincipalSuspended, TenantSuspended
from server.access.key_store import SHOWN, key_of
from server.access.principal_store import own_roles, principal_of
from server.access.tables import api_key, principal
from server.platform.resource_store import Stored
from server.platform.uow import Tx


@dataclass(frozen=True, slots=True)
class Identity:
    """A tenant, and what of it a credential stands for."""

    tenant: Tenant
    principal: Principal | None = None
    key: ApiKey | None = None
    previous: bool = False
    """Whether the key came with the secret before its last rotation."""
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The tenant's own roles that are concerned: permissions by code."""

    def check(self, now: datetime) -> None:
        """Raises KeyRevoked, KeyExpired, PrincipalSuspended or TenantSuspended unless it may call."""
        if self.key is not None:
            self.key.check(now, previous=self.previous)
        if self.principal is not None and self.principal.stored.archived:
            raise KeyRevoked(
                f"principal {self.principal.principal_id} is archived",
                principal_id=self.principal.principal_id,
            )
        if not self.tenant.active:
            raise TenantSuspended
        if self.principal is not None and self.principal.suspended:
            raise PrincipalSuspended(self.principal.principal_id)


async def of_key(tx: Tx, secret_sha256: bytes) -> Identity | None:
    """Of the API key that has this secret, or had it before its last rotation."""
    previous = (api_key.c.secret_sha256 != secret_sha256).label("by_previous")
    query = sa.select(*SHOWN, previous).where(
        sa.or_(api_key.c.secret_sha256 == secret_sha256, api_key.c.previous_sha256 == secret_sha256)
    )
    row = (await tx.conn.execute(query)).first()
    if row is None:
        return None
    key = key_of(row)
    tenant = await _tenant(tx, key.tenant_id)
    owner = None
    if key.principal_id is not None:
        (owner,) = await _principals(tx, tenant.tenant_id, principal.c.principal_id == key.principal_id)
    roles = key.roles if owner is None else owner.roles
    return Identity(tenant, owner, key, row.by_previous, await own_roles(tx, tenant.tenant_id, roles))


async def of_subject(tx: Tx, tenant: Tenant | None, subject: str, roles: Sequence[str]) -> Identity | None:
    """Of a token's subject in a tenant; ``roles`` are those that the token claims."""
    if tenant is None:
        return None
    found = await _principals(tx, tenant.tenant_id, principal.c.subject == subject)
    owner = found[0] if found else None
    wanted = roles if owner is None else owner.roles
    return Identity(tenant, owner, own=await own_roles(tx, tenant.tenant_id, wanted))


async def of_certificate(tx: Tx, names: Sequence[str]) -> list[Identity]:
    """Of everybody whose certificate has one of the names, in any tenant."""
    rows = await tx.conn.execute(
        sa.select(principal)
        .where(principal.c.certificate_identity.in_(list(names)))
        .order_by(principal.c.archived, principal.c.principal_id.desc())
    )
    found: dict[str, Identity] = {}
    for row in rows.mappings().all():
        if row["certificate_identity"] in found:
            # Archived, and its name was given to another one since.
            continue
        owner = principal_of({**row}, _stored(row))
        tenant = await _tenant(tx, row["tenant_id"])
        own = await own_roles(tx, tenant.tenant_id, owner.roles)
        found[row["certificate_identity"]] = Identity(tenant, owner, own=own)
    return list(found.values())


async def tenant_named(tx: Tx, named: str) -> Tenant | None:
    """The tenant with this id or code; with no name the only one that there is."""
    if not named:
        return await store.only_tenant(tx)
    try:
        return await store.find_tenant(tx, tenant_id=UUID(named))
    except ValueError:
        return await store.find_tenant(tx, code=named)


async def _tenant(tx: Tx, tenant_id: UUID) -> Tenant:
    found = await store.find_tenant(tx, tenant_id=tenant_id)
    assert found is not None, "foreign keys see to that"
    return found


async def _principals(tx: Tx, tenant_id: UUID, which: sa.ColumnElement[bool]) -> list[Principal]:
    """Those that are not archived first; of the others the newest."""
    query = (
        sa.select(principal)
        .where(principal.c.tenant_id == tenant_id, which)
        .order_by(principal.c.archived, principal.c.principal_id.desc())
    )
    return [principal_of({**row}, _stored(row)) for row in (await tx.conn.execute(query)).mappings()]


def _stored(row: sa.RowMapping) -> Stored:
    return Stored(row["archived"], row["create_time"], row["update_time"], row["version"])
