"""Tables of files of the inventory: imports, exports, what was refused, the files themselves."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE inventory_import (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            file_name text NOT NULL,
            format text NOT NULL,
            kind text NOT NULL,
            sha256 text NOT NULL,
            state text NOT NULL,
            error text NOT NULL,
            validate_only boolean NOT NULL,
            personal boolean NOT NULL,
            total bigint NOT NULL,
            done bigint NOT NULL,
            created bigint NOT NULL,
            updated bigint NOT NULL,
            unchanged bigint NOT NULL,
            rejected bigint NOT NULL,
            create_time timestamptz NOT NULL,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, import_id)
        )
    """)
    op.execute("""
        CREATE TABLE inventory_import_error (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            row_place bigint NOT NULL,
            flaw_place integer NOT NULL,
            sheet text NOT NULL,
            line bigint NOT NULL,
            column_name text NOT NULL,
            value text NOT NULL,
            description text NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (tenant_id, import_id, row_place, flaw_place),
            FOREIGN KEY (tenant_id, import_id) REFERENCES inventory_import
        )
    """)
    op.execute("""
        CREATE TABLE inventory_export (
            tenant_id uuid NOT NULL,
            export_id uuid NOT NULL,
            format text NOT NULL,
            kind text NOT NULL,
            sha256 text NOT NULL,
            state text NOT NULL,
            error text NOT NULL,
            show_archived boolean NOT NULL,
            as_of timestamptz,
            node_id uuid,
            personal boolean NOT NULL,
            done bigint NOT NULL,
            size bigint NOT NULL,
            create_time timestamptz NOT NULL,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, export_id)
        )
    """)
    op.execute("""
        CREATE TABLE inventory_file_part (
            tenant_id uuid NOT NULL,
            file_id uuid NOT NULL,
            part integer NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (tenant_id, file_id, part)
        )
    """)
    # Workbooks come packed; TOAST's compression would only cost time.
    op.execute("ALTER TABLE inventory_file_part ALTER COLUMN content SET STORAGE EXTERNAL")
    for table in (
        "inventory_import",
        "inventory_import_error",
        "inventory_export",
        "inventory_file_part",
    ):
        enable_rls(op, table)
