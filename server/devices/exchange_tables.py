"""Tables of what changes at installations: multipliers, exchanges, attachments; migration 0015 makes them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.resource_store import resource_columns
from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)


def _ids(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _UUID, nullable=False) for name in names]


installation_multiplier = tenant_table(
    "installation_multiplier",
    *_ids("installation_id"),
    sa.Column("effective_from", _TIME, nullable=False),
    sa.Column("multiplier", sa.Numeric, nullable=False),
    sa.Column("current_ratio", sa.Text, nullable=False),
    sa.Column("voltage_ratio", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "installation_id", "effective_from"),
)
"""Multipliers after the one that an installation began with."""

meter_exchange = tenant_table(
    "meter_exchange",
    *_ids("meter_exchange_id", "usage_point_id", "old_meter_id", "new_meter_id"),
    sa.Column("remove_time", _TIME, nullable=False),
    sa.Column("install_time", _TIME, nullable=False),
    sa.Column("final_readings", pg.JSONB, nullable=False),
    sa.Column("initial_readings", pg.JSONB, nullable=False),
    sa.Column("channel_map", pg.JSONB, nullable=False),
    sa.Column("missing_final", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("missing_initial", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "meter_exchange_id"),
)

pulse_attachment = tenant_table(
    "pulse_attachment",
    *_ids("pulse_attachment_id", "pulse_module_id"),
    sa.Column("input", sa.Text, nullable=False),
    sa.Column("input_channel", sa.BigInteger, nullable=False),
    *_ids("meter_id"),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("register_channel", sa.BigInteger, nullable=False),
    sa.Column("pulse_weight", sa.Numeric, nullable=False),
    sa.Column("initial_index", sa.Numeric, nullable=False),
    sa.Column("initial_count", sa.Numeric),
    sa.Column("start_time", _TIME, nullable=False),
    sa.Column("end_time", _TIME),
    sa.PrimaryKeyConstraint("tenant_id", "pulse_attachment_id"),
)
"""Neither an input nor a register is in two at once: the exclusion constraints ``attachment_of_…``."""
