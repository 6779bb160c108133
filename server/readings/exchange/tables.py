"""Tables of imports. Migration 0010 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_TIME = sa.DateTime(timezone=True)

import_job = tenant_table(
    "import_job",
    sa.Column("import_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("csv", pg.JSONB, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("validate_only", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *(
        sa.Column(name, sa.BigInteger, nullable=False)
        for name in ("total", "done", "stored", "duplicates", "rejected")
    ),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("start_time", _TIME),
    sa.Column("end_time", _TIME),
)

import_part = tenant_table(
    "import_part",
    sa.Column("import_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""The file in pieces, until the import is over."""

import_error = tenant_table(
    "import_error",
    sa.Column("import_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("line", sa.BigInteger, primary_key=True),
    sa.Column("column_name", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
