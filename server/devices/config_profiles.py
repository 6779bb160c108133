"""Use cases of configuration profiles, and how one is applied to devices of any kind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar
from uuid import UUID

from server.devices.configuration import Configuration, check_settings, merged, wanted
from server.devices.domain import ConfigProfile
from server.devices.stores import config_profiles
from server.platform.resource_store import Archived, Key, Resource, ResourceStore
from server.platform.uow import Tx, UnitOfWork

_SETTINGS = "config_profile.settings"


class Configured(Resource, Protocol):
    """A device with settings."""

    @property
    def configuration(self) -> Configuration:
        """Desired and reported ones."""


D = TypeVar("D", bound=Configured)


class ConfigProfiles:
    """Create, read, change, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, profile: ConfigProfile) -> ConfigProfile:
        """Stores a new one. Raises Taken for its name, InvalidArgument for its settings."""
        check_settings(_SETTINGS, profile.settings)
        async with self._uow() as tx:
            return await config_profiles.insert(tx, profile)

    async def get(self, config_profile_id: UUID) -> ConfigProfile:
        """One. Raises ConfigProfileNotFound."""
        async with self._uow() as tx:
            return await config_profiles.get(tx, config_profile_id)

    async def page(self, *, archived: bool, after: Key | None, limit: int) -> Sequence[ConfigProfile]:
        """Many, oldest first."""
        async with self._uow() as tx:
            return await config_profiles.page(tx, where=[], after=after, limit=limit, archived=archived)

    async def update(
        self, config_profile_id: UUID, etag: str, change: Callable[[ConfigProfile], ConfigProfile]
    ) -> ConfigProfile:
        """Changes one. Devices to which it was applied keep what they were given."""
        async with self._uow() as tx:
            after = change(await config_profiles.changing(tx, config_profile_id, etag))
            check_settings(_SETTINGS, after.settings)
            return await config_profiles.save(tx, after)

    async def archive(self, config_profile_id: UUID, etag: str) -> ConfigProfile:
        """Archives one."""
        async with self._uow() as tx:
            return await config_profiles.archive(tx, config_profile_id, etag)


async def apply_profile(
    tx: Tx, store: ResourceStore[D], config_profile_id: UUID, device_ids: Sequence[UUID]
) -> list[D]:
    """Merges a profile's settings into the desired ones of devices; returns them in the order asked.

    All or none: raises ConfigProfileNotFound, the error of a device that is missing, Archived for either, and
    InvalidArgument when a device's settings would become more than they may. Devices that have the settings
    already do not change.
    """
    profile = await config_profiles.get(tx, config_profile_id)
    if profile.stored.archived:
        raise Archived(config_profiles.kind, config_profile_id)
    before = await store.changing_many(tx, device_ids)
    after = {store.id_of(one): _configured(one, profile) for one in before}
    changed = [one for one in before if after[store.id_of(one)].configuration != one.configuration]
    saved = await store.save_many(tx, (after[store.id_of(one)] for one in changed), action="configured")
    now = {store.id_of(one): one for one in (*before, *saved)}
    return [now[store.id_of(one)] for one in before]


def _configured(device: D, profile: ConfigProfile) -> D:
    before = device.configuration
    settings = merged(before.desired, profile.settings)
    chosen: dict[str, Any] = {"configuration": wanted("config_profile.settings", before, settings)}
    return replace(device, **chosen)  # type: ignore[type-var]  # all resources are dataclasses
