"""Use cases of usage points."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, tables
from server.devices.checks import time_zone_violations
from server.devices.domain import UsagePoint
from server.devices.errors import InUse
from server.devices.installed import installed_now
from server.devices.nodes import below
from server.devices.stores import nodes, usage_points
from server.platform.errors import InvalidField, refuse
from server.platform.resource_store import ExternalId, Key
from server.platform.uow import Tx, UnitOfWork

_point, _installation = tables.usage_point, tables.installation


@dataclass(frozen=True, slots=True)
class UsagePointFilter:
    """Which usage points; unset fields do not narrow."""

    place_id: UUID | None = None
    grid_node_id: UUID | None = None
    commodity: str = ""
    code: str = ""
    archived: bool = False
    external_id: ExternalId | None = None


class UsagePoints:
    """Create, read, change, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, point: UsagePoint) -> UsagePoint:
        """Stores a new one. Raises NodeNotFound for its places, InvalidArgument for its zone."""
        refuse(time_zone_violations("usage_point.time_zone", point.time_zone))
        async with self._uow() as tx:
            await _check_nodes(tx, point)
            return await usage_points.insert(tx, point)

    async def get(self, usage_point_id: UUID) -> UsagePoint:
        """One, with its series and its present meter. Raises UsagePointNotFound."""
        async with self._uow() as tx:
            return await one_point(tx, usage_point_id)

    async def page(self, which: UsagePointFilter, *, after: Key | None, limit: int) -> Sequence[UsagePoint]:
        """Many, oldest first."""
        async with self._uow() as tx:
            found = await usage_points.page(
                tx,
                where=list(_where(tx, which)),
                after=after,
                limit=limit,
                external_id=which.external_id,
                archived=which.archived,
            )
            return await dressed(tx, found)

    async def update(
        self, usage_point_id: UUID, etag: str, change: Callable[[UsagePoint], UsagePoint]
    ) -> UsagePoint:
        """Changes one."""
        async with self._uow() as tx:
            before = await usage_points.changing(tx, usage_point_id, etag)
            after = change(before)
            refuse(time_zone_violations("usage_point.time_zone", after.time_zone))
            await _check_nodes(tx, after)
            await usage_points.save(tx, after)
            return await one_point(tx, usage_point_id)

    async def archive(self, usage_point_id: UUID, etag: str) -> UsagePoint:
        """Archives one. Raises InUse while a meter is installed."""
        async with self._uow() as tx:
            current = await one_point(tx, usage_point_id)
            if current.meter_id is not None:
                raise InUse(
                    f"meter {current.meter_id} is installed at usage point {usage_point_id}; remove it first",
                    meter_id=current.meter_id,
                )
            await usage_points.archive(tx, usage_point_id, etag)
            return await one_point(tx, usage_point_id)


async def one_point(tx: Tx, usage_point_id: UUID) -> UsagePoint:
    """A usage point with its series and its present meter. Raises UsagePointNotFound."""
    return (await dressed(tx, [await usage_points.get(tx, usage_point_id)]))[0]


async def dressed(tx: Tx, found: Sequence[UsagePoint]) -> list[UsagePoint]:
    """Usage points with their series and their present meters."""
    ids = [one.usage_point_id for one in found]
    series = await channels.series_of_points(tx, ids)
    rows = await tx.conn.execute(
        sa.select(_installation.c.usage_point_id, _installation.c.meter_id).where(
            _installation.c.usage_point_id.in_(ids), *installed_now(tx)
        )
    )
    meters = {row.usage_point_id: row.meter_id for row in rows}
    return [
        replace(one, series=series.get(one.usage_point_id, ()), meter_id=meters.get(one.usage_point_id))
        for one in found
    ]


async def _check_nodes(tx: Tx, point: UsagePoint) -> None:
    for field, node_id, hierarchy in (
        ("place_id", point.place_id, "PLACE"),
        ("grid_node_id", point.grid_node_id, "GRID"),
    ):
        if node_id is None:
            continue
        node = await nodes.get(tx, node_id)
        if node.hierarchy != hierarchy:
            raise InvalidField(
                f"usage_point.{field}",
                f"{node_id} is of the hierarchy {node.hierarchy}, not {hierarchy}",
                f"{field}.hierarchy",
            )


def _where(tx: Tx, which: UsagePointFilter) -> Iterator[sa.ColumnElement[bool]]:
    if which.place_id:
        yield _point.c.place_id.in_(below(tx.tenant_id, which.place_id))
    if which.grid_node_id:
        yield _point.c.grid_node_id.in_(below(tx.tenant_id, which.grid_node_id))
    if which.commodity:
        yield _point.c.commodity == which.commodity
    if which.code:
        yield _point.c.code == which.code
