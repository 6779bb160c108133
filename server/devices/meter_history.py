"""What became of a meter: its own changes, and those of its installations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.stores import meters
from server.platform.history_store import StoredChange, changes_of
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork

_installation = tables.installation
_MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class MeterHistoryEntry:
    """One thing that became of a meter."""

    change: StoredChange
    usage_point_id: UUID | None
    """Where one is concerned."""

    @property
    def key(self) -> Key:
        """Its place in the order of a list."""
        return self.change.key

    @property
    def description(self) -> str:
        """What changed, in words."""
        told = [f"{one.path}: {one.before or '-'} → {one.after or '-'}" for one in self.change.fields]
        more = [] if len(told) <= _MOST_FIELDS else [f"and {len(told) - _MOST_FIELDS} more"]
        return "; ".join([*told[:_MOST_FIELDS], *more])


class MeterHistory:
    """Reads the history of changes for one meter."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def page(self, meter_id: UUID, *, after: Key | None, limit: int) -> Sequence[MeterHistoryEntry]:
        """Newest first. Raises MeterNotFound."""
        async with self._uow() as tx:
            await meters.get(tx, meter_id)
            points = await _points(tx, meter_id)
            about: list[tuple[str, UUID | str]] = [("meter", meter_id)]
            about += [("installation", one) for one in points]
            key = None if after is None else (after[0], after[1])
            found = await changes_of(tx, about, after=key, limit=limit)
            return [MeterHistoryEntry(one, points.get(one.resource_id)) for one in found]


async def _points(tx: Tx, meter_id: UUID) -> dict[str, UUID]:
    """Where the meter was, by the ids of its installations."""
    where = _installation.c
    rows = await tx.conn.execute(
        sa.select(where.installation_id, where.usage_point_id).where(
            where.tenant_id == tx.tenant_id, where.meter_id == meter_id
        )
    )
    return {str(row.installation_id): row.usage_point_id for row in rows}
