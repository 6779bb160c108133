"""Tables of exports. Migration 0027 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_TIME = sa.DateTime(timezone=True)

reading_export = tenant_table(
    "reading_export",
    sa.Column("reading_export_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("wish", pg.JSONB, nullable=False),
    sa.Column("series", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *(
        sa.Column(name, sa.BigInteger, nullable=False)
        for name in ("watermark", "total", "done", "rows", "size")
    ),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("start_time", _TIME),
    sa.Column("end_time", _TIME),
)
"""``series``: their numbers, eight bytes each, as they were when the export was asked for."""

reading_export_part = tenant_table(
    "reading_export_part",
    sa.Column("reading_export_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""The file in pieces, for a day."""
