"""What is over of a tenant, at this moment: policies and holds as they are, numbers as devices know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.platform.uow import UnitOfWork
from server.readings.retention import store
from server.readings.retention.domain import Held, Policies, held_by
from server.readings.retention.expiry import Expired, Numbers, expired
from server.readings.retention.ports import RetentionDirectory
from server.readings.retention.stored import CHANNEL, StoredTable


@dataclass(frozen=True, slots=True)
class TenantScope:
    """Policies and holds of a tenant, and the numbers that they mean."""

    tenant_id: UUID
    policies: Policies
    held: Held
    numbers: Mapping[str, Numbers]
    """By kind of key."""

    def expired(self, table: StoredTable, now: datetime, *, holds: bool = True) -> list[Expired]:
        """What is over in a table, holds minded or not."""
        numbers = self.numbers[table.key]
        if not holds:
            numbers = Numbers(numbers.by_commodity)
        return expired(
            table.data_class,
            self.policies,
            numbers,
            now,
            everything_held=holds and self.held.everything,
        )


@dataclass(slots=True)
class Scopes:
    """Reads scopes. What changes seldom is read once: numbers by commodity; holds are read each time."""

    uow: UnitOfWork
    directory: RetentionDirectory
    _numbers: dict[tuple[UUID, str], Mapping[str, Sequence[int]]] = field(default_factory=dict)

    async def of(self, tenant_id: UUID) -> TenantScope:
        """The scope of a tenant now."""
        async with self.uow.system() as tx:
            policies = await store.policies(tx, tenant_id)
            held = held_by(await store.active_holds(tx, tenant_id))
        numbers = {}
        for kind in ("channel", "series"):
            known = await self._known(tenant_id, kind)
            numbers[kind] = Numbers(known, await self._about(tenant_id, kind, held))
        return TenantScope(tenant_id, policies, held, numbers)

    async def _known(self, tenant_id: UUID, kind: str) -> Mapping[str, Sequence[int]]:
        place = tenant_id, kind
        if place not in self._numbers:
            ask = (
                self.directory.channels_by_commodity
                if kind == CHANNEL
                else self.directory.series_by_commodity
            )
            self._numbers[place] = await ask(tenant_id)
        return self._numbers[place]

    async def _about(self, tenant_id: UUID, kind: str, held: Held) -> Sequence[int]:
        if not held.usage_point_ids and not held.meter_ids:
            return ()
        ask = self.directory.channels_about if kind == CHANNEL else self.directory.series_about
        return await ask(tenant_id, held.usage_point_ids, held.meter_ids)
