"""Use cases of billing runs: begin, look, watch; and the job that cuts a run into shards."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from uuid import UUID

from server.billing import run_store, telling
from server.billing.errors import AccountNotFound, PeriodNotBillable, Taken
from server.billing.party_store import ACCOUNTS
from server.billing.period import midnight
from server.billing.ports import UsageSource
from server.billing.run import AGREEMENTS_A_SHARD, BillingException, Run, RunState
from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.hints import Hints, hinted
from server.platform.history import CREATED
from server.platform.paging import Pages
from server.platform.resource_store import constraint_of
from server.platform.uow import Tx, UnitOfWork

PLAN_JOB = "billing.plan_run"
SHARD_JOB = "billing.rate_shard"
QUEUE = "billing"
_LONGEST_DAYS = 366
_FIRST_MIDNIGHT = "Etc/GMT-14"
"""Where a day begins before it begins anywhere else (POSIX sign: fourteen hours ahead of UTC)."""
_POLL_SECONDS = 1.0
_HEARTBEAT_SECONDS = 10.0


class BillingRuns:
    """Begins runs and tells how they stand."""

    def __init__(self, uow: UnitOfWork, pages: Pages, hints: Hints, clock: Callable[[], datetime]) -> None:
        self._uow = uow
        self._pages = pages
        self._hints = hints
        self._clock = clock

    async def create(self, run: Run) -> Run:
        """Stores a run and queues its planning in the same transaction.

        Raises InvalidField for a period that is empty or longer than a year and for an ``as_of`` in the
        future, PeriodNotBillable unless it is a dry run, AccountNotFound, Taken for an id that is used.
        """
        self._check(run)
        async with self._uow() as tx:
            known = {account.account_id for account in await ACCOUNTS.of(tx, run.account_ids)}
            for account_id in run.account_ids:
                if account_id not in known:
                    raise AccountNotFound(account_id)
            created = replace(run, create_time=tx.now, created_by=current_caller().principal_id)
            await _insert(tx, created)
            await tx.changed(
                kind="billing_run", resource_id=created.billing_run_id, action=CREATED, after=_told(created)
            )
            await tx.defer(PLAN_JOB, queue=QUEUE, billing_run_id=created.billing_run_id)
            return created

    def _check(self, run: Run) -> None:
        now = self._clock()
        if run.days.empty:
            what = f"{run.days.end} is not after {run.days.start}"
            raise InvalidField("billing_run.period_end", what, "period.order")
        if run.days.days > _LONGEST_DAYS:
            what = f"{run.days.days} days are more than {_LONGEST_DAYS}"
            raise InvalidField("billing_run.period_end", what, "period.length")
        if run.as_of is not None and run.as_of > now:
            raise InvalidField("billing_run.as_of", f"{run.as_of.isoformat()} is in the future", "time.past")
        if not run.dry_run and midnight(run.days.end, _FIRST_MIDNIGHT) > now:
            raise PeriodNotBillable(run.days.end)

    async def get(self, billing_run_id: UUID) -> Run:
        """One run. Raises BillingRunNotFound."""
        async with self._uow() as tx:
            return await run_store.get(tx, billing_run_id)

    async def page(self, *, size: int, token: str, bound_to: object) -> tuple[list[Run], str]:
        """A page, newest first, and the token of the next one."""
        page = self._pages.page(size, token, bound_to=bound_to)
        async with self._uow() as tx:
            rows = await run_store.page(tx, page.after, page.limit)
        return page.cut(rows, lambda row: (row.billing_run_id,))

    async def exceptions(
        self, billing_run_id: UUID, *, size: int, token: str, bound_to: object
    ) -> tuple[list[BillingException], str]:
        """A page of what could not be billed, and the token of the next one. Raises BillingRunNotFound."""
        page = self._pages.page(size, token, bound_to=bound_to)
        async with self._uow() as tx:
            await run_store.get(tx, billing_run_id)
            rows = await run_store.exceptions(tx, billing_run_id, page.after, page.limit)
        return page.cut(rows, lambda row: (row.agreement_id,))

    async def watch(self, billing_run_id: UUID) -> AsyncIterator[Run]:
        """The run now, then at each step, and at least every ten seconds; ends when the run is over."""
        told: Run | None = None
        told_at = monotonic()
        with self._hints.on(str(billing_run_id)) as hint:
            while True:
                hint.clear()
                run = await self.get(billing_run_id)
                if run != told or monotonic() - told_at >= _HEARTBEAT_SECONDS:
                    told, told_at = run, monotonic()
                    yield run
                if run.state.over:
                    return
                await hinted(hint, _POLL_SECONDS)


def _told(run: Run) -> dict[str, object]:
    return {
        "period_start": run.days.start,
        "period_end": run.days.end,
        "account_ids": run.account_ids,
        "dry_run": run.dry_run,
        "as_of": run.as_of,
    }


async def _insert(tx: Tx, run: Run) -> None:
    try:
        async with tx.conn.begin_nested():
            await run_store.insert(tx, run)
    except Exception as error:
        if constraint_of(error) != "billing_run_pkey":
            raise
        raise Taken("billing_run.billing_run_id", run.billing_run_id, run.billing_run_id) from error


class PlanRun:
    """The job that begins a run: takes the snapshot and queues one job for each shard."""

    def __init__(
        self,
        uow: UnitOfWork,
        usage: UsageSource,
        hints: Hints,
        *,
        agreements_a_shard: int = AGREEMENTS_A_SHARD,
    ) -> None:
        self._uow = uow
        self._usage = usage
        self._hints = hints
        self._size = agreements_a_shard

    async def __call__(self, *, billing_run_id: str) -> None:
        """Begins the run, or does nothing if it has begun."""
        run_id = UUID(billing_run_id)
        async with self._uow() as tx:
            run = await run_store.get(tx, run_id)
        if run.state is not RunState.PENDING:
            return
        snapshot = await self._snapshot(run)
        async with self._uow() as tx:
            run = await run_store.get(tx, run_id, lock=True)
            if run.state is not RunState.PENDING:
                return
            run = await run_store.begin(tx, replace(run, snapshot=snapshot), self._size)
            for number in range(run.shard_count):
                await tx.defer(SHARD_JOB, queue=QUEUE, billing_run_id=run_id, shard=number)
            if not run.shard_count:
                ended = replace(run, state=RunState.SUCCEEDED, end_time=tx.now)
                await run_store.save(tx, ended)
                await telling.run_finished(tx, ended)
        await self._hints.give([billing_run_id])

    async def _snapshot(self, run: Run) -> int:
        """The version of the measurements: versions are microseconds since 1970."""
        newest = await self._usage.snapshot()
        if run.as_of is None:
            return newest
        since = run.as_of - datetime(1970, 1, 1, tzinfo=UTC)
        return min(newest, (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
