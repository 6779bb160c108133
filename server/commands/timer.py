"""The server's own timer.

It hands over commands whose time has come, once more those that the bus may have lost, and ends those whose
time is up. It keeps nothing in memory, so a restart changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from kernel.telemetry.context import attached
from server.commands import store
from server.commands.domain import Command
from server.commands.evolution import Change, enter, published
from server.commands.states import after_expiry
from server.commands.telling import tell
from server.platform.errors import SimbaError
from server.platform.jobs import pause
from server.platform.uow import UnitOfWork

_log = logging.getLogger(__name__)

BATCH = 200


class CommandTimer:
    """Wakes commands when they are due."""

    def __init__(
        self,
        uow: UnitOfWork,
        clock: Callable[[], datetime],
        *,
        poll: timedelta = timedelta(seconds=1),
    ) -> None:
        self._uow = uow
        self._clock = clock
        self._poll = poll.total_seconds()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set."""
        while not stop.is_set():
            try:
                if not await self.round():
                    await pause(stop, await self._rest())
            except SimbaError as error:
                _log.warning("the timer waits: %s", error)
                await pause(stop, self._poll)

    async def round(self) -> int:
        """Looks at everything that is due now; how many commands that were."""
        now = self._clock()
        async with self._uow.system() as tx:
            tenants = await store.due_tenants(tx, now)
        return sum([await self._of_tenant(tenant_id, now) for tenant_id in tenants])

    async def _of_tenant(self, tenant_id: UUID, now: datetime) -> int:
        async with self._uow.system() as system:
            tx = system.of(tenant_id)
            due = await store.lock_due(tx, tenant_id, now, BATCH)
            for command, trace in due:
                # What the timer does for a command belongs to the trace of its submit.
                with attached(trace):
                    change = wake(command, now)
                    await store.save(tx, change)
                    await tell(tx, change)
        if due:
            _log.info("timer woke %d commands", len(due), extra={"tenant_id": str(tenant_id)})
        return len(due)

    async def _rest(self) -> float:
        """Seconds until the next command is due, but no longer than the polling interval.

        Others submit commands meanwhile, so the earliest one may change.
        """
        async with self._uow.system() as tx:
            earliest = await store.next_wake(tx)
        if earliest is None:
            return self._poll
        return min(max((earliest - self._clock()).total_seconds(), 0.05), self._poll)


def wake(command: Command, now: datetime) -> Change:
    """What is due for a command: its end, or the bus."""
    if now >= command.expiry_due:
        decision = after_expiry(command.position)
        return enter(
            command, decision, time=command.expires_at, now=now, description="no final answer in time"
        )
    return published(command, now)
