"""Who belongs to a node, or to none, and when: series with their spans as columns, for sums over the trees.

One query gives all of it as arrays, whatever the size of the tree. Each usage point is in one place at a time
and each place has one chain of nodes above it, so that the rows of a series never overlap.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql as pg

from server.devices import tables
from server.devices.exchange_tables import pulse_attachment
from server.devices.installed import installed_now
from server.devices.position_tables import usage_point_position
from server.devices.positions import points_at
from server.devices.scoping import points_within
from server.devices.tree_tables import node_closure, node_edge
from server.platform.caller import Scope, acting_as, system_caller
from server.platform.columns import INT32, INT64, TEXT, UUID16, read_columns
from server.platform.scope import current_scope
from server.platform.sql import among
from server.platform.uow import Tx, UnitOfWork

PLACE, GRID = "PLACE", "GRID"
_MANY = 10_000
"""Usage points from which on joining whole tables is quicker than looking each up."""
NOBODY = UUID(int=0)
SEPARATOR = "\x1f"
_TYPES = {
    "series": INT64,
    "usage_point_id": UUID16,
    "child_id": UUID16,
    "facts": TEXT,
    "interval_seconds": INT32,
    "low": INT64,
    "high": INT64,
    "expect_low": INT64,
    "expect_high": INT64,
}
_UUID: Any = pg.UUID(as_uuid=True)
_TEXTS: Any = pg.ARRAY(sa.Text)
_NO_CHILD = sa.literal(NOBODY, _UUID)
_position, _edge, _closure = usage_point_position.c, node_edge.c, node_closure.c
_series, _point = tables.series, tables.usage_point
_link, _where = tables.installation_channel, tables.installation


@dataclass(frozen=True, slots=True)
class Members:
    """Columns of equal length: a row for each series, stay in a group, and installation of a meter within."""

    series: NDArray[np.int64]
    usage_point_id: NDArray[np.void]
    """16 bytes each."""
    child_id: NDArray[np.void]
    """The node right below the one that was asked for; zeros: none."""
    facts: NDArray[np.object_]
    """Phases without a separator, quantity, unit and time zone, with ``SEPARATOR`` between them."""
    interval_seconds: NDArray[np.int32]
    """0: irregular."""
    low: NDArray[np.int64]
    """The stay in the group, milliseconds, half-open; rows of one series and stay are alike in it."""
    high: NDArray[np.int64]
    expect_low: NDArray[np.int64]
    """The part of the stay in which a meter was installed."""
    expect_high: NDArray[np.int64]
    """Equal to ``expect_low`` where none was."""


async def hierarchy_of(tx: Tx, node_id: UUID, scope: Scope | None) -> str | None:
    """Which tree a node belongs to; None: there is no such node within the scope."""
    node = tables.node.c
    query = sa.select(node.hierarchy).where(node.tenant_id == tx.tenant_id, node.node_id == node_id)
    if scope is not None:
        above = node_closure.c
        query = query.where(
            sa.exists().where(
                above.tenant_id == tx.tenant_id,
                above.node_id == node_id,
                among(above.ancestor_id, scope.node_ids),
                above.valid.op("@>", return_type=sa.Boolean())(sa.literal(tx.now)),
            )
        )
    found: str | None = await tx.conn.scalar(query)
    return found


async def of_tree(
    tx: Tx,
    hierarchy: str,
    node_id: UUID | None,
    start: datetime,
    end: datetime,
    quantities: Sequence[str],
    scope: Scope | None,
) -> Members:
    """The members of a node, or of a whole tree, at any time in ``[start, end)``."""
    period = sa.func.tstzrange(start, end)
    at = _position.place_id if hierarchy == PLACE else _position.grid_node_id
    top, mine = tables.node.c, _position.tenant_id == tx.tenant_id
    below = (
        _stays(_edge.node_id, _edge.valid * _closure.valid * _position.valid * period)
        .select_from(node_edge)
        .join(
            node_closure,
            sa.and_(_closure.tenant_id == _edge.tenant_id, _closure.ancestor_id == _edge.node_id),
        )
        .join(usage_point_position, sa.and_(mine, at == _closure.node_id))
        .where(_edge.tenant_id == tx.tenant_id)
    )
    if node_id is None:
        same = sa.and_(top.tenant_id == _edge.tenant_id, top.node_id == _edge.node_id)
        below = below.join(tables.node, same).where(_edge.parent_id.is_(None), top.hierarchy == hierarchy)
        here = _stays(_NO_CHILD, _position.valid * period).where(mine, at.is_(None))
    else:
        below = below.where(_edge.parent_id == node_id)
        # A node has members from when it is in its tree on.
        itself = sa.and_(
            _closure.tenant_id == tx.tenant_id,
            _closure.ancestor_id == node_id,
            _closure.node_id == node_id,
        )
        here = (
            _stays(_NO_CHILD, _closure.valid * _position.valid * period)
            .select_from(usage_point_position)
            .join(node_closure, itself)
            .where(mine, at == node_id)
        )
    if node_id is None or await _many_below(tx, at, node_id):
        await _by_tables(tx)
    return await _read(tx, sa.union_all(below, here).subquery("stays"), quantities, scope)


async def _many_below(tx: Tx, at: sa.ColumnElement[UUID | None], node_id: UUID) -> bool:
    """Whether :data:`_MANY` usage points or more have ever been at or below a node."""
    found = (
        sa.select(sa.literal(1))
        .select_from(node_closure)
        .join(usage_point_position, sa.and_(_position.tenant_id == tx.tenant_id, at == _closure.node_id))
        .where(_closure.tenant_id == tx.tenant_id, _closure.ancestor_id == node_id)
        .limit(_MANY)
    )
    count = await tx.conn.scalar(sa.select(sa.func.count()).select_from(found.subquery()))
    return bool(count == _MANY)


async def _by_tables(tx: Tx) -> None:
    """Has the rest of the transaction join whole tables.

    PostgreSQL takes a tree for a thousandth of what it is, and looks hundreds of thousands of rows up one by
    one: four times as long.
    """
    await tx.conn.execute(sa.text("SET LOCAL enable_nestloop = off"))


async def of_points(
    tx: Tx,
    usage_point_ids: Sequence[UUID],
    start: datetime,
    end: datetime,
    quantities: Sequence[str],
    scope: Scope | None,
) -> Members:
    """The same for some usage points, wherever they are."""
    period = sa.func.tstzrange(start, end)
    stays = _stays(_NO_CHILD, _position.valid * period).where(
        _position.tenant_id == tx.tenant_id, among(_position.usage_point_id, usage_point_ids)
    )
    return await _read(tx, stays.subquery("stays"), quantities, scope)


def _stays(child: sa.ColumnElement[UUID], stay: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Usage points with the node right below, their phases, and since when until when that is so."""
    return sa.select(_position.usage_point_id, child.label("child_id"), _position.phases, stay.label("stay"))


async def _read(tx: Tx, stays: sa.Subquery, quantities: Sequence[str], scope: Scope | None) -> Members:
    stay = stays.c
    installed = sa.func.tstzrange(_where.c.start_time, _where.c.end_time)
    there = sa.and_(
        _where.c.tenant_id == tx.tenant_id,
        _where.c.usage_point_id == stay.usage_point_id,
        installed.op("&&", return_type=sa.Boolean())(stay.stay),
        sa.exists().where(
            _link.c.tenant_id == _where.c.tenant_id,
            _link.c.installation_id == _where.c.installation_id,
            _link.c.series == _series.c.series,
        ),
    )
    low, high = sa.func.lower(stay.stay), sa.func.upper(stay.stay)
    none = _where.c.start_time.is_(None)
    facts = sa.func.concat_ws(
        sa.cast(SEPARATOR, sa.Text),
        sa.func.array_to_string(stay.phases, sa.literal_column("''")),
        _series.c.quantity,
        _series.c.unit,
        _point.c.time_zone,
    )
    query = (
        sa.select(
            _series.c.series,
            stay.usage_point_id,
            stay.child_id,
            facts,
            sa.func.coalesce(_series.c.interval_seconds, 0),
            _milliseconds(low),
            _milliseconds(high),
            _milliseconds(sa.func.greatest(low, _where.c.start_time)),
            _milliseconds(sa.case((none, low), else_=sa.func.least(high, _where.c.end_time))),
        )
        .select_from(stays)
        .join(
            _series,
            sa.and_(_series.c.tenant_id == tx.tenant_id, _series.c.usage_point_id == stay.usage_point_id),
        )
        .join(
            _point,
            sa.and_(_point.c.tenant_id == tx.tenant_id, _point.c.usage_point_id == stay.usage_point_id),
        )
        .outerjoin(_where, there)
        .where(sa.not_(sa.func.isempty(stay.stay)))
    )
    if quantities:
        query = query.where(_series.c.quantity == sa.any_(_texts(quantities)))
    if scope is not None:
        query = query.where(stay.usage_point_id.in_(points_within(tx, scope)))
    found = await read_columns(tx.conn, query, _TYPES)
    order = np.lexsort((found["expect_low"], found["low"], found["series"]))
    return Members(**{name: column[order] for name, column in found.items()})


async def channels_now(
    tx: Tx,
    *,
    usage_point_ids: Sequence[UUID] = (),
    node_id: UUID | None = None,
    quantities: Sequence[str] = (),
    after: int = 0,
    limit: int,
    scope: Scope | None,
) -> list[int]:
    """Channels of the meters that are now at usage points, or at or below a node, in order of their numbers.

    Those of pulse modules that count for the meters now are among them.
    """
    where, channel, counted = tables.installation.c, tables.channel.c, pulse_attachment.c
    meters = sa.select(where.meter_id).where(*installed_now(tx))
    if node_id is not None:
        at = points_at(tx, place_id=node_id).union(points_at(tx, grid_node_id=node_id))
        meters = meters.where(where.usage_point_id.in_(at))
    else:
        meters = meters.where(among(where.usage_point_id, usage_point_ids))
    if scope is not None:
        meters = meters.where(where.usage_point_id.in_(points_within(tx, scope)))
    modules = sa.select(counted.pulse_module_id).where(
        counted.tenant_id == tx.tenant_id,
        counted.meter_id.in_(meters),
        counted.start_time <= tx.now,
        sa.or_(counted.end_time.is_(None), counted.end_time > tx.now),
    )
    query = sa.select(channel.channel).where(
        channel.tenant_id == tx.tenant_id,
        channel.meter_id.in_(meters.union(modules)),
        channel.channel > after,
    )
    if quantities:
        query = query.where(channel.quantity == sa.any_(_texts(quantities)))
    return list(await tx.conn.scalars(query.order_by(channel.channel).limit(limit)))


def _milliseconds(time: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Of a time, since 1970, rounded up: the first millisecond inside or outside.

    In double precision, whole microseconds of which are exact until the year 2255: numerics, as ``extract``
    makes them, take several times as long.
    """
    micros = sa.func.round(sa.func.date_part("epoch", time) * 1_000_000.0)
    return sa.cast(sa.func.ceil(micros / 1000.0), sa.BigInteger)


def _texts(values: Sequence[str]) -> sa.ColumnElement[Any]:
    """One array parameter."""
    return sa.cast(list(values), _TEXTS)


class Membership:
    """Implements the ports of readings, for one tenant at a time, within the caller's scope."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def hierarchy_of(self, tenant_id: UUID, node_id: UUID) -> str | None:
        """PLACE or GRID; None: there is no such node."""
        async with self._of(tenant_id) as (tx, scope):
            return await hierarchy_of(tx, node_id, scope)

    async def of_tree(
        self,
        tenant_id: UUID,
        hierarchy: str,
        node_id: UUID | None,
        start: datetime,
        end: datetime,
        quantities: Sequence[str],
    ) -> Members:
        """The members of a node, or of a whole tree, at any time in ``[start, end)``."""
        async with self._of(tenant_id) as (tx, scope):
            return await of_tree(tx, hierarchy, node_id, start, end, quantities, scope)

    async def of_points(
        self,
        tenant_id: UUID,
        usage_point_ids: Sequence[UUID],
        start: datetime,
        end: datetime,
        quantities: Sequence[str],
    ) -> Members:
        """The same for some usage points, wherever they are."""
        async with self._of(tenant_id) as (tx, scope):
            return await of_points(tx, usage_point_ids, start, end, quantities, scope)

    async def channels_now(
        self,
        tenant_id: UUID,
        *,
        usage_point_ids: Sequence[UUID] = (),
        node_id: UUID | None = None,
        quantities: Sequence[str] = (),
        after: int = 0,
        limit: int,
    ) -> Sequence[int]:
        """Channels of what is installed now at usage points, or at or below a node."""
        async with self._of(tenant_id) as (tx, scope):
            return await channels_now(
                tx,
                usage_point_ids=usage_point_ids,
                node_id=node_id,
                quantities=quantities,
                after=after,
                limit=limit,
                scope=scope,
            )

    @asynccontextmanager
    async def _of(self, tenant_id: UUID) -> AsyncIterator[tuple[Tx, Scope | None]]:
        scope = current_scope()
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                yield tx, scope
