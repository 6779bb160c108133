"""Reading the log: one sequence of events, wherever they lie."""

from uuid import UUID

from server.events import store
from server.events.domain import Batch, Event, Filter, Marks, Span
from server.events.errors import ResumeTokenExpired
from server.events.history import EventHistory
from server.platform.uow import UnitOfWork


class Log:
    """The events of all tenants: the newest from PostgreSQL, older ones from ClickHouse.

    It reads as the system, always for one tenant, because followers outlive the calls that began them.
    """

    def __init__(self, uow: UnitOfWork, history: EventHistory) -> None:
        self._uow = uow
        self._history = history

    async def marks(self, tenant_id: UUID) -> Marks:
        """Where the log stands."""
        async with self._uow.system() as tx:
            return await store.marks(tx, tenant_id)

    async def after(self, tenant_id: UUID, position: int, which: Filter, limit: int) -> Batch:
        """At most ``limit`` events after a position, and how far was looked.

        Raises ResumeTokenExpired when some of them are kept nowhere any more.
        """
        async with self._uow.system() as tx:
            batch, marks = await store.after(tx, tenant_id, position, which, limit)
        if position >= marks.pruned:
            return batch
        if position < marks.floor:
            raise ResumeTokenExpired(position, marks.floor)
        return await self._history.after(
            tenant_id, position, which, limit, upto=marks.pruned, last=marks.last
        )

    async def newest(
        self, tenant_id: UUID, before: int | None, which: Filter, span: Span, limit: int
    ) -> list[Event]:
        """At most ``limit`` events before a sequence, newest first."""
        async with self._uow.system() as tx:
            events = await store.newest(tx, tenant_id, before, which, span, limit)
            # Read after the events: what was pruned before they were read lies within these marks.
            marks = await store.marks(tx, tenant_id)
        missing = limit - len(events)
        if missing and marks.pruned:
            bounds = [marks.pruned + 1, *(event.sequence for event in events[-1:])]
            end = min(bounds if before is None else [*bounds, before])
            events += await self._history.newest(tenant_id, end, which, span, missing)
        return events
