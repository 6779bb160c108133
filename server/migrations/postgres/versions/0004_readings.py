"""Tables of readings: blocks that were stored, runs of validation, imports."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _ledger()
    _runs()
    _imports()


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


def _imports() -> None:
    op.execute("""
        CREATE TABLE import_job (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            file_name text NOT NULL,
            format bytea NOT NULL,
            sha256 text NOT NULL,
            size bigint NOT NULL,
            validate_only boolean NOT NULL,
            principal text NOT NULL,
            state text NOT NULL,
            done bigint NOT NULL DEFAULT 0,
            total bigint NOT NULL DEFAULT 0,
            stored bigint NOT NULL DEFAULT 0,
            duplicates bigint NOT NULL DEFAULT 0,
            rejected bigint NOT NULL DEFAULT 0,
            error text NOT NULL DEFAULT '',
            create_time timestamptz NOT NULL,
            start_time timestamptz,
            update_time timestamptz NOT NULL,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, import_id)
        )
    """)
    op.execute("CREATE INDEX import_newest ON import_job (tenant_id, create_time DESC, import_id DESC)")
    op.execute("""
        CREATE TABLE import_chunk (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            number integer NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (tenant_id, import_id, number),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job (tenant_id, import_id)
        )
    """)
    # The bytes of a file are compressed or compress badly in pieces: no second try by the database.
    op.execute("ALTER TABLE import_chunk ALTER COLUMN content SET STORAGE EXTERNAL")
    op.execute("""
        CREATE TABLE import_error (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            line bigint NOT NULL,
            "column" text NOT NULL,
            value text NOT NULL,
            description text NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (tenant_id, import_id, line, "column"),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job (tenant_id, import_id)
        )
    """)
    for table in ("import_job", "import_chunk", "import_error"):
        enable_rls(op, table)
