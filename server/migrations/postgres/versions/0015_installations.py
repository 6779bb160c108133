"""Tables of usage points and installations through time."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Where usage points are, and what is installed there."""
    _positions()
    _installations()


def _positions() -> None:
    op.execute("""
        ALTER TABLE usage_point
            ADD COLUMN contract_capacity numeric,
            ADD COLUMN contract_capacity_unit text NOT NULL DEFAULT '',
            ADD COLUMN latitude double precision,
            ADD COLUMN longitude double precision
    """)
    op.execute("""
        CREATE TABLE usage_point_position (
            tenant_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            place_id uuid,
            grid_node_id uuid,
            phases text[] NOT NULL DEFAULT '{}',
            valid tstzrange NOT NULL CHECK (NOT isempty(valid)),
            CONSTRAINT usage_point_position_once EXCLUDE USING gist
                (tenant_id WITH =, usage_point_id WITH =, valid WITH &&),
            FOREIGN KEY (tenant_id, usage_point_id) REFERENCES usage_point,
            FOREIGN KEY (tenant_id, place_id) REFERENCES node (tenant_id, node_id),
            FOREIGN KEY (tenant_id, grid_node_id) REFERENCES node (tenant_id, node_id)
        )
    """)
    op.execute("""
        INSERT INTO usage_point_position (tenant_id, usage_point_id, place_id, grid_node_id, valid)
        SELECT tenant_id, usage_point_id, place_id, grid_node_id, '(,)' FROM usage_point
    """)
    # Now is a matter of time: what will be elsewhere tomorrow is there tomorrow without anybody's doing.
    op.execute("ALTER TABLE usage_point DROP COLUMN place_id, DROP COLUMN grid_node_id")
    op.execute(
        "CREATE INDEX usage_point_position_point ON usage_point_position (tenant_id, usage_point_id)"
        " INCLUDE (valid)"
    )
    for tree in ("place_id", "grid_node_id"):
        op.execute(
            f"CREATE INDEX usage_point_position_{tree} ON usage_point_position (tenant_id, {tree}, usage_point_id)"
            " INCLUDE (valid)"
        )
    op.execute("CREATE INDEX usage_point_commodity ON usage_point (tenant_id, commodity, usage_point_id)")
    enable_rls(op, "usage_point_position")


def _installations() -> None:
    """Nothing yet."""
