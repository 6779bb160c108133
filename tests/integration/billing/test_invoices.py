"""Invoices as documents and as facts, and what stays because they stand on it."""

from datetime import UTC, date, timedelta

from server.billing.invoice_pdf import Printed
from simba.billing.v1 import (
    events_pb2,
    invoice_pb2,
    invoice_service_pb2,
    tariff_pb2,
    tariff_service_pb2,
)
from tests.support.billing import (
    MARCH,
    Biller,
    flat,
    many,
    priced,
    reason,
    standing,
    wire_day,
)
from tests.support.platform import eventually


async def test_invoices_and_the_end_of_the_run_are_told(biller: Biller) -> None:
    await many(biller, 2)
    run = await biller.bill(*MARCH)

    def told() -> list[bytes]:
        mine = [one for one in biller.stage.heard.events if one.tenant_id == biller.tenant_id]
        return [one.payload for one in mine if one.topic == "billing.run_finished"]

    (finished,) = await eventually(told)
    assert events_pb2.BillingRunFinished.FromString(finished).billing_run.invoice_count == 2
    issued = [
        events_pb2.InvoiceIssued.FromString(one.payload).invoice
        for one in biller.stage.heard.events
        if one.tenant_id == biller.tenant_id and one.topic == "invoice.issued"
    ]
    stored = await biller.invoices_of(billing_run_id=run.billing_run_id)
    assert sorted(one.invoice_number for one in issued) == ["INV-00000001", "INV-00000002"]
    for one in stored:
        # Who was billed does not go round.
        for name in ("customer_name", "postal_address", "service_address"):
            one.ClearField(name)
    assert {one.invoice_id: one for one in issued} == {one.invoice_id: one for one in stored}


async def test_a_tariff_that_was_used_stays_as_it_was(biller: Biller) -> None:
    tariff = await biller.tariff(priced(("", "0.10")))
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat()))
    await biller.bill(*MARCH)
    used = await tariff_of(biller, tariff.tariff_id)
    assert used.versions[0].used

    changed = tariff_pb2.Tariff(tariff_id=tariff.tariff_id, versions=[{"components": [priced(("", "0.11"))]}])
    assert (await reason(update(biller, changed)))[0] == "TARIFF_IN_USE"
    early = tariff_pb2.TariffVersion(effective_from=wire_day(2026, 3, 20), components=[standing()])
    cut = tariff_pb2.Tariff(tariff_id=tariff.tariff_id, versions=[used.versions[0], early])
    assert (await reason(update(biller, cut)))[0] == "TARIFF_IN_USE"
    gone = tariff_pb2.Tariff(tariff_id=tariff.tariff_id, versions=[early])
    assert (await reason(update(biller, gone)))[0] == "TARIFF_IN_USE"

    later = tariff_pb2.TariffVersion(effective_from=wire_day(2026, 4, 1), components=[standing()])
    longer = tariff_pb2.Tariff(tariff_id=tariff.tariff_id, versions=[used.versions[0], later])
    stored = await update(biller, longer)
    assert [one.used for one in stored.versions] == [True, False]
    assert stored.versions[0].effective_to == later.effective_from


async def test_what_invoices_stand_on_stays(biller: Biller) -> None:
    tariff = await biller.tariff(standing())
    agreement = await biller.agreement(tariff.tariff_id, biller.usage_point())
    await biller.bill(*MARCH)
    change = {"agreement_id": agreement.agreement_id, "end_date": wire_day(2026, 3, 20)}
    assert (await reason(biller.update_agreement(**change)))[0] == "RESOURCE_IN_USE"
    change["end_date"] = wire_day(2026, 4, 1)
    assert (await biller.update_agreement(**change)).end_date.month == 4


async def test_an_invoice_as_a_document(biller: Biller, other_biller: Biller) -> None:
    issuer = invoice_pb2.Issuer(
        display_name="Test Utility", payment_days=30, number_prefix="TU-", contact="Call us"
    )
    request = invoice_service_pb2.UpdateIssuerRequest(issuer=issuer)
    await biller.invoices.UpdateIssuer(request)
    await many(biller, 1)
    await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    assert invoice.invoice_number == "TU-00000001"
    due = date(invoice.due_date.year, invoice.due_date.month, invoice.due_date.day)
    assert due - invoice.issue_time.ToDatetime(UTC).date() == timedelta(days=30)

    first = await pdf(biller, invoice.invoice_id)
    assert first.content.startswith(b"%PDF-")
    assert first.file_name == "TU-00000001.pdf"
    # A later change of the issuer, and later bills, leave the document as it was.
    request.issuer.display_name = "Another Utility"
    await biller.invoices.UpdateIssuer(request)
    await biller.bill(date(2026, 4, 1), date(2026, 5, 1))
    assert await pdf(biller, invoice.invoice_id) == first
    assert (await reason(pdf(other_biller, invoice.invoice_id)))[0] == "INVOICE_NOT_FOUND"
    foreign = other_biller.invoices.GetInvoice(
        invoice_service_pb2.GetInvoiceRequest(invoice_id=invoice.invoice_id)
    )
    assert (await reason(foreign))[0] == "INVOICE_NOT_FOUND"
    assert await other_biller.invoices_of() == []
    assert await biller.invoices_of(invoice_number="TU-00000001") == [invoice]


async def pdf(biller: Biller, invoice_id: str) -> Printed:
    request = invoice_service_pb2.GetInvoicePdfRequest(invoice_id=invoice_id)
    answer = await biller.invoices.GetInvoicePdf(request)
    assert answer.document.content_type == "application/pdf"
    return Printed(answer.document.data, answer.file_name)


async def tariff_of(biller: Biller, tariff_id: str) -> tariff_pb2.Tariff:
    return (await biller.tariffs.GetTariff(tariff_service_pb2.GetTariffRequest(tariff_id=tariff_id))).tariff


async def update(biller: Biller, tariff: tariff_pb2.Tariff) -> tariff_pb2.Tariff:
    return (await biller.tariffs.UpdateTariff(tariff_service_pb2.UpdateTariffRequest(tariff=tariff))).tariff
