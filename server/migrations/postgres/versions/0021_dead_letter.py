"""The dead letter of readings: jobs that replay or discard, and when a tenant's was last looked at."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0021"
down_revision = "0018"


def upgrade() -> None:
    """Counts in the ledger; jobs; one row for each tenant that ever had something in its dead letter."""
    # Servers of the release before leave it out.
    op.execute("ALTER TABLE ingest_block ADD COLUMN dead_lettered integer NOT NULL DEFAULT 0")
    op.execute("""
        CREATE TABLE dead_letter (
            tenant_id uuid NOT NULL PRIMARY KEY,
            kept_time timestamptz NOT NULL,
            wake_time timestamptz,
            sweep_time timestamptz
        )
    """)
    op.execute("""
        CREATE TABLE dead_letter_job (
            tenant_id uuid NOT NULL,
            job_id uuid NOT NULL,
            action text NOT NULL,
            selector jsonb NOT NULL,
            automatic boolean NOT NULL,
            state text NOT NULL,
            total bigint NOT NULL DEFAULT 0,
            done bigint NOT NULL DEFAULT 0,
            stored bigint NOT NULL DEFAULT 0,
            duplicates bigint NOT NULL DEFAULT 0,
            discarded bigint NOT NULL DEFAULT 0,
            failed bigint NOT NULL DEFAULT 0,
            reached jsonb,
            error text NOT NULL DEFAULT '',
            create_time timestamptz NOT NULL,
            start_time timestamptz,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, job_id)
        )
    """)
    for table in ("dead_letter", "dead_letter_job"):
        enable_rls(op, table)
