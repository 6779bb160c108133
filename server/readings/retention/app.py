"""Use cases of retention: policies, legal holds, a look at what would go, runs."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.hints import Hints
from server.platform.history import CREATED
from server.platform.ids import new_id
from server.platform.settings import Settings
from server.platform.uow import UnitOfWork
from server.readings.retention import store
from server.readings.retention.domain import LEAST_DAYS, LegalHold, Policies, Policy, Run, TableRows
from server.readings.retention.enforcing import new_run
from server.readings.retention.engine import RetentionEngine
from server.readings.retention.errors import PolicyNotFound, SubjectNotFound, TwoSubjects
from server.readings.retention.frames import OldFrames
from server.readings.retention.ports import RetentionDirectory
from server.readings.retention.scope import Scopes
from server.readings.retention.stored import TABLES

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Status:
    """How retention stands."""

    last_run: Run | None
    next_run_time: datetime | None
    active_holds: int
    cold_volume: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """The use cases."""

    uow: UnitOfWork
    engine: RetentionEngine
    directory: RetentionDirectory
    hints: Hints
    settings: Settings
    clock: Callable[[], datetime]

    async def set_policy(self, policy: Policy) -> Policy:
        """Sets how long data are kept. Raises InvalidField for times that make no sense."""
        if policy.keep_days and policy.keep_days < LEAST_DAYS:
            said = f"{policy.keep_days} is less than {LEAST_DAYS} days"
            raise InvalidField("retention_policy.keep_days", said, "retention.least")
        if policy.keep_days and policy.cold_after_days >= policy.keep_days:
            said = f"{policy.cold_after_days} days are not before the data go, after {policy.keep_days}"
            raise InvalidField("retention_policy.cold_after_days", said, "retention.order")
        async with self.uow() as tx:
            await store.close_gate(tx)
            before = await store.policies(tx, tx.tenant_id)
            made = replace(policy, update_time=tx.now, updated_by=current_caller().principal_id)
            await store.set_policy(tx, made)
            old = _named(before, policy)
            await tx.changed(
                kind="retention_policy",
                resource_id=_name(policy),
                action="updated" if old else CREATED,
                before=_told(old) if old else None,
                after=_told(made),
            )
        return made

    async def policies(self) -> Policies:
        """All policies."""
        async with self.uow() as tx:
            return await store.policies(tx, tx.tenant_id)

    async def delete_policy(self, data_class: str, commodity: str) -> None:
        """Takes a policy away. Raises PolicyNotFound."""
        async with self.uow() as tx:
            await store.close_gate(tx)
            old = _named(await store.policies(tx, tx.tenant_id), Policy(data_class, commodity, 0))
            if old is None or not await store.delete_policy(tx, data_class, commodity):
                raise PolicyNotFound(data_class, commodity)
            await tx.changed(
                kind="retention_policy", resource_id=_name(old), action="deleted", before=_told(old)
            )

    async def create_hold(
        self, usage_point_id: UUID | None, meter_id: UUID | None, reason: str, end_time: datetime | None
    ) -> LegalHold:
        """Orders a hold: from here on nothing under it is deleted.

        Waits for the step that is under way. What a worker that died may have left under way is ended. Raises
        TwoSubjects, SubjectNotFound.
        """
        caller = current_caller()
        if usage_point_id is not None and meter_id is not None:
            raise TwoSubjects
        await self._check(caller.tenant_id, usage_point_id, meter_id)
        async with self.uow() as tx:
            await store.close_gate(tx)
            if end_time is not None and end_time <= tx.now:
                raise InvalidField("legal_hold.end_time", "is not in the future", "retention.future")
            hold = LegalHold(
                legal_hold_id=new_id(),
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                reason=reason,
                end_time=end_time,
                created_by=caller.principal_id,
                create_time=tx.now,
            )
            await store.insert_hold(tx, hold)
            told = {
                "usage_point_id": None if usage_point_id is None else str(usage_point_id),
                "meter_id": None if meter_id is None else str(meter_id),
                "reason": reason,
                "end_time": end_time,
            }
            known = {name: value for name, value in told.items() if value is not None}
            await tx.changed(kind="legal_hold", resource_id=hold.legal_hold_id, action=CREATED, after=known)
            # Behind the gate no step runs: what the engine still deletes, nobody waits for. Asked inside of
            # the transaction on purpose: a hold that could not end it is not ordered.
            await self.engine.stop_orphans(caller.tenant_id)
        return hold

    async def _check(self, tenant_id: UUID, usage_point_id: UUID | None, meter_id: UUID | None) -> None:
        if usage_point_id is not None and not await self.directory.has_usage_point(tenant_id, usage_point_id):
            raise SubjectNotFound("usage_point", usage_point_id)
        if meter_id is not None and not await self.directory.has_meter(tenant_id, meter_id):
            raise SubjectNotFound("meter", meter_id)

    async def hold(self, legal_hold_id: UUID) -> LegalHold:
        """One. Raises LegalHoldNotFound."""
        async with self.uow() as tx:
            return await store.get_hold(tx, legal_hold_id)

    async def holds(self, *, active_only: bool, before: UUID | None, limit: int) -> list[LegalHold]:
        """Many, newest first."""
        async with self.uow() as tx:
            return await store.holds(tx, active_only=active_only, before=before, limit=limit)

    async def release(self, legal_hold_id: UUID) -> LegalHold:
        """Ends a hold. Raises LegalHoldNotFound."""
        who = current_caller().principal_id
        async with self.uow() as tx:
            found = await store.get_hold(tx, legal_hold_id)
            if found.release_time is None:
                await store.release(tx, legal_hold_id, who)
                told = {"released_by": who}
                await tx.changed(
                    kind="legal_hold", resource_id=legal_hold_id, action="released", before={}, after=told
                )
            return await store.get_hold(tx, legal_hold_id)

    async def preview(self) -> list[TableRows]:
        """What the next run would delete, and what is held, by table."""
        tenant_id, now = current_caller().tenant_id, self.clock()
        scope = await Scopes(self.uow, self.directory).of(tenant_id)
        found = [
            await self.engine.table_rows(
                tenant_id, table, scope.expired(table, now), scope.expired(table, now, holds=False)
            )
            for table in TABLES
        ]
        return [*found, await OldFrames(self.uow, self.directory).rows(scope, now)]

    async def status(self) -> Status:
        """How retention stands."""
        async with self.uow() as tx:
            policies = await store.policies(tx, tx.tenant_id)
            last = await store.runs(tx, limit=1)
            holds = await store.active_holds(tx, tx.tenant_id)
        following = None
        if self.settings.retention_hours and any(one.keep_days for one in policies.rows):
            following = (
                last[0].create_time + timedelta(hours=self.settings.retention_hours) if last else self.clock()
            )
        policy, volume = self.settings.clickhouse_storage_policy, self.settings.clickhouse_cold_volume
        cold = bool(policy and await self.engine.disks_of(policy, volume))
        return Status(last[0] if last else None, following, len(holds), cold)

    async def start(self, reason: str) -> Run:
        """Asks for a run; the one that has not ended, if there is one."""
        async with self.uow() as tx:
            run = new_run(tx.tenant_id, tx.now, scheduled=False, reason=reason)
            if not await store.insert_run(tx, run):
                found = await store.open_run(tx, tx.tenant_id)
                if found is not None:
                    return found
                await store.insert_run(tx, run)
            told = {"reason": reason} if reason else {"state": run.state}
            await tx.changed(
                kind="retention_run", resource_id=run.retention_run_id, action="requested", after=told
            )
        return run

    async def run(self, retention_run_id: UUID) -> Run:
        """One. Raises RunNotFound."""
        async with self.uow() as tx:
            return await store.get_run(tx, retention_run_id)

    async def runs(self, *, before: UUID | None, limit: int) -> Sequence[Run]:
        """Many, newest first."""
        async with self.uow() as tx:
            return await store.runs(tx, before=before, limit=limit)

    async def cancel(self, retention_run_id: UUID) -> Run:
        """Ends a run after the step that is under way; one that is over stays as it is."""
        async with self.uow() as tx:
            run = await store.get_run(tx, retention_run_id)
            if run.state == "PENDING":
                await store.update_run(tx, run, state="CANCELLED", cancel_requested=True, end_time=tx.now)
            elif not run.over:
                await store.update_run(tx, run, cancel_requested=True)
            if not run.over:
                told = {"cancel_requested": True}
                await tx.changed(
                    kind="retention_run", resource_id=retention_run_id, action="cancelled", after=told
                )
            found = await store.get_run(tx, retention_run_id)
        await self.hints.give([str(retention_run_id)])
        return found

    async def watch(self, retention_run_id: UUID) -> AsyncGenerator[Run]:
        """The run now, and again whenever it moved on, until it is over."""
        told: Run | None = None
        with self.hints.on(str(retention_run_id)) as hinted:
            while told is None or not told.over:
                hinted.clear()
                now = await self.run(retention_run_id)
                if now != told:
                    told = now
                    yield now
                if not now.over:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(hinted.wait(), _LOOK_SECONDS)


def _name(policy: Policy) -> str:
    return f"{policy.data_class}/{policy.commodity or 'ALL'}"


def _named(policies: Policies, wanted: Policy) -> Policy | None:
    return next((one for one in policies.rows if _name(one) == _name(wanted)), None)


def _told(policy: Policy) -> dict[str, object]:
    return {"keep_days": policy.keep_days, "cold_after_days": policy.cold_after_days}
