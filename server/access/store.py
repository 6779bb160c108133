"""Tenants and API keys in PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.access.domain import ApiKey, Tenant
from server.access.tables import api_key, tenant
from server.platform.uow import Tx

_LAST_USED_STEP = timedelta(minutes=1)
_SHOWN = [column for column in api_key.columns if column.name != "secret_sha256"]


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
    await tx.conn.execute(
        sa.insert(tenant).values(
            tenant_id=made.tenant_id,
            code=made.code,
            display_name=made.display_name,
            time_zone=made.time_zone,
            state="ACTIVE" if made.active else "SUSPENDED",
            version=made.version,
            create_time=made.create_time,
        )
    )
    return None


async def find_tenant(tx: Tx, *, tenant_id: UUID | None = None, code: str | None = None) -> Tenant | None:
    """The tenant with this id, or with this code."""
    where = tenant.c.tenant_id == tenant_id if tenant_id is not None else tenant.c.code == code
    row = (await tx.conn.execute(sa.select(tenant).where(where))).first()
    return None if row is None else _tenant(row)


async def list_tenants(tx: Tx, after: UUID | None, limit: int) -> list[Tenant]:
    """Tenants in the order of their ids, which is the order of their making."""
    query = sa.select(tenant).order_by(tenant.c.tenant_id).limit(limit)
    if after is not None:
        query = query.where(tenant.c.tenant_id > after)
    return [_tenant(row) for row in await tx.conn.execute(query)]


async def insert_key(tx: Tx, key: ApiKey, secret_sha256: bytes) -> None:
    """Stores an API key with the hash of its secret."""
    await tx.conn.execute(
        sa.insert(api_key).values(
            tenant_id=key.tenant_id,
            api_key_id=key.api_key_id,
            display_name=key.display_name,
            roles=list(key.roles),
            prefix=key.prefix,
            secret_sha256=secret_sha256,
            create_time=key.create_time,
            expire_time=key.expire_time,
        )
    )


async def find_key(tx: Tx, api_key_id: UUID, *, lock: bool = False) -> ApiKey | None:
    """An API key of the transaction's tenant."""
    query = sa.select(*_SHOWN).where(api_key.c.tenant_id == tx.tenant_id, api_key.c.api_key_id == api_key_id)
    if lock:
        query = query.with_for_update()
    row = (await tx.conn.execute(query)).first()
    return None if row is None else _key(row)


async def find_key_by_hash(tx: Tx, secret_sha256: bytes) -> tuple[ApiKey, bool] | None:
    """The API key with this secret, whosever it is, and whether its tenant is active."""
    query = (
        sa.select(*_SHOWN, tenant.c.state)
        .join_from(api_key, tenant, api_key.c.tenant_id == tenant.c.tenant_id)
        .where(api_key.c.secret_sha256 == secret_sha256)
    )
    row = (await tx.conn.execute(query)).first()
    return None if row is None else (_key(row), row.state == "ACTIVE")


async def list_keys(tx: Tx, after: UUID | None, limit: int, *, revoked: bool) -> list[ApiKey]:
    """API keys of the transaction's tenant, oldest first."""
    query = sa.select(*_SHOWN).where(api_key.c.tenant_id == tx.tenant_id)
    if after is not None:
        query = query.where(api_key.c.api_key_id > after)
    if not revoked:
        query = query.where(api_key.c.revoke_time.is_(None))
    rows = await tx.conn.execute(query.order_by(api_key.c.api_key_id).limit(limit))
    return [_key(row) for row in rows]


async def revoke_key(tx: Tx, api_key_id: UUID, now: datetime) -> None:
    """Marks a key of the transaction's tenant as revoked; the first time counts."""
    await tx.conn.execute(
        sa.update(api_key)
        .where(
            api_key.c.tenant_id == tx.tenant_id,
            api_key.c.api_key_id == api_key_id,
            api_key.c.revoke_time.is_(None),
        )
        .values(revoke_time=now)
    )


async def has_keys(tx: Tx, tenant_id: UUID) -> bool:
    """Whether the tenant ever had an API key."""
    query = sa.select(sa.exists().where(api_key.c.tenant_id == tenant_id))
    return bool((await tx.conn.execute(query)).scalar_one())


async def touch_keys(tx: Tx, used: Mapping[tuple[UUID, UUID], datetime]) -> None:
    """Notes when keys were last used, to the minute."""
    bound = sa.bindparam
    statement = (
        sa.update(api_key)
        .where(
            api_key.c.tenant_id == bound("of_tenant"),
            api_key.c.api_key_id == bound("of_key"),
            sa.or_(api_key.c.last_used_time.is_(None), api_key.c.last_used_time < bound("before")),
        )
        .values(last_used_time=bound("at"))
    )
    rows = [
        {"of_tenant": owner, "of_key": key, "at": at, "before": at - _LAST_USED_STEP}
        for (owner, key), at in sorted(used.items())
    ]
    await tx.conn.execute(statement, rows)


def _tenant(row: Any) -> Tenant:
    return Tenant(
        tenant_id=row.tenant_id,
        code=row.code,
        display_name=row.display_name,
        time_zone=row.time_zone,
        active=row.state == "ACTIVE",
        version=row.version,
        create_time=row.create_time,
    )


def _key(row: Any) -> ApiKey:
    return ApiKey(
        tenant_id=row.tenant_id,
        api_key_id=row.api_key_id,
        display_name=row.display_name,
        roles=tuple(row.roles),
        prefix=row.prefix,
        create_time=row.create_time,
        expire_time=row.expire_time,
        last_used_time=row.last_used_time,
        revoke_time=row.revoke_time,
    )
