"""Billing runs and invoices on the wire and in the domain."""

from datetime import datetime

from server.billing.convert import date_of, id_of, wire_date
from server.billing.invoice import Invoice
from server.billing.money import text
from server.billing.period import Period
from server.billing.rating import Line, TaxLine
from server.billing.run import BillingException, Run
from server.platform.errors import InvalidField
from server.platform.personal import hidden
from server.platform.wire import maybe_instant, own_id, plain, stamp
from simba.billing.v1 import billing_run_pb2, invoice_pb2
from simba.common.v1 import error_reason_pb2, types_pb2


def run_of(wire: billing_run_pb2.BillingRun, now: datetime) -> Run:
    """A run to begin, from the wire; without an id it gets one."""
    for name in ("period_start", "period_end"):
        if not wire.HasField(name):
            raise InvalidField(f"billing_run.{name}", "is missing", "required")
    start = date_of("billing_run.period_start", wire.period_start)
    end = date_of("billing_run.period_end", wire.period_end)
    accounts = [id_of(f"billing_run.account_ids[{i}]", one) for i, one in enumerate(wire.account_ids)]
    return Run(
        billing_run_id=own_id("billing_run.billing_run_id", wire.billing_run_id),
        days=Period(start, end),
        account_ids=tuple(dict.fromkeys(accounts)),
        dry_run=wire.dry_run,
        as_of=maybe_instant("billing_run.as_of", wire),
        create_time=now,
    )


def wire_run(run: Run, now: datetime) -> billing_run_pb2.BillingRun:
    """A run on the wire, with its progress as of now."""
    counts = run.counts
    return billing_run_pb2.BillingRun(
        billing_run_id=str(run.billing_run_id),
        period_start=wire_date(run.days.start),
        period_end=wire_date(run.days.end),
        account_ids=[str(one) for one in run.account_ids],
        dry_run=run.dry_run,
        as_of=stamp(run.as_of),
        state=types_pb2.WorkState.Value(f"WORK_STATE_{run.state}"),
        progress=types_pb2.Progress(
            done=counts.done,
            total=counts.agreements,
            failed=counts.exceptions,
            rate=run.rate(now),
            estimated_end_time=stamp(run.estimated_end(now)),
        ),
        invoice_count=counts.invoices,
        totals=[
            billing_run_pb2.Money(currency=currency, amount=plain(amount))
            for currency, amount in sorted(counts.totals.items())
        ],
        exception_count=counts.exceptions,
        error=run.error,
        create_time=stamp(run.create_time),
        end_time=stamp(run.end_time),
    )


def wire_exception(one: BillingException) -> billing_run_pb2.BillingException:
    """An exception on the wire."""
    return billing_run_pb2.BillingException(
        agreement_id=str(one.agreement_id),
        account_id=str(one.account_id),
        usage_point_id=str(one.usage_point_id),
        reason=error_reason_pb2.ErrorReason.Value(f"ERROR_REASON_{one.reason}"),
        description=one.description,
    )


def wire_invoice(invoice: Invoice) -> invoice_pb2.Invoice:
    """An invoice on the wire, as the caller may see it.

    Amounts keep the digits of their currency, quantities have none to spare.
    """
    party, usage, bill = invoice.party, invoice.usage, invoice.bill
    start, end = invoice.days.instants(invoice.zone)
    return invoice_pb2.Invoice(
        invoice_id=str(invoice.invoice_id),
        invoice_number=invoice.number,
        state=invoice_pb2.InvoiceState.Value(f"INVOICE_STATE_{invoice.state}"),
        account_id=str(party.account_id),
        account_number=party.account_number,
        customer_name=hidden(party.customer_name),
        postal_address=hidden(party.postal_address),
        agreement_id=str(party.agreement_id),
        usage_point_id=str(party.usage_point_id),
        usage_point_code=party.usage_point_code,
        service_address=hidden(party.service_address),
        tariff_id=str(party.tariff_id),
        tariff_code=party.tariff_code,
        period_start=wire_date(invoice.days.start),
        period_end=wire_date(invoice.days.end),
        period=types_pb2.TimeInterval(start=stamp(start), end=stamp(end)),
        time_zone=invoice.zone,
        currency=invoice.currency,
        lines=[_wire_line(line) for line in bill.lines],
        taxes=[_wire_tax(tax) for tax in bill.taxes],
        net_amount=plain(bill.net),
        tax_amount=plain(bill.tax),
        total_amount=plain(bill.total),
        usage=invoice_pb2.UsageSummary(
            quantity=text(usage.quantity),
            unit=usage.unit,
            interval_count=usage.intervals,
            estimated_count=usage.estimated,
            missing_count=usage.missing,
            snapshot=invoice.snapshot,
        ),
        billing_run_id=str(invoice.billing_run_id),
        inputs_sha256=invoice.inputs_sha256,
        issue_time=stamp(invoice.issue_time),
        due_date=wire_date(invoice.due_date),
    )


def _wire_line(line: Line) -> invoice_pb2.InvoiceLine:
    return invoice_pb2.InvoiceLine(
        component_code=line.component,
        label=line.label,
        period=line.period,
        tier=line.tier,
        quantity=text(line.quantity),
        unit=line.unit,
        rate=text(line.rate),
        unrounded_amount=text(line.exact),
        amount=plain(line.amount),
        period_start=wire_date(line.days.start),
        period_end=wire_date(line.days.end),
    )


def _wire_tax(tax: TaxLine) -> invoice_pb2.InvoiceTax:
    return invoice_pb2.InvoiceTax(
        component_code=tax.component,
        label=tax.label,
        percent=text(tax.percent),
        base_amount=text(tax.base),
        amount=plain(tax.amount),
    )
