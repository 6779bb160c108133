"""Invoices in PostgreSQL: written by COPY, read whole, never changed but to take out who was billed."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb

from server.billing import tables
from server.billing.errors import InvoiceNotFound
from server.billing.invoice import REGULAR, Invoice, InvoiceState, Party
from server.billing.money import trimmed
from server.billing.period import Period
from server.billing.quality import Usage
from server.billing.rating import Bill, Line, TaxLine
from server.platform.scope import Visible, current_scope, narrowed
from server.platform.sql import among
from server.platform.uow import Tx

_invoice, _line, _tax = tables.invoice, tables.invoice_line, tables.invoice_tax
_MONTHS = 13
_AT_ONCE = 500


async def write(tx: Tx, invoices: Sequence[Invoice]) -> None:
    """Stores invoices with their lines and taxes."""
    tenant = tx.tenant_id
    names = [column.name for column in _invoice.columns]
    rows = [{"tenant_id": tenant, **_values(one)} for one in invoices]
    await tx.copy(_invoice, names, ([row[name] for name in names] for row in rows))
    lines = (
        (tenant, one.invoice_id, place, *_line_values(line))
        for one in invoices
        for place, line in enumerate(one.bill.lines)
    )
    await tx.copy(_line, [column.name for column in _line.columns], lines)
    taxes = (
        (tenant, one.invoice_id, place, *_tax_values(tax))
        for one in invoices
        for place, tax in enumerate(one.bill.taxes)
    )
    await tx.copy(_tax, [column.name for column in _tax.columns], taxes)


def _values(one: Invoice) -> dict[str, Any]:
    party, usage = one.party, one.usage
    return {
        "invoice_id": one.invoice_id,
        "number_series": one.number_series,
        "number_value": one.number_value,
        "invoice_number": one.number or None,
        "state": one.state.value,
        "run_kind": REGULAR,
        "billing_run_id": one.billing_run_id,
        "customer_id": party.customer_id,
        "account_id": party.account_id,
        "agreement_id": party.agreement_id,
        "usage_point_id": party.usage_point_id,
        "tariff_id": party.tariff_id,
        "period_start": one.days.start,
        "period_end": one.days.end,
        "time_zone": one.zone,
        "currency": one.currency,
        "net_amount": one.bill.net,
        "tax_amount": one.bill.tax,
        "total_amount": one.bill.total,
        "usage_quantity": usage.quantity,
        "usage_unit": usage.unit,
        "interval_count": usage.intervals,
        "estimated_count": usage.estimated,
        "missing_count": usage.missing,
        "snapshot": one.snapshot,
        "inputs": Jsonb(one.inputs),
        "inputs_sha256": one.inputs_sha256,
        "account_number": party.account_number,
        "customer_name": party.customer_name,
        "postal_address": party.postal_address,
        "language": party.language,
        "usage_point_code": party.usage_point_code,
        "service_address": party.service_address,
        "tariff_code": party.tariff_code,
        "issuer_version": one.issuer_version,
        "issue_time": one.issue_time,
        "due_date": one.due_date,
    }


def _line_values(line: Line) -> tuple[Any, ...]:
    return (
        line.component,
        line.label,
        line.period,
        line.tier,
        line.days.start,
        line.days.end,
        line.quantity,
        line.unit,
        line.rate,
        line.exact,
        line.amount,
    )


def _tax_values(tax: TaxLine) -> tuple[Any, ...]:
    return tax.component, tax.label, tax.percent, tax.base, tax.amount


async def get(tx: Tx, invoice_id: UUID, visible: Visible | None = None) -> Invoice:
    """One invoice, whole. Raises InvoiceNotFound, also for one that the caller may not see."""
    found = await _load(tx, [_invoice.c.invoice_id == invoice_id, *seen(tx, visible)], 1)
    if not found:
        raise InvoiceNotFound(invoice_id)
    return found[0]


def seen(tx: Tx, visible: Visible | None) -> list[sa.ColumnElement[bool]]:
    """Conditions that leave the invoices that the caller may see.

    Where the scope names the usage point itself, that is a customer's portal: invoices of whoever pays there
    now, and none of those who lived there before.
    """
    scope = current_scope()
    if visible is None or scope is None:
        return []
    agreement = tables.agreement.c
    today = tx.now.date()
    pays = sa.exists().where(
        agreement.tenant_id == tx.tenant_id,
        agreement.usage_point_id == _invoice.c.usage_point_id,
        agreement.account_id == _invoice.c.account_id,
        sa.not_(agreement.archived),
        agreement.start_date <= today,
        sa.or_(agreement.end_date.is_(None), agreement.end_date > today),
    )
    named = among(_invoice.c.usage_point_id, scope.usage_point_ids)
    return [*narrowed(_invoice.c.usage_point_id, visible(tx)), sa.or_(sa.not_(named), pays)]


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which invoices; empty fields do not restrict."""

    account_id: UUID | None = None
    billing_run_id: UUID | None = None
    usage_point_id: UUID | None = None
    invoice_number: str = ""


async def page(
    tx: Tx,
    which: InvoiceFilter,
    after: tuple[Any, ...] | None,
    limit: int,
    visible: Visible | None = None,
) -> list[Invoice]:
    """Newest first, after the key (an id)."""
    where = [
        *seen(tx, visible),
        *(
            _invoice.c[name] == value
            for name, value in (
                ("account_id", which.account_id),
                ("billing_run_id", which.billing_run_id),
                ("usage_point_id", which.usage_point_id),
                ("invoice_number", which.invoice_number or None),
            )
            if value is not None
        ),
    ]
    if after is not None:
        where.append(_invoice.c.invoice_id < after[0])
    return await _load(tx, where, limit)


async def of_accounts(tx: Tx, account_ids: Sequence[UUID]) -> AsyncIterator[Invoice]:
    """All invoices of some accounts, newest first."""
    after = None
    while account_ids:
        where = [among(_invoice.c.account_id, account_ids)]
        if after is not None:
            where.append(_invoice.c.invoice_id < after)
        found = await _load(tx, where, _AT_ONCE)
        for one in found:
            yield one
        if len(found) < _AT_ONCE:
            return
        after = found[-1].invoice_id


async def erase_names(tx: Tx, account_ids: Sequence[UUID], erased: str) -> int:
    """Puts ``erased`` where invoices of the accounts have a name or an address; returns in how many."""
    columns = [_invoice.c.customer_name, _invoice.c.postal_address, _invoice.c.service_address]
    left = [sa.and_(column != "", column != erased) for column in columns]
    statement = (
        sa.update(_invoice)
        .where(_invoice.c.tenant_id == tx.tenant_id, among(_invoice.c.account_id, account_ids), sa.or_(*left))
        .values({column.name: sa.case((column == "", ""), else_=erased) for column in columns})
    )
    return int((await tx.conn.execute(statement)).rowcount)


@dataclass(frozen=True, slots=True)
class PastUse:
    """What an earlier bill of the same usage point counted."""

    start: date
    quantity: Decimal


async def past_uses(tx: Tx, invoice: Invoice) -> list[PastUse]:
    """The last thirteen bills of the usage point up to this one, oldest first.

    Only bills that were there when this one was issued count, so that the answer never changes.
    """
    columns = _invoice.c
    query = (
        sa.select(columns.period_start, columns.usage_quantity)
        .where(
            columns.tenant_id == tx.tenant_id,
            columns.usage_point_id == invoice.party.usage_point_id,
            columns.period_end <= invoice.days.start,
            columns.usage_unit == invoice.usage.unit,
            columns.number_value.is_not(None),
            columns.issue_time <= invoice.issue_time,
        )
        .order_by(columns.period_start.desc())
        .limit(_MONTHS - 1)
    )
    found = [PastUse(start, quantity) for start, quantity in await tx.conn.execute(query)]
    return [*reversed(found), PastUse(invoice.days.start, invoice.usage.quantity)]


async def _load(tx: Tx, where: Iterable[sa.ColumnElement[bool]], limit: int) -> list[Invoice]:
    query = (
        sa.select(_invoice)
        .where(_invoice.c.tenant_id == tx.tenant_id, *where)
        .order_by(_invoice.c.invoice_id.desc())
        .limit(limit)
    )
    rows = (await tx.conn.execute(query)).mappings().all()
    ids = [row["invoice_id"] for row in rows]
    lines = await _parts(tx, _line, ids)
    taxes = await _parts(tx, _tax, ids)
    return [_read(row, lines.get(row["invoice_id"], ()), taxes.get(row["invoice_id"], ())) for row in rows]


async def _parts(tx: Tx, table: sa.Table, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    query = (
        sa.select(table)
        .where(
            table.c.tenant_id == tx.tenant_id,
            among(table.c.invoice_id, ids),
        )
        .order_by(table.c.invoice_id, table.c.position)
    )
    found: dict[UUID, list[Any]] = {}
    for row in (await tx.conn.execute(query)).mappings():
        found.setdefault(row["invoice_id"], []).append(row)
    return found


def _read(row: Any, lines: Iterable[Any], taxes: Iterable[Any]) -> Invoice:
    return Invoice(
        invoice_id=row["invoice_id"],
        state=InvoiceState(row["state"]),
        party=Party(**{name: row[name] for name in Party.__slots__}),
        days=Period(row["period_start"], row["period_end"]),
        zone=row["time_zone"],
        currency=row["currency"],
        bill=Bill(
            tuple(_read_line(line) for line in lines),
            tuple(_read_tax(tax) for tax in taxes),
            row["net_amount"],
            row["tax_amount"],
            row["total_amount"],
        ),
        usage=Usage(
            row["usage_quantity"],
            row["usage_unit"],
            row["interval_count"],
            row["estimated_count"],
            row["missing_count"],
        ),
        snapshot=row["snapshot"],
        inputs=row["inputs"],
        inputs_sha256=row["inputs_sha256"],
        billing_run_id=row["billing_run_id"],
        issuer_version=row["issuer_version"],
        issue_time=row["issue_time"],
        number_series=row["number_series"],
        number_value=row["number_value"],
        due_date=row["due_date"],
    )


def _read_line(row: Any) -> Line:
    return Line(
        component=row["component_code"],
        label=row["label"],
        days=Period(row["day_start"], row["day_end"]),
        quantity=trimmed(row["quantity"]),
        unit=row["unit"],
        rate=trimmed(row["rate"]),
        exact=trimmed(row["unrounded_amount"]),
        amount=row["amount"],
        period=row["period"],
        tier=row["tier"],
    )


def _read_tax(row: Any) -> TaxLine:
    return TaxLine(
        row["component_code"],
        row["label"],
        trimmed(row["percent"]),
        trimmed(row["base_amount"]),
        row["amount"],
    )
