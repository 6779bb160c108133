"""``simba.billing.v1.InvoiceService``."""

from typing import Any

from google.api.httpbody_pb2 import HttpBody

from server.billing.convert import id_of
from server.billing.convert_parties import issuer_change, wire_issuer
from server.billing.convert_run import wire_invoice
from server.billing.invoice_store import InvoiceFilter
from server.billing.invoices import Invoices
from server.billing.issuers import Issuers
from server.platform.wire import maybe_id
from simba.billing.v1 import invoice_service_pb2 as pb
from simba.billing.v1 import invoice_service_pb2_grpc as rpc

_PDF = "application/pdf"


class InvoiceService(rpc.InvoiceServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, invoices: Invoices, issuers: Issuers) -> None:
        self._invoices = invoices
        self._issuers = issuers

    async def GetInvoice(self, request: pb.GetInvoiceRequest, context: Any) -> pb.GetInvoiceResponse:
        """One invoice."""
        invoice = await self._invoices.get(id_of("invoice_id", request.invoice_id))
        return pb.GetInvoiceResponse(invoice=wire_invoice(invoice))

    async def ListInvoices(self, request: pb.ListInvoicesRequest, context: Any) -> pb.ListInvoicesResponse:
        """A page of invoices."""
        which = InvoiceFilter(
            account_id=maybe_id("account_id", request.account_id),
            billing_run_id=maybe_id("billing_run_id", request.billing_run_id),
            usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
            invoice_number=request.invoice_number,
        )
        rows, following = await self._invoices.page(
            which, size=request.page_size, token=request.page_token, bound_to=request
        )
        return pb.ListInvoicesResponse(invoices=map(wire_invoice, rows), next_page_token=following)

    async def GetInvoicePdf(self, request: pb.GetInvoicePdfRequest, context: Any) -> pb.GetInvoicePdfResponse:
        """The invoice as a PDF."""
        printed = await self._invoices.pdf(id_of("invoice_id", request.invoice_id))
        document = HttpBody(content_type=_PDF, data=printed.content)
        return pb.GetInvoicePdfResponse(document=document, file_name=printed.file_name)

    async def GetIssuer(self, request: pb.GetIssuerRequest, context: Any) -> pb.GetIssuerResponse:
        """The issuer in force."""
        return pb.GetIssuerResponse(issuer=wire_issuer(await self._issuers.get()))

    async def UpdateIssuer(self, request: pb.UpdateIssuerRequest, context: Any) -> pb.UpdateIssuerResponse:
        """The issuer from now on."""
        change = issuer_change(request.issuer, request.update_mask)
        issuer = await self._issuers.update(request.issuer.etag, change)
        return pb.UpdateIssuerResponse(issuer=wire_issuer(issuer))
