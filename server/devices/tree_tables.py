"""Tables of the two trees. Migration 0016 makes them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)

node_edge = tenant_table(
    "node_edge",
    sa.Column("node_id", _UUID, nullable=False),
    sa.Column("parent_id", _UUID),
    sa.Column("valid", pg.TSTZRANGE, nullable=False),
)
"""Below what each node is, and when; no parent: a root. The periods of a node follow each other without a
gap and without an overlap, from when it is there on, and the last one has no end."""

node_closure = tenant_table(
    "node_closure",
    sa.Column("ancestor_id", _UUID, nullable=False),
    sa.Column("node_id", _UUID, nullable=False),
    sa.Column("depth", sa.Integer, nullable=False),
    sa.Column("valid", pg.TSTZRANGE, nullable=False),
)
"""Every node below every other one, at whatever depth, and when; each is at depth 0 below itself. Follows
from ``node_edge``; see :mod:`server.devices.trees`."""

tag = tenant_table(
    "tag",
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("resource_id", _UUID, primary_key=True),
)
"""The labels of all kinds of resources, for looking for them; triggers keep it."""
