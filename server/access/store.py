"""Tenants in PostgreSQL."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.access.domain import Tenant
from server.access.tables import api_key, tenant
from server.platform.caller import Quota
from server.platform.uow import Tx


async def insert_tenant(tx: Tx, made: Tenant) -> str | None:
    """Stores a tenant; returns the name of the unique field that is taken, None when stored."""
    taken = await tx.conn.execute(
        sa.select(tenant.c.code).where(
            sa.or_(tenant.c.tenant_id == made.tenant_id, tenant.c.code == made.code)
        )
    )
    row = taken.first()
    if row is not None:
        return "code" if row.code == made.code else "tenant_id"
    values = {"tenant_id": made.tenant_id, "create_time": made.create_time, **_values(made)}
    await tx.conn.execute(sa.insert(tenant).values(values))
    return None


async def save_tenant(tx: Tx, changed: Tenant) -> None:
    """Stores what became of a tenant that was locked."""
    statement = sa.update(tenant).where(tenant.c.tenant_id == changed.tenant_id)
    await tx.conn.execute(statement.values(_values(changed)))


async def find_tenant(
    tx: Tx, *, tenant_id: UUID | None = None, code: str | None = None, lock: bool = False
) -> Tenant | None:
    """The tenant with this id, or with this code."""
    where = tenant.c.tenant_id == tenant_id if tenant_id is not None else tenant.c.code == code
    query = sa.select(tenant).where(where)
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).first()
    return None if row is None else tenant_of(row)


async def only_tenant(tx: Tx) -> Tenant | None:
    """The one tenant of the installation; None when there is none, or another one as well."""
    found = await list_tenants(tx, None, 2)
    return found[0] if len(found) == 1 else None


async def list_tenants(tx: Tx, after: UUID | None, limit: int) -> list[Tenant]:
    """Tenants in the order of their ids, which is the order of their making."""
    query = sa.select(tenant).order_by(tenant.c.tenant_id).limit(limit)
    if after is not None:
        query = query.where(tenant.c.tenant_id > after)
    return [tenant_of(row) for row in await tx.conn.execute(query)]


async def has_keys(tx: Tx, tenant_id: UUID) -> bool:
    """Whether the tenant ever had an API key."""
    query = sa.select(sa.exists().where(api_key.c.tenant_id == tenant_id))
    return bool((await tx.conn.execute(query)).scalar_one())


def tenant_of(row: Any) -> Tenant:
    """A tenant from its row."""
    return Tenant(
        tenant_id=row.tenant_id,
        code=row.code,
        display_name=row.display_name,
        time_zone=row.time_zone,
        active=row.state == "ACTIVE",
        version=row.version,
        create_time=row.create_time,
        update_time=row.update_time,
        quota=Quota(**row.quota),
        suspend_reason=row.suspend_reason,
    )


def _values(one: Tenant) -> dict[str, Any]:
    return {
        "code": one.code,
        "display_name": one.display_name,
        "time_zone": one.time_zone,
        "state": "ACTIVE" if one.active else "SUSPENDED",
        "version": one.version,
        "update_time": one.update_time or one.create_time,
        "quota": {name: value for name, value in asdict(one.quota).items() if value},
        "suspend_reason": one.suspend_reason,
    }
