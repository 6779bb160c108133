"""The archive: copies events to the history in batches, and prunes PostgreSQL behind it."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from server.events import store
from server.events.domain import Event, Filter
from server.events.history import EventHistory
from server.platform.uow import UnitOfWork

_log = logging.getLogger(__name__)

_TENANTS = 200
_EVENTS = 5_000
_PRUNED = 20_000


class EventArchive:
    """Works for all tenants, in any number of workers at once: what is copied twice counts once."""

    def __init__(
        self,
        uow: UnitOfWork,
        history: EventHistory,
        clock: Callable[[], datetime],
        *,
        keep: timedelta,
    ) -> None:
        self._uow = uow
        self._history = history
        self._clock = clock
        self._keep = keep

    async def work(self) -> None:
        """Copies everything that there is, then prunes."""
        while await self.copy():
            pass
        while await self.prune():
            pass

    async def copy(self) -> int:
        """Copies one batch of as many tenants as there are; how many events."""
        events: list[tuple[UUID, Event]] = []
        async with self._uow.system() as tx:
            for tenant_id, copied in await store.to_copy(tx, _TENANTS):
                room = _EVENTS - len(events)
                if room <= 0:
                    break
                batch, _ = await store.after(tx, tenant_id, copied, Filter(), room)
                events += [(tenant_id, event) for event in batch.events]
        if not events:
            return 0
        # Outside the transaction, which must not be held open across the network. When we die here, the
        # same rows are copied again.
        await self._history.copy(events, dedup_token=_token(events))
        async with self._uow.system() as tx:
            for tenant_id, sequence in {tenant_id: event.sequence for tenant_id, event in events}.items():
                await store.mark_copied(tx, tenant_id, sequence)
        return len(events)

    async def prune(self) -> int:
        """Deletes one batch of old events from PostgreSQL; how many."""
        async with self._uow.system() as tx:
            count = await store.prune(tx, self._clock() - self._keep, _PRUNED)
        if count:
            _log.info("pruned %d events that the history has", count)
        return count


def _token(events: list[tuple[UUID, Event]]) -> str:
    names = "\n".join(f"{tenant_id}/{event.sequence}" for tenant_id, event in events)
    return "events-" + hashlib.sha256(names.encode()).hexdigest()
