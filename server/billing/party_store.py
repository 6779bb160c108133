"""Customers, accounts and agreements in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from server.billing import tables
from server.billing.errors import AccountNotFound, AgreementNotFound, CustomerNotFound, Taken
from server.billing.parties import Account, Agreement, Customer
from server.billing.period import Period
from server.platform.resource_store import ResourceStore, attributes_of, columns_of
from server.platform.sql import among
from server.platform.uow import Tx
from simba.billing.v1 import customer_pb2, customer_service_pb2

_CUSTOMER = ("customer_id", "display_name", "email", "postal_address", "language")
_ACCOUNT = ("account_id", "customer_id", "account_number", "currency")
_AGREEMENT = ("agreement_id", "account_id", "usage_point_id", "tariff_id", "start_date", "end_date")

CUSTOMERS = ResourceStore[Customer](
    "customer",
    tables.customer,
    tables.external_id,
    read=lambda row, names, stored: Customer(
        **columns_of(row, *_CUSTOMER), external_ids=names, stored=stored
    ),
    write=lambda customer: attributes_of(customer, *_CUSTOMER),
    missing=CustomerNotFound,
    taken=Taken,
    message=customer_pb2.Customer,
    personal=("display_name", "email", "postal_address", "external_ids"),
)
ACCOUNTS = ResourceStore[Account](
    "account",
    tables.account,
    tables.external_id,
    read=lambda row, names, stored: Account(**columns_of(row, *_ACCOUNT), external_ids=names, stored=stored),
    write=lambda account: attributes_of(account, *_ACCOUNT),
    missing=AccountNotFound,
    unique={"account_number_unique": "account_number"},
    taken=Taken,
    message=customer_pb2.Account,
)
AGREEMENTS = ResourceStore[Agreement](
    "agreement",
    tables.agreement,
    tables.external_id,
    read=lambda row, names, stored: Agreement(
        **columns_of(row, *_AGREEMENT), external_ids=names, stored=stored
    ),
    write=lambda agreement: attributes_of(agreement, *_AGREEMENT),
    missing=AgreementNotFound,
    taken=Taken,
    message=customer_pb2.Agreement,
)


_CUSTOMER_METHODS = [
    f"/simba.billing.v1.CustomerService/{verb}Customer" for verb in ("Create", "Update", "Archive")
]
"""Their answers have the customer in the same field."""
_FORGET = sa.text("""
    UPDATE request_log SET response = :bare
    WHERE tenant_id = :tenant AND method = ANY(:methods) AND position(CAST(:named AS bytea) IN response) > 0
""")


async def next_number(tx: Tx, name: str, count: int = 1) -> int:
    """The first of ``count`` consecutive numbers; others wait until the commit, so that none is lost."""
    statement = sa.text(
        "INSERT INTO billing_counter (tenant_id, name, next_value) VALUES (:tenant, :name, 1 + :count)"
        " ON CONFLICT (tenant_id, name) DO UPDATE SET next_value = billing_counter.next_value + :count"
        " RETURNING next_value"
    )
    following: int = await tx.conn.scalar(statement, {"tenant": tx.tenant_id, "name": name, "count": count})
    return following - count


async def number_taken(tx: Tx, account_number: str) -> bool:
    """Whether an account has this number."""
    account = tables.account.c
    query = sa.select(account.account_id).where(
        account.tenant_id == tx.tenant_id, account.account_number == account_number
    )
    return await tx.conn.scalar(query) is not None


async def overlapping(tx: Tx, agreement: Agreement) -> UUID | None:
    """Another agreement of the usage point on some of the same days."""
    other = tables.agreement.c
    clauses = [
        other.tenant_id == tx.tenant_id,
        other.usage_point_id == agreement.usage_point_id,
        other.agreement_id != agreement.agreement_id,
        sa.not_(other.archived),
        sa.or_(other.end_date.is_(None), other.end_date > agreement.start_date),
    ]
    if agreement.end_date is not None:
        clauses.append(other.start_date < agreement.end_date)
    found: UUID | None = await tx.conn.scalar(
        sa.select(other.agreement_id).where(*clauses).order_by(other.start_date).limit(1)
    )
    return found


async def billed_days(tx: Tx, agreement_id: UUID) -> Period | None:
    """From the first to the last day for which the agreement has invoices; None: there are none."""
    invoice = tables.invoice.c
    query = sa.select(sa.func.min(invoice.period_start), sa.func.max(invoice.period_end)).where(
        invoice.tenant_id == tx.tenant_id,
        invoice.agreement_id == agreement_id,
        invoice.state == "FROZEN",
    )
    first, last = (await tx.conn.execute(query)).one()
    return Period(first, last) if first is not None else None


async def living(tx: Tx, table: sa.Table, column: str, resource_id: UUID) -> UUID | None:
    """Something that is not archived and refers to the resource by ``column``; None: nothing does."""
    own = table.c[f"{table.name}_id"]
    query = sa.select(own).where(
        table.c.tenant_id == tx.tenant_id, table.c[column] == resource_id, sa.not_(table.c.archived)
    )
    found: UUID | None = await tx.conn.scalar(query.limit(1))
    return found


async def accounts_of(tx: Tx, customer_id: UUID) -> list[UUID]:
    """Accounts of a customer, archived ones too."""
    account = tables.account.c
    query = sa.select(account.account_id).where(
        account.tenant_id == tx.tenant_id, account.customer_id == customer_id
    )
    return list(await tx.conn.scalars(query.order_by(account.account_id)))


async def usage_points_of(tx: Tx, account_ids: Sequence[UUID]) -> list[UUID]:
    """Usage points that the accounts pay for, or did."""
    agreement = tables.agreement.c
    query = (
        sa.select(agreement.usage_point_id)
        .where(agreement.tenant_id == tx.tenant_id, among(agreement.account_id, account_ids))
        .distinct()
    )
    return sorted(await tx.conn.scalars(query))


async def forget_answers(tx: Tx, customer_id: UUID) -> None:
    """Takes the customer's data out of the answers that are kept for repeated calls; the calls stay done."""
    bare = customer_service_pb2.CreateCustomerResponse()
    bare.customer.customer_id = str(customer_id)
    values = {
        "tenant": tx.tenant_id,
        "methods": _CUSTOMER_METHODS,
        "named": str(customer_id).encode(),
        "bare": bare.SerializeToString(),
    }
    await tx.conn.execute(_FORGET, values)
