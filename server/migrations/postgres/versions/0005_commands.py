"""Tables of commands: commands with their steps, tries and reports; adapters."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _command()
    _history()
    _adapter()


def _command() -> None:
    op.execute("""
        CREATE TABLE command (
            tenant_id uuid NOT NULL,
            command_id uuid NOT NULL,
            meter_id uuid NOT NULL,
            usage_point_id uuid,
            adapter text NOT NULL,
            dev_eui text NOT NULL,
            action text NOT NULL,
            state text NOT NULL,
            active boolean NOT NULL,
            version bigint NOT NULL,
            transition_count integer NOT NULL,
            attempt integer NOT NULL,
            max_attempts integer NOT NULL,
            reached_sent boolean NOT NULL,
            priority integer NOT NULL,
            reason text NOT NULL,
            issuer_id text NOT NULL,
            issuer_tracking_id text NOT NULL,
            request_id text NOT NULL,
            created_by text NOT NULL,
            accept_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            not_before timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            publish_count integer NOT NULL,
            publish_due timestamptz,
            wake_time timestamptz,
            cancel_requested timestamptz,
            error text NOT NULL,
            result jsonb NOT NULL,
            trace jsonb NOT NULL,
            PRIMARY KEY (tenant_id, command_id),
            CHECK (active = (wake_time IS NOT NULL))
        ) WITH (fillfactor = 80)
    """)
    # One active command of an action at a meter, whoever submits at the same moment.
    op.execute("CREATE UNIQUE INDEX command_conflict ON command (tenant_id, meter_id, action) WHERE active")
    # The timer's agenda.
    op.execute("CREATE INDEX command_wake ON command (wake_time) WHERE active")
    op.execute("CREATE INDEX command_of_meter ON command (tenant_id, meter_id, command_id)")
    op.execute(
        "CREATE INDEX command_tracked ON command (tenant_id, issuer_tracking_id, command_id)"
        " WHERE issuer_tracking_id <> ''"
    )
    enable_rls(op, "command", app="SELECT, INSERT, UPDATE")


def _history() -> None:
    op.execute("""
        CREATE TABLE command_transition (
            tenant_id uuid NOT NULL,
            command_id uuid NOT NULL,
            sequence integer NOT NULL,
            state text NOT NULL,
            attempt integer NOT NULL,
            time timestamptz NOT NULL,
            record_time timestamptz NOT NULL,
            description text NOT NULL,
            PRIMARY KEY (tenant_id, command_id, sequence),
            FOREIGN KEY (tenant_id, command_id) REFERENCES command
        )
    """)
    op.execute("""
        CREATE TABLE command_attempt (
            tenant_id uuid NOT NULL,
            command_id uuid NOT NULL,
            number integer NOT NULL,
            start_time timestamptz NOT NULL,
            link_id text NOT NULL,
            outcome text NOT NULL,
            PRIMARY KEY (tenant_id, command_id, number),
            FOREIGN KEY (tenant_id, command_id) REFERENCES command
        )
    """)
    op.execute("""
        CREATE TABLE command_report (
            tenant_id uuid NOT NULL,
            command_id uuid NOT NULL,
            attempt integer NOT NULL,
            report_id text NOT NULL,
            state text NOT NULL,
            time timestamptz NOT NULL,
            receive_time timestamptz NOT NULL,
            description text NOT NULL,
            ignored text NOT NULL,
            PRIMARY KEY (tenant_id, command_id, attempt, report_id),
            FOREIGN KEY (tenant_id, command_id) REFERENCES command
        )
    """)
    enable_rls(op, "command_transition", app="SELECT, INSERT")
    enable_rls(op, "command_attempt", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "command_report", app="SELECT, INSERT")


def _adapter() -> None:
    op.execute("""
        CREATE TABLE adapter (
            tenant_id uuid NOT NULL,
            kind text NOT NULL,
            instance text NOT NULL,
            version text NOT NULL,
            actions text[] NOT NULL,
            healthy boolean NOT NULL,
            detail text NOT NULL,
            last_seen_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, kind, instance)
        )
    """)
    enable_rls(op, "adapter")
