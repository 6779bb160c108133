"""Tables of the inventory: meters, gateways, concentrators, configuration profiles, contacts."""

from alembic import op

from server.platform.tables import enable_rls

revision = "0013"
down_revision = "0012"

_RESOURCE = """
    archived boolean NOT NULL,
    create_time timestamptz NOT NULL,
    update_time timestamptz NOT NULL,
    version bigint NOT NULL
"""


def upgrade() -> None:
    _models()
    _meters()
    _gateways()


def _models() -> None:
    op.execute("ALTER TABLE device_model ADD COLUMN lorawan jsonb")
    for column in ("commodity", "adapter"):
        op.execute(
            f"CREATE INDEX device_model_{column} ON device_model (tenant_id, {column}, device_model_id)"
        )
    op.execute("CREATE INDEX device_model_maker ON device_model (tenant_id, manufacturer, device_model_id)")


def _meters() -> None:
    op.execute("""
        ALTER TABLE meter
            ADD COLUMN device_kind text NOT NULL DEFAULT 'METER',
            ADD COLUMN join_eui text NOT NULL DEFAULT '',
            ADD COLUMN batch text NOT NULL DEFAULT '',
            ADD COLUMN life text NOT NULL DEFAULT '',
            ADD COLUMN configuration jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN maybe_idle boolean NOT NULL DEFAULT true
    """)
    op.execute("CREATE INDEX meter_module ON meter (tenant_id, meter_id) WHERE device_kind = 'PULSE_MODULE'")
    op.execute("CREATE INDEX meter_batch ON meter (tenant_id, batch, meter_id) WHERE batch <> ''")
    op.execute("CREATE INDEX meter_life ON meter (tenant_id, life, meter_id) WHERE life <> ''")
    op.execute("CREATE INDEX meter_archived ON meter (tenant_id, meter_id) WHERE archived")
    op.execute("CREATE INDEX meter_idle ON meter (tenant_id, meter_id) WHERE maybe_idle AND NOT archived")
    _idle()


def _idle() -> None:
    """What finds the few meters in stock among a million that are installed.

    ``maybe_idle`` is false only while an installation lasts that had begun when it was written: nothing but
    another write ends that. Whether one is in stock at an instant is still asked of the installations.
    """
    op.execute("""
        CREATE FUNCTION meter_idle() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE meter m SET maybe_idle = n.idle
            FROM (
                SELECT c.tenant_id, c.meter_id, NOT EXISTS (
                    SELECT FROM installation i
                    WHERE i.tenant_id = c.tenant_id AND i.meter_id = c.meter_id
                      AND i.end_time IS NULL AND i.start_time <= now()
                ) AS idle
                FROM (SELECT DISTINCT tenant_id, meter_id FROM changed) c
            ) n
            WHERE m.tenant_id = n.tenant_id AND m.meter_id = n.meter_id AND m.maybe_idle <> n.idle;
            RETURN NULL;
        END $$
    """)
    for verb in ("INSERT", "UPDATE"):
        op.execute(f"""
            CREATE TRIGGER meter_idle_{verb.lower()} AFTER {verb} ON installation
            REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION meter_idle()
        """)
    op.execute("""
        UPDATE meter m SET maybe_idle = false WHERE EXISTS (
            SELECT FROM installation i
            WHERE i.tenant_id = m.tenant_id AND i.meter_id = m.meter_id
              AND i.end_time IS NULL AND i.start_time <= now()
        )
    """)


def _gateways() -> None:
    op.execute("""
        ALTER TABLE gateway
            ADD COLUMN place_id uuid,
            ADD COLUMN managed boolean NOT NULL DEFAULT false,
            ADD COLUMN life text NOT NULL DEFAULT '',
            ADD COLUMN stats_interval_seconds integer,
            ADD COLUMN configuration jsonb NOT NULL DEFAULT '{}',
            ADD FOREIGN KEY (tenant_id, place_id) REFERENCES node (tenant_id, node_id)
    """)
    op.execute("CREATE INDEX gateway_place ON gateway (tenant_id, place_id, gateway_id)")
    op.execute("CREATE INDEX gateway_life ON gateway (tenant_id, life, gateway_id) WHERE life <> ''")
    op.execute(f"""
        CREATE TABLE concentrator (
            tenant_id uuid NOT NULL,
            concentrator_id uuid NOT NULL,
            serial_number text NOT NULL,
            identity text,
            adapter text NOT NULL,
            display_name text NOT NULL,
            place_id uuid,
            grid_node_id uuid,
            life text NOT NULL,
            configuration jsonb NOT NULL,
            tags jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, concentrator_id),
            CONSTRAINT concentrator_serial UNIQUE (tenant_id, serial_number),
            FOREIGN KEY (tenant_id, place_id) REFERENCES node (tenant_id, node_id),
            FOREIGN KEY (tenant_id, grid_node_id) REFERENCES node (tenant_id, node_id)
        )
    """)
    # A certificate says which concentrator it is and not whose: the name is unique across tenants.
    op.execute("CREATE UNIQUE INDEX concentrator_identity ON concentrator (identity) WHERE NOT archived")
    op.execute("""
        ALTER TABLE meter
            ADD COLUMN concentrator_id uuid,
            ADD FOREIGN KEY (tenant_id, concentrator_id) REFERENCES concentrator (tenant_id, concentrator_id)
    """)
    op.execute("CREATE INDEX meter_concentrator ON meter (tenant_id, concentrator_id, meter_id)")
    op.execute("CREATE INDEX concentrator_place ON concentrator (tenant_id, place_id, concentrator_id)")
    op.execute(
        "CREATE INDEX concentrator_life ON concentrator (tenant_id, life, concentrator_id) WHERE life <> ''"
    )
    op.execute("CREATE INDEX concentrator_grid ON concentrator (tenant_id, grid_node_id, concentrator_id)")
    op.execute(f"""
        CREATE TABLE config_profile (
            tenant_id uuid NOT NULL,
            config_profile_id uuid NOT NULL,
            display_name text NOT NULL,
            settings jsonb NOT NULL,
            {_RESOURCE},
            PRIMARY KEY (tenant_id, config_profile_id)
        )
    """)
    op.execute(
        "CREATE UNIQUE INDEX config_profile_name ON config_profile (tenant_id, display_name)"
        " WHERE NOT archived"
    )
    op.execute("""
        CREATE TABLE reported_configuration (
            tenant_id uuid NOT NULL,
            device_id uuid NOT NULL,
            reported jsonb NOT NULL,
            report_time timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, device_id)
        )
    """)
    for table in ("concentrator", "config_profile", "reported_configuration"):
        enable_rls(op, table, app="SELECT, INSERT, UPDATE")
    _contacts()


_CONTACTS = (
    # Table, id, kind, address in the field.
    ("meter", "meter_id", "device_kind", "coalesce(dev_eui, '')"),
    ("gateway", "gateway_id", "'GATEWAY'", "gateway_eui"),
    ("concentrator", "concentrator_id", "'CONCENTRATOR'", "coalesce(identity, '')"),
)


def _contacts() -> None:
    """What was last heard of each device: written often, so apart from the devices.

    Every device has a row from its first moment, kept by triggers whoever makes it: so "silent the longest
    first" is one walk along one index, those never heard (``epoch``) at its beginning. The table that the
    release before writes, device_contact, stays as it is and is not read any more.
    """
    op.execute("""
        CREATE TABLE contact (
            tenant_id uuid NOT NULL,
            device_id uuid NOT NULL,
            kind text NOT NULL,
            address text NOT NULL,
            archived boolean NOT NULL,
            last_seen_time timestamptz NOT NULL DEFAULT 'epoch',
            battery_level double precision,
            margin_db integer,
            rssi_dbm integer,
            snr_db double precision,
            gateway_eui text NOT NULL DEFAULT '',
            network_address text NOT NULL DEFAULT '',
            clock_offset_ms bigint,
            clock_uncertainty_ms bigint,
            clock_measure_time timestamptz,
            clock_sync_time timestamptz,
            PRIMARY KEY (tenant_id, device_id)
        ) WITH (autovacuum_vacuum_scale_factor = 0.05)
    """)
    for table, key, kind, address in _CONTACTS:
        op.execute(f"""
            INSERT INTO contact (tenant_id, device_id, kind, address, archived, last_seen_time, battery_level,
                                 margin_db, rssi_dbm, snr_db, gateway_eui, network_address)
            SELECT d.tenant_id, d.{key}, {kind}, d.own_address, d.archived,
                   coalesce(o.last_seen_time, 'epoch'),
                   o.battery_level, o.margin_db, o.rssi_dbm, o.snr_db, coalesce(o.gateway_eui, ''),
                   coalesce(o.network_address, '')
            FROM (SELECT *, {address} AS own_address FROM {table}) d
            LEFT JOIN device_contact o ON o.tenant_id = d.tenant_id AND o.address = d.own_address
        """)  # noqa: S608 - names of ours
        _follow(table, key, kind, address)
    op.execute(
        "CREATE INDEX contact_address ON contact (tenant_id, address) WHERE NOT archived AND address <> ''"
    )
    op.execute(
        "CREATE INDEX contact_seen ON contact (tenant_id, kind, last_seen_time, device_id) WHERE NOT archived"
    )
    op.execute(
        "CREATE INDEX contact_battery ON contact (tenant_id, kind, battery_level)"
        " WHERE NOT archived AND battery_level IS NOT NULL"
    )
    enable_rls(op, "contact", app="SELECT, INSERT, UPDATE")


def _follow(table: str, key: str, kind: str, address: str) -> None:
    op.execute(f"""
        CREATE FUNCTION contact_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO contact (tenant_id, device_id, kind, address, archived)
                SELECT tenant_id, {key}, {kind}, {address}, archived FROM new_rows;
            ELSE
                UPDATE contact c SET address = n.address, archived = n.archived
                FROM (SELECT tenant_id, {key} AS device_id, {address} AS address, archived FROM new_rows) n
                WHERE c.tenant_id = n.tenant_id AND c.device_id = n.device_id
                  AND (c.address <> n.address OR c.archived <> n.archived);
            END IF;
            RETURN NULL;
        END $$
    """)  # noqa: S608 - names of ours
    for verb in ("INSERT", "UPDATE"):
        op.execute(f"""
            CREATE TRIGGER contact_{verb.lower()} AFTER {verb} ON {table}
            REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION contact_of_{table}()
        """)
