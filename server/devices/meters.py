"""Use cases of meters."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.domain import Meter
from server.devices.installed import installed_now
from server.devices.keys import Keys
from server.devices.known import Known
from server.devices.life import Life
from server.devices.measuring_devices import MeasuringDevices
from server.devices.meter_filter import MeterFilter, by_usage_point, conditions, in_use, installed_conditions
from server.devices.outcomes import good, put, trying
from server.devices.stores import meters
from server.devices.telling import meter_archived, meter_created, meter_updated
from server.platform.errors import SimbaError
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork
from server.platform.walk import Walk

_installation = tables.installation


def usage_point_of(tx: Tx, device_id: sa.ColumnElement[UUID]) -> sa.ScalarSelect[UUID]:
    """Where a meter is installed now; null: nowhere."""
    where = _installation.c
    here = sa.select(where.usage_point_id).where(where.meter_id == device_id, *installed_now(tx))
    return here.scalar_subquery()


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

    _user = staticmethod(usage_point_of)

    def _dress(self, device: Meter, about: Known) -> dict[str, Any]:
        return {**super()._dress(device, about), "usage_point_id": about.user}

    def _walk(self, tx: Tx, which: MeterFilter, after: Key | None) -> tuple[Walk | None, MeterFilter]:
        """Those that are installed below a node: node by node."""
        if which == MeterFilter(state=Life.ACTIVE):
            return in_use(after), which
        if which.few or (which.place_id is None and which.grid_node_id is None):
            return super()._walk(tx, which, after)
        return by_usage_point(tx, which, after)

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
