"""Use cases of pulse modules."""

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from server.devices.domain import DeviceModel, Meter
from server.devices.keys import Keys
from server.devices.measuring_devices import MeasuringDevices
from server.devices.meter_filter import MeterFilter, conditions
from server.devices.stores import pulse_modules
from server.platform.errors import InvalidField, SimbaError
from server.platform.uow import Tx, UnitOfWork

_PULSES = "PULSE_COUNT"


class PulseModules(MeasuringDevices):
    """Radio modules that count the pulses of meters which cannot speak for themselves."""

    def __init__(self, uow: UnitOfWork, keys: Keys) -> None:
        super().__init__(uow, pulse_modules, keys)

    def _of_model(self, device: Meter, model: DeviceModel) -> SimbaError | None:
        if any(one.quantity == _PULSES for one in model.channel_templates):
            return super()._of_model(device, model)
        why = f"{model.device_model_id} has no channel of the quantity {_PULSES}, which the inputs are"
        return InvalidField("pulse_module.device_model_id", why, "pulse_module.inputs")

    def _where(self, tx: Tx, which: MeterFilter) -> Iterable[sa.ColumnElement[bool]]:
        return _conditions(tx, which)


def _conditions(tx: Tx, which: MeterFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield from conditions(tx, "PULSE_MODULE", which)
