"""Tables of access."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

tenant = tenant_table(
    "tenant",
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("tenant_id"),
)

api_key = tenant_table(
    "api_key",
    sa.Column("api_key_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expire_time", sa.DateTime(timezone=True)),
    sa.Column("last_used_time", sa.DateTime(timezone=True)),
    sa.Column("revoke_time", sa.DateTime(timezone=True)),
    sa.PrimaryKeyConstraint("tenant_id", "api_key_id"),
)
