"""Readings are told in the order in which they were stored: batches get a position when they are marked.

A trigger gives it, so that servers of the release before do so as well. The row of the tenant is held until
the transaction ends: positions are given in the order of commits, without a gap.
"""

from alembic import op

from server.platform.tables import enable_rls

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Batches that are stored already have none: nobody can have been told of them."""
    op.execute("CREATE TABLE live_mark (tenant_id uuid NOT NULL PRIMARY KEY, last bigint NOT NULL)")
    enable_rls(op, "live_mark", app="SELECT, INSERT, UPDATE")
    op.execute("ALTER TABLE ingest_batch ADD COLUMN position bigint")
    op.execute("""
        CREATE UNIQUE INDEX ingest_batch_position ON ingest_batch (tenant_id, position)
        WHERE position IS NOT NULL
    """)
    op.execute("CREATE INDEX ingest_block_batch ON ingest_block (tenant_id, batch_id)")
    op.execute("""
        CREATE FUNCTION place_ingest_batch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO live_mark AS mark (tenant_id, last) VALUES (NEW.tenant_id, 1)
                ON CONFLICT (tenant_id) DO UPDATE SET last = mark.last + 1
                RETURNING last INTO NEW.position;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER place_ingest_batch BEFORE UPDATE OF store_time ON ingest_batch FOR EACH ROW
        WHEN (OLD.store_time IS NULL AND NEW.store_time IS NOT NULL)
        EXECUTE FUNCTION place_ingest_batch()
    """)
