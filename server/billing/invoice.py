"""Invoices: a bill with everything that makes it a document."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.billing.period import Period
from server.billing.quality import Usage
from server.billing.rating import Bill

REGULAR = "REGULAR"
"""The kind of run that bills a period in the ordinary way; one of the three parts of a bill's identity."""


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    PREVIEW = "PREVIEW"
    """Of a dry run: no number, owed by nobody."""
    FROZEN = "FROZEN"
    """Issued; it never changes."""
    CANCELLED = "CANCELLED"
    """Taken back by a credit note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is billed for what, as it was when the invoice was made."""

    customer_id: UUID
    customer_name: str
    postal_address: str
    language: str
    account_id: UUID
    account_number: str
    agreement_id: UUID
    usage_point_id: UUID
    usage_point_code: str
    service_address: str
    tariff_id: UUID
    tariff_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What an account owes for one agreement and period."""

    invoice_id: UUID
    state: InvoiceState
    party: Party
    days: Period
    """Local days in :attr:`zone`."""
    zone: str
    currency: str
    bill: Bill
    usage: Usage
    snapshot: int
    inputs: dict[str, Any] = field(repr=False)
    inputs_sha256: str
    billing_run_id: UUID
    issuer_version: int
    issue_time: datetime
    number_series: str | None = None
    number_value: int | None = None
    due_date: date | None = None

    @property
    def number(self) -> str:
        """Legal number, without gaps within its series; empty in a preview."""
        return invoice_number(self.number_series, self.number_value)

    @property
    def total(self) -> Decimal:
        """What is owed."""
        return self.bill.total


def invoice_number(series: str | None, value: int | None) -> str:
    """How a number is written: the series, and at least eight digits."""
    return "" if series is None or value is None else f"{series}{value:08d}"
