"""Use cases that meters and pulse modules share: both are of a model, which decides their channels."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, tables
from server.devices.checks import LORAWAN_ADAPTER
from server.devices.domain import Channel, DeviceModel, Meter
from server.devices.errors import ConcentratorNotFound, DeviceModelNotFound
from server.devices.keyed_devices import KeyedDevices
from server.devices.known import Known
from server.devices.meter_filter import MeterFilter
from server.devices.network_copies import follow_meters
from server.devices.outcomes import the_one
from server.devices.stores import concentrators, device_models
from server.platform.errors import InvalidField, SimbaError
from server.platform.resource_store import Archived
from server.platform.sql import among
from server.platform.uow import Tx

_model = tables.device_model


class MeasuringDevices(KeyedDevices[Meter, MeterFilter]):
    """Rows of the table of meters of one kind."""

    quota = "meters"

    def _dress(self, device: Meter, about: Known) -> dict[str, Any]:
        return {**super()._dress(device, about), "channels": about.channels}

    async def _checked(self, tx: Tx, devices: Sequence[Meter]) -> Sequence[Meter | SimbaError]:
        await _hold_models(tx, devices)
        models = await self._models(tx, devices)
        readers = await _readers(tx, devices)
        return [self._check(one, models.get(one.device_model_id), readers) for one in devices]

    def _check(
        self, device: Meter, model: DeviceModel | None, readers: dict[UUID, bool]
    ) -> Meter | SimbaError:
        if model is None:
            return DeviceModelNotFound(device.device_model_id)
        if model.stored.archived:
            return Archived("device_model", model.device_model_id)
        error = self._of_model(device, model) or _of_reader(device, readers)
        return error or replace(device, manufacturer=model.manufacturer)

    async def _changed(self, tx: Tx, before: Meter, after: Meter) -> Meter:
        """Its model stays, and may be archived meanwhile."""
        if (after.dev_eui, after.concentrator_id) == (before.dev_eui, before.concentrator_id):
            return after
        model = (await self._models(tx, [after]))[after.device_model_id]
        moved = after.concentrator_id != before.concentrator_id
        readers = await _readers(tx, [after]) if moved else {}
        error = self._of_model(after, model) or (_of_reader(after, readers) if moved else None)
        return the_one([error or after])

    def _of_model(self, device: Meter, model: DeviceModel) -> SimbaError | None:
        """Why a device cannot be of a model."""
        if device.dev_eui and model.adapter != LORAWAN_ADAPTER:
            return InvalidField(
                f"{self._store.kind}.dev_eui",
                f"{device.dev_eui!r} is a LoRaWAN address, and the adapter of the model is {model.adapter!r}",
                "dev_eui.lorawan",
            )
        return None

    async def _created(self, tx: Tx, made: Sequence[Meter]) -> Sequence[Meter]:
        models = await self._models(tx, made)
        given: dict[UUID, tuple[Channel, ...]] = {}
        for model_id, model in models.items():
            ids = [one.meter_id for one in made if one.device_model_id == model_id]
            given.update(await channels.give_out(tx, ids, model.channel_templates))
        await super()._created(tx, made)
        return [replace(one, channels=given.get(one.meter_id, ())) for one in made]

    async def _follow(self, tx: Tx, devices: Sequence[Meter], *, new: bool = False) -> None:
        """New ones without keys are none of the network server's business."""
        concerned = [one for one in devices if one.keys.named] if new else devices
        if not concerned:
            return
        adapters = {key: model.adapter for key, model in (await self._models(tx, concerned)).items()}
        named = await self._keys.names(tx, [one.meter_id for one in concerned])
        await follow_meters(tx, concerned, adapters, named)

    async def _models(self, tx: Tx, devices: Iterable[Meter]) -> dict[UUID, DeviceModel]:
        found = await device_models.of(tx, {one.device_model_id for one in devices})
        return {one.device_model_id: one for one in found}


async def _hold_models(tx: Tx, devices: Iterable[Meter]) -> None:
    """Keeps the models from being archived before the transaction ends."""
    await tx.conn.execute(
        sa.select(_model.c.device_model_id)
        .where(
            _model.c.tenant_id == tx.tenant_id,
            among(_model.c.device_model_id, {one.device_model_id for one in devices}),
        )
        .order_by(_model.c.device_model_id)
        .with_for_update(read=True)
    )


async def _readers(tx: Tx, devices: Iterable[Meter]) -> dict[UUID, bool]:
    """The concentrators that are named and exist, and whether they are archived."""
    named = {one.concentrator_id for one in devices if one.concentrator_id is not None}
    if not named:
        return {}
    return {one.concentrator_id: one.stored.archived for one in await concentrators.of(tx, named, lock=True)}


def _of_reader(device: Meter, readers: dict[UUID, bool]) -> SimbaError | None:
    """Why a device cannot be read by the concentrator that it names."""
    reader = device.concentrator_id
    if reader is None:
        return None
    if reader not in readers:
        return ConcentratorNotFound(reader)
    return Archived("concentrator", reader) if readers[reader] else None
