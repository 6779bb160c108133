"""Tells adapters again of what they said nothing about, and begins the regular comparisons.

It keeps nothing in memory: what is due stands in the tables, so a restart changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from server.devices import reconciliations
from server.devices.provisioning import read, tell
from server.devices.provisioning_rules import silence
from server.devices.provisioning_tables import provisioning, reconciliation
from server.platform.errors import SimbaError
from server.platform.jobs import pause
from server.platform.uow import UnitOfWork

_log = logging.getLogger(__name__)

_BATCH = 500


class ProvisioningTimer:
    """A loop of the worker; many may run at once."""

    def __init__(
        self,
        uow: UnitOfWork,
        clock: Callable[[], datetime],
        *,
        lease: timedelta,
        every: timedelta,
        poll: timedelta = timedelta(seconds=1),
    ) -> None:
        """``every`` is how often each network server is compared; none: never by itself."""
        self._uow = uow
        self._clock = clock
        self._lease = lease
        self._every = every
        self._poll = min(poll, lease).total_seconds()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set."""
        while not stop.is_set():
            try:
                done = await self.tasks() + await self.comparisons()
                done += await self.begin() if self._every else 0
            except SimbaError as error:
                _log.warning("provisioning waits: %s", error)
                done = 0
            if not done:
                await pause(stop, self._poll)

    async def tasks(self) -> int:
        """Tells of tasks that are due; how many."""
        row, now = provisioning.c, self._clock()
        async with self._uow.system() as tx:
            query = (
                sa.select(provisioning)
                .where(row.next_attempt_time <= now)
                .order_by(row.next_attempt_time)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            due = list((await tx.conn.execute(query)).mappings())
            for one in due:
                task = read(one)
                await tx.conn.execute(
                    sa.update(provisioning)
                    .where(row.tenant_id == one["tenant_id"], row.device_id == task.device_id)
                    .values(told=row.told + 1, next_attempt_time=now + silence(self._lease, one["told"]))
                )
                await tell(tx.of(one["tenant_id"]), [(task.adapter, task.provisioning_task_id)])
        return len(due)

    async def comparisons(self) -> int:
        """Tells of comparisons that are due; how many."""
        row, now = reconciliation.c, self._clock()
        async with self._uow.system() as tx:
            query = (
                sa.select(row.tenant_id, row.reconciliation_id, row.adapter, row.told)
                .where(row.next_attempt_time <= now)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            due = list(await tx.conn.execute(query))
            for one in due:
                await tx.conn.execute(
                    sa.update(reconciliation)
                    .where(row.tenant_id == one.tenant_id, row.reconciliation_id == one.reconciliation_id)
                    .values(told=row.told + 1, next_attempt_time=now + silence(self._lease, one.told))
                )
                await reconciliations.tell(tx.of(one.tenant_id), one.adapter, one.reconciliation_id)
        return len(due)

    async def begin(self) -> int:
        """Begins comparisons where the last one is too long ago; how many."""
        now = self._clock()
        async with self._uow.system() as tx:
            # One worker at a time: two would begin the same comparison twice.
            if not await tx.conn.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
                return 0
            last = (
                sa.select(sa.literal(1))
                .where(
                    reconciliation.c.tenant_id == provisioning.c.tenant_id,
                    reconciliation.c.adapter == provisioning.c.adapter,
                    reconciliation.c.create_time > now - self._every,
                )
                .exists()
            )
            query = (
                sa.select(provisioning.c.tenant_id, provisioning.c.adapter)
                .where(~last, provisioning.c.update_time < now - self._every)
                .distinct()
            )
            due = list(await tx.conn.execute(query))
            for one in due:
                await reconciliations.begin(tx.of(one.tenant_id), one.adapter, repair=True)
        return len(due)


_LOCK = 0x5EC0_0014
