"""How long readings are kept: policies, legal holds, runs."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE retention_policy (
            tenant_id uuid NOT NULL,
            data_class text NOT NULL,
            commodity text NOT NULL,
            keep_days integer NOT NULL,
            cold_after_days integer NOT NULL,
            update_time timestamptz NOT NULL,
            updated_by text NOT NULL,
            PRIMARY KEY (tenant_id, data_class, commodity)
        )
    """)
    op.execute("""
        CREATE TABLE legal_hold (
            tenant_id uuid NOT NULL,
            legal_hold_id uuid NOT NULL,
            usage_point_id uuid,
            meter_id uuid,
            reason text NOT NULL,
            end_time timestamptz,
            created_by text NOT NULL,
            create_time timestamptz NOT NULL,
            released_by text NOT NULL DEFAULT '',
            release_time timestamptz,
            PRIMARY KEY (tenant_id, legal_hold_id)
        )
    """)
    op.execute("""
        CREATE TABLE retention_run (
            tenant_id uuid NOT NULL,
            retention_run_id uuid NOT NULL,
            state text NOT NULL,
            scheduled boolean NOT NULL,
            reason text NOT NULL,
            steps_total integer NOT NULL DEFAULT 0,
            steps_done integer NOT NULL DEFAULT 0,
            deleted_rows bigint NOT NULL DEFAULT 0,
            error text NOT NULL DEFAULT '',
            cancel_requested boolean NOT NULL DEFAULT false,
            create_time timestamptz NOT NULL,
            start_time timestamptz,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, retention_run_id)
        )
    """)
    # A tenant has one run at a time.
    op.execute(
        "CREATE UNIQUE INDEX retention_run_open ON retention_run (tenant_id)"
        " WHERE state IN ('PENDING', 'RUNNING')"
    )
    op.execute("""
        CREATE TABLE retention_step (
            tenant_id uuid NOT NULL,
            retention_run_id uuid NOT NULL,
            table_name text NOT NULL,
            partition_id text NOT NULL,
            row_count bigint NOT NULL,
            dropped boolean NOT NULL,
            done boolean NOT NULL,
            start_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, retention_run_id, table_name, partition_id),
            FOREIGN KEY (tenant_id, retention_run_id) REFERENCES retention_run (tenant_id, retention_run_id)
        )
    """)
    enable_rls(op, "retention_policy")
    enable_rls(op, "legal_hold", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "retention_run", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "retention_step", app="SELECT, INSERT, UPDATE")
