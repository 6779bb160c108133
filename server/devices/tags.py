"""Looking for resources by their labels."""

from typing import Any

import sqlalchemy as sa

from server.devices.tree_tables import tag
from server.platform.uow import Tx


def tagged(
    tx: Tx, kind: str, resource_id: sa.ColumnElement[Any], key: str, value: str
) -> sa.ColumnElement[bool]:
    """Whether the resource of a kind (the name of its table) has the label; an empty value: whatever it says.

    Asks the table ``tag``, which triggers keep: under row-level security no index serves ``tags @> …``.
    """
    found = sa.select(tag.c.resource_id).where(
        tag.c.tenant_id == tx.tenant_id, tag.c.kind == kind, tag.c.key == key
    )
    return resource_id.in_(found.where(tag.c.value == value) if value else found)
