"""Use cases of concentrators."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.domain import Concentrator
from server.devices.field_device_filter import FieldDeviceFilter, conditions
from server.devices.keyed_devices import KeyedDevices
from server.devices.keys import Keys
from server.devices.stores import concentrators
from server.platform.sql import UUIDS
from server.platform.uow import Tx, UnitOfWork


class Concentrators(KeyedDevices[Concentrator, FieldDeviceFilter]):
    """What reads the meters of a mesh on its own."""

    def __init__(self, uow: UnitOfWork, keys: Keys) -> None:
        super().__init__(uow, concentrators, keys)

    async def dressed(self, tx: Tx, found: Sequence[Concentrator]) -> list[Concentrator]:
        """Concentrators with what was last heard of them and one meter that each reads."""
        read = await _meters_of(tx, [one.concentrator_id for one in found])
        return [
            replace(one, used_by=read.get(one.concentrator_id)) for one in await super().dressed(tx, found)
        ]

    def _where(self, tx: Tx, which: FieldDeviceFilter) -> Iterable[sa.ColumnElement[bool]]:
        return conditions(tx, "concentrator", which)


async def _meters_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """One meter that each concentrator reads, of those that read any."""
    meter = tables.meter.c
    device = sa.func.unnest(sa.cast(list(ids), UUIDS)).column_valued("device_id")
    one = (
        sa.select(meter.meter_id)
        .where(meter.tenant_id == tx.tenant_id, meter.concentrator_id == device, sa.not_(meter.archived))
        .limit(1)
        .scalar_subquery()
    )
    rows = await tx.conn.execute(sa.select(device, one))
    return {device_id: meter_id for device_id, meter_id in rows if meter_id is not None}
