"""Tables of files of the inventory. Migration 0017 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_TIME = sa.DateTime(timezone=True)
_UUID = pg.UUID(as_uuid=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


inventory_import = tenant_table(
    "inventory_import",
    sa.Column("import_id", _UUID, primary_key=True),
    *_texts("file_name", "format", "kind", "sha256", "state", "error"),
    sa.Column("validate_only", sa.Boolean, nullable=False),
    sa.Column("personal", sa.Boolean, nullable=False),
    *_counts("total", "done", "created", "updated", "unchanged", "rejected"),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("end_time", _TIME),
)

inventory_import_error = tenant_table(
    "inventory_import_error",
    sa.Column("import_id", _UUID, primary_key=True),
    sa.Column("row_place", sa.BigInteger, primary_key=True),
    sa.Column("flaw_place", sa.Integer, primary_key=True),
    *_texts("sheet", "column_name", "value", "description", "reason"),
    sa.Column("line", sa.BigInteger, nullable=False),
)

inventory_export = tenant_table(
    "inventory_export",
    sa.Column("export_id", _UUID, primary_key=True),
    *_texts("format", "kind", "sha256", "state", "error"),
    sa.Column("show_archived", sa.Boolean, nullable=False),
    sa.Column("as_of", _TIME),
    sa.Column("node_id", _UUID),
    sa.Column("personal", sa.Boolean, nullable=False),
    *_counts("done", "size"),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("end_time", _TIME),
)

inventory_file_part = tenant_table(
    "inventory_file_part",
    sa.Column("file_id", _UUID, primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""Files in pieces: an import's until it is over, an export's for a day."""
