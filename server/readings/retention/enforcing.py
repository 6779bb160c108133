"""The worker that deletes what is over, and moves what may be cold: one in the whole installation.

It holds a session lock in PostgreSQL, so that it goes with its connection: a worker that is killed is
followed by another one, which takes up the run where it stands. What is to be done is worked out anew for
each step, from the rows that are there and the holds that are in force, so nothing has to be remembered: a
step that was half done is done again, and finds the other half.

Steps run behind a gate, the second lock. Who orders a hold, or changes a policy, goes through the same gate:
from their answer on, no statement that was worked out before runs any more.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from server.platform.caller import acting_as, system_caller
from server.platform.engine_errors import translate
from server.platform.errors import SimbaError
from server.platform.hints import Hints
from server.platform.ids import new_id
from server.platform.jobs import pause
from server.platform.settings import Settings
from server.platform.uow import Tx, UnitOfWork
from server.readings.retention import store
from server.readings.retention.domain import Run
from server.readings.retention.engine import FENCES, DeletionFailed, RetentionEngine
from server.readings.retention.frames import OldFrames
from server.readings.retention.ports import RetentionDirectory
from server.readings.retention.scope import Scopes, TenantScope
from server.readings.retention.stored import TABLES, StoredTable, month_end

_log = logging.getLogger(__name__)

_TRY = sa.text("SELECT pg_try_advisory_lock(:class, :key)")
_CLOSE = sa.text("SELECT pg_advisory_lock(:class, :key)")
_OPEN = sa.text("SELECT pg_advisory_unlock(:class, :key)")
_FRAME = "frame"
_ALL = "all"


class Cancelled(Exception):
    """A caller ended the run, or the worker is to stop."""


@dataclass(slots=True)
class Enforcer:
    """Runs what is due."""

    uow: UnitOfWork
    engine: AsyncEngine
    retention: RetentionEngine
    directory: RetentionDirectory
    hints: Hints
    settings: Settings
    clock: Callable[[], datetime]

    async def run_due(self, stop: asyncio.Event) -> int:
        """Schedules and runs what is due, unless another worker is at it; returns the runs that ended."""
        async with self._alone() as held:
            if held is None:
                return 0
            await self._schedule()
            async with self.uow.system() as tx:
                due = await store.open_runs(tx)
            ended = 0
            for run in due:
                if stop.is_set():
                    break
                ended += await self._run(run, held, stop)
            if ended:
                await self._cool()
            return ended

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection | None]:
        """The right to enforce, on a connection of its own; None when another one has it."""
        try:
            async with self.engine.connect() as conn:
                await conn.execution_options(isolation_level="AUTOCOMMIT")
                mine = await conn.scalar(_TRY, {"class": store.LOCK_CLASS, "key": store.ALONE})
                try:
                    yield conn if mine else None
                finally:
                    # Back in the pool the lock would live on.
                    await conn.invalidate()
        except sa.exc.DBAPIError as error:
            raise translate(error) or error from error

    async def _schedule(self) -> None:
        """A run for each tenant whose last one is long enough ago."""
        if not self.settings.retention_hours:
            return
        between = timedelta(hours=self.settings.retention_hours)
        async with self.uow.system() as tx:
            last = await store.last_ends(tx)
            for tenant_id in await store.tenants(tx):
                policies = await store.policies(tx, tenant_id)
                deletes = any(one.keep_days for one in policies.rows)
                if deletes and (tenant_id not in last or tx.now - last[tenant_id] >= between):
                    await store.insert_run(tx, new_run(tenant_id, tx.now, scheduled=True))

    async def _run(self, run: Run, held: AsyncConnection, stop: asyncio.Event) -> bool:
        """One run to its end; False: it was not brought to its end, and stays open."""
        with acting_as(system_caller(run.tenant_id)):
            async with self.uow() as tx:
                await store.update_run(tx, run, state="RUNNING", start_time=run.start_time or tx.now)
            scopes = Scopes(self.uow, self.directory)
            try:
                # What a worker that died has left under way comes to its end first.
                await self.retention.settled()
                await self._steps(run, scopes, held, stop)
            except Cancelled:
                if stop.is_set():
                    return False
                await self._end(run, "CANCELLED")
            except DeletionFailed as error:
                _log.warning("retention run %s failed: %s", run.retention_run_id, error.message)
                await self._end(run, "FAILED", error=error.message)
            else:
                await self._end(run, "SUCCEEDED")
        return True

    async def _steps(self, run: Run, scopes: Scopes, held: AsyncConnection, stop: asyncio.Event) -> None:
        scope = await scopes.of(run.tenant_id)
        async with self.uow() as tx:
            # Of these a worker that died has done a part, or all, and has not said so.
            begun = await store.begun_steps(tx, run)
        work: list[tuple[StoredTable, str]] = []
        for table in TABLES:
            over = scope.expired(table, run.create_time)
            found = await self.retention.by_partition(run.tenant_id, table, over)
            left = {name for where, name in begun if where == table.name}
            work += [(table, name) for name in sorted({*found, *left})]
        async with self.uow() as tx:
            await store.update_run(tx, run, steps_total=run.steps_done + len(work))
        for table, names in _portions(work):
            await self._look(run, stop)
            began = asyncio.get_running_loop().time()
            async with self._gate(held):
                await self._step(run, table, names, scopes, begun)
            await self._rest(asyncio.get_running_loop().time() - began, stop)
        await self._look(run, stop)
        async with self._gate(held):
            await self._frames(run, await scopes.of(run.tenant_id), begun)

    @asynccontextmanager
    async def _gate(self, held: AsyncConnection) -> AsyncIterator[None]:
        """Nobody orders a hold or changes a policy meanwhile."""
        key = {"class": store.LOCK_CLASS, "key": store.GATE}
        await held.execute(_CLOSE, key)
        try:
            yield
        finally:
            await held.execute(_OPEN, key)

    async def _step(
        self, run: Run, table: StoredTable, names: Sequence[str], scopes: Scopes, begun: store.Begun
    ) -> None:
        """What is over of the tenant in some partitions."""
        scope = await scopes.of(run.tenant_id)
        over = scope.expired(table, run.create_time)
        found = await self.retention.by_partition(run.tenant_id, table, over)
        by_rows = []
        for partition in names:
            if not found.get(partition):
                if (table.name, partition) in begun:
                    await self._done(run, table.name, partition, dropped=False)
                continue
            whole = await self._whole(run, table, partition, scopes)
            async with self.uow() as tx:
                await store.begin_step(tx, run, table.name, partition, found[partition], dropped=bool(whole))
            if whole and await self._drop(run, table, partition, whole):
                await self._done(run, table.name, partition, dropped=True)
            else:
                by_rows.append(partition)
        if by_rows:
            await self.retention.delete(run.tenant_id, table, by_rows, over)
            for partition in by_rows:
                await self._done(run, table.name, partition, dropped=False)

    async def _whole(self, run: Run, table: StoredTable, partition: str, scopes: Scopes) -> dict[UUID, int]:
        """The rows of each tenant in a partition, if all of them are over for everybody; else nothing."""
        if not table.writers:
            return {}
        total, _ = (await self.retention.partitions(table)).get(partition, (0, ()))
        async with self.uow.system() as tx:
            everybody = await store.tenants(tx)
        there = await self.retention.of_tenants(table, partition, everybody)
        if not total or sum(there.values()) != total:
            # Somebody without any policy has rows in it.
            return {}
        for tenant_id, rows in there.items():
            if tenant_id == FENCES:
                continue
            scope = await scopes.of(tenant_id)
            over = scope.expired(table, run.create_time)
            found = await self.retention.by_partition(tenant_id, table, over, partition)
            if found.get(partition, 0) != rows:
                return {}
        return there

    async def _drop(self, run: Run, table: StoredTable, partition: str, whole: dict[UUID, int]) -> bool:
        """Drops a partition, unless somebody writes to it now; returns whether it did."""
        try:
            async with self.uow.system() as tx:
                # Held over a call of the engine, on purpose: for the moment that it takes to drop a
                # directory nobody begins to write, so that no row goes that was not looked at.
                if await store.writing(tx, table.writers, partition):
                    return False
                there = await self.retention.of_tenants(table, partition, list(whole))
                total, _ = (await self.retention.partitions(table)).get(partition, (0, ()))
                if there != whole or sum(there.values()) != total:
                    return False
                await self.retention.drop(table, partition)
        except (SimbaError, sa.exc.DBAPIError) as error:
            _log.info("partition %s of %s is deleted by rows: %s", partition, table.name, error)
            return False
        for tenant_id, rows in whole.items():
            if tenant_id in (FENCES, run.tenant_id):
                continue
            # Rows of others that were over as well: their own history tells it.
            with acting_as(system_caller(tenant_id)):
                async with self.uow() as tx:
                    await self._tell(
                        tx, replace(run, tenant_id=tenant_id), table.name, partition, rows, dropped=True
                    )
        return True

    async def _frames(self, run: Run, scope: TenantScope, begun: store.Begun) -> None:
        old = OldFrames(self.uow, self.directory)
        over = begun.get((_FRAME, _ALL), 0)
        async for some in old.look(scope, run.create_time):
            if not some.over:
                continue
            over += len(some.over)
            async with self.uow() as tx:
                await store.begin_step(tx, run, _FRAME, _ALL, over, dropped=False)
            await old.delete(scope, some)
        if over:
            await self._done(run, _FRAME, _ALL, dropped=False)

    async def _done(self, run: Run, table: str, partition: str, *, dropped: bool) -> None:
        async with self.uow() as tx:
            rows = await store.end_step(tx, run, table, partition, dropped=dropped)
            await self._tell(tx, run, table, partition, rows, dropped=dropped)
        await self.hints.give([str(run.retention_run_id)])

    async def _tell(self, tx: Tx, run: Run, table: str, partition: str, rows: int, *, dropped: bool) -> None:
        """In the history."""
        await tx.changed(
            kind="retention_run",
            resource_id=run.retention_run_id,
            action="deleted",
            after={"table": table, "partition": partition, "rows": rows, "dropped": dropped},
        )

    async def _end(self, run: Run, state: str, *, error: str = "") -> None:
        async with self.uow() as tx:
            await store.end_run(tx, run, state, error)
            told = {"state": state, **({"error": error} if error else {})}
            await tx.changed(
                kind="retention_run", resource_id=run.retention_run_id, action="ended", after=told
            )
        await self.hints.give([str(run.retention_run_id)])

    async def _look(self, run: Run, stop: asyncio.Event) -> None:
        """Raises Cancelled when the run is to end."""
        async with self.uow() as tx:
            now = await store.open_run(tx, run.tenant_id)
        if stop.is_set() or now is None or now.cancel_requested:
            raise Cancelled

    async def _rest(self, worked: float, stop: asyncio.Event) -> None:
        """Leaves the engine to others for its share of the time."""
        load = self.settings.retention_load
        if load < 1:
            await pause(stop, worked * (1 - load) / load)

    async def _cool(self) -> None:
        """Moves partitions to the cold volume that everybody in them allows to move."""
        policy, volume = self.settings.clickhouse_storage_policy, self.settings.clickhouse_cold_volume
        if not policy:
            return
        cold = await self.retention.disks_of(policy, volume)
        async with self.uow.system() as tx:
            everybody = await store.tenants(tx)
            policies = {tenant_id: await store.policies(tx, tenant_id) for tenant_id in everybody}
        for table in TABLES if cold else ():
            if not table.cold:
                continue
            for partition, (total, disks) in (await self.retention.partitions(table)).items():
                end = month_end(partition)
                if end is None or set(disks) <= cold:
                    continue
                there = await self.retention.of_tenants(table, partition, everybody)
                owners = [one for one in there if one != FENCES]
                waits = [policies[one].cold_after(table.data_class) for one in owners]
                age = self.clock().date() - end
                if sum(there.values()) == total and waits and all(waits) and age.days >= max(waits):
                    await self.retention.move(table, partition, volume)
                    await self._tell_moved(owners, table, partition)

    async def _tell_moved(self, owners: list[UUID], table: StoredTable, partition: str) -> None:
        for tenant_id in owners:
            with acting_as(system_caller(tenant_id)):
                async with self.uow() as tx:
                    await tx.changed(
                        kind="retention_partition",
                        resource_id=f"{table.name}/{partition}",
                        action="moved",
                        after={"volume": self.settings.clickhouse_cold_volume},
                    )


PARTITIONS_AT_ONCE = 12
"""Partitions that one step deletes from: so long a hold may have to wait, and a cancelled run goes on."""


def _portions(work: Sequence[tuple[StoredTable, str]]) -> Iterator[tuple[StoredTable, list[str]]]:
    """Partitions of one table, some at a time."""
    for table, group in groupby(work, key=itemgetter(0)):
        names = [name for _, name in group]
        for first in range(0, len(names), PARTITIONS_AT_ONCE):
            yield table, names[first : first + PARTITIONS_AT_ONCE]


def new_run(tenant_id: UUID, now: datetime, *, scheduled: bool, reason: str = "") -> Run:
    """A run that nobody has begun."""
    return Run(
        retention_run_id=new_id(),
        tenant_id=tenant_id,
        state="PENDING",
        scheduled=scheduled,
        reason=reason,
        steps_total=0,
        steps_done=0,
        deleted_rows=0,
        error="",
        cancel_requested=False,
        create_time=now,
    )
