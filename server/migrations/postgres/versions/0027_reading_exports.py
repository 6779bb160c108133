"""Files of final readings on their way out."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE reading_export (
            tenant_id uuid NOT NULL,
            reading_export_id uuid NOT NULL,
            wish jsonb NOT NULL,
            series bytea NOT NULL,
            state text NOT NULL,
            watermark bigint NOT NULL,
            total bigint NOT NULL,
            done bigint NOT NULL DEFAULT 0,
            rows bigint NOT NULL DEFAULT 0,
            size bigint NOT NULL DEFAULT 0,
            parts integer NOT NULL DEFAULT 0,
            sha256 text NOT NULL DEFAULT '',
            error text NOT NULL DEFAULT '',
            create_time timestamptz NOT NULL,
            start_time timestamptz,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, reading_export_id)
        )
    """)
    op.execute("""
        CREATE TABLE reading_export_part (
            tenant_id uuid NOT NULL,
            reading_export_id uuid NOT NULL,
            part integer NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (tenant_id, reading_export_id, part),
            FOREIGN KEY (tenant_id, reading_export_id) REFERENCES reading_export
        )
    """)
    op.execute("ALTER TABLE reading_export_part ALTER COLUMN content SET STORAGE EXTERNAL")
    for table in ("reading_export", "reading_export_part"):
        enable_rls(op, table)
