"""Tables of the desk. Migration 0024 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)

item = tenant_table(
    "vee_exception_item",
    sa.Column("series", sa.BigInteger, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("finding_version", sa.BigInteger, nullable=False),
    sa.Column("assignee", sa.Text, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("update_time", _TIME, nullable=False),
)
"""What people said of findings; a finding without a row is open. ``finding_version`` is the one that they
saw: what a later run finds is open again."""

change = tenant_table(
    "vee_exception_change",
    sa.Column("change_id", _UUID, primary_key=True),
    sa.Column("series", sa.BigInteger, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("change_time", _TIME, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("old_state", sa.SmallInteger, nullable=False),
    sa.Column("new_state", sa.SmallInteger, nullable=False),
    sa.Column("assignee", sa.Text, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("edit_id", _UUID),
)
"""What people did with findings. Append-only."""

edit = tenant_table(
    "reading_edit",
    sa.Column("edit_id", _UUID, primary_key=True),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("approver", sa.Text, nullable=False),
    sa.Column("decide_time", _TIME),
    sa.Column("decision_note", sa.Text, nullable=False),
    sa.Column("apply_time", _TIME),
    sa.Column("other_edit_id", _UUID),
    sa.Column("request_id", _UUID),
    sa.Column("value_count", sa.Integer, nullable=False),
    sa.Column("accepted", pg.JSONB, nullable=False),
    sa.Column("billed", pg.JSONB, nullable=False),
)
"""Edits. ``accepted`` lists the findings that they settle, ``billed`` the bills made of what they change."""

edit_series = tenant_table(
    "reading_edit_series",
    sa.Column("edit_id", _UUID, primary_key=True),
    sa.Column("series", sa.BigInteger, primary_key=True),
    sa.Column("usage_point_id", _UUID, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("tz", sa.Text, nullable=False),
    sa.Column("first_time", _TIME, nullable=False),
    sa.Column("until_time", _TIME, nullable=False),
    sa.Column("before", sa.LargeBinary, nullable=False),
    sa.Column("after", sa.LargeBinary, nullable=False),
)
"""Values of an edit before and after, as Arrow streams; append-only."""

setting = tenant_table(
    "reading_edit_setting",
    sa.Column("four_eyes", sa.Boolean, nullable=False),
    sa.Column("update_time", _TIME, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id"),
)
"""What tenants want of edits; none: no approval is needed."""
