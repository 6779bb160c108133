"""Tables of access."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.resource_store import resource_columns
from server.platform.sql import UUIDS
from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)


def _scope() -> list[sa.Column[Any]]:
    """Both absent: the whole tenant."""
    return [sa.Column("scope_nodes", UUIDS), sa.Column("scope_usage_points", UUIDS)]


tenant = tenant_table(
    "tenant",
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("quota", pg.JSONB, nullable=False),
    sa.Column("suspend_reason", sa.Text, nullable=False),
    sa.Column("update_time", _TIME, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id"),
)

principal = tenant_table(
    "principal",
    sa.Column("principal_id", _UUID, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("certificate_identity", sa.Text),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False),
    *_scope(),
    sa.Column("suspended", sa.Boolean, nullable=False),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "principal_id"),
)

role = tenant_table(
    "role",
    sa.Column("role_id", _UUID, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("permissions", pg.ARRAY(sa.Text), nullable=False),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "role_id"),
)

api_key = tenant_table(
    "api_key",
    sa.Column("api_key_id", _UUID, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("expire_time", _TIME),
    sa.Column("last_used_time", _TIME),
    sa.Column("revoke_time", _TIME),
    sa.Column("principal_id", _UUID),
    *_scope(),
    sa.Column("previous_sha256", sa.LargeBinary, unique=True),
    sa.Column("previous_expire_time", _TIME),
    sa.Column("rotate_time", _TIME),
    sa.Column("update_time", _TIME, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.PrimaryKeyConstraint("tenant_id", "api_key_id"),
)
