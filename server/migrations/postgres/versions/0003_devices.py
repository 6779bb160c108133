"""Tables of devices: models, gateways, meters and channels, places and grid, usage points and series."""

from alembic import op

from server.platform.resource_store import external_id_ddl
from server.platform.tables import APP_ROLE, SYSTEM_ROLE, enable_rls

revision = "0003"
down_revision = "0002"

_RESOURCE = """
    archived boolean NOT NULL,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    version bigint NOT NULL
"""


def upgrade() -> None:
    """Everything that the inventory needs."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for statement in external_id_ddl("device_external_id").split(";"):
        op.execute(statement)
    _models()
    _meters()
    _points()
    _installations()
    for table in ("device_external_id", "device_model", "gateway", "meter", "device_contact", "node"):
        enable_rls(op, table)
    for table in ("usage_point", "series", "channel", "installation"):
        enable_rls(op, table, app="SELECT, INSERT, UPDATE")
    for table in ("codec_version", "installation_channel"):
        enable_rls(op, table, app="SELECT, INSERT")


def _models() -> None:
    op.execute(f"""
        CREATE TABLE device_model (
            tenant_id uuid NOT NULL,
            device_model_id uuid NOT NULL,
            manufacturer text NOT NULL,
            model text NOT NULL,
            commodity text NOT NULL,
            adapter text NOT NULL,
            codec jsonb,
            channel_templates jsonb NOT NULL,
            command_templates jsonb NOT NULL,
            clock_behaviour jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, device_model_id),
            CONSTRAINT device_model_name UNIQUE (tenant_id, manufacturer, model)
        )
    """)
    op.execute("""
        CREATE TABLE codec_version (
            tenant_id uuid NOT NULL,
            device_model_id uuid NOT NULL,
            codec_version integer NOT NULL,
            script text NOT NULL,
            sha256 text NOT NULL,
            create_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, device_model_id, codec_version),
            FOREIGN KEY (tenant_id, device_model_id) REFERENCES device_model
        )
    """)


def _meters() -> None:
    op.execute(f"""
        CREATE TABLE gateway (
            tenant_id uuid NOT NULL,
            gateway_id uuid NOT NULL,
            gateway_eui text NOT NULL,
            display_name text NOT NULL,
            latitude double precision,
            longitude double precision,
            tags jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, gateway_id)
        )
    """)
    # An archived device's address may be given to another one: it is a property of hardware that moves on.
    op.execute("CREATE UNIQUE INDEX gateway_address ON gateway (tenant_id, gateway_eui) WHERE NOT archived")
    op.execute(f"""
        CREATE TABLE meter (
            tenant_id uuid NOT NULL,
            meter_id uuid NOT NULL,
            device_model_id uuid NOT NULL,
            manufacturer text NOT NULL,
            serial_number text NOT NULL,
            dev_eui text,
            display_name text NOT NULL,
            tags jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, meter_id),
            CONSTRAINT meter_serial UNIQUE (tenant_id, manufacturer, serial_number),
            FOREIGN KEY (tenant_id, device_model_id) REFERENCES device_model
        )
    """)
    op.execute("CREATE UNIQUE INDEX meter_address ON meter (tenant_id, dev_eui) WHERE NOT archived")
    op.execute("CREATE INDEX meter_model ON meter (tenant_id, device_model_id, meter_id)")
    op.execute("CREATE INDEX meter_by_serial ON meter (tenant_id, serial_number)")
    op.execute("""
        CREATE TABLE device_contact (
            tenant_id uuid NOT NULL,
            address text NOT NULL,
            last_seen_time timestamptz NOT NULL,
            battery_level double precision,
            margin_db integer,
            rssi_dbm integer,
            snr_db double precision,
            gateway_eui text NOT NULL,
            network_address text NOT NULL,
            PRIMARY KEY (tenant_id, address)
        ) WITH (fillfactor = 70)
    """)
    for sequence in ("channel_number", "series_number"):
        op.execute(f"CREATE SEQUENCE {sequence} AS bigint START 1000")
        op.execute(f"GRANT USAGE ON SEQUENCE {sequence} TO {APP_ROLE}, {SYSTEM_ROLE}")
    op.execute("""
        CREATE TABLE channel (
            tenant_id uuid NOT NULL,
            channel bigint NOT NULL DEFAULT nextval('channel_number'),
            meter_id uuid NOT NULL,
            code text NOT NULL,
            quantity text NOT NULL,
            kind text NOT NULL,
            unit text NOT NULL,
            reading_type text NOT NULL,
            interval_seconds integer,
            dials integer NOT NULL,
            max_per_hour numeric,
            negative_allowed boolean NOT NULL,
            PRIMARY KEY (tenant_id, channel),
            UNIQUE (tenant_id, meter_id, code),
            FOREIGN KEY (tenant_id, meter_id) REFERENCES meter
        )
    """)


def _points() -> None:
    op.execute(f"""
        CREATE TABLE node (
            tenant_id uuid NOT NULL,
            node_id uuid NOT NULL,
            hierarchy text NOT NULL,
            kind text NOT NULL,
            parent_id uuid,
            code text NOT NULL,
            display_name text NOT NULL,
            tags jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, node_id),
            CONSTRAINT node_code UNIQUE (tenant_id, hierarchy, code),
            FOREIGN KEY (tenant_id, parent_id) REFERENCES node,
            CHECK (parent_id <> node_id)
        )
    """)
    op.execute("CREATE INDEX node_parent ON node (tenant_id, parent_id, node_id)")
    op.execute(f"""
        CREATE TABLE usage_point (
            tenant_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            code text NOT NULL,
            display_name text NOT NULL,
            commodity text NOT NULL,
            time_zone text NOT NULL,
            place_id uuid,
            grid_node_id uuid,
            address text NOT NULL,
            tags jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, usage_point_id),
            CONSTRAINT usage_point_code UNIQUE (tenant_id, code),
            FOREIGN KEY (tenant_id, place_id) REFERENCES node (tenant_id, node_id),
            FOREIGN KEY (tenant_id, grid_node_id) REFERENCES node (tenant_id, node_id)
        )
    """)
    op.execute("CREATE INDEX usage_point_place ON usage_point (tenant_id, place_id, usage_point_id)")
    op.execute("CREATE INDEX usage_point_grid ON usage_point (tenant_id, grid_node_id, usage_point_id)")
    op.execute("""
        CREATE TABLE series (
            tenant_id uuid NOT NULL,
            series bigint NOT NULL DEFAULT nextval('series_number'),
            usage_point_id uuid NOT NULL,
            quantity text NOT NULL,
            unit text NOT NULL,
            interval_seconds integer,
            PRIMARY KEY (tenant_id, series),
            CONSTRAINT series_of_usage_point UNIQUE (tenant_id, usage_point_id, quantity),
            FOREIGN KEY (tenant_id, usage_point_id) REFERENCES usage_point
        )
    """)


def _installations() -> None:
    op.execute("""
        CREATE TABLE installation (
            tenant_id uuid NOT NULL,
            installation_id uuid NOT NULL,
            usage_point_id uuid NOT NULL,
            meter_id uuid NOT NULL,
            start_time timestamptz NOT NULL,
            end_time timestamptz,
            multiplier numeric NOT NULL CHECK (multiplier > 0),
            PRIMARY KEY (tenant_id, installation_id),
            CHECK (end_time IS NULL OR end_time > start_time),
            CONSTRAINT installation_of_meter EXCLUDE USING gist
                (tenant_id WITH =, meter_id WITH =, tstzrange(start_time, end_time) WITH &&),
            CONSTRAINT installation_of_usage_point EXCLUDE USING gist
                (tenant_id WITH =, usage_point_id WITH =, tstzrange(start_time, end_time) WITH &&),
            FOREIGN KEY (tenant_id, usage_point_id) REFERENCES usage_point,
            FOREIGN KEY (tenant_id, meter_id) REFERENCES meter
        )
    """)
    op.execute("CREATE INDEX installation_point ON installation (tenant_id, usage_point_id, start_time)")
    op.execute("CREATE INDEX installation_meter ON installation (tenant_id, meter_id, start_time)")
    op.execute("""
        CREATE TABLE installation_channel (
            tenant_id uuid NOT NULL,
            installation_id uuid NOT NULL,
            channel bigint NOT NULL,
            series bigint NOT NULL,
            PRIMARY KEY (tenant_id, installation_id, channel),
            FOREIGN KEY (tenant_id, installation_id) REFERENCES installation,
            FOREIGN KEY (tenant_id, channel) REFERENCES channel,
            FOREIGN KEY (tenant_id, series) REFERENCES series
        )
    """)
    op.execute("CREATE INDEX installation_channel_channel ON installation_channel (tenant_id, channel)")
    op.execute("CREATE INDEX installation_channel_series ON installation_channel (tenant_id, series)")
