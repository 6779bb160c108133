"""History: the chain of changes of every tenant, and keys of the personal data in it."""

from alembic import op

from server.platform.tables import SYSTEM_ROLE, enable_rls

revision = "0012"
down_revision = "0011"

_COLUMNS = """
    change_id uuid NOT NULL,
    time timestamptz NOT NULL,
    principal_id text NOT NULL,
    principal_name text NOT NULL,
    action text NOT NULL,
    resource_kind text NOT NULL,
    resource_id text NOT NULL,
    subject text NOT NULL,
    fields text NOT NULL,
    reason text NOT NULL,
    correlation_id text NOT NULL,
    method text NOT NULL,
    trace_id text NOT NULL
"""
_FILTERS = ("resource_id", "resource_kind", "principal_id", "correlation_id", "action")


def upgrade() -> None:
    _chain()
    _pending()
    _keys()


def _chain() -> None:
    op.execute(f"""
        CREATE TABLE change (
            tenant_id uuid NOT NULL,
            sequence bigint NOT NULL CHECK (sequence > 0),
            previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
            hash bytea NOT NULL CHECK (octet_length(hash) = 32),
            {_COLUMNS},
            PRIMARY KEY (tenant_id, sequence)
        )
    """)
    op.execute("CREATE UNIQUE INDEX change_once ON change (tenant_id, change_id)")
    op.execute("CREATE INDEX change_by_time ON change (tenant_id, time, change_id)")
    for column in _FILTERS:
        op.execute(f"CREATE INDEX change_by_{column} ON change (tenant_id, {column}, time, change_id)")
    op.execute(
        "CREATE INDEX change_by_subject ON change (tenant_id, subject, time, change_id) WHERE subject <> ''"
    )
    op.execute("""
        CREATE TABLE change_head (
            tenant_id uuid PRIMARY KEY,
            sequence bigint NOT NULL,
            hash bytea NOT NULL
        ) WITH (fillfactor = 50)
    """)
    for table, refused in (("change", "UPDATE, DELETE, TRUNCATE"), ("change_head", "DELETE, TRUNCATE")):
        enable_rls(op, table, app="SELECT")
        op.execute(f"REVOKE {refused} ON {table} FROM {SYSTEM_ROLE}")


def _pending() -> None:
    op.execute(f"""
        CREATE TABLE change_pending (
            tenant_id uuid NOT NULL,
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            {_COLUMNS}
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)
    """)
    # What somebody looks for right after having changed it; everything else is there for a moment only.
    op.execute("CREATE INDEX change_pending_by_resource ON change_pending (tenant_id, resource_id)")
    enable_rls(op, "change_pending", app="SELECT")
    op.execute(f"REVOKE UPDATE, TRUNCATE ON change_pending FROM {SYSTEM_ROLE}")


def _keys() -> None:
    op.execute("""
        CREATE TABLE personal_key (
            tenant_id uuid NOT NULL,
            subject text NOT NULL,
            key bytea NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, subject)
        )
    """)
    enable_rls(op, "personal_key", app="SELECT")
    op.execute(f"REVOKE UPDATE, TRUNCATE ON personal_key FROM {SYSTEM_ROLE}")
