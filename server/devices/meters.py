"""Use cases of meters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from server.devices import tables
from server.devices.domain import Meter
from server.devices.installed import installed_now
from server.devices.keys import Keys
from server.devices.measuring_devices import MeasuringDevices
from server.devices.meter_filter import MeterFilter, conditions, installed_conditions
from server.devices.outcomes import good, put, trying
from server.devices.stores import meters
from server.devices.telling import meter_archived, meter_created, meter_updated
from server.platform.errors import SimbaError
from server.platform.sql import among
from server.platform.uow import Tx, UnitOfWork

_installation = tables.installation


class Meters(MeasuringDevices):
    """Physical meters; a usage point outlives those that are installed at it."""

    def __init__(self, uow: UnitOfWork, keys: Keys) -> None:
        super().__init__(uow, meters, keys)

    async def create_batch(
        self, given: Sequence[Meter | SimbaError], *, validate_only: bool
    ) -> list[Meter | SimbaError]:
        """Stores many; errors among those given stay in their places. See :meth:`create_many`."""
        outcome = list(given)
        async with trying(self._uow, validate_only=validate_only) as tx:
            put(outcome, await self.create_many(tx, good(outcome)))
        return outcome

    async def create_many(self, tx: Tx, devices: Sequence[Meter]) -> list[Meter | SimbaError]:
        """Stores many new ones and gives out their channels.

        In the place of each that cannot be stored stands the error that it alone would get.
        """
        outcome = await super().create_many(tx, devices)
        for made in good(outcome):
            await tx.emit(meter_created(made))
        return outcome

    async def dressed(self, tx: Tx, found: Sequence[Meter]) -> list[Meter]:
        """Meters with where they are installed now, and all else that is known of them."""
        where = _installation.c
        rows = await tx.conn.execute(
            sa.select(where.meter_id, where.usage_point_id).where(
                among(where.meter_id, [one.meter_id for one in found]), *installed_now(tx)
            )
        )
        installed = {row.meter_id: row.usage_point_id for row in rows}
        return [
            replace(one, usage_point_id=installed.get(one.meter_id), used_by=installed.get(one.meter_id))
            for one in await super().dressed(tx, found)
        ]

    def _where(self, tx: Tx, which: MeterFilter) -> Iterable[sa.ColumnElement[bool]]:
        return _both(tx, which)

    async def _updated(self, tx: Tx, before: Meter, stored: Meter) -> None:
        if stored.stored.archived:
            await tx.emit(meter_archived(stored))
        else:
            await tx.emit(meter_updated(stored, before))


def _both(tx: Tx, which: MeterFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield from conditions(tx, "METER", which)
    yield from installed_conditions(tx, which)
