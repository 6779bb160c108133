"""Use cases of devices that have keys of their own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from server.devices.device_filter import DeviceFilter
from server.devices.device_keys import DeviceKeys
from server.devices.domain import Concentrator, Meter
from server.devices.field_devices import FieldDevices
from server.devices.keys import Keys
from server.devices.known import Known
from server.platform.history import SECRET
from server.platform.resource_store import ResourceStore
from server.platform.uow import Tx, UnitOfWork

D = TypeVar("D", bound=Concentrator | Meter)
F = TypeVar("F", bound=DeviceFilter)


class KeyedDevices(FieldDevices[D, F]):
    """Devices of one kind: keys that are given with one are sealed; only their names are told again."""

    def __init__(self, uow: UnitOfWork, store: ResourceStore[D], keys: Keys) -> None:
        super().__init__(uow, store)
        self._keys = keys

    def _dress(self, device: D, about: Known) -> dict[str, Any]:
        own = {"keys": DeviceKeys(), "key_names": about.key_names, "used_by": about.user}
        return {**super()._dress(device, about), **own}

    async def _created(self, tx: Tx, made: Sequence[D]) -> Sequence[D]:
        given: dict[UUID, DeviceKeys] = {self._store.id_of(one): one.keys for one in made if one.keys.named}
        await self._keys.put_many(tx, given)
        await self._store.made(tx, [one for one in made if one.keys.named], beside={"keys": SECRET})
        await self._store.made(tx, [one for one in made if not one.keys.named])
        return made

    async def _fresh(self, tx: Tx, made: Sequence[D]) -> Sequence[D]:
        return [
            replace(one, keys=DeviceKeys(), key_names=tuple(sorted(one.keys.named)))
            if one.keys.named
            else one
            for one in await super()._fresh(tx, made)
        ]

    async def _saved(self, tx: Tx, before: D, after: D) -> D:
        if not after.keys.named:
            return await super()._saved(tx, before, after)
        await self._keys.put(tx, self._store.id_of(after), after.keys)
        saved: D = await self._store.save(tx, after, beside=({"keys": SECRET}, {"keys": SECRET}))
        return saved
