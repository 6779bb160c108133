"""The platform's own tables, and the helpers that make tenants' tables.

Every table of a tenant has ``tenant_id`` as first key column and row-level security: the role ``simba_app``
sees the rows of ``simba.tenant_id`` only, the role ``simba_system`` (relays, loops) sees all. Each
transaction takes one of the two roles, whatever the login may do.
"""

from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

APP_ROLE = "simba_app"
SYSTEM_ROLE = "simba_system"
TENANT_SETTING = "simba.tenant_id"

metadata = sa.MetaData()
"""All tables of all capabilities: foreign keys may point across."""


def tenant_table(name: str, *args: sa.Column[Any] | sa.schema.SchemaItem) -> sa.Table:
    """A table whose first column is ``tenant_id uuid not null``."""
    return sa.Table(name, metadata, sa.Column("tenant_id", pg.UUID(as_uuid=True), nullable=False), *args)


class Operations(Protocol):
    """The one method of ``alembic.op`` that the helpers need."""

    def execute(self, sqltext: str) -> None:
        """Runs one statement."""


def enable_rls(op: Operations, table: str, *, app: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Row-level security and grants for a tenant's table; for migrations.

    ``app`` lists what ``simba_app`` may do, so that a log can be made append-only.
    """
    mine = f"tenant_id = nullif(current_setting('{TENANT_SETTING}', true), '')::uuid"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} TO {APP_ROLE} USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY system ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT {app} ON {table} TO {APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON {table} TO {SYSTEM_ROLE}")


outbox = tenant_table(
    "outbox",
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("message_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("payload_type", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("attributes", pg.JSONB, nullable=False),
    sa.Column("trace", pg.JSONB, nullable=False),
    sa.Column("event_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
)
"""What committed transactions still have to tell: rows are deleted as they are delivered."""

outbox_dead = tenant_table(
    "outbox_dead",
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    *(
        sa.Column(column.name, column.type, nullable=False)
        for column in outbox.columns
        if column.name not in {"tenant_id", "id"}
    ),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("dead_time", sa.DateTime(timezone=True), nullable=False),
)
"""Rows that no sink would take, kept with the reason; they can be put back."""

request_log = tenant_table(
    "request_log",
    sa.Column("method", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("payload_sha256", sa.LargeBinary, nullable=False),
    sa.Column("response", sa.LargeBinary),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
)
"""Answers of calls that carried a request_id, written in the transaction of the call."""
