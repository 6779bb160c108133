"""What devices tell other capabilities: the ports of readings, billing, analytics and commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql as pg

from server.devices import lanes, multipliers, pieces, tables
from server.devices.errors import MeterNotFound
from server.devices.exchange_tables import pulse_attachment
from server.devices.installed import installed_now
from server.devices.lanes import Lanes
from server.devices.pieces import Piece
from server.devices.positions import points_at
from server.devices.reading_types import of_intervals
from server.devices.scoping import meters_ever_within, meters_within, points_within
from server.devices.stores import device_models, meters
from server.platform.caller import Scope, acting_as, system_caller
from server.platform.scope import current_scope
from server.platform.uow import Tx, UnitOfWork

_MICRO = 1_000_000
Query = sa.Select[tuple[object, ...]]
_BIGINTS: sa.types.TypeEngine[list[int]] = pg.ARRAY(sa.BigInteger)  # type: ignore[assignment]  # a list of ints


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """One quantity of one meter, as readings know it."""

    channel: int
    code: str
    meter_id: UUID
    kind: str
    commodity: str
    quantity: str
    unit: str
    dials: int | None = None
    interval_seconds: int | None = None
    max_per_hour_micro: int | None = None
    negative_allowed: bool = False
    reading_type: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """That a meter is, or was, at a usage point."""

    meter_id: UUID
    usage_point_id: UUID
    start: datetime
    end: datetime | None
    tz: str


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device that frames come from."""

    dev_eui: str
    commodity: str
    meter_id: UUID
    usage_point_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """One quantity of one usage point."""

    usage_point_id: UUID
    series: int
    quantity: str
    unit: str
    commodity: str
    interval_seconds: int | None
    tz: str


@dataclass(frozen=True, slots=True)
class UsagePointInfo:
    """A usage point, as bills show it."""

    usage_point_id: UUID
    code: str
    address: str
    commodity: str
    tz: str


@dataclass(frozen=True, slots=True)
class Target:
    """A meter as a command sees it."""

    meter_id: UUID
    adapter: str
    dev_eui: str
    state: str
    usage_point_id: UUID | None
    actions: frozenset[str]


class Directory:
    """Answers for one tenant at a time, whoever the caller is: jobs and loops ask too.

    For a caller with a scope there is nothing outside of it, whoever asks on their behalf.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def channels(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[ChannelInfo]:
        """The channels with these numbers; unknown ones are left out."""
        wanted = [number for number in numbers.tolist() if number < 1 << 63]
        return await self._channels(tenant_id, tables.channel.c.channel == sa.any_(_bigints(wanted)))

    async def channels_of_meters(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Sequence[ChannelInfo]:
        """All channels of the meters; unknown meters have none."""
        return await self._channels(tenant_id, tables.channel.c.meter_id.in_(list(meter_ids)))

    async def channels_at(self, tenant_id: UUID, usage_point_id: UUID) -> Sequence[ChannelInfo]:
        """All channels of the meters that the usage point has had, and of modules that counted for them."""
        where, counted = tables.installation.c, pulse_attachment.c
        meters_there = sa.select(where.meter_id).where(
            where.tenant_id == tenant_id, where.usage_point_id == usage_point_id
        )
        modules = sa.select(counted.pulse_module_id).where(
            counted.tenant_id == tenant_id, counted.meter_id.in_(meters_there)
        )
        had = meters_there.union(modules)
        return await self._channels(tenant_id, tables.channel.c.meter_id.in_(had))

    async def _channels(self, tenant_id: UUID, which: sa.ColumnElement[bool]) -> Sequence[ChannelInfo]:
        channel, meter, model = tables.channel, tables.meter, tables.device_model
        query = (
            sa.select(channel, model.c.commodity)
            .join(
                meter,
                sa.and_(meter.c.tenant_id == channel.c.tenant_id, meter.c.meter_id == channel.c.meter_id),
            )
            .join(
                model,
                sa.and_(
                    model.c.tenant_id == meter.c.tenant_id,
                    model.c.device_model_id == meter.c.device_model_id,
                ),
            )
            .where(channel.c.tenant_id == tenant_id, which)
            .order_by(channel.c.channel)
        )
        seen = Narrowed(meter.c.meter_id, meters_ever_within)
        return [
            ChannelInfo(
                channel=row["channel"],
                code=row["code"],
                meter_id=row["meter_id"],
                kind=row["kind"],
                commodity=row["commodity"],
                quantity=row["quantity"],
                unit=row["unit"],
                dials=row["dials"] or None,
                interval_seconds=row["interval_seconds"],
                max_per_hour_micro=None if row["max_per_hour"] is None else int(row["max_per_hour"] * _MICRO),
                negative_allowed=row["negative_allowed"],
                reading_type=row["reading_type"],
            )
            for row in await self._rows(tenant_id, query, seen)
        ]

    async def stays_at(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[Stay]:
        """Which meters the usage points have had, and when; unknown usage points had none."""
        return await self._stays(tenant_id, tables.installation.c.usage_point_id.in_(list(usage_point_ids)))

    async def stays_of(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Sequence[Stay]:
        """Where the meters have been, and when; unknown meters have been nowhere."""
        return await self._stays(tenant_id, tables.installation.c.meter_id.in_(list(meter_ids)))

    async def _stays(self, tenant_id: UUID, which: sa.ColumnElement[bool]) -> Sequence[Stay]:
        there, point = tables.installation.c, tables.usage_point.c
        same = sa.and_(point.tenant_id == there.tenant_id, point.usage_point_id == there.usage_point_id)
        query = (
            sa.select(there.meter_id, there.usage_point_id, there.start_time, there.end_time, point.time_zone)
            .join(tables.usage_point, same)
            .where(there.tenant_id == tenant_id, which)
            .order_by(there.usage_point_id, there.start_time, there.meter_id)
        )
        seen = Narrowed(there.usage_point_id, points_within)
        return [Stay(*row.values()) for row in await self._rows(tenant_id, query, seen)]

    async def installations(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[Piece]:
        """All installations of the channels with these numbers, past ones included."""
        wanted = _bigints([number for number in numbers.tolist() if number < 1 << 63])
        return await self._pieces(
            tenant_id,
            tables.installation_channel.c.channel == sa.any_(wanted),
            pulse_attachment.c.input_channel == sa.any_(wanted),
        )

    async def installations_of_series(self, tenant_id: UUID, series: NDArray[np.uint64]) -> Sequence[Piece]:
        """All installations that have fed these series, and what counted for their registers."""
        wanted = _bigints([number for number in series.tolist() if number < 1 << 63])
        fed = tables.installation_channel.c.series == sa.any_(wanted)
        return await self._pieces(tenant_id, fed, fed)

    async def _pieces(
        self, tenant_id: UUID, own: sa.ColumnElement[bool], attached: sa.ColumnElement[bool]
    ) -> Sequence[Piece]:
        seen = Narrowed(tables.installation.c.usage_point_id, points_within)
        fed = pieces.read(await self._rows(tenant_id, pieces.own_channels(tenant_id).where(own), seen))
        fed += pieces.read(await self._rows(tenant_id, pieces.pulse_inputs(tenant_id).where(attached), seen))
        if not fed:
            return []
        rows = await self._rows(
            tenant_id, multipliers.changes_query(tenant_id, {one.installation_id for one in fed})
        )
        changes: dict[UUID, list[tuple[datetime, Decimal]]] = {}
        for row in rows:
            changes.setdefault(row["installation_id"], []).append((row["effective_from"], row["multiplier"]))
        return pieces.cut(fed, changes)

    async def lanes(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Lanes:
        """The lanes among the channels with these numbers, as columns; for jobs, which have no scope."""
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                return await lanes.read(tx, numbers)

    async def series(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[SeriesInfo]:
        """The series with these numbers; unknown ones are left out."""
        wanted = [number for number in numbers.tolist() if number < 1 << 63]
        return await self._series(tenant_id, tables.series.c.series == sa.any_(_bigints(wanted)))

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[SeriesInfo]:
        """All series of the usage points; usage points of another tenant have none."""
        return await self._series(tenant_id, tables.series.c.usage_point_id.in_(list(usage_point_ids)))

    async def _series(self, tenant_id: UUID, which: sa.ColumnElement[bool]) -> Sequence[SeriesInfo]:
        series, point = tables.series, tables.usage_point
        query = (
            sa.select(
                series.c.usage_point_id,
                series.c.series,
                series.c.quantity,
                series.c.unit,
                point.c.commodity,
                series.c.interval_seconds,
                point.c.time_zone,
            )
            .join(
                point,
                sa.and_(
                    point.c.tenant_id == series.c.tenant_id,
                    point.c.usage_point_id == series.c.usage_point_id,
                ),
            )
            .where(series.c.tenant_id == tenant_id, which)
            .order_by(series.c.series)
        )
        seen = Narrowed(series.c.usage_point_id, points_within)
        return [SeriesInfo(*row.values()) for row in await self._rows(tenant_id, query, seen)]

    async def usage_points(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID]
    ) -> Sequence[UsagePointInfo]:
        """The usage points with these ids, archived ones too; unknown ones are left out."""
        point = tables.usage_point.c
        query = sa.select(
            point.usage_point_id, point.code, point.address, point.commodity, point.time_zone
        ).where(point.tenant_id == tenant_id, point.usage_point_id.in_(list(usage_point_ids)))
        seen = Narrowed(point.usage_point_id, points_within)
        rows = await self._rows(tenant_id, query.order_by(point.usage_point_id), seen)
        return [UsagePointInfo(*row.values()) for row in rows]

    async def usage_points_under(self, tenant_id: UUID, node_id: UUID) -> Sequence[UUID]:
        """Usage points in a node of either hierarchy, or below it; archived ones too: their past counts."""
        point = tables.usage_point.c

        def query(tx: Tx) -> Query:
            places = points_at(tx, place_id=node_id).union(points_at(tx, grid_node_id=node_id))
            mine = point.tenant_id == tenant_id, point.usage_point_id.in_(places)
            return sa.select(point.usage_point_id).where(*mine).order_by(point.usage_point_id)

        seen = Narrowed(point.usage_point_id, points_within)
        return [row["usage_point_id"] for row in await self._rows(tenant_id, query, seen)]

    async def reading_types(self, tenant_id: UUID, series: NDArray[np.uint64]) -> Mapping[int, str]:
        """The reading types of intervals of series; empty: the unit has no code."""
        return {
            one.series: of_intervals(one.quantity, one.unit, one.interval_seconds, one.commodity)
            for one in await self.series(tenant_id, series)
        }

    async def serial_numbers(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """Serial numbers of meters, archived ones too; unknown meters have none."""
        meter = tables.meter.c
        query = sa.select(meter.meter_id, meter.serial_number).where(
            meter.tenant_id == tenant_id, meter.meter_id.in_(list(meter_ids))
        )
        return {row["meter_id"]: row["serial_number"] for row in await self._rows(tenant_id, query)}

    async def visible_usage_points(self, tenant_id: UUID) -> Sequence[UUID]:
        """Usage points within the caller's scope; without a scope all of them."""
        point = tables.usage_point.c
        query = sa.select(point.usage_point_id).where(point.tenant_id == tenant_id)
        seen = Narrowed(point.usage_point_id, points_within)
        return [row["usage_point_id"] for row in await self._rows(tenant_id, query, seen)]

    async def series_of_quantities(self, tenant_id: UUID, quantities: Sequence[str]) -> Sequence[int]:
        """Numbers of all series of these quantities."""
        series = tables.series.c
        query = sa.select(series.series).where(
            series.tenant_id == tenant_id, series.quantity.in_(list(quantities))
        )
        seen = Narrowed(series.usage_point_id, points_within)
        return [row["series"] for row in await self._rows(tenant_id, query, seen)]

    async def channels_by_commodity(self, tenant_id: UUID) -> dict[str, list[int]]:
        """All channels of a tenant, ascending, by the commodity of their model."""
        channel, meter, model = tables.channel.c, tables.meter.c, tables.device_model.c
        own = sa.and_(meter.tenant_id == channel.tenant_id, meter.meter_id == channel.meter_id)
        of = sa.and_(model.tenant_id == meter.tenant_id, model.device_model_id == meter.device_model_id)
        query = (
            sa.select(model.commodity, sa.func.array_agg(channel.channel).label("numbers"))
            .select_from(tables.channel)
            .join(tables.meter, own)
            .join(tables.device_model, of)
            .where(channel.tenant_id == tenant_id)
            .group_by(model.commodity)
        )
        return {row["commodity"]: sorted(row["numbers"]) for row in await self._rows(tenant_id, query)}

    async def series_by_commodity(self, tenant_id: UUID) -> dict[str, list[int]]:
        """All series of a tenant, ascending, by the commodity of their usage point."""
        series, point = tables.series.c, tables.usage_point.c
        at = sa.and_(point.tenant_id == series.tenant_id, point.usage_point_id == series.usage_point_id)
        query = (
            sa.select(point.commodity, sa.func.array_agg(series.series).label("numbers"))
            .select_from(tables.series)
            .join(tables.usage_point, at)
            .where(series.tenant_id == tenant_id)
            .group_by(point.commodity)
        )
        return {row["commodity"]: sorted(row["numbers"]) for row in await self._rows(tenant_id, query)}

    async def channels_about(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], meter_ids: Sequence[UUID]
    ) -> Sequence[int]:
        """Channels of the meters, and of all meters and modules that the usage points have had."""
        there, counted = tables.installation.c, pulse_attachment.c
        had = sa.select(there.meter_id).where(
            there.tenant_id == tenant_id, there.usage_point_id.in_(list(usage_point_ids))
        )
        meters_meant = had.union(
            sa.select(tables.meter.c.meter_id).where(
                tables.meter.c.tenant_id == tenant_id, tables.meter.c.meter_id.in_(list(meter_ids))
            )
        ).subquery()
        modules = sa.select(counted.pulse_module_id).where(
            counted.tenant_id == tenant_id, counted.meter_id.in_(sa.select(meters_meant.c[0]))
        )
        meant = sa.select(meters_meant.c[0]).union(modules)
        channel = tables.channel.c
        query = sa.select(channel.channel).where(channel.tenant_id == tenant_id, channel.meter_id.in_(meant))
        return [row["channel"] for row in await self._rows(tenant_id, query)]

    async def series_about(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], meter_ids: Sequence[UUID]
    ) -> Sequence[int]:
        """Series of the usage points, and of all usage points that the meters have been at."""
        there, series = tables.installation.c, tables.series.c
        been = sa.select(there.usage_point_id).where(
            there.tenant_id == tenant_id, there.meter_id.in_(list(meter_ids))
        )
        query = sa.select(series.series).where(
            series.tenant_id == tenant_id,
            sa.or_(series.usage_point_id.in_(list(usage_point_ids)), series.usage_point_id.in_(been)),
        )
        return [row["series"] for row in await self._rows(tenant_id, query)]

    async def devices_of(self, tenant_id: UUID, dev_euis: Sequence[str]) -> Sequence[KnownDevice]:
        """The devices with these DevEUIs, with the usage points that they have been at."""
        meter, model, there = tables.meter.c, tables.device_model.c, tables.installation.c
        of = sa.and_(model.tenant_id == meter.tenant_id, model.device_model_id == meter.device_model_id)
        been = (
            sa.select(sa.func.array_agg(there.usage_point_id))
            .where(there.tenant_id == meter.tenant_id, there.meter_id == meter.meter_id)
            .scalar_subquery()
        )
        query = (
            sa.select(meter.dev_eui, model.commodity, meter.meter_id, been.label("been"))
            .select_from(tables.meter)
            .join(tables.device_model, of)
            .where(meter.tenant_id == tenant_id, meter.dev_eui.in_(list(dev_euis)))
        )
        rows = await self._rows(tenant_id, query)
        return [
            KnownDevice(row["dev_eui"], row["commodity"], row["meter_id"], tuple(row["been"] or ()))
            for row in rows
        ]

    async def has_meter(self, tenant_id: UUID, meter_id: UUID) -> bool:
        """Whether there is such a meter, archived or not."""
        meter = tables.meter.c
        query = sa.select(meter.meter_id).where(meter.tenant_id == tenant_id, meter.meter_id == meter_id)
        return bool(await self._rows(tenant_id, query))

    async def has_usage_point(self, tenant_id: UUID, usage_point_id: UUID) -> bool:
        """Whether there is such a usage point, archived or not."""
        return bool(await self.usage_points(tenant_id, [usage_point_id]))

    async def dev_euis_of_model(self, tenant_id: UUID, device_model_id: UUID) -> Sequence[str]:
        """The DevEUIs of the meters of a model; none for an unknown model."""
        meter = tables.meter
        query = sa.select(meter.c.dev_eui).where(
            meter.c.tenant_id == tenant_id,
            meter.c.device_model_id == device_model_id,
            meter.c.dev_eui.is_not(None),
        )
        return [row["dev_eui"] for row in await self._rows(tenant_id, query)]

    async def models_of_channels(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Mapping[int, UUID]:
        """The device model of each of these channels; unknown ones are left out."""
        channel, meter = tables.channel, tables.meter
        wanted = _bigints([number for number in numbers.tolist() if number < 1 << 63])
        query = (
            sa.select(channel.c.channel, meter.c.device_model_id)
            .join(
                meter,
                sa.and_(meter.c.tenant_id == channel.c.tenant_id, meter.c.meter_id == channel.c.meter_id),
            )
            .where(channel.c.tenant_id == tenant_id, channel.c.channel == sa.any_(wanted))
        )
        seen = Narrowed(meter.c.meter_id, meters_ever_within)
        return {row["channel"]: row["device_model_id"] for row in await self._rows(tenant_id, query, seen)}

    async def has_model(self, tenant_id: UUID, device_model_id: UUID) -> bool:
        """Whether there is such a device model."""
        model = tables.device_model.c
        query = sa.select(model.device_model_id).where(
            model.tenant_id == tenant_id, model.device_model_id == device_model_id
        )
        return bool(await self._rows(tenant_id, query))

    async def target(self, tenant_id: UUID, meter_id: UUID) -> Target:
        """A meter as a command sees it. Raises MeterNotFound."""
        scope = current_scope()
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                if scope is not None and not await _has(tx, meters_within(tx, scope), meter_id):
                    raise MeterNotFound(meter_id)
                meter = await meters.get(tx, meter_id)
                model = await device_models.get(tx, meter.device_model_id)
                where = await _usage_point_of(tx, meter_id)
        return Target(
            meter_id=meter_id,
            adapter=model.adapter,
            dev_eui=meter.dev_eui,
            state="ARCHIVED" if meter.stored.archived else "ACTIVE" if where else "IN_STOCK",
            usage_point_id=where,
            actions=frozenset(one.action for one in model.command_templates),
        )

    async def _rows(
        self, tenant_id: UUID, asked: "Query | Callable[[Tx], Query]", seen: "Narrowed | None" = None
    ) -> Sequence[sa.RowMapping]:
        scope = current_scope()
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                query = asked(tx) if callable(asked) else asked
                if scope is not None and seen is not None:
                    query = query.where(seen.column.in_(seen.within(tx, scope)))
                return (await tx.conn.execute(query)).mappings().all()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a query is narrowed by for a caller with a scope."""

    column: sa.ColumnElement[UUID]
    within: Callable[[Tx, Scope], sa.Select[tuple[UUID]]]


async def _has(tx: Tx, ids: sa.Select[tuple[UUID]], wanted: UUID) -> bool:
    found = ids.subquery()
    return await tx.conn.scalar(sa.select(sa.exists().where(found.c[0] == wanted))) is True


async def _usage_point_of(tx: Tx, meter_id: UUID) -> UUID | None:
    where = tables.installation
    found: UUID | None = await tx.conn.scalar(
        sa.select(where.c.usage_point_id).where(where.c.meter_id == meter_id, *installed_now(tx))
    )
    return found


def _bigints(numbers: list[int]) -> sa.BindParameter[list[int]]:
    """One array parameter instead of one for each number: a block may name a hundred thousand channels."""
    return sa.bindparam("numbers", numbers, type_=_BIGINTS, unique=True)
