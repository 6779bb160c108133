"""Use cases of invoices: get, list, print."""

import asyncio
from dataclasses import replace
from uuid import UUID

from server.billing import invoice_store
from server.billing.invoice import Invoice
from server.billing.invoice_pdf import Printed, print_invoice
from server.billing.invoice_store import InvoiceFilter
from server.billing.issuers import issuer_of
from server.platform.paging import Pages
from server.platform.personal import hidden
from server.platform.scope import Visible
from server.platform.uow import UnitOfWork

_PRINTED_AT_ONCE = 2


class Invoices:
    """Reads invoices and prints them."""

    def __init__(self, uow: UnitOfWork, pages: Pages, visible: Visible | None = None) -> None:
        self._visible = visible
        self._uow = uow
        self._pages = pages
        # Typesetting takes a core for some tens of milliseconds: calls wait here, not in the thread pool.
        self._room = asyncio.Semaphore(_PRINTED_AT_ONCE)

    async def get(self, invoice_id: UUID) -> Invoice:
        """One invoice. Raises InvoiceNotFound."""
        async with self._uow() as tx:
            return await invoice_store.get(tx, invoice_id, self._visible)

    async def page(
        self, which: InvoiceFilter, *, size: int, token: str, bound_to: object
    ) -> tuple[list[Invoice], str]:
        """A page, newest first, and the token of the next one."""
        page = self._pages.page(size, token, bound_to=bound_to)
        async with self._uow() as tx:
            rows = await invoice_store.page(tx, which, page.after, page.limit, self._visible)
        return page.cut(rows, lambda row: (row.invoice_id,))

    async def pdf(self, invoice_id: UUID) -> Printed:
        """The invoice as a PDF; the same bytes every time for who sees the same. Raises InvoiceNotFound."""
        async with self._uow() as tx:
            invoice = _seen(await invoice_store.get(tx, invoice_id, self._visible))
            issuer = await issuer_of(tx, invoice.issuer_version)
            uses = await invoice_store.past_uses(tx, invoice)
        async with self._room:
            return await asyncio.to_thread(print_invoice, invoice, issuer, uses)


def _seen(invoice: Invoice) -> Invoice:
    """The invoice as the caller may see it."""
    party = invoice.party
    return replace(
        invoice,
        party=replace(
            party,
            customer_name=hidden(party.customer_name),
            postal_address=hidden(party.postal_address),
            service_address=hidden(party.service_address),
        ),
    )
