"""Tables of provisioning. Migration 0014 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)

provisioning = tenant_table(
    "provisioning",
    sa.Column("device_id", _UUID, primary_key=True),
    sa.Column("provisioning_task_id", _UUID, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("adapter", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("former_addresses", pg.JSONB, nullable=False),
    sa.Column("device_model_id", _UUID),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("desired", pg.JSONB, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("told", sa.Integer, nullable=False),
    sa.Column("next_attempt_time", _TIME),
    sa.Column("update_time", _TIME, nullable=False),
    sa.Column("network_ids", pg.JSONB, nullable=False),
)
"""One row for each device that is, or was, kept in a network server. ``desired`` is what it must know beside
the address; ``generation`` counts its changes; ``next_attempt_time`` is when the adapter is told (again),
``told`` how often it was since it last said something."""

reconciliation = tenant_table(
    "reconciliation",
    sa.Column("reconciliation_id", _UUID, primary_key=True),
    sa.Column("adapter", sa.Text, nullable=False),
    sa.Column("repair", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("compared", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("told", sa.Integer, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("end_time", _TIME),
    sa.Column("next_attempt_time", _TIME),
)

reconciliation_difference = tenant_table(
    "reconciliation_difference",
    sa.Column("reconciliation_id", _UUID, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("device_id", _UUID),
    sa.Column("device_kind", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("repaired", sa.Boolean, nullable=False),
)
