"""Frames that no codec could read."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE frame (
            tenant_id uuid NOT NULL,
            frame_id uuid NOT NULL,
            adapter text NOT NULL,
            dev_eui text NOT NULL,
            frame_key text NOT NULL,
            event bytea NOT NULL,
            topic text NOT NULL,
            receive_time timestamptz,
            reason text NOT NULL,
            description text NOT NULL,
            state text NOT NULL,
            attempts integer NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, frame_id),
            UNIQUE (tenant_id, adapter, frame_key)
        )
    """)
    op.execute("CREATE INDEX frame_newest ON frame (tenant_id, create_time DESC, frame_id DESC)")
    op.execute("CREATE INDEX frame_of_device ON frame (tenant_id, dev_eui, create_time)")
    enable_rls(op, "frame", app="SELECT, INSERT, UPDATE")
