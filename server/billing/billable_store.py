"""What a shard bills: agreements with their accounts, customers and tariffs."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.billing import tables
from server.billing.invoice import REGULAR
from server.billing.parties import Billable
from server.billing.party_store import ACCOUNTS, AGREEMENTS, CUSTOMERS
from server.billing.period import Period
from server.billing.run import Run, Shard
from server.billing.tariff_store import TARIFFS, with_versions
from server.platform.sql import among
from server.platform.uow import Tx


async def in_shard(tx: Tx, run: Run, shard: Shard) -> list[Billable]:
    """The agreements of a shard, in order of account numbers: invoices are numbered in that order."""
    columns = tables.agreement.c
    where = [
        columns.account_id.between(shard.first_account, shard.last_account),
        columns.start_date < run.days.end,
        sa.or_(columns.end_date.is_(None), columns.end_date > run.days.start),
    ]
    if run.account_ids:
        where.append(among(columns.account_id, run.account_ids))
    agreements = await AGREEMENTS.page(tx, where=where, after=None, limit=None)
    accounts = {one.account_id: one for one in await ACCOUNTS.of(tx, {a.account_id for a in agreements})}
    wanted = {account.customer_id for account in accounts.values()}
    customers = {one.customer_id: one for one in await CUSTOMERS.of(tx, wanted)}
    found = await TARIFFS.of(tx, {agreement.tariff_id for agreement in agreements})
    tariffs = {one.tariff_id: one for one in await with_versions(tx, found)}
    billed = await billed_periods(tx, (one.agreement_id for one in agreements), run.days)
    billables = [
        Billable(
            agreement=one,
            account=accounts[one.account_id],
            customer=customers[accounts[one.account_id].customer_id],
            tariff=tariffs[one.tariff_id],
            billed=billed.get(one.agreement_id, ()),
        )
        for one in agreements
    ]
    return sorted(billables, key=_number_order)


def _number_order(one: Billable) -> tuple[Any, ...]:
    return one.account.account_number, one.agreement.start_date, one.agreement.agreement_id


async def billed_periods(
    tx: Tx, agreements: Iterable[UUID], days: Period
) -> Mapping[UUID, tuple[Period, ...]]:
    """Invoices in force on any of the days, by agreement."""
    invoice = tables.invoice.c
    query = (
        sa.select(invoice.agreement_id, invoice.period_start, invoice.period_end)
        .where(
            invoice.tenant_id == tx.tenant_id,
            among(invoice.agreement_id, agreements),
            invoice.run_kind == REGULAR,
            invoice.state == "FROZEN",
            invoice.period_start < days.end,
            invoice.period_end > days.start,
        )
        .order_by(invoice.agreement_id, invoice.period_start)
    )
    found: dict[UUID, tuple[Period, ...]] = {}
    for agreement_id, start, end in await tx.conn.execute(query):
        found[agreement_id] = (*found.get(agreement_id, ()), Period(start, end))
    return found


async def unchanged(tx: Tx, billables: Iterable[Billable]) -> bool:
    """Whether agreements and tariffs are still what they were when they were read; keeps them so."""
    agreements = {one.agreement.agreement_id: one.agreement.stored.version for one in billables}
    tariffs = {one.tariff.tariff_id: one.tariff.stored.version for one in billables}
    return await AGREEMENTS.unchanged(tx, agreements) and await TARIFFS.unchanged(tx, tariffs)
