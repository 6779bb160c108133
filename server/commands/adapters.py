"""Adapters: which processes speak with the field, and whether they are well."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.commands.actions import Action
from server.commands.tables import adapter
from server.platform.uow import UnitOfWork

HEARTBEAT_INTERVAL = timedelta(seconds=10)
SILENT_AFTER = 3 * HEARTBEAT_INTERVAL
FORGOTTEN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter process, as it presents itself."""

    kind: str
    instance: str
    version: str
    actions: tuple[Action, ...]
    healthy: bool
    detail: str
    last_seen_time: datetime | None = None

    def seen_from(self, now: datetime) -> "Adapter":
        """The adapter as it looks now: one that has been silent for long is not healthy, whatever it said."""
        if self.last_seen_time is None or now - self.last_seen_time <= SILENT_AFTER:
            return self
        seconds = int((now - self.last_seen_time).total_seconds())
        return replace(self, healthy=False, detail=f"silent for {seconds} s; {self.detail}".rstrip("; "))


class Adapters:
    """The adapters of a tenant."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def register(self, one: Adapter) -> timedelta:
        """Takes note of an adapter; how soon it should come again."""
        values = {
            "version": one.version,
            "actions": [action.value for action in one.actions],
            "healthy": one.healthy,
            "detail": one.detail,
        }
        async with self._uow() as tx:
            values["last_seen_time"] = tx.now
            statement = pg.insert(adapter).values(
                tenant_id=tx.tenant_id, kind=one.kind, instance=one.instance, **values
            )
            await tx.conn.execute(
                statement.on_conflict_do_update(index_elements=["tenant_id", "kind", "instance"], set_=values)
            )
            # Instances are named after processes: those of last week will not come back.
            await tx.conn.execute(
                sa.delete(adapter).where(
                    adapter.c.tenant_id == tx.tenant_id,
                    adapter.c.last_seen_time < tx.now - FORGOTTEN_AFTER,
                )
            )
        return HEARTBEAT_INTERVAL

    async def all(self) -> Collection[Adapter]:
        """All that have been there of late, by kind and instance."""
        query = sa.select(adapter).order_by(adapter.c.kind, adapter.c.instance)
        async with self._uow() as tx:
            rows = (await tx.conn.execute(query.where(adapter.c.tenant_id == tx.tenant_id))).mappings().all()
            now = tx.now
        return [
            Adapter(
                kind=row["kind"],
                instance=row["instance"],
                version=row["version"],
                actions=tuple(Action(name) for name in row["actions"]),
                healthy=row["healthy"],
                detail=row["detail"],
                last_seen_time=row["last_seen_time"],
            ).seen_from(now)
            for row in rows
        ]
