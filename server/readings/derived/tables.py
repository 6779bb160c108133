"""Tables of derived series. Migration 0028 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.resource_store import resource_columns
from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)

derived_series = tenant_table(
    "derived_series",
    sa.Column("derived_series_id", _UUID, primary_key=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("interval_seconds", sa.Integer, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("content", pg.JSONB, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("version_id", sa.BigInteger, nullable=False),
    sa.Column("effective_from", _TIME, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    *resource_columns(),
)
"""Derived series with their newest version; ``version`` counts all changes, for the etag."""

derived_series_version = tenant_table(
    "derived_series_version",
    sa.Column("version_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("derived_series_id", _UUID, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("effective_from", _TIME, nullable=False),
    sa.Column("content", pg.JSONB, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
)
"""Every version. Append-only: what was to be seen at a time can be seen for ever."""

factor_set = tenant_table(
    "factor_set",
    sa.Column("factor_set_id", _UUID, primary_key=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    *resource_columns(),
)

factor_value = tenant_table(
    "factor_value",
    sa.Column("version_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("factor_set_id", _UUID, nullable=False),
    sa.Column("start_time", _TIME, nullable=False),
    sa.Column("end_time", _TIME),
    sa.Column("value", sa.Numeric(18, 9), nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
)
"""Every value that a factor has been given. Append-only: of two for one time the later one counts."""
