"""What adapters need of devices, and what they tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from server.devices import channels, contacts, tables
from server.devices.domain import Channel, ChannelTemplate, DeviceModel, DeviceStatus, Meter
from server.devices.errors import UnknownDevice
from server.devices.stores import device_models, meters, pulse_modules
from server.platform.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Binding:
    """A device as its adapter must know it."""

    meter: Meter
    model: DeviceModel
    channels: tuple[tuple[Channel, ChannelTemplate], ...]
    network_address: str


class Bindings:
    """The adapters' side of the inventory."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, dev_eui: str) -> Binding:
        """The binding of a device. Raises UnknownDevice when no meter or module in use has the address."""
        async with self._uow() as tx:
            row = await tx.conn.execute(
                sa.select(tables.meter.c.meter_id, tables.meter.c.device_kind).where(
                    tables.meter.c.tenant_id == tx.tenant_id,
                    tables.meter.c.dev_eui == dev_eui,
                    sa.not_(tables.meter.c.archived),
                )
            )
            found = row.one_or_none()
            if found is None:
                raise UnknownDevice(dev_eui)
            meter_id = found.meter_id
            meter = await (meters if found.device_kind == "METER" else pulse_modules).get(tx, meter_id)
            model = await device_models.get(tx, meter.device_model_id)
            own = (await channels.of_meters(tx, [meter_id])).get(meter_id, ())
            heard = await contacts.of(tx, [meter_id])
        templates = {one.code: one for one in model.channel_templates}
        return Binding(
            meter=meter,
            model=model,
            channels=tuple((one, templates[one.code]) for one in own if one.code in templates),
            network_address=heard[meter_id].network_address if meter_id in heard else "",
        )

    async def report(self, statuses: Sequence[DeviceStatus]) -> int:
        """Keeps what adapters heard; returns how many devices were known."""
        async with self._uow() as tx:
            return await contacts.record(tx, statuses)
