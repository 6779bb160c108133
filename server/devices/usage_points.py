"""Use cases of usage points."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, placing, positions, tables
from server.devices.checks import time_zone_violations
from server.devices.domain import UsagePoint
from server.devices.errors import InUse
from server.devices.installed import installed_now
from server.devices.outcomes import good, put, the_one, trying
from server.devices.positions import Position, position_of
from server.devices.spans import Span, changed, span_at
from server.devices.stores import usage_points
from server.devices.tags import tagged
from server.platform.errors import InvalidArgument, SimbaError, refuse
from server.platform.quotas import check_quota
from server.platform.resource_store import ExternalId, Key
from server.platform.uow import Tx, UnitOfWork
from server.platform.walk import Walk

_point, _installation = tables.usage_point, tables.installation


@dataclass(frozen=True, slots=True)
class UsagePointFilter:
    """Which usage points; unset fields do not narrow."""

    place_id: UUID | None = None
    grid_node_id: UUID | None = None
    phase: str = ""
    commodity: str = ""
    code: str = ""
    archived: bool = False
    external_id: ExternalId | None = None
    tag: tuple[str, str] | None = None
    as_of: datetime | None = None
    """Where they are, and where nodes are, then."""

    @property
    def walked(self) -> bool:
        """Whether the list is node by node: not if it leads to few by itself."""
        few = self.code or self.external_id is not None or self.tag is not None
        return not few and (self.place_id is not None or self.grid_node_id is not None)


class UsagePoints:
    """Create, read, change, move, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, point: UsagePoint) -> UsagePoint:
        """Stores a new one.

        Raises NodeNotFound or Archived for where it is, InvalidArgument for its zone, Taken, QuotaExceeded.
        """
        async with self._uow() as tx:
            return the_one(await self.create_many(tx, [point]))

    async def create_batch(
        self, given: Sequence[UsagePoint | SimbaError], *, validate_only: bool
    ) -> list[UsagePoint | SimbaError]:
        """Stores many; see :meth:`create_many`. With ``validate_only`` nothing is stored."""
        outcome = list(given)
        async with trying(self._uow, validate_only=validate_only) as tx:
            put(outcome, await self.create_many(tx, good(outcome)))
        return outcome

    async def create_many(self, tx: Tx, given: Sequence[UsagePoint]) -> list[UsagePoint | SimbaError]:
        """Stores many new ones by a few statements; they are where they are since always.

        In the place of each that cannot be stored stands the error that it alone would get. Raises
        QuotaExceeded when the tenant may not have so many more.
        """
        await check_quota(tx, "usage_points", adding=len(given))
        outcome: list[UsagePoint | SimbaError] = [_zone_error(one) or one for one in given]
        places = [position_of(one).places for one in good(outcome)]
        put(outcome, await placing.refusals(tx, "usage_point", places))
        put(outcome, await usage_points.insert_many(tx, good(outcome)))
        made = good(outcome)
        await positions.write(tx, {one.usage_point_id: [Span(position_of(one))] for one in made}, new=True)
        for one in made:
            await usage_points.made(tx, [one], beside=dict(positions.told(position_of(one))))
        return outcome

    async def get(self, usage_point_id: UUID) -> UsagePoint:
        """One, with its series and its present meter. Raises UsagePointNotFound."""
        async with self._uow() as tx:
            return await one_point(tx, usage_point_id)

    async def page(
        self, which: UsagePointFilter, *, after: Key | None, limit: int
    ) -> list[tuple[Key, UsagePoint]]:
        """Many, each with its key: oldest first, those below a node node by node."""
        async with self._uow() as tx:
            found = await usage_points.walked(
                tx,
                _walk(tx, which, after) if which.walked else None,
                where=list(_where(tx, which)),
                after=after,
                limit=limit,
                external_id=which.external_id,
                archived=which.archived,
            )
            points = await dressed(tx, [one for _, one in found], which.as_of)
            return [(key, one) for (key, _), one in zip(found, points, strict=True)]

    async def update(
        self, usage_point_id: UUID, etag: str, change: Callable[[UsagePoint], UsagePoint]
    ) -> UsagePoint:
        """Changes one; with other nodes or phases it moves there now. Raises what creating it would."""
        async with self._uow() as tx:
            (before,) = await positions.placed(tx, [await usage_points.changing(tx, usage_point_id, etag)])
            after = change(before)
            refuse(time_zone_violations("usage_point.time_zone", after.time_zone))
            if position_of(after) == position_of(before):
                await usage_points.save(tx, after)
            else:
                await self._move(tx, after, tx.now, position_of(after))
            return await one_point(tx, usage_point_id)

    async def move(self, usage_point_id: UUID, position: Position, time: datetime) -> UsagePoint:
        """Puts one elsewhere in the trees from an instant on, until the next move that is known.

        The instant may be past or future. Raises NodeNotFound, Archived or InvalidArgument for the nodes.
        """
        async with self._uow() as tx:
            before = await usage_points.changing(tx, usage_point_id)
            await self._move(tx, before, time, position)
            return await one_point(tx, usage_point_id)

    async def _move(self, tx: Tx, point: UsagePoint, time: datetime, position: Position) -> None:
        for error in await placing.refusals(tx, "usage_point", [position.places]):
            if error is not None:
                raise error
        point_id = point.usage_point_id
        spans = (await positions.of_points(tx, [point_id]))[point_id]
        was = span_at(spans, time)
        assert was is not None, "positions have neither beginning nor end"
        await positions.write(tx, {point_id: changed(spans, time, position)})
        since = {"effective_from": time}
        beside = dict(positions.told(was.value)), {**dict(positions.told(position)), **since}
        await usage_points.save(tx, point, action="moved", beside=beside)

    async def positions(
        self, usage_point_id: UUID, *, before: datetime | None, limit: int
    ) -> Sequence[Span[Position]]:
        """Where one is and was, newest first; ``before`` leaves out what began then or later."""
        async with self._uow() as tx:
            await usage_points.get(tx, usage_point_id)
            spans = (await positions.of_points(tx, [usage_point_id]))[usage_point_id]
        past = [one for one in reversed(spans) if before is None or one.start is None or one.start < before]
        return past[:limit]

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

    async def undelete(self, usage_point_id: UUID, etag: str) -> UsagePoint:
        """Brings one back. Raises NotArchived, Taken, QuotaExceeded, and Archived for where it is."""
        async with self._uow() as tx:
            await check_quota(tx, "usage_points", adding=1)
            await usage_points.undelete(tx, usage_point_id, etag)
            back = await one_point(tx, usage_point_id)
            for error in await placing.refusals(tx, "usage_point", [position_of(back).places]):
                if error is not None:
                    raise error
            return back


async def one_point(tx: Tx, usage_point_id: UUID) -> UsagePoint:
    """A usage point with its series and its present meter. Raises UsagePointNotFound."""
    return (await dressed(tx, [await usage_points.get(tx, usage_point_id)]))[0]


async def dressed(tx: Tx, found: Sequence[UsagePoint], as_of: datetime | None = None) -> list[UsagePoint]:
    """Usage points with where they are as of an instant (now), their series and their present meters."""
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
        for one in await positions.placed(tx, found, as_of)
    ]


def _zone_error(point: UsagePoint) -> InvalidArgument | None:
    try:
        refuse(time_zone_violations("usage_point.time_zone", point.time_zone))
    except InvalidArgument as error:
        return error
    return None


def _walk(tx: Tx, which: UsagePointFilter, after: Key | None) -> Walk:
    """Those below the filter's nodes, node by node."""
    return positions.in_order_of_nodes(
        tx,
        after,
        place_id=which.place_id,
        grid_node_id=which.grid_node_id,
        phase=which.phase,
        as_of=which.as_of,
    )


def _where(tx: Tx, which: UsagePointFilter) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions on usage points, but for what a walk says."""
    if not which.walked and (which.place_id or which.grid_node_id or which.phase):
        placed = positions.points_at(
            tx,
            place_id=which.place_id,
            grid_node_id=which.grid_node_id,
            phase=which.phase,
            as_of=which.as_of,
        )
        yield _point.c.usage_point_id.in_(placed)
    if which.commodity:
        yield _point.c.commodity == which.commodity
    if which.code:
        yield _point.c.code == which.code
    if which.tag is not None:
        yield tagged(tx, "usage_point", _point.c.usage_point_id, *which.tag)
