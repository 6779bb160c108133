"""Tables of retention. Migration 0025 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_TIME = sa.DateTime(timezone=True)
_UUID = pg.UUID(as_uuid=True)

retention_policy = tenant_table(
    "retention_policy",
    sa.Column("data_class", sa.Text, primary_key=True),
    sa.Column("commodity", sa.Text, primary_key=True),
    sa.Column("keep_days", sa.Integer, nullable=False),
    sa.Column("cold_after_days", sa.Integer, nullable=False),
    sa.Column("update_time", _TIME, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
)

legal_hold = tenant_table(
    "legal_hold",
    sa.Column("legal_hold_id", _UUID, primary_key=True),
    sa.Column("usage_point_id", _UUID),
    sa.Column("meter_id", _UUID),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("end_time", _TIME),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("released_by", sa.Text, nullable=False, server_default=""),
    sa.Column("release_time", _TIME),
)

retention_run = tenant_table(
    "retention_run",
    sa.Column("retention_run_id", _UUID, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("scheduled", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("steps_total", sa.Integer, nullable=False, server_default="0"),
    sa.Column("steps_done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("deleted_rows", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("start_time", _TIME),
    sa.Column("end_time", _TIME),
)

retention_step = tenant_table(
    "retention_step",
    sa.Column("retention_run_id", _UUID, primary_key=True),
    sa.Column("table_name", sa.Text, primary_key=True),
    sa.Column("partition_id", sa.Text, primary_key=True),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("dropped", sa.Boolean, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("start_time", _TIME, nullable=False),
)
