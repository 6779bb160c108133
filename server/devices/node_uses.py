"""What hangs below a node or stands at it, so that it cannot be archived."""

from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.errors import InUse
from server.devices.position_tables import usage_point_position
from server.devices.tree_tables import node_edge
from server.platform.uow import Tx


async def refuse_used(tx: Tx, node_id: UUID) -> None:
    """Raises InUse while something that is not archived is below the node or at it, now or later."""
    user = (await tx.conn.execute(_uses(tx, node_id).limit(1))).first()
    if user is not None:
        raise InUse(f"{user.what} {user.id} is below node {node_id}", child_id=user.id)


def _uses(tx: Tx, node_id: UUID) -> sa.CompoundSelect[tuple[str, UUID]]:
    node, point, edge, position = tables.node, tables.usage_point, node_edge.c, usage_point_position.c
    child = sa.select(edge.node_id).where(
        edge.tenant_id == tx.tenant_id, edge.parent_id == node_id, _lasts(tx, edge.valid)
    )
    there = sa.select(position.usage_point_id).where(
        position.tenant_id == tx.tenant_id,
        sa.or_(position.place_id == node_id, position.grid_node_id == node_id),
        _lasts(tx, position.valid),
    )
    gateway, concentrator = tables.gateway, tables.concentrator
    return sa.union_all(
        _living(tx, "node", node, node.c.node_id.in_(child)),
        _living(tx, "usage_point", point, point.c.usage_point_id.in_(there)),
        _living(tx, "gateway", gateway, gateway.c.place_id == node_id),
        _living(
            tx,
            "concentrator",
            concentrator,
            sa.or_(concentrator.c.place_id == node_id, concentrator.c.grid_node_id == node_id),
        ),
    )


def _living(tx: Tx, kind: str, table: sa.Table, which: sa.ColumnElement[bool]) -> sa.Select[tuple[str, UUID]]:
    what = sa.literal(kind.replace("_", " ")).label("what")
    return sa.select(what, table.c[f"{kind}_id"].label("id")).where(
        table.c.tenant_id == tx.tenant_id, which, sa.not_(table.c.archived)
    )


def _lasts(tx: Tx, valid: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    """Whether a period is not over yet."""
    return sa.or_(sa.func.upper_inf(valid), sa.func.upper(valid) > tx.now)
