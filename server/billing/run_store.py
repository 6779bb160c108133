"""Billing runs, their shards and their exceptions in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.billing import tables
from server.billing.errors import BillingRunNotFound
from server.billing.period import Period
from server.billing.run import BillingException, Counts, Run, RunState, Shard
from server.platform.uow import Tx

_run = tables.billing_run
_shard = tables.billing_shard
_exception = tables.billing_exception

_SHARDS = sa.text(
    """
    SELECT min(account_id::text COLLATE "C")::uuid, max(account_id::text COLLATE "C")::uuid, sum(agreements)
    FROM (
        SELECT account_id, count(*) AS agreements,
            (sum(count(*)) OVER (ORDER BY account_id) - 1) / :size AS shard
        FROM agreement
        WHERE tenant_id = :tenant AND NOT archived
            AND start_date < :period_end AND coalesce(end_date, 'infinity') > :period_start
            AND (cardinality(CAST(:accounts AS uuid[])) = 0 OR account_id = ANY(CAST(:accounts AS uuid[])))
        GROUP BY account_id
    ) AS accounts
    GROUP BY floor(shard)
    ORDER BY 1
    """
)


async def insert(tx: Tx, run: Run) -> None:
    """Stores a new run."""
    await tx.conn.execute(
        sa.insert(_run).values(
            tenant_id=tx.tenant_id,
            billing_run_id=run.billing_run_id,
            period_start=run.days.start,
            period_end=run.days.end,
            account_ids=list(run.account_ids),
            dry_run=run.dry_run,
            as_of=run.as_of,
            snapshot=run.snapshot,
            state=run.state.value,
            shard_count=0,
            error="",
            created_by=run.created_by,
            create_time=run.create_time,
        )
    )


async def get(tx: Tx, billing_run_id: UUID, *, lock: bool = False) -> Run:
    """One run with its counts. Raises BillingRunNotFound."""
    query = _mine(tx, _run).where(_run.c.billing_run_id == billing_run_id)
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise BillingRunNotFound(billing_run_id)
    return (await _counted(tx, [_read(row)]))[0]


async def page(tx: Tx, after: tuple[Any, ...] | None, limit: int) -> list[Run]:
    """Newest first, after the key (an id)."""
    query = _mine(tx, _run).order_by(_run.c.billing_run_id.desc()).limit(limit)
    if after is not None:
        query = query.where(_run.c.billing_run_id < after[0])
    return await _counted(tx, [_read(row) for row in (await tx.conn.execute(query)).mappings()])


async def begin(tx: Tx, run: Run, agreements_a_shard: int) -> Run:
    """Cuts the run into shards of whole accounts and starts it. The run's row must be locked."""
    found = await tx.conn.execute(
        _SHARDS,
        {
            "tenant": tx.tenant_id,
            "size": agreements_a_shard,
            "period_start": run.days.start,
            "period_end": run.days.end,
            "accounts": list(run.account_ids),
        },
    )
    shards = [
        {
            "tenant_id": tx.tenant_id,
            "billing_run_id": run.billing_run_id,
            "shard": number,
            "first_account": first,
            "last_account": last,
            "finished": False,
            "agreements": int(agreements),
            "invoices": 0,
            "exceptions": 0,
            "totals": {},
        }
        for number, (first, last, agreements) in enumerate(found)
    ]
    if shards:
        await tx.conn.execute(sa.insert(_shard), shards)
    started = replace(run, state=RunState.RUNNING, shard_count=len(shards), start_time=tx.now)
    await save(tx, started)
    return started


async def save(tx: Tx, run: Run) -> None:
    """Stores what became of a run whose row is locked."""
    await tx.conn.execute(
        sa.update(_run)
        .where(_run.c.tenant_id == tx.tenant_id, _run.c.billing_run_id == run.billing_run_id)
        .values(
            state=run.state.value,
            snapshot=run.snapshot,
            shard_count=run.shard_count,
            error=run.error,
            start_time=run.start_time,
            end_time=run.end_time,
        )
    )


async def shard_of(tx: Tx, billing_run_id: UUID, number: int, *, lock: bool = False) -> Shard:
    """One shard. Raises BillingRunNotFound."""
    query = _mine(tx, _shard).where(_shard.c.billing_run_id == billing_run_id, _shard.c.shard == number)
    row = (await tx.conn.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise BillingRunNotFound(billing_run_id)
    return Shard(number, row["first_account"], row["last_account"], row["finished"])


async def finish_shard(tx: Tx, billing_run_id: UUID, number: int, counts: Counts) -> None:
    """Stores what a shard has done."""
    await tx.conn.execute(
        sa.update(_shard)
        .where(
            _shard.c.tenant_id == tx.tenant_id,
            _shard.c.billing_run_id == billing_run_id,
            _shard.c.shard == number,
        )
        .values(
            finished=True,
            agreements=counts.agreements,
            invoices=counts.invoices,
            exceptions=counts.exceptions,
            totals={currency: format(total, "f") for currency, total in counts.totals.items()},
            end_time=tx.now,
        )
    )


async def unfinished(tx: Tx, billing_run_id: UUID) -> int:
    """How many shards are not finished."""
    query = sa.select(sa.func.count()).where(
        _shard.c.tenant_id == tx.tenant_id,
        _shard.c.billing_run_id == billing_run_id,
        _shard.c.finished.is_(False),
    )
    found: int = (await tx.conn.execute(query)).scalar_one()
    return found


async def insert_exceptions(tx: Tx, billing_run_id: UUID, found: Sequence[BillingException]) -> None:
    """Stores why agreements could not be billed."""
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "billing_run_id": billing_run_id,
            "agreement_id": one.agreement_id,
            "account_id": one.account_id,
            "usage_point_id": one.usage_point_id,
            "reason": one.reason,
            "description": one.description,
        }
        for one in found
    ]
    if rows:
        await tx.conn.execute(sa.insert(_exception), rows)


async def exceptions(
    tx: Tx, billing_run_id: UUID, after: tuple[Any, ...] | None, limit: int
) -> list[BillingException]:
    """In order of agreements, after the key (an agreement)."""
    query = _mine(tx, _exception).where(_exception.c.billing_run_id == billing_run_id)
    if after is not None:
        query = query.where(_exception.c.agreement_id > after[0])
    rows = await tx.conn.execute(query.order_by(_exception.c.agreement_id).limit(limit))
    return [
        BillingException(
            row["agreement_id"], row["account_id"], row["usage_point_id"], row["reason"], row["description"]
        )
        for row in rows.mappings()
    ]


def _mine(tx: Tx, table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(table.c.tenant_id == tx.tenant_id)


def _read(row: Any) -> Run:
    return Run(
        billing_run_id=row["billing_run_id"],
        days=Period(row["period_start"], row["period_end"]),
        account_ids=tuple(row["account_ids"]),
        dry_run=row["dry_run"],
        as_of=row["as_of"],
        snapshot=row["snapshot"],
        state=RunState(row["state"]),
        shard_count=row["shard_count"],
        error=row["error"],
        created_by=row["created_by"],
        create_time=row["create_time"],
        start_time=row["start_time"],
        end_time=row["end_time"],
    )


async def _counted(tx: Tx, runs: list[Run]) -> list[Run]:
    query = (
        _mine(tx, _shard)
        .where(_shard.c.billing_run_id.in_([run.billing_run_id for run in runs]))
        .order_by(_shard.c.billing_run_id, _shard.c.shard)
    )
    found: dict[UUID, Counts] = {}
    for row in (await tx.conn.execute(query)).mappings():
        key = row["billing_run_id"]
        found[key] = _added(found.get(key, Counts()), row)
    return [replace(run, counts=found.get(run.billing_run_id, Counts())) for run in runs]


def _added(counts: Counts, row: Any) -> Counts:
    totals = dict(counts.totals)
    for currency, total in row["totals"].items():
        totals[currency] = totals.get(currency, Decimal(0)) + Decimal(total)
    return Counts(
        agreements=counts.agreements + row["agreements"],
        done=counts.done + (row["agreements"] if row["finished"] else 0),
        invoices=counts.invoices + row["invoices"],
        exceptions=counts.exceptions + row["exceptions"],
        totals=totals,
    )
