"""Tables of devices. Migration 0003 makes them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.resource_store import external_id_table, resource_columns
from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


external_id = external_id_table("device_external_id")

device_model = tenant_table(
    "device_model",
    sa.Column("device_model_id", _UUID, primary_key=True),
    *_text("manufacturer", "model", "commodity", "adapter"),
    sa.Column("codec", pg.JSONB),
    sa.Column("channel_templates", pg.JSONB, nullable=False),
    sa.Column("command_templates", pg.JSONB, nullable=False),
    sa.Column("clock_behaviour", pg.JSONB, nullable=False),
    sa.Column("lorawan", pg.JSONB),
    *resource_columns(),
)
"""``codec`` is null or {script, version, sha256}."""

codec_version = tenant_table(
    "codec_version",
    sa.Column("device_model_id", _UUID, primary_key=True),
    sa.Column("codec_version", sa.Integer, primary_key=True),
    *_text("script", "sha256"),
    sa.Column("create_time", _TIME, nullable=False),
)
"""Every script that a model has had: a reading can be traced to the one that made it."""

gateway = tenant_table(
    "gateway",
    sa.Column("gateway_id", _UUID, primary_key=True),
    *_text("gateway_eui", "display_name", "life"),
    sa.Column("latitude", sa.Double),
    sa.Column("longitude", sa.Double),
    sa.Column("place_id", _UUID),
    sa.Column("managed", sa.Boolean, nullable=False),
    sa.Column("stats_interval_seconds", sa.Integer),
    sa.Column("configuration", pg.JSONB, nullable=False),
    sa.Column("tags", pg.JSONB, nullable=False),
    *resource_columns(),
)

concentrator = tenant_table(
    "concentrator",
    sa.Column("concentrator_id", _UUID, primary_key=True),
    *_text("serial_number", "adapter", "display_name", "life"),
    sa.Column("identity", sa.Text),
    sa.Column("place_id", _UUID),
    sa.Column("grid_node_id", _UUID),
    sa.Column("configuration", pg.JSONB, nullable=False),
    sa.Column("tags", pg.JSONB, nullable=False),
    *resource_columns(),
)

config_profile = tenant_table(
    "config_profile",
    sa.Column("config_profile_id", _UUID, primary_key=True),
    *_text("display_name"),
    sa.Column("settings", pg.JSONB, nullable=False),
    *resource_columns(),
)

reported_configuration = tenant_table(
    "reported_configuration",
    sa.Column("device_id", _UUID, primary_key=True),
    sa.Column("reported", pg.JSONB, nullable=False),
    sa.Column("report_time", _TIME, nullable=False),
)
"""Settings as devices last told them."""

meter = tenant_table(
    "meter",
    sa.Column("meter_id", _UUID, primary_key=True),
    sa.Column("device_model_id", _UUID, nullable=False),
    *_text("manufacturer", "serial_number"),
    sa.Column("dev_eui", sa.Text),
    *_text("display_name", "device_kind", "join_eui", "batch", "life"),
    sa.Column("concentrator_id", _UUID),
    sa.Column("maybe_idle", sa.Boolean, nullable=False),
    sa.Column("configuration", pg.JSONB, nullable=False),
    sa.Column("tags", pg.JSONB, nullable=False),
    *resource_columns(),
)

contact = tenant_table(
    "contact",
    sa.Column("device_id", _UUID, primary_key=True),
    *_text("kind", "address"),
    sa.Column("archived", sa.Boolean, nullable=False),
    sa.Column("last_seen_time", _TIME, nullable=False),
    sa.Column("battery_level", sa.Double),
    sa.Column("margin_db", sa.Integer),
    sa.Column("rssi_dbm", sa.Integer),
    sa.Column("snr_db", sa.Double),
    *_text("gateway_eui", "network_address"),
    sa.Column("clock_offset_ms", sa.BigInteger),
    sa.Column("clock_uncertainty_ms", sa.BigInteger),
    sa.Column("clock_measure_time", _TIME),
    sa.Column("clock_sync_time", _TIME),
)
"""What was last heard of each device of any kind; triggers keep a row for every one. Never heard is 1970."""

channel = tenant_table(
    "channel",
    sa.Column("channel", sa.BigInteger, primary_key=True),
    sa.Column("meter_id", _UUID, nullable=False),
    *_text("code", "quantity", "kind", "unit", "reading_type"),
    sa.Column("interval_seconds", sa.Integer),
    sa.Column("dials", sa.Integer, nullable=False),
    sa.Column("max_per_hour", sa.Numeric),
    sa.Column("negative_allowed", sa.Boolean, nullable=False),
)

node = tenant_table(
    "node",
    sa.Column("node_id", _UUID, primary_key=True),
    *_text("hierarchy", "kind", "code", "display_name"),
    sa.Column("tags", pg.JSONB, nullable=False),
    *resource_columns(),
)

usage_point = tenant_table(
    "usage_point",
    sa.Column("usage_point_id", _UUID, primary_key=True),
    *_text("code", "display_name", "commodity", "time_zone", "address", "contract_capacity_unit"),
    sa.Column("contract_capacity", sa.Numeric),
    sa.Column("latitude", sa.Double),
    sa.Column("longitude", sa.Double),
    sa.Column("tags", pg.JSONB, nullable=False),
    *resource_columns(),
)

series = tenant_table(
    "series",
    sa.Column("series", sa.BigInteger, primary_key=True),
    sa.Column("usage_point_id", _UUID, nullable=False),
    *_text("quantity", "unit"),
    sa.Column("interval_seconds", sa.Integer),
)

installation = tenant_table(
    "installation",
    sa.Column("installation_id", _UUID, primary_key=True),
    sa.Column("usage_point_id", _UUID, nullable=False),
    sa.Column("meter_id", _UUID, nullable=False),
    sa.Column("start_time", _TIME, nullable=False),
    sa.Column("end_time", _TIME),
    sa.Column("multiplier", sa.Numeric, nullable=False),
    sa.Column("end_reason", sa.Text, nullable=False, server_default=""),
)
"""``multiplier`` is the one it began with; changes are in ``installation_multiplier``."""

installation_channel = tenant_table(
    "installation_channel",
    sa.Column("installation_id", _UUID, primary_key=True),
    sa.Column("channel", sa.BigInteger, primary_key=True),
    sa.Column("series", sa.BigInteger, nullable=False),
)
"""Which channel feeds which series while the installation lasts."""
