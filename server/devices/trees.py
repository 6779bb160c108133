"""The two trees, at any time: what is below a node, what is above it.

``node_edge`` is the truth: below what each node is, and when. ``node_closure`` follows from it: every pair of
a node and one above it, with the time for which that holds. Whoever changes edges calls :func:`rebuild` in
the same transaction.

Why a closure. Measured on PostgreSQL 18, one core, 50,000 nodes, 1,000,000 usage points, warm; a substation
has 626 nodes and 25,000 usage points, a region 2,511 and 100,000; a tenth of the feeders was moved once.
Milliseconds, now (as of 2020, as of 2031):

=======================================  =====================  ==================  ===================
what                                     recursive CTE on       closure             path arrays with
                                         edges                  (178,000 rows)      a GIN index
=======================================  =====================  ==================  ===================
nodes of the substation                  3.8 (2.0, 1.0)         0.7 (1.1, 0.3)      1.3 (1.4, 0.6)
nodes of the region                      3.4                    0.8                 1.5
page of 100 points of the substation     122 (201, 91)          9 (197, 91)         19 (155, 85)
the same, ids first, index with period   -                      15, 7, 3 at the     -
                                                                beginning, middle, end
size with indexes                        13 MB                  44 MB               15 MB
=======================================  =====================  ==================  ===================

All find the nodes quickly. Only for the closure the planner knows how many there will be, so that it chooses
well between walking the points in order and collecting those of each node; of a recursive query it knows
nothing. Moving a node costs a rewrite of the closure of what is below it, some milliseconds for a substation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices.domain import Node
from server.devices.spans import Span
from server.devices.tree_tables import node_closure, node_edge
from server.platform.sql import UUIDS, among, recordset
from server.platform.uow import Tx

Edge = Span[UUID | None]
"""Below which node one is for a while; None: it is a root."""

_CLOSURE: Final = """
    INSERT INTO node_closure (tenant_id, ancestor_id, node_id, depth, valid)
    WITH RECURSIVE up AS (
        SELECT tenant_id, node_id, node_id AS ancestor_id, 0 AS depth, valid
          FROM node_edge
         WHERE tenant_id = {tenant}{which}
        UNION ALL
        SELECT up.tenant_id, up.node_id, above.parent_id, up.depth + 1, up.valid * above.valid
          FROM up
          JOIN node_edge above ON above.tenant_id = up.tenant_id AND above.node_id = up.ancestor_id
         WHERE above.parent_id IS NOT NULL AND above.valid && up.valid
    ), whole AS (
        SELECT tenant_id, ancestor_id, node_id, depth, range_agg(valid) AS valid
          FROM up GROUP BY tenant_id, ancestor_id, node_id, depth
    )
    SELECT tenant_id, ancestor_id, node_id, depth, unnest(valid) FROM whole
"""
_SOME: Final = sa.text(_CLOSURE.format(tenant=":tenant", which=" AND node_id = ANY(:ids)")).bindparams(
    sa.bindparam("ids", type_=UUIDS), sa.bindparam("tenant", type_=pg.UUID(as_uuid=True))
)
REBUILD: Final = _CLOSURE.format(tenant="%(tenant)s", which="")
"""SQL for psycopg that fills the closure of a whole tenant from its edges, where it has none yet."""

_SHARED: Final = sa.text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:what, 0))")
_ALONE: Final = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")

_PLACED: Final = sa.text("""
    SELECT wanted.node_id, edge.parent_id, lower(edge.valid) AS start,
           ARRAY(
               SELECT above.ancestor_id FROM node_closure above
                WHERE above.tenant_id = :tenant AND above.node_id = wanted.node_id AND above.depth > 0
                  AND above.valid @> greatest(:at, lower(edge.valid))
                ORDER BY above.depth DESC
           ) AS ancestors
      FROM unnest(:ids) AS wanted (node_id)
     CROSS JOIN LATERAL (
               SELECT parent_id, valid FROM node_edge
                WHERE tenant_id = :tenant AND node_id = wanted.node_id
                  AND (valid @> :at OR lower(valid) > :at)
                ORDER BY lower(valid) NULLS FIRST LIMIT 1
           ) edge
""").bindparams(
    sa.bindparam("ids", type_=UUIDS),
    sa.bindparam("tenant", type_=pg.UUID(as_uuid=True)),
    sa.bindparam("at", type_=sa.DateTime(timezone=True)),
)


Instant = datetime | sa.ColumnElement[datetime]


def at_instant(valid: sa.ColumnElement[object], time: Instant) -> sa.ColumnElement[bool]:
    """Whether a period has the instant in it."""
    given = sa.bindparam(None, time, sa.DateTime(timezone=True)) if isinstance(time, datetime) else time
    return valid.op("@>", return_type=sa.Boolean())(given)


def subtree(
    tx: Tx, node_ids: UUID | sa.BindParameter[UUID] | Iterable[UUID], as_of: Instant | None = None
) -> sa.Select[tuple[UUID]]:
    """Ids of the node, or nodes, and of all below as of an instant (now); archived ones too.

    A node that was not in its tree then has nothing below it, not even itself. With several nodes, ids may
    come twice: use it with IN.
    """
    below = node_closure.c
    if isinstance(node_ids, UUID | sa.BindParameter):
        tops = below.ancestor_id == node_ids
    else:
        tops = among(below.ancestor_id, node_ids)
    at = tx.now if as_of is None else as_of
    return sa.select(below.node_id).where(below.tenant_id == tx.tenant_id, tops, at_instant(below.valid, at))


async def ancestors(
    tx: Tx, ids: Iterable[UUID], as_of: datetime | None = None
) -> dict[UUID, tuple[UUID, ...]]:
    """Ids of the nodes above each, the root first, as of an instant (now); roots have none."""
    wanted = list(dict.fromkeys(ids))
    above = node_closure.c
    query = (
        sa.select(above.node_id, above.ancestor_id)
        .where(
            above.tenant_id == tx.tenant_id,
            among(above.node_id, wanted),
            above.depth > 0,
            at_instant(above.valid, as_of or tx.now),
        )
        .order_by(above.node_id, above.depth.desc())
    )
    found: dict[UUID, tuple[UUID, ...]] = dict.fromkeys(wanted, ())
    for node_id, ancestor_id in await tx.conn.execute(query):
        found[node_id] = (*found[node_id], ancestor_id)
    return found


async def placed(tx: Tx, nodes: Sequence[Node], as_of: datetime | None = None) -> list[Node]:
    """Nodes with what is above them as of an instant (now).

    One that is to be there only later is shown as it will be at first.
    """
    if not nodes:
        return []
    ids = [one.node_id for one in nodes]
    rows = await tx.conn.execute(_PLACED, {"tenant": tx.tenant_id, "ids": ids, "at": as_of or tx.now})
    where = {row.node_id: row for row in rows}
    return [
        replace(
            one,
            parent_id=where[one.node_id].parent_id,
            effective_from=where[one.node_id].start,
            ancestor_ids=tuple(where[one.node_id].ancestors),
        )
        if one.node_id in where
        else one
        for one in nodes
    ]


async def rebuild(tx: Tx, ids: Iterable[UUID]) -> None:
    """Makes the closure of these nodes anew from the edges; name those below them as well."""
    wanted = list(ids)
    closure = node_closure
    await tx.conn.execute(
        sa.delete(closure).where(closure.c.tenant_id == tx.tenant_id, among(closure.c.node_id, wanted))
    )
    await tx.conn.execute(_SOME, {"tenant": tx.tenant_id, "ids": wanted})


async def ever_below(tx: Tx, node_ids: Iterable[UUID]) -> list[UUID]:
    """Ids of the nodes and of all that are below them at any time."""
    below = node_closure.c
    query = sa.select(below.node_id).where(
        below.tenant_id == tx.tenant_id, among(below.ancestor_id, node_ids)
    )
    return list(await tx.conn.scalars(query.distinct()))


async def hold(tx: Tx) -> None:
    """Keeps the tenant's trees as they are until the end of the transaction; others may hold them as well.

    For whoever hangs something below a node: it will not be archived or moved meanwhile.
    """
    await tx.conn.execute(_SHARED, {"what": _lock(tx)})


async def hold_alone(tx: Tx) -> None:
    """Lets nobody else change the tenant's trees, or hang something into them, until the transaction ends.

    Moves of one tenant wait for each other: two could close a circle that neither sees.
    """
    await tx.conn.execute(_ALONE, {"what": _lock(tx)})


def _lock(tx: Tx) -> str:
    return f"trees:{tx.tenant_id}"


async def parents_below(
    tx: Tx, node_id: UUID, parent_id: UUID | None, start: datetime, end: datetime | None
) -> bool:
    """Whether the node that is to be a parent is below the other one at any time in ``[start, end)``."""
    below = node_closure.c
    period = sa.func.tstzrange(start, end)
    query = sa.select(below.node_id).where(
        below.tenant_id == tx.tenant_id,
        below.ancestor_id == node_id,
        below.node_id == parent_id,
        below.valid.op("&&", return_type=sa.Boolean())(period),
    )
    return (await tx.conn.execute(query.limit(1))).first() is not None


async def edges_of(tx: Tx, node_ids: Iterable[UUID]) -> dict[UUID, list[Edge]]:
    """Below what the nodes are, through time, in order; unknown nodes are left out."""
    edge = node_edge.c
    start, end = sa.func.lower(edge.valid), sa.func.upper(edge.valid)
    query = (
        sa.select(edge.node_id, edge.parent_id, start, end)
        .where(edge.tenant_id == tx.tenant_id, among(edge.node_id, node_ids))
        .order_by(edge.node_id, start.nulls_first())
    )
    found: dict[UUID, list[Edge]] = {}
    for node_id, *span in await tx.conn.execute(query):
        found.setdefault(node_id, []).append(Span(*span))
    return found


async def write_edges(tx: Tx, edges: Mapping[UUID, Sequence[Edge]]) -> None:
    """Makes these the only edges of nodes; :func:`rebuild` is to follow."""
    rows = [
        {"tenant_id": tx.tenant_id, "node_id": node_id, "parent_id": one.value, "valid": one.text}
        for node_id, spans in edges.items()
        for one in spans
    ]
    edge = node_edge
    await tx.conn.execute(
        sa.delete(edge).where(edge.c.tenant_id == tx.tenant_id, among(edge.c.node_id, edges))
    )
    if rows:
        await tx.conn.execute(sa.insert(edge).from_select(list(rows[0]), recordset(edge, rows)))
