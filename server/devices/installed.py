"""What is installed now."""

import sqlalchemy as sa

from server.devices import tables
from server.platform.uow import Tx


def installed_now(tx: Tx) -> list[sa.ColumnElement[bool]]:
    """Conditions on the table of installations that the present ones keep."""
    where = tables.installation.c
    return [
        where.tenant_id == tx.tenant_id,
        where.start_time <= tx.now,
        sa.or_(where.end_time.is_(None), where.end_time > tx.now),
    ]
