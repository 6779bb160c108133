"""Tables of commands. Migration 0005 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)

command = tenant_table(
    "command",
    sa.Column("command_id", _UUID, nullable=False),
    sa.Column("meter_id", _UUID, nullable=False),
    sa.Column("usage_point_id", _UUID),
    sa.Column("adapter", sa.Text, nullable=False),
    sa.Column("dev_eui", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("transition_count", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("max_attempts", sa.Integer, nullable=False),
    sa.Column("reached_sent", sa.Boolean, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("issuer_id", sa.Text, nullable=False),
    sa.Column("issuer_tracking_id", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("accept_time", _TIME, nullable=False),
    sa.Column("update_time", _TIME, nullable=False),
    sa.Column("not_before", _TIME, nullable=False),
    sa.Column("expires_at", _TIME, nullable=False),
    sa.Column("publish_count", sa.Integer, nullable=False),
    sa.Column("publish_due", _TIME),
    sa.Column("wake_time", _TIME),
    sa.Column("cancel_requested", _TIME),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("result", pg.JSONB, nullable=False),
    sa.Column("trace", pg.JSONB, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "command_id"),
)
"""One row a command. ``wake_time`` is the one thing that the timer looks at; ``trace`` is the W3C trace
context of the submit, so that what the timer does later belongs to the same trace."""

command_transition = tenant_table(
    "command_transition",
    sa.Column("command_id", _UUID, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("time", _TIME, nullable=False),
    sa.Column("record_time", _TIME, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "command_id", "sequence"),
)
"""Every state that a command has been in; append-only."""

command_attempt = tenant_table(
    "command_attempt",
    sa.Column("command_id", _UUID, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("start_time", _TIME, nullable=False),
    sa.Column("link_id", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "command_id", "number"),
)
"""Every try of a command."""

command_report = tenant_table(
    "command_report",
    sa.Column("command_id", _UUID, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("report_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("time", _TIME, nullable=False),
    sa.Column("receive_time", _TIME, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("ignored", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "command_id", "attempt", "report_id"),
)
"""Every report of an adapter, also those that changed nothing: ``ignored`` says why. Append-only."""

adapter = tenant_table(
    "adapter",
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("instance", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("actions", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("healthy", sa.Boolean, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("last_seen_time", _TIME, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "kind", "instance"),
)
"""Adapter processes, as they last presented themselves."""
