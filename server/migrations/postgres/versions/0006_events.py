"""The event log and its counters."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE event_counter (
            tenant_id uuid PRIMARY KEY,
            last bigint NOT NULL DEFAULT 0,
            copied bigint NOT NULL DEFAULT 0,
            pruned bigint NOT NULL DEFAULT 0,
            floor bigint NOT NULL DEFAULT 0,
            CHECK (floor <= pruned AND pruned <= copied AND copied <= last)
        ) WITH (fillfactor = 50)
    """)
    op.execute("""
        CREATE TABLE event_log (
            tenant_id uuid NOT NULL,
            sequence bigint NOT NULL,
            event_id uuid NOT NULL,
            type text NOT NULL,
            severity smallint NOT NULL,
            subject text NOT NULL,
            meter_id text NOT NULL,
            usage_point_id text NOT NULL,
            command_id text NOT NULL,
            correlation_id text NOT NULL,
            trace_id text NOT NULL,
            event_time timestamptz NOT NULL,
            publish_time timestamptz NOT NULL,
            payload_type text NOT NULL,
            payload bytea NOT NULL,
            PRIMARY KEY (tenant_id, sequence)
        )
    """)
    # A row of the outbox that comes again is known by it.
    op.execute("CREATE UNIQUE INDEX event_log_once ON event_log (tenant_id, event_id)")
    op.execute("CREATE INDEX event_log_related ON event_log (tenant_id, correlation_id, sequence)")
    enable_rls(op, "event_counter", app="SELECT")
    enable_rls(op, "event_log", app="SELECT")
