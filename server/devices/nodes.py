"""Use cases of the hierarchies of places and grid."""

from collections.abc import Callable, Sequence
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.domain import Node
from server.devices.errors import HierarchyCycle, InUse
from server.devices.stores import nodes
from server.platform.errors import InvalidField
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork

_node = tables.node


def below(tenant_id: UUID, node_id: UUID) -> sa.Select[tuple[UUID]]:
    """Ids of a node and of all nodes below it."""
    top = (
        sa.select(_node.c.node_id)
        .where(_node.c.tenant_id == tenant_id, _node.c.node_id == node_id)
        .cte("below", recursive=True)
    )
    tree = top.union(
        sa.select(_node.c.node_id).where(_node.c.tenant_id == tenant_id, _node.c.parent_id == top.c.node_id)
    )
    return sa.select(tree.c.node_id)


class Nodes:
    """Create, read, change, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, node: Node) -> Node:
        """Stores a new one. Raises NodeNotFound for its parent, Taken for its code."""
        async with self._uow() as tx:
            await _check_parent(tx, node)
            return await nodes.insert(tx, node)

    async def get(self, node_id: UUID) -> Node:
        """One. Raises NodeNotFound."""
        async with self._uow() as tx:
            return await nodes.get(tx, node_id)

    async def page(
        self,
        *,
        hierarchy: str,
        parent_id: UUID | None,
        kind: str,
        code: str,
        archived: bool,
        after: Key | None,
        limit: int,
    ) -> Sequence[Node]:
        """Many, oldest first."""
        wanted = {"hierarchy": hierarchy, "parent_id": parent_id, "kind": kind, "code": code}
        where = [_node.c[name] == value for name, value in wanted.items() if value]
        async with self._uow() as tx:
            return await nodes.page(tx, where=where, after=after, limit=limit, archived=archived)

    async def update(self, node_id: UUID, etag: str, change: Callable[[Node], Node]) -> Node:
        """Changes one; with another parent it moves, with everything below it. Raises HierarchyCycle."""
        async with self._uow() as tx:
            before = await nodes.changing(tx, node_id, etag)
            after = change(before)
            if after.parent_id != before.parent_id:
                await _check_parent(tx, after)
            return await nodes.save(tx, after)

    async def archive(self, node_id: UUID, etag: str) -> Node:
        """Archives one. Raises InUse while something hangs below it."""
        async with self._uow() as tx:
            points = tables.usage_point
            child = await tx.conn.scalar(
                sa.select(_node.c.node_id)
                .where(
                    _node.c.tenant_id == tx.tenant_id,
                    _node.c.parent_id == node_id,
                    _node.c.archived.is_(False),
                )
                .union_all(
                    sa.select(points.c.usage_point_id).where(
                        points.c.tenant_id == tx.tenant_id,
                        sa.or_(points.c.place_id == node_id, points.c.grid_node_id == node_id),
                        points.c.archived.is_(False),
                    )
                )
                .limit(1)
            )
            if child is not None:
                raise InUse(f"{child} is below node {node_id}", child_id=child)
            return await nodes.archive(tx, node_id, etag)


async def _check_parent(tx: Tx, node: Node) -> None:
    """The parent must be of the same tree, not archived, and not below the node."""
    if node.parent_id is None:
        return
    # Moves of one tree wait for each other: two of them could close a circle that neither sees.
    await tx.conn.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"node:{tx.tenant_id}", 0)))
    )
    if node.parent_id in set(await tx.conn.scalars(below(tx.tenant_id, node.node_id))) | {node.node_id}:
        raise HierarchyCycle(
            f"node {node.parent_id} is node {node.node_id} itself or below it",
            node_id=node.node_id,
            parent_id=node.parent_id,
        )
    parent = await nodes.changing(tx, node.parent_id)
    if parent.hierarchy != node.hierarchy:
        raise InvalidField(
            "node.parent_id",
            f"{node.parent_id} is of the hierarchy {parent.hierarchy}, not {node.hierarchy}",
            "parent.hierarchy",
        )
