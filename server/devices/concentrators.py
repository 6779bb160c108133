"""Use cases of concentrators."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.domain import Concentrator
from server.devices.field_device_filter import FieldDeviceFilter, conditions
from server.devices.keyed_devices import KeyedDevices
from server.devices.keys import Keys
from server.devices.stores import concentrators
from server.platform.uow import Tx, UnitOfWork


def meter_read_by(tx: Tx, device_id: sa.ColumnElement[UUID]) -> sa.ScalarSelect[UUID]:
    """One meter that a concentrator reads; null: it reads none."""
    meter = tables.meter.c
    reads = sa.select(meter.meter_id).where(
        meter.tenant_id == tx.tenant_id, meter.concentrator_id == device_id, sa.not_(meter.archived)
    )
    return reads.limit(1).scalar_subquery()


class Concentrators(KeyedDevices[Concentrator, FieldDeviceFilter]):
    """What reads the meters of a mesh on its own."""

    def __init__(self, uow: UnitOfWork, keys: Keys) -> None:
        super().__init__(uow, concentrators, keys)

    _user = staticmethod(meter_read_by)

    def _where(self, tx: Tx, which: FieldDeviceFilter) -> Iterable[sa.ColumnElement[bool]]:
        return conditions(tx, "concentrator", which)
