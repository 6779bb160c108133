"""Tables of the event log. Migration 0006 makes them; the history is in ClickHouse, ``event_history``."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_TIME = sa.DateTime(timezone=True)

event_counter = tenant_table(
    "event_counter",
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("copied", sa.BigInteger, nullable=False),
    sa.Column("pruned", sa.BigInteger, nullable=False),
    sa.Column("floor", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id"),
)
"""Where each tenant's log stands. Whoever appends holds the row until its commit, so numbers become visible
in order and without gaps."""

event_log = tenant_table(
    "event_log",
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("event_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("severity", sa.SmallInteger, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("meter_id", sa.Text, nullable=False),
    sa.Column("usage_point_id", sa.Text, nullable=False),
    sa.Column("command_id", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("trace_id", sa.Text, nullable=False),
    sa.Column("event_time", _TIME, nullable=False),
    sa.Column("publish_time", _TIME, nullable=False),
    sa.Column("payload_type", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "sequence"),
)
"""The newest events: append-only until they are pruned."""
