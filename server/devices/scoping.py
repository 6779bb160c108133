"""What of the inventory lies within the caller's scope, as SQL: None is all of the tenant.

A usage point is within a scope that names it, or a node that it is at or below now. A meter is where it is
installed now, and is within when that usage point is; what is in stock is within nobody's scope.
"""

from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.installed import installed_now
from server.devices.positions import points_at
from server.devices.trees import subtree
from server.platform.caller import Scope
from server.platform.scope import current_scope
from server.platform.sql import among
from server.platform.uow import Tx

Ids = sa.Select[tuple[UUID]]


def visible_points(tx: Tx) -> Ids | None:
    """Ids of the usage points that the caller may see; None: all."""
    scope = current_scope()
    return None if scope is None else points_within(tx, scope)


def visible_meters(tx: Tx) -> Ids | None:
    """Ids of the meters and modules that the caller may see; None: all."""
    scope = current_scope()
    return None if scope is None else meters_within(tx, scope)


def visible_nodes(tx: Tx) -> Ids | None:
    """Ids of the nodes that the caller may see: those of the scope and all below; None: all."""
    scope = current_scope()
    return None if scope is None else subtree(tx, scope.node_ids)


def points_within(tx: Tx, scope: Scope) -> Ids:
    """Ids of the usage points within a scope now."""
    point = tables.usage_point.c
    named = among(point.usage_point_id, scope.usage_point_ids)
    placed = [point.usage_point_id.in_(one) for one in _placed(tx, scope)]
    return sa.select(point.usage_point_id).where(point.tenant_id == tx.tenant_id, sa.or_(named, *placed))


def meters_within(tx: Tx, scope: Scope) -> Ids:
    """Ids of the meters and modules that are installed within a scope now."""
    where = tables.installation.c
    return sa.select(where.meter_id).where(
        where.usage_point_id.in_(points_within(tx, scope)), *installed_now(tx)
    )


def meters_ever_within(tx: Tx, scope: Scope) -> Ids:
    """Ids of the meters and modules that are or were installed at usage points within a scope."""
    where = tables.installation.c
    return sa.select(where.meter_id).where(
        where.tenant_id == tx.tenant_id, where.usage_point_id.in_(points_within(tx, scope))
    )


def _placed(tx: Tx, scope: Scope) -> list[Ids]:
    """Ids of the usage points at or below the scope's nodes, by tree."""
    if not scope.node_ids:
        return []
    return [points_at(tx, place_id=scope.node_ids), points_at(tx, grid_node_id=scope.node_ids)]
