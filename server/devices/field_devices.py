"""Use cases that devices of all kinds share: making, finding, changing them, and their lives."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.devices import known, life, placing, provisioning
from server.devices.clocks import ClockStatus
from server.devices.config_profiles import apply_profile
from server.devices.configuration import Configuration, Drift, drifts, max_offset_ms, wanted
from server.devices.device_filter import DeviceFilter, silent_first
from server.devices.domain import Concentrator, Gateway, Meter
from server.devices.errors import InUse
from server.devices.known import Known, User
from server.devices.outcomes import good, put, the_one
from server.platform.errors import SimbaError
from server.platform.quotas import check_quota
from server.platform.resource_store import Beside, Key, ResourceStore
from server.platform.uow import Tx, UnitOfWork
from server.platform.walk import Walk

D = TypeVar("D", bound=Gateway | Concentrator | Meter)
F = TypeVar("F", bound=DeviceFilter)
Step = Callable[[str, UUID, str], str]
"""What is stored of a device's life from then on; see :mod:`server.devices.life`."""


class FieldDevices(Generic[D, F]):
    """Devices of one kind. ``quota`` is what they count against."""

    quota = "gateways"
    _user: User | None = None
    """What uses one of them; None: nothing does, ever."""

    def __init__(self, uow: UnitOfWork, store: ResourceStore[D]) -> None:
        self._uow = uow
        self._store: ResourceStore[D] = store
        self._beside: Beside[D] = Beside(known.beside(store.id_column, self._user), self._dressed_by)

    async def create(self, device: D) -> D:
        """Stores a new one. Raises Taken, NodeNotFound for where it stands, InvalidArgument for settings."""
        async with self._uow() as tx:
            return the_one(await self.create_many(tx, [device]))

    async def create_many(self, tx: Tx, devices: Sequence[D]) -> list[D | SimbaError]:
        """Stores many new ones, by a few statements for all of them.

        In the place of each that cannot be stored stands the error that it alone would get. Raises
        QuotaExceeded when the tenant may not have so many more.
        """
        await check_quota(tx, self.quota, adding=len(devices))
        outcome: list[D | SimbaError] = [self._settled(one) for one in devices]
        put(outcome, await self._checked(tx, good(outcome)))
        put(outcome, await self._store.insert_many(tx, good(outcome)))
        put(outcome, await self._created(tx, good(outcome)))
        await self._follow(tx, good(outcome), new=True)
        put(outcome, await self._fresh(tx, good(outcome)))
        return outcome

    async def get(self, device_id: UUID) -> D:
        """One, with what was last heard of it."""
        async with self._uow() as tx:
            return await self._store.get(tx, device_id, beside=self._beside)

    async def page(self, which: F, *, after: Key | None, limit: int) -> list[tuple[Key, D]]:
        """Many, each with its key: oldest first, or in the order of :meth:`_walk`."""
        async with self._uow() as tx:
            walk, rest = self._walk(tx, which, after)
            return await self._store.walked(
                tx,
                walk,
                where=list(self._where(tx, rest)),
                after=after,
                limit=limit,
                external_id=which.external_id,
                archived=which.with_archived,
                beside=self._beside,
            )

    async def update(self, device_id: UUID, etag: str, change: Callable[[D], D]) -> D:
        """Changes one. Raises what creating it would, and Archived, EtagMismatch."""
        async with self._uow() as tx:
            before = await self._store.changing(tx, device_id, etag)
            after = await self._changed(tx, before, self._settled_again(before, change(before)))
            return await self._followed(tx, before, await self._saved(tx, before, after))

    async def archive(self, device_id: UUID, etag: str) -> D:
        """Archives one. Raises InUse while it is in use by others."""
        async with self._uow() as tx:
            before = await self._one(tx, await self._store.changing(tx, device_id, etag))
            if before.used_by is not None:
                raise InUse(f"{self._noun} {device_id} is used by {before.used_by}", used_by=before.used_by)
            return await self._followed(tx, before, await self._store.archive(tx, device_id, etag))

    async def undelete(self, device_id: UUID, etag: str) -> D:
        """Brings one back. Raises NotArchived, Taken, QuotaExceeded, and NodeNotFound for where it stood."""
        async with self._uow() as tx:
            await check_quota(tx, self.quota, adding=1)
            before = await self._store.get(tx, device_id, lock=True)
            back = await self._store.undelete(tx, device_id, etag)
            the_one(await self._checked(tx, [back]))
            return await self._followed(tx, before, back)

    async def suspend(self, device_id: UUID, etag: str) -> D:
        """From now on it is told nothing. Raises StateTransitionInvalid for a returned one."""
        return await self._live(device_id, etag, "suspended", life.suspend)

    async def resume(self, device_id: UUID, etag: str) -> D:
        """Ends the suspension. Raises StateTransitionInvalid if it is none."""
        return await self._live(device_id, etag, "resumed", life.resume)

    async def take_back(self, device_id: UUID, etag: str) -> D:
        """It is in the store again, and stands nowhere.

        Raises InUse while others use it, StateTransitionInvalid when it was returned before.
        """
        async with self._uow() as tx:
            before = await self._one(tx, await self._store.changing(tx, device_id, etag))
            returned = life.take_back(self._noun, device_id, before.life, used_by=before.used_by)
            nowhere: dict[str, Any] = dict.fromkeys(before.places)
            after = replace(before, life=returned, **nowhere)
            return await self._followed(tx, before, await self._store.save(tx, after, action="returned"))

    async def retry(self, device_id: UUID) -> D:
        """Begins its provisioning anew if it failed, or waits for its next try."""
        async with self._uow() as tx:
            found = await self._store.get(tx, device_id, lock=True)
            await provisioning.retry(tx, device_id)
            return await self._one(tx, found)

    async def drift(self, device_id: UUID) -> tuple[D, tuple[Drift, ...]]:
        """Where its settings are not as desired."""
        found = await self.get(device_id)
        return found, drifts(found.configuration.desired, found.configuration.reported)

    async def clock(self, device_id: UUID) -> ClockStatus:
        """How far its clock is off."""
        return (await self.get(device_id)).clock

    async def apply_profile(self, config_profile_id: UUID, device_ids: Sequence[UUID]) -> list[D]:
        """Gives devices the settings of a profile; see :func:`config_profiles.apply_profile`."""
        async with self._uow() as tx:
            return await self.dressed(tx, await apply_profile(tx, self._store, config_profile_id, device_ids))

    async def dressed(self, tx: Tx, found: Sequence[D]) -> list[D]:
        """Devices with what is known of them, in the order given."""
        ids = [self._store.id_of(one) for one in found]
        about = await known.of(tx, ids, self._user)
        return [self._dressed_by(one, about[device_id]) for one, device_id in zip(found, ids, strict=True)]

    def _dressed_by(self, device: D, document: Any) -> D:
        dressed: D = replace(device, **self._dress(device, known.read(self._store.id_of(device), document)))
        return dressed

    def _dress(self, device: D, about: Known) -> dict[str, Any]:
        """Attributes that say what is known of a device."""
        clock, limit = about.contact.clock, max_offset_ms(device.configuration.desired)
        return {
            "provisioning": about.task,
            "configuration": about.configured(device.configuration),
            "last_seen_time": about.contact.last_seen_time,
            "battery_level": about.contact.battery_level,
            "clock": clock if clock.max_offset_ms == limit else replace(clock, max_offset_ms=limit),
        }

    @property
    def _contact_kind(self) -> str:
        return self._store.kind.upper()

    @property
    def _noun(self) -> str:
        return self._store.kind.replace("_", " ")

    async def _one(self, tx: Tx, device: D) -> D:
        return (await self.dressed(tx, [device]))[0]

    async def _live(
        self, device_id: UUID, etag: str, action: str, step: Callable[[str, UUID, str], str]
    ) -> D:
        async with self._uow() as tx:
            before = await self._store.changing(tx, device_id, etag)
            after = replace(before, life=step(self._noun, device_id, before.life))
            return await self._followed(tx, before, await self._store.save(tx, after, action=action))

    async def _followed(self, tx: Tx, before: D, after: D) -> D:
        """One that was changed, once all that depends on it follows."""
        await self._follow(tx, [after])
        stored = await self._one(tx, after)
        await self._updated(tx, before, stored)
        return stored

    def _walk(self, tx: Tx, which: F, after: Key | None) -> tuple[Walk | None, F]:  # noqa: ARG002 - for meters
        """The order of a list, from a key on, and what is still to be asked; None: that of ids."""
        return silent_first(self._contact_kind, which, after)

    def _where(self, tx: Tx, which: F) -> Iterable[sa.ColumnElement[bool]]:
        """Conditions of a list, beside names in other systems and being archived."""
        raise NotImplementedError

    async def _checked(self, tx: Tx, devices: Sequence[D]) -> Sequence[D | SimbaError]:
        """Devices that may be stored, or why they may not: where they stand."""
        refused = await placing.refusals(tx, self._store.kind, [one.places for one in devices])
        return [error or one for error, one in zip(refused, devices, strict=True)]

    async def _changed(self, tx: Tx, before: D, after: D) -> D:
        """What an update makes of one, checked."""
        return after if after.places == before.places else the_one(await self._checked(tx, [after]))

    async def _created(self, tx: Tx, made: Sequence[D]) -> Sequence[D]:
        """What follows when devices are new: they are stated to the history. Returns them, completed."""
        await self._store.made(tx, made)
        return made

    async def _fresh(self, tx: Tx, made: Sequence[D]) -> Sequence[D]:
        """New devices as :meth:`dressed` would give them: nobody has heard of them yet."""
        tasks = await provisioning.of_devices(tx, [self._store.id_of(one) for one in made])
        return [
            replace(
                one,
                provisioning=tasks.get(self._store.id_of(one)),
                clock=ClockStatus(max_offset_ms=max_offset_ms(one.configuration.desired)),
            )
            for one in made
        ]

    async def _saved(self, tx: Tx, before: D, after: D) -> D:  # noqa: ARG002 - for those that tell of it
        """Stores what an update made of one."""
        saved: D = await self._store.save(tx, after)
        return saved

    async def _updated(self, tx: Tx, before: D, stored: D) -> None:
        """Tells others what became of one."""

    async def _follow(self, tx: Tx, devices: Sequence[D], *, new: bool = False) -> None:
        """Writes down what the network server is to know of devices that were made (``new``) or changed."""

    def _settled(self, device: D) -> D | SimbaError:
        """A new one with its first settings counted; or what is wrong with them."""
        if not device.configuration.desired:
            return device
        try:
            return replace(device, configuration=self._wanted(Configuration(), device))
        except SimbaError as error:
            return error

    def _settled_again(self, before: D, after: D) -> D:
        """A changed one with its settings counted. A returned one that is placed again is in use again."""
        back = before.life == life.Life.RETURNED and any(after.places.values())
        return replace(
            after,
            configuration=self._wanted(before.configuration, after),
            life=life.PLAIN if back else before.life,
        )

    def _wanted(self, before: Configuration, device: D) -> Configuration:
        return wanted(f"{self._store.kind}.configuration.desired", before, device.configuration.desired)
