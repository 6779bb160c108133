"""Where usage points are in the two trees, and on which phases, through time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa

from server.devices.domain import UsagePoint
from server.devices.position_tables import usage_point_position
from server.devices.spans import Span
from server.devices.trees import Instant, at_instant, subtree
from server.platform.sql import ASKED, UUIDS, among, recordset
from server.platform.stored import Key
from server.platform.uow import Tx
from server.platform.walk import Route, Walk, after_values, in_order

_position = usage_point_position.c
_UUID = _position.usage_point_id.type


@dataclass(frozen=True, slots=True)
class Position:
    """Where a usage point is for a while."""

    place_id: UUID | None = None
    grid_node_id: UUID | None = None
    phases: tuple[str, ...] = ()
    """A, B, C; none: unknown, or no electricity."""

    @property
    def places(self) -> dict[str, UUID | None]:
        """Node by field."""
        return {"place_id": self.place_id, "grid_node_id": self.grid_node_id}


def position_of(point: UsagePoint) -> Position:
    """Where a usage point says that it is."""
    return Position(point.place_id, point.grid_node_id, point.phases)


async def of_points(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, list[Span[Position]]]:
    """All positions of usage points, in order."""
    start, end = sa.func.lower(_position.valid), sa.func.upper(_position.valid)
    query = (
        sa.select(
            _position.usage_point_id, _position.place_id, _position.grid_node_id, _position.phases, start, end
        )
        .where(_position.tenant_id == tx.tenant_id, among(_position.usage_point_id, ids))
        .order_by(_position.usage_point_id, start.nulls_first())
    )
    found: dict[UUID, list[Span[Position]]] = {}
    for point_id, place_id, grid_node_id, phases, start_time, end_time in await tx.conn.execute(query):
        span = Span(Position(place_id, grid_node_id, tuple(phases)), start_time, end_time)
        found.setdefault(point_id, []).append(span)
    return found


async def write(tx: Tx, positions: Mapping[UUID, Sequence[Span[Position]]], *, new: bool = False) -> None:
    """Makes these the only positions of usage points; ``new`` ones have none yet."""
    if not new:
        mine = among(_position.usage_point_id, positions)
        await tx.conn.execute(
            sa.delete(usage_point_position).where(_position.tenant_id == tx.tenant_id, mine)
        )
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "usage_point_id": point_id,
            **one.value.places,
            "phases": one.value.phases,
            "valid": one.text,
        }
        for point_id, spans in positions.items()
        for one in spans
    ]
    if rows:
        given = recordset(usage_point_position, rows)
        await tx.conn.execute(sa.insert(usage_point_position).from_select(list(rows[0]), given))


async def placed(tx: Tx, points: Sequence[UsagePoint], as_of: datetime | None = None) -> list[UsagePoint]:
    """Usage points with where they are as of an instant (now)."""
    query = sa.select(
        _position.usage_point_id, _position.place_id, _position.grid_node_id, _position.phases
    ).where(
        _position.tenant_id == tx.tenant_id,
        among(_position.usage_point_id, [one.usage_point_id for one in points]),
        at_instant(_position.valid, as_of or tx.now),
    )
    where = {row.usage_point_id: row for row in await tx.conn.execute(query)}
    return [
        replace(
            one,
            place_id=where[one.usage_point_id].place_id,
            grid_node_id=where[one.usage_point_id].grid_node_id,
            phases=tuple(where[one.usage_point_id].phases),
        )
        for one in points
    ]


Node = UUID | sa.BindParameter[UUID] | Iterable[UUID]


def points_at(
    tx: Tx,
    *,
    place_id: Node | None = None,
    grid_node_id: Node | None = None,
    phase: str | sa.BindParameter[str] = "",
    as_of: Instant | None = None,
) -> sa.Select[tuple[UUID]]:
    """Ids of the usage points at or below nodes, and on a phase, as of an instant (now)."""
    at = tx.now if as_of is None else as_of
    query = sa.select(_position.usage_point_id).where(
        _position.tenant_id == tx.tenant_id, at_instant(_position.valid, at)
    )
    for column, node_id in ((_position.place_id, place_id), (_position.grid_node_id, grid_node_id)):
        if node_id is not None:
            query = query.where(column == _any_of(subtree(tx, node_id, at)))
    if isinstance(phase, sa.BindParameter) or phase:
        query = query.where(
            (sa.literal(phase) if isinstance(phase, str) else phase) == sa.any_(_position.phases)
        )
    return query


def in_order_of_nodes(
    tx: Tx,
    after: Key | None,
    *,
    place_id: UUID | None = None,
    grid_node_id: UUID | None = None,
    phase: str = "",
    as_of: datetime | None = None,
) -> Walk:
    """Walks the usage points of :func:`points_at` node by node: as an index has them, however many."""
    asked = {"place": place_id, "grid_node": grid_node_id, "phase": phase or None}
    route = _route(*(value is not None for value in asked.values()), after is not None)
    return Walk(route, {**asked, "at": as_of or tx.now, **after_values(after)})


@cache
def _route(place: bool, grid_node: bool, phase: bool, deep: bool) -> Route:  # noqa: FBT001 - the key of a cache
    points = points_at(
        ASKED,
        place_id=sa.bindparam("place", type_=_UUID) if place else None,
        grid_node_id=sa.bindparam("grid_node", type_=_UUID) if grid_node else None,
        phase=sa.bindparam("phase", type_=sa.Text) if phase else "",
        as_of=sa.bindparam("at", type_=sa.DateTime(timezone=True)),
    )
    key = (_position.grid_node_id if grid_node else _position.place_id, _position.usage_point_id)
    placed = in_order(points.with_only_columns(*key), key, "placed", deep=deep)
    return Route(placed, placed.c.usage_point_id, tuple(placed.c))


def _any_of(nodes: sa.Select[tuple[UUID]]) -> sa.CollectionAggregate[bool]:
    """As an array: PostgreSQL does not know how many nodes hold now, and would join for three of them."""
    return sa.any_(sa.func.array(nodes.scalar_subquery(), type_=UUIDS))


def told(position: Position) -> Iterator[tuple[str, object]]:
    """A position as the history tells it."""
    yield from position.places.items()
    yield "phases", list(position.phases)
