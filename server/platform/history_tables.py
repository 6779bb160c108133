"""Tables of the history of changes. Nobody may update or delete in ``change``: not the relay either."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.tables import tenant_table


def _columns() -> list[sa.Column[Any]]:
    texts = (
        "principal_id",
        "principal_name",
        "action",
        "resource_kind",
        "resource_id",
        "subject",
        "fields",
        "reason",
        "correlation_id",
        "method",
        "trace_id",
    )
    return [
        sa.Column("change_id", pg.UUID(as_uuid=True), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
    ]


change = tenant_table(
    "change",
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("previous_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    *_columns(),
)
"""The chain of every tenant. ``fields`` is canonical JSON: see :mod:`server.platform.history_chain`."""

change_pending = tenant_table(
    "change_pending",
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    *_columns(),
)
"""Committed changes that the relay has not linked yet: for a moment only."""

change_head = tenant_table(
    "change_head",
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id"),
)
"""The newest link of each chain: a chain that was cut short does not reach it."""

personal_key = tenant_table(
    "personal_key",
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
)
"""Keys of sealed personal data, one a subject; without its key it is gone for ever."""

COPIED = tuple(column.name for column in change_pending.columns if column.name not in {"tenant_id", "id"})
"""Columns that a pending change takes along into the chain."""
