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
            f"CREATE INDEX usage_point_position_{tree}"
            f" ON usage_point_position (tenant_id, {tree}, usage_point_id) INCLUDE (valid)"
        )
    op.execute("CREATE INDEX usage_point_commodity ON usage_point (tenant_id, commodity, usage_point_id)")
    enable_rls(op, "usage_point_position")


def _installations() -> None:
    op.execute("ALTER TABLE installation ADD COLUMN end_reason text NOT NULL DEFAULT ''")
    op.execute("""
        CREATE TABLE installation_multiplier (
            tenant_id uuid NOT NULL,
            installation_id uuid NOT NULL,
            effective_from timestamptz NOT NULL,
            multiplier numeric NOT NULL CHECK (multiplier > 0),
            current_ratio text NOT NULL,
            voltage_ratio text NOT NULL,
            PRIMARY KEY (tenant_id, installation_id, effective_from),
            FOREIGN KEY (tenant_id, installation_id) REFERENCES installation
        )
    """)
    enable_rls(op, "installation_multiplier")
    _exchanges()
    _attachments()


def _exchanges() -> None:
    op.execute("""
        CREATE TABLE meter_exchange (
            tenant_id uuid NOT NULL,
            meter_exchange_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            old_meter_id uuid NOT NULL,
            new_meter_id uuid NOT NULL,
            remove_time timestamptz NOT NULL,
            install_time timestamptz NOT NULL,
            final_readings jsonb NOT NULL,
            initial_readings jsonb NOT NULL,
            channel_map jsonb NOT NULL,
            missing_final text[] NOT NULL,
            missing_initial text[] NOT NULL,
            reason text NOT NULL,
            archived boolean NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, meter_exchange_id),
            CHECK (remove_time <= install_time),
            FOREIGN KEY (tenant_id, usage_point_id) REFERENCES usage_point,
            FOREIGN KEY (tenant_id, old_meter_id) REFERENCES meter,
            FOREIGN KEY (tenant_id, new_meter_id) REFERENCES meter
        )
    """)
    for column in ("usage_point_id", "old_meter_id", "new_meter_id"):
        op.execute(
            f"CREATE INDEX meter_exchange_{column} ON meter_exchange (tenant_id, {column}, meter_exchange_id)"
        )
    op.execute("""
        CREATE INDEX meter_exchange_provisional ON meter_exchange (tenant_id, meter_exchange_id)
        WHERE missing_final <> '{}' OR missing_initial <> '{}'
    """)
    enable_rls(op, "meter_exchange", app="SELECT, INSERT, UPDATE")


def _attachments() -> None:
    op.execute("""
        CREATE TABLE pulse_attachment (
            tenant_id uuid NOT NULL,
            pulse_attachment_id uuid NOT NULL,
            pulse_module_id uuid NOT NULL,
            input text NOT NULL,
            input_channel bigint NOT NULL,
            meter_id uuid NOT NULL,
            code text NOT NULL,
            register_channel bigint NOT NULL,
            pulse_weight numeric NOT NULL CHECK (pulse_weight > 0),
            initial_index numeric NOT NULL,
            initial_count numeric,
            start_time timestamptz NOT NULL,
            end_time timestamptz,
            PRIMARY KEY (tenant_id, pulse_attachment_id),
            CHECK (end_time IS NULL OR end_time > start_time),
            CONSTRAINT attachment_of_input EXCLUDE USING gist
                (tenant_id WITH =, input_channel WITH =, tstzrange(start_time, end_time) WITH &&),
            CONSTRAINT attachment_of_register EXCLUDE USING gist
                (tenant_id WITH =, register_channel WITH =, tstzrange(start_time, end_time) WITH &&),
            FOREIGN KEY (tenant_id, pulse_module_id) REFERENCES meter,
            FOREIGN KEY (tenant_id, meter_id) REFERENCES meter,
            FOREIGN KEY (tenant_id, input_channel) REFERENCES channel,
            FOREIGN KEY (tenant_id, register_channel) REFERENCES channel
        )
    """)
    for column in ("pulse_module_id", "meter_id"):
        op.execute(
            f"CREATE INDEX pulse_attachment_{column}"
            f" ON pulse_attachment (tenant_id, {column}, pulse_attachment_id)"
        )
    for column in ("input_channel", "register_channel"):
        op.execute(f"CREATE INDEX pulse_attachment_{column} ON pulse_attachment (tenant_id, {column})")
    enable_rls(op, "pulse_attachment", app="SELECT, INSERT, UPDATE")
