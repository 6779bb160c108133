"""Tables of readings: blocks that were stored, runs of validation."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _ledger()
    _runs()


def _ledger() -> None:
    op.execute("""
        CREATE TABLE ingest_batch (
            tenant_id uuid NOT NULL,
            batch_id bigint GENERATED ALWAYS AS IDENTITY,
            instance integer NOT NULL,
            months integer[] NOT NULL,
            row_count bigint NOT NULL,
            claim_time timestamptz NOT NULL,
            store_time timestamptz,
            vee_time timestamptz,
            PRIMARY KEY (tenant_id, batch_id)
        )
    """)
    op.execute(
        "CREATE INDEX ingest_batch_to_validate ON ingest_batch (tenant_id, batch_id) "
        "WHERE store_time IS NOT NULL AND vee_time IS NULL"
    )
    op.execute("""
        CREATE TABLE ingest_block (
            tenant_id uuid NOT NULL,
            source text NOT NULL,
            sequence bigint NOT NULL,
            digest bytea NOT NULL,
            batch_id bigint NOT NULL,
            doubtful bigint[] NOT NULL DEFAULT '{}',
            stored integer NOT NULL,
            rejected_count integer NOT NULL,
            rejected jsonb,
            PRIMARY KEY (tenant_id, source, sequence),
            FOREIGN KEY (tenant_id, batch_id) REFERENCES ingest_batch (tenant_id, batch_id)
        )
    """)
    for table in ("ingest_batch", "ingest_block"):
        enable_rls(op, table, app="SELECT, INSERT, UPDATE, DELETE")


def _runs() -> None:
    op.execute("""
        CREATE TABLE vee_run (
            tenant_id uuid NOT NULL,
            version bigint NOT NULL,
            run_id uuid NOT NULL,
            start_time timestamptz NOT NULL,
            end_time timestamptz,
            counts jsonb NOT NULL,
            PRIMARY KEY (tenant_id, version)
        )
    """)
    op.execute("CREATE INDEX vee_run_open ON vee_run (tenant_id, version) WHERE end_time IS NULL")
    op.execute("CREATE INDEX vee_run_ended ON vee_run (tenant_id, end_time)")
    enable_rls(op, "vee_run", app="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE vee_request (
            tenant_id uuid NOT NULL,
            request_id bigint GENERATED ALWAYS AS IDENTITY,
            meter_id uuid NOT NULL,
            from_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, request_id)
        )
    """)
    enable_rls(op, "vee_request", app="SELECT, INSERT, DELETE")
