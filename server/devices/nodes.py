"""Use cases of the two trees: making, finding, changing and moving nodes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from server.devices import node_uses, tables
from server.devices.domain import Node
from server.devices.errors import HierarchyCycle, NodeNotFound
from server.devices.outcomes import good, put, the_one, trying
from server.devices.spans import Span, changed, span_at
from server.devices.stores import nodes
from server.devices.tags import tagged
from server.devices.tree_tables import node_edge
from server.devices.trees import (
    Edge,
    at_instant,
    edges_of,
    ever_below,
    hold,
    hold_alone,
    parents_below,
    placed,
    rebuild,
    subtree,
    write_edges,
)
from server.platform.errors import InvalidField, SimbaError
from server.platform.resource_store import Archived, ExternalId, Key
from server.platform.uow import Tx, UnitOfWork

_node = tables.node


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFilter:
    """Which nodes; unset fields do not narrow."""

    hierarchy: str = ""
    parent_id: UUID | None = None
    under_id: UUID | None = None
    """This one and all below it."""
    roots_only: bool = False
    kind: str = ""
    code: str = ""
    external_id: ExternalId | None = None
    tag: tuple[str, str] | None = None
    as_of: datetime | None = None
    """The trees as they were, or will be, then."""
    archived: bool = False


class Nodes:
    """Create, read, change, move, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, node: Node) -> Node:
        """Stores a new one. Raises NodeNotFound, Archived or InvalidArgument for its parent, and Taken."""
        async with self._uow() as tx:
            return the_one(await self.create_many(tx, [node]))

    async def create_batch(
        self, given: Sequence[Node | SimbaError], *, validate_only: bool
    ) -> list[Node | SimbaError]:
        """Stores many; see :meth:`create_many`. With ``validate_only`` nothing is stored."""
        outcome = list(given)
        async with trying(self._uow, validate_only=validate_only) as tx:
            put(outcome, await self.create_many(tx, good(outcome)))
        return outcome

    async def create_many(self, tx: Tx, given: Sequence[Node]) -> list[Node | SimbaError]:
        """Stores many new ones, level by level; a parent may be among them, before or behind its children.

        In the place of each that cannot be stored stands the error that it alone would get.
        """
        await hold(tx)
        outcome: list[Node | SimbaError] = list(given)
        left = dict(enumerate(given))
        unmade = {one.node_id for one in given}
        while left:
            level = {place: one for place, one in left.items() if one.parent_id not in unmade}
            # What is left then hangs below itself: nobody else can come from nowhere.
            level = level or left
            made = await self._create_level(tx, list(level.values()))
            outcome_of = dict(zip(level, made, strict=True))
            for place, one in outcome_of.items():
                outcome[place] = one
                unmade.discard(left.pop(place).node_id)
        put(outcome, await placed(tx, good(outcome)))
        return outcome

    async def _create_level(self, tx: Tx, given: Sequence[Node]) -> list[Node | SimbaError]:
        """Those whose parents are there already."""
        outcome: list[Node | SimbaError] = list(given)
        put(outcome, await _refusals(tx, given))
        wanted = {one.node_id: one for one in good(outcome)}
        put(outcome, await nodes.insert_many(tx, good(outcome)))
        made = good(outcome)
        await write_edges(
            tx,
            {
                one.node_id: [Span(wanted[one.node_id].parent_id, wanted[one.node_id].effective_from)]
                for one in made
            },
        )
        await rebuild(tx, [one.node_id for one in made])
        for one in made:
            await nodes.made(tx, [one], beside=_told(wanted[one.node_id].parent_id, one.effective_from))
        return outcome

    async def get(self, node_id: UUID, as_of: datetime | None = None) -> Node:
        """One, and where it is in its tree as of an instant (now). Raises NodeNotFound."""
        async with self._uow() as tx:
            return the_one(await placed(tx, [await nodes.get(tx, node_id)], as_of))

    async def page(self, which: NodeFilter, *, after: Key | None, limit: int) -> Sequence[Node]:
        """Many, oldest first."""
        async with self._uow() as tx:
            found = await nodes.page(
                tx,
                where=list(_where(tx, which)),
                after=after,
                limit=limit,
                external_id=which.external_id,
                archived=which.archived,
            )
            return await placed(tx, found, which.as_of)

    async def update(self, node_id: UUID, etag: str, change: Callable[[Node], Node]) -> Node:
        """Changes one; with another parent it moves there, now, with everything below it.

        Raises HierarchyCycle and what :meth:`create` raises for a parent.
        """
        async with self._uow() as tx:
            now = the_one(await placed(tx, [await nodes.get(tx, node_id)]))
            if change(now).parent_id != now.parent_id:
                await hold_alone(tx)
            before = the_one(await placed(tx, [await nodes.changing(tx, node_id, etag)]))
            after = change(before)
            if after.parent_id != before.parent_id:
                return await self._move(tx, before, after, tx.now)
            return the_one(await placed(tx, [await nodes.save(tx, after)]))

    async def move(self, node_id: UUID, parent_id: UUID | None, time: datetime, etag: str) -> Node:
        """Puts one, with all below it, under another from an instant on, until the next move that is known.

        The instant may be past or future. Raises HierarchyCycle if it would be below itself at any time, and
        InvalidArgument when either node is not there yet then.
        """
        async with self._uow() as tx:
            # Before the node is locked: movers that waited for each other's nodes would never end.
            await hold_alone(tx)
            before = await nodes.changing(tx, node_id, etag)
            return await self._move(tx, before, replace(before, parent_id=parent_id), time)

    async def _move(self, tx: Tx, before: Node, after: Node, time: datetime) -> Node:
        node_id = before.node_id
        edges = (await edges_of(tx, [node_id]))[node_id]
        edge = span_at(edges, time)
        if edge is None:
            raise _not_there("effective_from", node_id, edges[0].start)
        if after.parent_id is not None:
            await _check_parent(tx, after, time, edge.end)
        below = await ever_below(tx, [node_id])
        await write_edges(tx, {node_id: changed(edges, time, after.parent_id)})
        await rebuild(tx, below)
        was, becomes = _told(edge.value, edge.start), _told(after.parent_id, time)
        saved = await nodes.save(tx, after, action="moved", beside=(was, becomes))
        return the_one(await placed(tx, [saved]))

    async def parents(self, node_id: UUID, *, before: datetime | None, limit: int) -> Sequence[Edge]:
        """Below what one is and was, newest first; ``before`` leaves out what began then or later."""
        async with self._uow() as tx:
            await nodes.get(tx, node_id)
            edges = (await edges_of(tx, [node_id]))[node_id]
        past = [one for one in reversed(edges) if before is None or one.start is None or one.start < before]
        return past[:limit]

    async def archive(self, node_id: UUID, etag: str) -> Node:
        """Archives one. Raises InUse while something hangs below it or stands at it, now or later."""
        async with self._uow() as tx:
            await hold_alone(tx)
            await node_uses.refuse_used(tx, node_id)
            return the_one(await placed(tx, [await nodes.archive(tx, node_id, etag)]))

    async def undelete(self, node_id: UUID, etag: str) -> Node:
        """Brings one back. Raises NotArchived, Taken for its code, Archived while its parent is archived."""
        async with self._uow() as tx:
            await hold(tx)
            back = the_one(await placed(tx, [await nodes.undelete(tx, node_id, etag)]))
            if back.parent_id is not None and (await nodes.get(tx, back.parent_id)).stored.archived:
                raise Archived("node", back.parent_id)
            return back


async def _refusals(tx: Tx, given: Sequence[Node]) -> list[SimbaError | None]:
    """For each new node why it cannot hang where it is to; None: it can."""
    parents = {one.parent_id for one in given if one.parent_id is not None}
    known = {one.node_id: one for one in await nodes.of(tx, parents)}
    starts = {node_id: edges[0].start for node_id, edges in (await edges_of(tx, known)).items()}
    return [_refusal(one, known, starts) for one in given]


def _refusal(
    node: Node, known: Mapping[UUID, Node], starts: Mapping[UUID, datetime | None]
) -> SimbaError | None:
    if node.parent_id is None:
        return None
    parent = known.get(node.parent_id)
    if parent is None:
        return _cycle(node) if node.parent_id == node.node_id else NodeNotFound(node.parent_id)
    if parent.stored.archived:
        return Archived("node", node.parent_id)
    if parent.hierarchy != node.hierarchy:
        return _other_tree(node, parent)
    start = starts[node.parent_id]
    if start is not None and (node.effective_from is None or node.effective_from < start):
        return _not_there("node.effective_from", node.parent_id, start)
    return None


async def _check_parent(tx: Tx, node: Node, start: datetime, end: datetime | None) -> None:
    """Whether a node may hang below its parent from one instant to another (None: for ever)."""
    if node.parent_id == node.node_id or await parents_below(tx, node.node_id, node.parent_id, start, end):
        raise _cycle(node)
    (error,) = await _refusals(tx, [replace(node, effective_from=start)])
    if error is not None:
        raise error


def _cycle(node: Node) -> HierarchyCycle:
    return HierarchyCycle(
        f"node {node.parent_id} is node {node.node_id} itself or below it",
        node_id=node.node_id,
        parent_id=node.parent_id,
    )


def _other_tree(node: Node, parent: Node) -> InvalidField:
    what = f"{parent.node_id} is of the hierarchy {parent.hierarchy}, not {node.hierarchy}"
    return InvalidField("node.parent_id", what, "parent.hierarchy")


def _not_there(field: str, node_id: UUID, start: datetime | None) -> InvalidField:
    since = start.isoformat() if start else "always"
    return InvalidField(field, f"node {node_id} is in its tree only since {since}", "node.effective_from")


def _told(parent_id: UUID | None, effective_from: datetime | None) -> dict[str, object]:
    return {"parent_id": parent_id, "effective_from": effective_from}


def _where(tx: Tx, which: NodeFilter) -> Iterator[sa.ColumnElement[bool]]:
    for name in ("hierarchy", "kind", "code"):
        if value := getattr(which, name):
            yield _node.c[name] == value
    if which.under_id is not None:
        yield _node.c.node_id.in_(subtree(tx, which.under_id, which.as_of))
    if which.parent_id is not None or which.roots_only:
        edge = node_edge.c
        parent = edge.parent_id.is_(None) if which.roots_only else edge.parent_id == which.parent_id
        at = at_instant(edge.valid, which.as_of or tx.now)
        yield _node.c.node_id.in_(sa.select(edge.node_id).where(edge.tenant_id == tx.tenant_id, parent, at))
    if which.tag is not None:
        yield tagged(tx, "node", _node.c.node_id, *which.tag)
