"""API keys in PostgreSQL. What reads no hashes runs as the tenant, which cannot see them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.access.domain import ApiKey
from server.access.scopes import read_scope, write_scope
from server.access.tables import api_key
from server.platform.uow import Tx

_LAST_USED_STEP = timedelta(minutes=1)
_HASHES = {"secret_sha256", "previous_sha256"}
SHOWN = [column for column in api_key.columns if column.name not in _HASHES]


async def insert_key(tx: Tx, key: ApiKey, secret_sha256: bytes) -> None:
    """Stores an API key with the hash of its secret."""
    values = {
        "tenant_id": key.tenant_id,
        "api_key_id": key.api_key_id,
        "create_time": key.create_time,
        "principal_id": key.principal_id,
        "secret_sha256": secret_sha256,
        **_values(key),
    }
    await tx.conn.execute(sa.insert(api_key).values(values))


async def save_key(tx: Tx, key: ApiKey) -> None:
    """Stores what became of a key that was locked."""
    await tx.conn.execute(sa.update(api_key).where(_mine(tx, key.api_key_id)).values(_values(key)))


async def save_rotated(tx: Tx, key: ApiKey, secret_sha256: bytes) -> None:
    """Stores a key with its new secret.

    A trigger makes the one so far the previous one, while ``previous_expire_time`` says that it works.
    """
    values = {**_values(key), "secret_sha256": secret_sha256}
    await tx.conn.execute(sa.update(api_key).where(_mine(tx, key.api_key_id)).values(values))


async def find_key(tx: Tx, api_key_id: UUID, *, lock: bool = False) -> ApiKey | None:
    """An API key of the transaction's tenant."""
    query = sa.select(*SHOWN).where(_mine(tx, api_key_id))
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).first()
    return None if row is None else key_of(row)


async def list_keys(
    tx: Tx, after: UUID | None, limit: int, *, revoked: bool, principal_id: UUID | None
) -> list[ApiKey]:
    """API keys of the transaction's tenant, oldest first."""
    query = sa.select(*SHOWN).where(api_key.c.tenant_id == tx.tenant_id)
    if after is not None:
        query = query.where(api_key.c.api_key_id > after)
    if not revoked:
        query = query.where(api_key.c.revoke_time.is_(None))
    if principal_id is not None:
        query = query.where(api_key.c.principal_id == principal_id)
    rows = await tx.conn.execute(query.order_by(api_key.c.api_key_id).limit(limit))
    return [key_of(row) for row in rows]


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


def key_of(row: Any) -> ApiKey:
    """A key from its row."""
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
        principal_id=row.principal_id,
        scope=read_scope(row.scope_nodes, row.scope_usage_points),
        previous_expire_time=row.previous_expire_time,
        rotate_time=row.rotate_time,
        update_time=row.update_time,
        version=row.version,
    )


def _mine(tx: Tx, api_key_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(api_key.c.tenant_id == tx.tenant_id, api_key.c.api_key_id == api_key_id)


def _values(key: ApiKey) -> dict[str, Any]:
    return {
        "display_name": key.display_name,
        "roles": list(key.roles),
        "prefix": key.prefix,
        "expire_time": key.expire_time,
        "revoke_time": key.revoke_time,
        **write_scope(key.scope),
        "previous_expire_time": key.previous_expire_time,
        "rotate_time": key.rotate_time,
        "update_time": key.update_time or key.create_time,
        "version": key.version,
    }
