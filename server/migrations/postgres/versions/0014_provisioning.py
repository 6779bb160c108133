"""Tables of provisioning: what network servers are to know, comparisons with them; sealed keys."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """The task of every managed device, and comparisons."""
    op.execute("""
        CREATE TABLE provisioning (
            tenant_id uuid NOT NULL,
            device_id uuid NOT NULL,
            provisioning_task_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('METER', 'PULSE_MODULE', 'GATEWAY')),
            adapter text NOT NULL,
            address text NOT NULL,
            former_addresses jsonb NOT NULL,
            device_model_id uuid,
            present boolean NOT NULL,
            desired jsonb NOT NULL,
            generation bigint NOT NULL,
            state text NOT NULL CHECK (state IN ('PROVISIONING', 'ACTIVE', 'FAILED', 'REMOVING', 'REMOVED')),
            step text NOT NULL,
            reason text NOT NULL,
            description text NOT NULL,
            attempts integer NOT NULL,
            told integer NOT NULL,
            next_attempt_time timestamptz,
            update_time timestamptz NOT NULL,
            network_ids jsonb NOT NULL,
            PRIMARY KEY (tenant_id, device_id)
        )
    """)
    op.execute("CREATE UNIQUE INDEX provisioning_task ON provisioning (tenant_id, provisioning_task_id)")
    op.execute(
        "CREATE INDEX provisioning_due ON provisioning (next_attempt_time)"
        " WHERE next_attempt_time IS NOT NULL"
    )
    op.execute("CREATE INDEX provisioning_state ON provisioning (tenant_id, kind, state, device_id)")
    op.execute(
        "CREATE INDEX provisioning_managed ON provisioning (tenant_id, adapter, kind, device_id)"
        " WHERE present"
    )
    op.execute(
        "CREATE INDEX provisioning_model ON provisioning (tenant_id, device_model_id, device_id)"
        " WHERE present"
    )
    op.execute("""
        CREATE TABLE reconciliation (
            tenant_id uuid NOT NULL,
            reconciliation_id uuid NOT NULL,
            adapter text NOT NULL,
            repair boolean NOT NULL,
            state text NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED')),
            compared bigint NOT NULL,
            error text NOT NULL,
            told integer NOT NULL,
            create_time timestamptz NOT NULL,
            end_time timestamptz,
            next_attempt_time timestamptz,
            PRIMARY KEY (tenant_id, reconciliation_id)
        )
    """)
    op.execute(
        "CREATE INDEX reconciliation_due ON reconciliation (next_attempt_time)"
        " WHERE next_attempt_time IS NOT NULL"
    )
    op.execute("CREATE INDEX reconciliation_of ON reconciliation (tenant_id, adapter, reconciliation_id)")
    op.execute("""
        CREATE TABLE reconciliation_difference (
            tenant_id uuid NOT NULL,
            reconciliation_id uuid NOT NULL,
            kind text NOT NULL,
            address text NOT NULL,
            device_id uuid,
            device_kind text NOT NULL,
            description text NOT NULL,
            repaired boolean NOT NULL,
            PRIMARY KEY (tenant_id, reconciliation_id, kind, address),
            FOREIGN KEY (tenant_id, reconciliation_id) REFERENCES reconciliation ON DELETE CASCADE
        )
    """)
    op.execute("""
        CREATE TABLE secret_key (
            tenant_id uuid PRIMARY KEY,
            wrapped bytea NOT NULL,
            wrapped_by text NOT NULL,
            update_time timestamptz NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE device_key (
            tenant_id uuid NOT NULL,
            device_id uuid NOT NULL,
            name text NOT NULL,
            sealed bytea NOT NULL,
            update_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, device_id, name)
        )
    """)
    enable_rls(op, "secret_key", app="SELECT, INSERT")
    enable_rls(op, "device_key", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "provisioning", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "reconciliation", app="SELECT, INSERT, UPDATE")
    enable_rls(op, "reconciliation_difference", app="SELECT, INSERT, UPDATE")
