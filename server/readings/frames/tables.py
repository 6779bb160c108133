"""The table of kept frames. Migration 0009 makes it."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)

frame = tenant_table(
    "frame",
    sa.Column("frame_id", _UUID, nullable=False),
    sa.Column("adapter", sa.Text, nullable=False),
    sa.Column("dev_eui", sa.Text, nullable=False),
    sa.Column("frame_key", sa.Text, nullable=False),
    sa.Column("event", sa.LargeBinary, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("receive_time", _TIME),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("update_time", _TIME, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "frame_id"),
    sa.UniqueConstraint("tenant_id", "adapter", "frame_key"),
)
"""One row a frame that could not be read, or not wholly."""
