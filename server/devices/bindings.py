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
        found = await self.of([dev_eui])
        if not found:
            raise UnknownDevice(dev_eui)
        return found[0]

    async def of(self, dev_euis: Sequence[str]) -> list[Binding]:
        """The bindings of the devices in use that have these addresses, in order of the addresses."""
        meter = tables.meter.c
        async with self._uow() as tx:
            query = sa.select(meter.meter_id, meter.device_kind).where(
                meter.tenant_id == tx.tenant_id,
                meter.dev_eui.in_(list(dev_euis)),
                sa.not_(meter.archived),
            )
            rows = (await tx.conn.execute(query)).all()
            known = await meters.of(tx, [one.meter_id for one in rows if one.device_kind == "METER"])
            known += await pulse_modules.of(tx, [one.meter_id for one in rows if one.device_kind != "METER"])
            models = {
                one.device_model_id: one
                for one in await device_models.of(tx, {one.device_model_id for one in known})
            }
            ids = [one.meter_id for one in known]
            own = await channels.of_meters(tx, ids)
            heard = await contacts.of(tx, ids)
        found = []
        for one in sorted(known, key=lambda device: device.dev_eui):
            model = models[one.device_model_id]
            templates = {each.code: each for each in model.channel_templates}
            mine = own.get(one.meter_id, ())
            found.append(
                Binding(
                    meter=one,
                    model=model,
                    channels=tuple((each, templates[each.code]) for each in mine if each.code in templates),
                    network_address=heard[one.meter_id].network_address if one.meter_id in heard else "",
                )
            )
        return found

    async def report(self, statuses: Sequence[DeviceStatus]) -> int:
        """Keeps what adapters heard; returns how many devices were known."""
        async with self._uow() as tx:
            return await contacts.record(tx, statuses)
