"""The job that bills one shard of a run.

1. Read, in one transaction, what PostgreSQL knows of the shard's agreements.
2. Outside of any transaction, ask the usage source and compute.
3. Write invoices, numbers, events and exceptions in one transaction, unless somebody has done so meanwhile.

A worker that dies leaves nothing behind but a job that another one takes: before step 3 nothing is written,
after it the shard is finished. Only one shard of a tenant is in step 3 at a time, so of two runs over
the same period the second one sees the first one's invoices before it writes any.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.billing import billable_store, invoice_store, run_store, telling
from server.billing.assemble import Circumstances, Outcome, complete, prepare
from server.billing.invoice import Invoice
from server.billing.issuers import issuer_in_force
from server.billing.parties import Billable, Issuer, due
from server.billing.party_store import next_number
from server.billing.ports import BucketSum, SeriesDirectory, UsagePoints, UsageSource
from server.billing.run import Counts, Run, RunState
from server.billing.tariff_store import mark_used
from server.billing.usage_plan import Answers, Ask
from server.platform.caller import current_caller
from server.platform.errors import Aborted, SimbaError
from server.platform.hints import Hints
from server.platform.ids import new_id
from server.platform.uow import Tx, UnitOfWork

_log = logging.getLogger(__name__)

_ISSUING = "invoice"
"""Name of the counter whose row is the lock, and of those of the number series."""


class ChangedMeanwhile(Aborted):
    """An agreement or a tariff was changed while its bill was computed: compute again."""

    reason = "CONCURRENT_CHANGE"


@dataclass(frozen=True, slots=True)
class Work:
    """What step 1 read."""

    run: Run
    snapshot: int
    shard: int
    billables: list[Billable]
    issuer: Issuer


class RateShard:
    """Bills the agreements of one shard."""

    def __init__(
        self,
        uow: UnitOfWork,
        usage: UsageSource,
        series: SeriesDirectory,
        usage_points: UsagePoints,
        hints: Hints,
        clock: Callable[[], datetime],
    ) -> None:
        self._uow = uow
        self._usage = usage
        self._series = series
        self._usage_points = usage_points
        self._hints = hints
        self._clock = clock

    async def __call__(self, *, billing_run_id: str, shard: int) -> None:
        """Does the shard, or nothing if it is done. An engine that is away raises: the job is tried again."""
        run_id = UUID(billing_run_id)
        try:
            work = await self._read(run_id, shard)
            if work is None:
                return
            outcome = await self._compute(work)
            async with self._uow() as tx:
                await self._write(tx, work, outcome)
        except SimbaError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect would fail again and again: the run ends with it
            await self._fail(run_id, error)
        await self._hints.give([billing_run_id])

    async def _read(self, run_id: UUID, number: int) -> Work | None:
        async with self._uow() as tx:
            run = await run_store.get(tx, run_id)
            shard = await run_store.shard_of(tx, run_id, number)
            if shard.finished or run.state is not RunState.RUNNING or run.snapshot is None:
                return None
            billables = await billable_store.in_shard(tx, run, shard)
            return Work(run, run.snapshot, number, billables, await issuer_in_force(tx))

    async def _compute(self, work: Work) -> Outcome:
        tenant = current_caller().tenant_id
        now = self._clock()
        points = sorted({one.agreement.usage_point_id for one in work.billables})
        series = await self._series.series_of(tenant, points)
        infos = await self._usage_points.usage_points(tenant, points)
        outcome = await asyncio.to_thread(prepare, work.run, work.billables, series, now)
        answers = await self._answers(tenant, outcome, work.snapshot)
        around = Circumstances(
            work.run, work.snapshot, work.issuer.version, now, {info.usage_point_id: info for info in infos}
        )
        await asyncio.to_thread(complete, outcome, answers, around)
        return outcome

    async def _answers(self, tenant: UUID, outcome: Outcome, snapshot: int) -> Answers:
        asked: dict[Ask, set[int]] = {}
        for prepared in outcome.prepared:
            for want in prepared.wants:
                asked.setdefault(want.ask, set()).add(want.series)
        found: dict[tuple[Ask, int], list[BucketSum]] = {}
        for ask, series in asked.items():
            sums = await self._usage.determinants(
                tenant, sorted(series), ask.start, ask.end, ask.zone, ask.buckets, snapshot
            )
            for one in sums:
                found.setdefault((ask, one.series), []).append(one)
        return found

    async def _write(self, tx: Tx, work: Work, outcome: Outcome) -> None:
        run_id = work.run.billing_run_id
        if (await run_store.shard_of(tx, run_id, work.shard, lock=True)).finished:
            return
        if not work.run.dry_run:
            await self._number(tx, work, outcome)
        await invoice_store.write(tx, outcome.invoices)
        if not work.run.dry_run:
            for invoice in outcome.invoices:
                await telling.invoice_issued(tx, invoice)
        await run_store.insert_exceptions(tx, run_id, outcome.exceptions)
        counts = Counts(
            agreements=len(work.billables),
            invoices=len(outcome.invoices),
            exceptions=len(outcome.exceptions),
            totals=outcome.totals(),
        )
        await run_store.finish_shard(tx, run_id, work.shard, counts)
        # Two shards that end at once see each other here: the run ends with the second one.
        run = await run_store.get(tx, run_id, lock=True)
        if not run.state.over and not await run_store.unfinished(tx, run_id):
            await _end(tx, replace(run, state=RunState.SUCCEEDED))

    async def _number(self, tx: Tx, work: Work, outcome: Outcome) -> None:
        """Drops what has been billed meanwhile, numbers the rest, and freezes the tariffs that it used."""
        series = work.issuer.number_prefix
        # The lock: whoever else issues invoices waits here until our commit.
        await next_number(tx, _ISSUING, 0)
        agreements = [one.party.agreement_id for one in outcome.invoices]
        billed = await billable_store.billed_periods(tx, agreements, work.run.days)
        invoices = [one for one in outcome.invoices if one.party.agreement_id not in billed]
        prepared = {one.billable.agreement.agreement_id: one for one in outcome.prepared}
        used = [prepared[one.party.agreement_id] for one in invoices]
        if not await billable_store.unchanged(tx, [one.billable for one in used]):
            raise ChangedMeanwhile("an agreement or a tariff changed while its bill was computed")
        first = await next_number(tx, f"{_ISSUING}:{series}", len(invoices))
        now = self._clock()
        outcome.invoices = [
            _issued(one, series, first + place, work.issuer, now) for place, one in enumerate(invoices)
        ]
        until: dict[tuple[UUID, date | None], date] = {}
        for one in used:
            for part in one.parts:
                key = (one.billable.tariff.tariff_id, part.version.effective_from)
                until[key] = max(until.get(key, part.days.end), part.days.end)
        await mark_used(tx, until)

    async def _fail(self, run_id: UUID, error: Exception) -> None:
        error_id = new_id()
        _log.error("billing run %s, error %s", run_id, error_id, exc_info=error)
        async with self._uow() as tx:
            run = await run_store.get(tx, run_id, lock=True)
            if not run.state.over:
                told = f"a defect of the server; quote {error_id}"
                await _end(tx, replace(run, state=RunState.FAILED, error=told))


def _issued(one: Invoice, series: str, value: int, issuer: Issuer, now: datetime) -> Invoice:
    """The invoice with its number; numbers, ids and times of issue have the same order."""
    today = now.astimezone(ZoneInfo(one.zone)).date()
    return replace(
        one,
        invoice_id=new_id(),
        number_series=series,
        number_value=value,
        issue_time=now,
        due_date=due(today, issuer),
    )


async def _end(tx: Tx, run: Run) -> None:
    ended = replace(run, end_time=tx.now)
    await run_store.save(tx, ended)
    await telling.run_finished(tx, ended)
