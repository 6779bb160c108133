"""The facts that billing tells the world, as outbox events."""

from server.billing.convert_run import wire_invoice, wire_run
from server.billing.invoice import Invoice
from server.billing.run import Run
from server.platform.outbox import OutboxEvent
from server.platform.uow import Tx
from simba.billing.v1.events_pb2 import BillingRunFinished, InvoiceIssued


async def invoice_issued(tx: Tx, invoice: Invoice) -> None:
    """``invoice.issued``: somebody owes something; who that is does not go round."""
    told = wire_invoice(invoice)
    for name in ("customer_name", "postal_address", "service_address"):
        told.ClearField(name)
    await tx.emit(
        OutboxEvent(
            type="invoice.issued",
            subject=f"invoices/{invoice.invoice_id}",
            payload=InvoiceIssued(invoice=told),
            usage_point_id=str(invoice.party.usage_point_id),
            correlation_id=str(invoice.billing_run_id),
        )
    )


async def run_finished(tx: Tx, run: Run) -> None:
    """``billing.run_finished``: a run is over."""
    await tx.emit(
        OutboxEvent(
            type="billing.run_finished",
            subject=f"billing-runs/{run.billing_run_id}",
            payload=BillingRunFinished(billing_run=wire_run(run, tx.now)),
            severity="WARNING" if run.error or run.counts.exceptions else "INFO",
            correlation_id=str(run.billing_run_id),
        )
    )
