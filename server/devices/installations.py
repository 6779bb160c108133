"""Use cases of installations: which meter is where, and which channel feeds which series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from server.devices import channels, tables
from server.devices.domain import Channel, Installation, Series, UsagePoint
from server.devices.errors import InstallationOverlap, NotInstalled, UnitMismatch
from server.devices.stores import device_models, meters, usage_points
from server.devices.telling import meter_installed, meter_removed
from server.devices.usage_points import one_point
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.platform.resource_store import constraint_of
from server.platform.uow import Tx, UnitOfWork

_installation, _link = tables.installation, tables.installation_channel


@dataclass(frozen=True, slots=True)
class InstallationFilter:
    """Which installations; unset fields do not narrow."""

    usage_point_id: UUID | None = None
    meter_id: UUID | None = None
    as_of: datetime | None = None


class Installations:
    """Install, remove, list."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def install(
        self, usage_point_id: UUID, meter_id: UUID, start: datetime, multiplier: Decimal
    ) -> tuple[Installation, UsagePoint]:
        """Puts a meter at a usage point from an instant on, and joins its channels to series.

        Raises InstallationOverlap when either is taken at any later time, UnitMismatch when a series goes on
        in another unit, InvalidField for another commodity or a multiplier that is not above 0.
        """
        if multiplier <= 0:
            raise InvalidField("multiplier", f"{multiplier} is not above 0", "multiplier.positive")
        async with self._uow() as tx:
            point = await usage_points.changing(tx, usage_point_id)
            meter = await meters.changing(tx, meter_id)
            model = await device_models.get(tx, meter.device_model_id)
            if model.commodity != point.commodity:
                raise InvalidField(
                    "meter_id",
                    f"the meter is for {model.commodity}, the usage point for {point.commodity}",
                    "installation.commodity",
                )
            made = Installation(
                installation_id=new_id(),
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                start=start,
                end=None,
                multiplier=multiplier,
            )
            await _insert(tx, made)
            own = (await channels.of_meters(tx, [meter_id])).get(meter_id, ())
            await _join(tx, made, own)
            await tx.emit(meter_installed(made))
            return made, await one_point(tx, usage_point_id)

    async def remove(self, usage_point_id: UUID, end: datetime) -> Installation:
        """Takes the present meter away at an instant. Raises NotInstalled."""
        async with self._uow() as tx:
            await usage_points.get(tx, usage_point_id, lock=True)
            row = (
                (
                    await tx.conn.execute(
                        sa.update(_installation)
                        .where(
                            _installation.c.tenant_id == tx.tenant_id,
                            _installation.c.usage_point_id == usage_point_id,
                            _installation.c.end_time.is_(None),
                            _installation.c.start_time < end,
                        )
                        .values(end_time=end)
                        .returning(_installation)
                    )
                )
                .mappings()
                .one_or_none()
            )
            if row is None:
                raise NotInstalled(
                    f"no meter is installed at usage point {usage_point_id} before {end.isoformat()}",
                    usage_point_id=usage_point_id,
                )
            removed = _read(row)
            await tx.emit(meter_removed(removed))
            return removed

    async def page(
        self, which: InstallationFilter, *, after: UUID | None, limit: int
    ) -> Sequence[Installation]:
        """Newest first."""
        table = _installation
        async with self._uow() as tx:
            query = sa.select(table).where(table.c.tenant_id == tx.tenant_id)
            if which.usage_point_id:
                query = query.where(table.c.usage_point_id == which.usage_point_id)
            if which.meter_id:
                query = query.where(table.c.meter_id == which.meter_id)
            if which.as_of:
                query = query.where(
                    table.c.start_time <= which.as_of,
                    sa.or_(table.c.end_time.is_(None), table.c.end_time > which.as_of),
                )
            if after:
                query = query.where(table.c.installation_id < after)
            rows = await tx.conn.execute(query.order_by(table.c.installation_id.desc()).limit(limit))
            return [_read(row) for row in rows.mappings()]


async def _insert(tx: Tx, made: Installation) -> None:
    try:
        async with tx.conn.begin_nested():
            await tx.conn.execute(
                sa.insert(_installation).values(
                    tenant_id=tx.tenant_id,
                    installation_id=made.installation_id,
                    usage_point_id=made.usage_point_id,
                    meter_id=made.meter_id,
                    start_time=made.start,
                    end_time=made.end,
                    multiplier=made.multiplier,
                )
            )
    except IntegrityError as error:
        whose = {
            "installation_of_meter": f"meter {made.meter_id}",
            "installation_of_usage_point": f"usage point {made.usage_point_id}",
        }.get(constraint_of(error) or "")
        if whose is None:
            raise
        raise InstallationOverlap(
            f"{whose} has another installation at or after {made.start.isoformat()}",
            meter_id=made.meter_id,
            usage_point_id=made.usage_point_id,
        ) from error


async def _join(tx: Tx, made: Installation, own: Sequence[Channel]) -> None:
    """Joins the first register and the first interval channel of each quantity to the quantity's series.

    Momentary values stay with the meter: they are not billed and go through no exchange.
    """
    series = {
        one.quantity: one
        for one in (await channels.series_of_points(tx, [made.usage_point_id])).get(made.usage_point_id, ())
    }
    joined: set[tuple[str, str]] = set()
    rows: list[dict[str, Any]] = []
    # Intervals first: they say how long the series' intervals are.
    for channel in sorted(own, key=lambda one: (one.kind != "INTERVAL", one.channel)):
        if channel.kind == "INSTANTANEOUS" or (channel.quantity, channel.kind) in joined:
            continue
        joined.add((channel.quantity, channel.kind))
        series[channel.quantity] = await _series_for(tx, made, channel, series.get(channel.quantity))
        rows.append(
            {
                "tenant_id": tx.tenant_id,
                "installation_id": made.installation_id,
                "channel": channel.channel,
                "series": series[channel.quantity].series,
            }
        )
    if rows:
        await tx.conn.execute(sa.insert(_link), rows)


async def _series_for(tx: Tx, made: Installation, channel: Channel, known: Series | None) -> Series:
    if known is None:
        return await channels.new_series(
            tx, made.usage_point_id, channel.quantity, channel.unit, channel.interval_seconds
        )
    if known.unit != channel.unit:
        raise UnitMismatch(
            f"channel {channel.code!r} is in {channel.unit}, series {known.series} of the usage point in"
            f" {known.unit}",
            channel=channel.channel,
            series=known.series,
        )
    if known.interval_seconds is None and channel.interval_seconds is not None:
        await channels.set_interval(tx, known.series, channel.interval_seconds)
    return known


def _read(row: sa.RowMapping) -> Installation:
    return Installation(
        installation_id=row["installation_id"],
        usage_point_id=row["usage_point_id"],
        meter_id=row["meter_id"],
        start=row["start_time"],
        end=row["end_time"],
        multiplier=row["multiplier"],
    )
