"""Table of where usage points are. Migration 0015 makes it."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)

usage_point_position = tenant_table(
    "usage_point_position",
    sa.Column("usage_point_id", _UUID, nullable=False),
    sa.Column("place_id", _UUID),
    sa.Column("grid_node_id", _UUID),
    sa.Column("phases", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("valid", pg.TSTZRANGE, nullable=False),
)
"""Where each usage point is in the two trees, and on which phases, and when. The spans of a usage point
follow each other without a gap and without an overlap; the first has no beginning, the last no end."""
