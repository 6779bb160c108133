"""Principals and roles in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.access.domain import Principal, Role
from server.access.errors import PrincipalNotFound, RoleNotFound
from server.access.scopes import read_scope, write_scope
from server.access.tables import api_key, principal, role
from server.platform.resource_store import ResourceStore, Row, Stored, attributes_of, columns_of
from server.platform.uow import Tx
from simba.access.v1 import principal_pb2, role_pb2

_PRINCIPAL = ("principal_id", "kind", "display_name", "suspended")
_ROLE = ("role_id", "code", "display_name")


def principal_of(row: Row, stored: Stored) -> Principal:
    """A principal from its row."""
    return Principal(
        **columns_of(row, *_PRINCIPAL),
        subject=row["subject"] or "",
        certificate_identity=row["certificate_identity"] or "",
        roles=tuple(row["roles"]),
        scope=read_scope(row["scope_nodes"], row["scope_usage_points"]),
        stored=stored,
    )


def _principal_row(one: Principal) -> dict[str, Any]:
    return {
        **attributes_of(one, *_PRINCIPAL),
        "subject": one.subject or None,
        "certificate_identity": one.certificate_identity or None,
        "roles": list(one.roles),
        **write_scope(one.scope),
    }


PRINCIPALS = ResourceStore[Principal](
    "principal",
    principal,
    read=lambda row, _, stored: principal_of(row, stored),
    write=_principal_row,
    missing=PrincipalNotFound,
    unique={"principal_subject": "subject", "principal_certificate": "certificate_identity"},
    message=principal_pb2.Principal,
)

ROLES = ResourceStore[Role](
    "role",
    role,
    read=lambda row, _, stored: Role(
        **columns_of(row, *_ROLE), permissions=tuple(row["permissions"]), stored=stored
    ),
    write=lambda one: {**attributes_of(one, *_ROLE), "permissions": list(one.permissions)},
    missing=RoleNotFound,
    unique={"role_code": "code"},
    message=role_pb2.Role,
)


async def own_roles(tx: Tx, tenant_id: UUID, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Permissions of the tenant's own roles with these codes, by code; archived ones are none."""
    if not codes:
        return {}
    query = sa.select(role.c.code, role.c.permissions).where(
        role.c.tenant_id == tenant_id,
        role.c.code == sa.any_(sa.cast(list(codes), pg.ARRAY(sa.Text))),
        sa.not_(role.c.archived),
    )
    return {code: tuple(permissions) for code, permissions in await tx.conn.execute(query)}


async def own_codes(tx: Tx) -> Sequence[str]:
    """Codes of all roles of the transaction's tenant."""
    query = sa.select(role.c.code).where(role.c.tenant_id == tx.tenant_id, sa.not_(role.c.archived))
    return (await tx.conn.scalars(query.order_by(role.c.code))).all()


async def holder_of(tx: Tx, code: str) -> str | None:
    """A principal or an API key that has the role and can use it; None: nobody."""
    named = sa.select(sa.literal("principal ").concat(sa.cast(principal.c.principal_id, sa.Text))).where(
        principal.c.tenant_id == tx.tenant_id,
        principal.c.roles.contains([code]),
        sa.not_(principal.c.archived),
    )
    keys = sa.select(sa.literal("API key ").concat(sa.cast(api_key.c.api_key_id, sa.Text))).where(
        api_key.c.tenant_id == tx.tenant_id,
        api_key.c.roles.contains([code]),
        api_key.c.revoke_time.is_(None),
    )
    found: str | None = await tx.conn.scalar(named.union_all(keys).limit(1))
    return found
