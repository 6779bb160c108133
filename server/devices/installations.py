"""Use cases of installations: which meter is where, and what its values are multiplied by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, installing, multipliers, tables
from server.devices.domain import EffectiveMultiplier, Installation, UsagePoint
from server.devices.stated import Stated, check_past, checked, record, registers
from server.devices.stores import meters, usage_points
from server.devices.telling_installation import multiplier_changed
from server.devices.usage_points import one_point
from server.platform.uow import Tx, UnitOfWork

_installation = tables.installation


@dataclass(frozen=True, slots=True)
class InstallationFilter:
    """Which installations; unset fields do not narrow."""

    usage_point_id: UUID | None = None
    meter_id: UUID | None = None
    as_of: datetime | None = None


class Installations:
    """Install, remove, multiply, list."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def install(
        self, usage_point_id: UUID, meter_id: UUID, start: datetime, multiplier: Decimal
    ) -> tuple[Installation, UsagePoint]:
        """Puts a meter at a usage point from an instant on, and joins its channels to series.

        Raises InstallationOverlap when either is taken at any later time, UnitMismatch when a series goes on
        in another unit, InvalidField for another commodity or a multiplier that is not above 0.
        """
        installing.check_multiplier("multiplier", multiplier)
        async with self._uow() as tx:
            point = await usage_points.changing(tx, usage_point_id)
            meter = await meters.changing(tx, meter_id)
            await installing.check_commodity(tx, "meter_id", meter, point)
            made = await installing.begin(tx, point, meter, start, multiplier)
            return made, await one_point(tx, usage_point_id)

    async def remove(self, usage_point_id: UUID, time: datetime) -> Installation:
        """Takes the present meter away at an instant. Raises NotInstalled."""
        async with self._uow() as tx:
            await usage_points.get(tx, usage_point_id, lock=True)
            mine = _installation.c.usage_point_id == usage_point_id
            removed = await installing.end(tx, mine, time, installing.REMOVED)
            if removed is None:
                raise installing.not_installed(usage_point_id, time)
            return (await multipliers.of(tx, [removed]))[0]

    async def multiply(
        self, usage_point_id: UUID, since: EffectiveMultiplier, readings: Sequence[Stated]
    ) -> Installation:
        """Changes the multiplier of what is installed from an instant on, until the next known change.

        ``readings`` are what its registers showed then. Raises NotInstalled when nothing was installed then,
        and InvalidArgument for readings that cannot be.
        """
        time = since.effective_from
        installing.check_multiplier("multiplier", since.multiplier)
        async with self._uow() as tx:
            await usage_points.changing(tx, usage_point_id)
            found = await _installed_at(tx, usage_point_id, time)
            if found is None:
                raise installing.not_installed(usage_point_id, time)
            (before,) = await multipliers.of(tx, [found])
            own = (await channels.of_meters(tx, [found.meter_id])).get(found.meter_id, ())
            known = registers(own)
            values = checked("readings", readings, known)
            if values:
                check_past("effective_from", time, tx.now)
            await multipliers.write(tx, found.installation_id, since)
            source = f"multiplier/{found.installation_id}/{time.isoformat()}"
            await record(tx, source, [(known[code], time, value) for code, value in values.items()])
            (after,) = await multipliers.of(tx, [found])
            await tx.emit(multiplier_changed(after, time))
            await tx.changed(
                kind="installation",
                resource_id=found.installation_id,
                action="multiplier_changed",
                before={"multiplier": multipliers.at(before, time).multiplier},
                after={
                    "multiplier": since.multiplier,
                    "effective_from": time,
                    "current_ratio": since.current_ratio or None,
                    "voltage_ratio": since.voltage_ratio or None,
                },
            )
            return after

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
                query = query.where(*_lasts_at(which.as_of))
            if after:
                query = query.where(table.c.installation_id < after)
            rows = await tx.conn.execute(query.order_by(table.c.installation_id.desc()).limit(limit))
            return await multipliers.of(tx, [installing.read(row) for row in rows.mappings()])


def _lasts_at(time: datetime) -> list[sa.ColumnElement[bool]]:
    columns = _installation.c
    return [columns.start_time <= time, sa.or_(columns.end_time.is_(None), columns.end_time > time)]


async def _installed_at(tx: Tx, usage_point_id: UUID, time: datetime) -> Installation | None:
    columns = _installation.c
    query = sa.select(_installation).where(
        columns.tenant_id == tx.tenant_id, columns.usage_point_id == usage_point_id, *_lasts_at(time)
    )
    row = (await tx.conn.execute(query)).mappings().one_or_none()
    return None if row is None else installing.read(row)
