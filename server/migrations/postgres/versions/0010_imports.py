"""Tables of imports: jobs, their files, the rows that they refused."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Imports of files of readings."""
    op.execute("""
        CREATE TABLE import_job (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            file_name text NOT NULL,
            csv jsonb NOT NULL,
            sha256 text NOT NULL,
            validate_only boolean NOT NULL,
            state text NOT NULL,
            total bigint NOT NULL,
            done bigint NOT NULL,
            stored bigint NOT NULL,
            duplicates bigint NOT NULL,
            rejected bigint NOT NULL,
            error text NOT NULL,
            create_time timestamptz NOT NULL,
            start_time timestamptz,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, import_id)
        )
    """)
    op.execute("CREATE INDEX import_job_file ON import_job (tenant_id, sha256)")
    op.execute("""
        CREATE TABLE import_part (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            part integer NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (tenant_id, import_id, part),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job
        )
    """)
    # Files come packed or do not pack well; TOAST's compression would only cost time.
    op.execute("ALTER TABLE import_part ALTER COLUMN content SET STORAGE EXTERNAL")
    op.execute("""
        CREATE TABLE import_error (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            line bigint NOT NULL,
            column_name text NOT NULL,
            value text NOT NULL,
            description text NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (tenant_id, import_id, line),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job
        )
    """)
    for table in ("import_job", "import_part", "import_error"):
        enable_rls(op, table)
