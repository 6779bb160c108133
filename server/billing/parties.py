"""Customers, accounts, agreements, tariffs and issuers, as they are stored."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from server.billing.period import Period
from server.billing.tariff import Version
from server.platform.resource_store import ExternalId, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person or an organisation that has accounts."""

    customer_id: UUID
    display_name: str
    email: str = ""
    postal_address: str = ""
    language: str = ""
    external_ids: tuple[ExternalId, ...] = ()
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose invoices are numbered and paid together."""

    account_id: UUID
    customer_id: UUID
    account_number: str
    """Empty until the server has made one."""
    currency: str
    external_ids: tuple[ExternalId, ...] = ()
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """That an account pays for a usage point on a tariff, from ``start_date`` to before ``end_date``."""

    agreement_id: UUID
    account_id: UUID
    usage_point_id: UUID
    tariff_id: UUID
    start_date: date
    end_date: date | None = None
    external_ids: tuple[ExternalId, ...] = ()
    stored: Stored = field(default_factory=Stored)

    def within(self, days: Period) -> Period:
        """The days of a period that the agreement covers; may be none."""
        return days.clipped(self.start_date, self.end_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A price list; its versions are in order of their first days."""

    tariff_id: UUID
    code: str
    display_name: str = ""
    commodity: str
    """Name of a ``simba.common.v1.Commodity`` without its prefix."""
    currency: str
    time_zone: str
    versions: tuple[Version, ...]
    external_ids: tuple[ExternalId, ...] = ()
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues a tenant's invoices."""

    display_name: str = ""
    postal_address: str = ""
    tax_number: str = ""
    contact: str = ""
    payment_details: str = ""
    payment_days: int = 14
    number_prefix: str = "INV-"
    version: int = 0
    """0: never set; the defaults hold."""


@dataclass(frozen=True, slots=True)
class Billable:
    """An agreement with everything that a bill needs to know of it."""

    agreement: Agreement
    account: Account
    customer: Customer
    tariff: Tariff
    billed: tuple[Period, ...] = ()
    """Invoices that it has on days of the period."""


def due(issued: date, issuer: Issuer) -> date:
    """Last local day to pay an invoice issued on a local day."""
    return date.fromordinal(issued.toordinal() + issuer.payment_days)
