"""Tables of rule sets. Migration 0023 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.resource_store import resource_columns
from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)

rule_set = tenant_table(
    "rule_set",
    sa.Column("rule_set_id", _UUID, primary_key=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("content", pg.JSONB, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("version_id", sa.BigInteger, nullable=False),
    sa.Column("effective_from", _TIME, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    *resource_columns(),
)
"""Rule sets with their newest version; ``version`` counts all changes, for the etag."""

rule_set_version = tenant_table(
    "rule_set_version",
    sa.Column("version_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("rule_set_id", _UUID, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("effective_from", _TIME, nullable=False),
    sa.Column("content", pg.JSONB, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
)
"""Every version. Append-only: values name the version that they were checked with."""

rule_set_assignment = tenant_table(
    "rule_set_assignment",
    sa.Column("assignment_id", _UUID, primary_key=True),
    sa.Column("rule_set_id", _UUID, nullable=False),
    sa.Column("target_kind", sa.SmallInteger, nullable=False),
    sa.Column("target_key", sa.Text, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("effective_from", _TIME, nullable=False),
    sa.Column("effective_to", _TIME),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
)
