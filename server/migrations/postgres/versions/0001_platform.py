"""Roles, outbox, request log, and the job queue's own schema."""

from alembic import op
from procrastinate.schema import SchemaManager

from server.platform.tables import APP_ROLE, SYSTEM_ROLE, enable_rls

revision = "0001"
down_revision = None


def upgrade() -> None:
    _roles()
    _outbox()
    _request_log()
    _jobs()


def _roles() -> None:
    for role in (APP_ROLE, SYSTEM_ROLE):
        # Roles belong to the whole server: another database's migration may make them at this moment.
        op.execute(f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} NOLOGIN NOINHERIT;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
        """)
        # PostgreSQL 16 separated being a member from being allowed to take the role.
        op.execute(f"""
            DO $$
            DECLARE right_to_take text :=
                CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
            BEGIN
                IF NOT pg_has_role(current_user, '{role}', right_to_take) THEN
                    EXECUTE format('GRANT {role} TO %I', current_user);
                END IF;
            END $$
        """)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {SYSTEM_ROLE}")


def _outbox() -> None:
    columns = """
        kind text NOT NULL CHECK (kind IN ('event', 'message')),
        message_id uuid NOT NULL,
        topic text NOT NULL,
        payload_type text NOT NULL,
        payload bytea NOT NULL,
        attributes jsonb NOT NULL,
        trace jsonb NOT NULL,
        event_time timestamptz NOT NULL,
        create_time timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0
    """
    op.execute(f"""
        CREATE TABLE outbox (
            tenant_id uuid NOT NULL,
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            {columns}
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, fillfactor = 70)
    """)
    op.execute("CREATE INDEX outbox_by_kind ON outbox (kind, id)")
    op.execute(f"""
        CREATE TABLE outbox_dead (
            tenant_id uuid NOT NULL,
            id bigint PRIMARY KEY,
            {columns},
            error text NOT NULL,
            dead_time timestamptz NOT NULL
        )
    """)
    for table in ("outbox", "outbox_dead"):
        enable_rls(op, table, app="SELECT")


def _request_log() -> None:
    op.execute("""
        CREATE TABLE request_log (
            tenant_id uuid NOT NULL,
            method text NOT NULL,
            request_id text NOT NULL,
            payload_sha256 bytea NOT NULL,
            response bytea,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, method, request_id)
        )
    """)
    op.execute("CREATE INDEX request_log_by_time ON request_log (create_time)")
    enable_rls(op, "request_log", app="SELECT, INSERT, UPDATE")


def _jobs() -> None:
    # The driver wants one statement at a time from alembic, but takes the whole schema without parameters.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {SYSTEM_ROLE}")
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {SYSTEM_ROLE}")
