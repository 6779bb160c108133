"""Use cases of pulse modules."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.domain import DeviceModel, Meter
from server.devices.exchange_tables import pulse_attachment
from server.devices.keys import Keys
from server.devices.life import Life
from server.devices.measuring_devices import MeasuringDevices
from server.devices.meter_filter import MeterFilter, conditions
from server.devices.stores import pulse_modules
from server.platform.errors import InvalidField, SimbaError
from server.platform.uow import Tx, UnitOfWork

_PULSES = "PULSE_COUNT"
_attached, _MODULE = pulse_attachment.c, tables.meter.c.meter_id


def meter_counted_by(tx: Tx, device_id: sa.ColumnElement[UUID]) -> sa.ScalarSelect[UUID]:
    """A meter that a module counts for now; null: none."""
    mine = sa.select(_attached.meter_id).where(_attached.pulse_module_id == device_id, *_attached_now(tx))
    return mine.limit(1).scalar_subquery()


class PulseModules(MeasuringDevices):
    """Radio modules that count the pulses of meters which cannot speak for themselves."""

    def __init__(self, uow: UnitOfWork, keys: Keys) -> None:
        super().__init__(uow, pulse_modules, keys)

    def _of_model(self, device: Meter, model: DeviceModel) -> SimbaError | None:
        if any(one.quantity == _PULSES for one in model.channel_templates):
            return super()._of_model(device, model)
        why = f"{model.device_model_id} has no channel of the quantity {_PULSES}, which the inputs are"
        return InvalidField("pulse_module.device_model_id", why, "pulse_module.inputs")

    _user = staticmethod(meter_counted_by)

    def _where(self, tx: Tx, which: MeterFilter) -> Iterable[sa.ColumnElement[bool]]:
        return _conditions(tx, which)


def _conditions(tx: Tx, which: MeterFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield from conditions(tx, "PULSE_MODULE", which)
    attached = sa.select(_attached.pulse_module_id).where(*_attached_now(tx))
    if which.meter_id is not None:
        yield _MODULE.in_(attached.where(_attached.meter_id == which.meter_id))
    if which.state == Life.ACTIVE:
        yield _MODULE.in_(attached)
    if which.state in {Life.IN_STOCK, Life.REPLACED}:
        yield sa.not_(attached.where(_attached.pulse_module_id == _MODULE).exists())


def _attached_now(tx: Tx) -> list[sa.ColumnElement[bool]]:
    return [
        _attached.tenant_id == tx.tenant_id,
        _attached.start_time <= tx.now,
        sa.or_(_attached.end_time.is_(None), _attached.end_time > tx.now),
    ]
