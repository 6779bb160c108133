"""Use cases that gateways and concentrators share: making, finding, changing them, and their lives."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.devices import contacts, field_device_filter, life, placing, provisioning, reported, tables
from server.devices.clocks import ClockStatus
from server.devices.config_profiles import apply_profile
from server.devices.configuration import Configuration, Drift, drifts, max_offset_ms, wanted
from server.devices.domain import Concentrator, Gateway
from server.devices.errors import InUse
from server.devices.field_device_filter import FieldDeviceFilter
from server.devices.network_copies import follow
from server.platform.errors import SimbaError
from server.platform.quotas import check_quota
from server.platform.resource_store import Key, ResourceStore
from server.platform.sql import UUIDS
from server.platform.uow import Tx, UnitOfWork

D = TypeVar("D", Gateway, Concentrator)


class FieldDevices(Generic[D]):
    """Devices of one kind, which count against the quota of gateways."""

    def __init__(
        self, uow: UnitOfWork, store: ResourceStore[D], users: sa.Column[UUID] | None = None
    ) -> None:
        """``users`` is the column of meters that names a device of this kind, if they do."""
        self._uow = uow
        self._store: ResourceStore[D] = store
        self._users = users

    async def create(self, device: D) -> D:
        """Stores a new one. Raises Taken, NodeNotFound for where it stands, InvalidArgument for settings."""
        async with self._uow() as tx:
            made = (await self.create_many(tx, [device]))[0]
            if isinstance(made, SimbaError):
                raise made
            return made

    async def create_many(self, tx: Tx, devices: Sequence[D]) -> list[D | SimbaError]:
        """Stores many new ones, by a few statements for all of them.

        In the place of each that cannot be stored stands the error that it alone would get. Raises
        QuotaExceeded when the tenant may not have so many more.
        """
        await check_quota(tx, "gateways", adding=len(devices))
        outcome: list[D | SimbaError] = [self._settled(one) for one in devices]
        places = [one.places for one in _good(outcome)]
        _put(outcome, await placing.refusals(tx, self._store.kind, places))
        _put(outcome, await self._store.insert_many(tx, _good(outcome)))
        await self._created(tx, _good(outcome))
        await follow(tx, _good(outcome))
        _put(outcome, await self.dressed(tx, _good(outcome)))
        return outcome

    async def get(self, device_id: UUID) -> D:
        """One, with what was last heard of it."""
        async with self._uow() as tx:
            return await self._one(tx, await self._store.get(tx, device_id))

    async def page(self, which: FieldDeviceFilter, *, after: Key | None, limit: int) -> Sequence[D]:
        """Many, oldest first."""
        async with self._uow() as tx:
            found = await self._store.page(
                tx,
                where=list(field_device_filter.conditions(tx, self._store.kind, which)),
                after=after,
                limit=limit,
                external_id=which.external_id,
                archived=which.with_archived,
            )
            return await self.dressed(tx, found)

    async def update(self, device_id: UUID, etag: str, change: Callable[[D], D]) -> D:
        """Changes one. Raises what creating it would, and Archived, EtagMismatch."""
        async with self._uow() as tx:
            before = await self._store.changing(tx, device_id, etag)
            after = self._changed(before, change(before))
            if after.places != before.places:
                await self._check_place(tx, after)
            return await self._followed(tx, await self._saved(tx, after))

    async def archive(self, device_id: UUID, etag: str) -> D:
        """Archives one. Raises InUse while it reads meters."""
        async with self._uow() as tx:
            user = await self._used_by(tx, device_id)
            if user is not None:
                raise InUse(f"{self._store.kind} {device_id} is used by {user}", used_by=user)
            return await self._followed(tx, await self._store.archive(tx, device_id, etag))

    async def undelete(self, device_id: UUID, etag: str) -> D:
        """Brings one back. Raises NotArchived, Taken, QuotaExceeded, and NodeNotFound for where it stood."""
        async with self._uow() as tx:
            await check_quota(tx, "gateways", adding=1)
            back = await self._store.undelete(tx, device_id, etag)
            await self._check_place(tx, back)
            return await self._followed(tx, back)

    async def suspend(self, device_id: UUID, etag: str) -> D:
        """From now on it is told nothing. Raises StateTransitionInvalid for a returned one."""
        return await self._live(device_id, etag, "suspended", life.suspend)

    async def resume(self, device_id: UUID, etag: str) -> D:
        """Ends the suspension. Raises StateTransitionInvalid if it is none."""
        return await self._live(device_id, etag, "resumed", life.resume)

    async def take_back(self, device_id: UUID, etag: str) -> D:
        """It is in the store again, and stands nowhere.

        Raises InUse while it reads meters, StateTransitionInvalid when it was returned before.
        """
        async with self._uow() as tx:
            before = await self._store.changing(tx, device_id, etag)
            user = await self._used_by(tx, device_id)
            returned = life.take_back(self._store.kind, device_id, before.life, used_by=user)
            nowhere: dict[str, Any] = dict.fromkeys(before.places)
            after = replace(before, life=returned, **nowhere)
            return await self._followed(tx, await self._store.save(tx, after, action="returned"))

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
        """Devices with what was last heard of them, in the order given."""
        ids = [self._store.id_of(one) for one in found]
        heard = await contacts.of(tx, ids)
        settings = await reported.with_reported(
            tx, {self._store.id_of(one): one.configuration for one in found}
        )
        tasks = await provisioning.of_devices(tx, ids)
        return [
            replace(
                one,
                provisioning=tasks.get(device_id),
                configuration=settings[device_id],
                last_seen_time=heard[device_id].last_seen_time,
                clock=replace(heard[device_id].clock, max_offset_ms=max_offset_ms(one.configuration.desired)),
            )
            for one, device_id in zip(found, ids, strict=True)
        ]

    async def _one(self, tx: Tx, device: D) -> D:
        return (await self.dressed(tx, [device]))[0]

    async def _live(
        self, device_id: UUID, etag: str, action: str, step: Callable[[str, UUID, str], str]
    ) -> D:
        async with self._uow() as tx:
            before = await self._store.changing(tx, device_id, etag)
            after = replace(before, life=step(self._store.kind, device_id, before.life))
            return await self._followed(tx, await self._store.save(tx, after, action=action))

    async def _followed(self, tx: Tx, device: D) -> D:
        """One that was changed, once its network server is to follow."""
        await follow(tx, [device])
        return await self._one(tx, device)

    async def _created(self, tx: Tx, made: Sequence[D]) -> None:
        """What follows when devices are new: they are stated to the history."""
        await self._store.made(tx, made)

    async def _saved(self, tx: Tx, after: D) -> D:
        """Stores what an update made of one."""
        saved: D = await self._store.save(tx, after)
        return saved

    async def _used_by(self, tx: Tx, device_id: UUID) -> UUID | None:
        """A meter that names the device; None: none does."""
        return (await self._meters_of(tx, [device_id])).get(device_id)

    async def _meters_of(self, tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """One meter that names each device, of those that are named by any."""
        if self._users is None:
            return {}
        meter = tables.meter.c
        device = sa.func.unnest(sa.cast(list(ids), UUIDS)).column_valued("device_id")
        one = (
            sa.select(meter.meter_id)
            .where(meter.tenant_id == tx.tenant_id, self._users == device, sa.not_(meter.archived))
            .limit(1)
            .scalar_subquery()
        )
        rows = await tx.conn.execute(sa.select(device, one))
        return {device_id: meter_id for device_id, meter_id in rows if meter_id is not None}

    async def _check_place(self, tx: Tx, device: D) -> None:
        for error in await placing.refusals(tx, self._store.kind, [device.places]):
            if error is not None:
                raise error

    def _settled(self, device: D) -> D | SimbaError:
        """A new one with its first settings counted; or what is wrong with them."""
        field = f"{self._store.kind}.configuration.desired"
        try:
            return replace(device, configuration=wanted(field, Configuration(), device.configuration.desired))
        except SimbaError as error:
            return error

    def _changed(self, before: D, after: D) -> D:
        """What an update makes of one. A returned one that is placed again is in use again."""
        field = f"{self._store.kind}.configuration.desired"
        back = before.life == life.Life.RETURNED and any(after.places.values())
        return replace(
            after,
            configuration=wanted(field, before.configuration, after.configuration.desired),
            life=life.PLAIN if back else before.life,
        )


def _good(outcome: list[D | SimbaError]) -> list[D]:
    return [one for one in outcome if not isinstance(one, SimbaError)]


def _put(outcome: list[D | SimbaError], results: Sequence[D | SimbaError | None]) -> None:
    """Puts what became of the good ones in their places; None: they stay as they are."""
    places = [place for place, one in enumerate(outcome) if not isinstance(one, SimbaError)]
    for place, result in zip(places, results, strict=True):
        if result is not None:
            outcome[place] = result
