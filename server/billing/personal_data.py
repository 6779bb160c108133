"""Use cases of the data that billing keeps about people: hand it out, and take it away for ever."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from server.billing import invoice_store
from server.billing.invoice import Invoice
from server.billing.parties import Customer
from server.billing.party_store import CUSTOMERS, accounts_of, forget_answers, usage_points_of
from server.billing.ports import UsagePointInfo, UsagePoints
from server.platform.history import FieldDiff
from server.platform.history_context import current_context, in_context
from server.platform.history_store import StoredChange, changes_of, opened
from server.platform.uow import Tx, UnitOfWork

ERASED = "(erased)"
"""Stands where a name or an address was."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PersonalRecord:
    """What one resource holds about a person; empty fields are left out."""

    kind: str
    resource_id: str
    fields: dict[str, str]


class PersonalData:
    """What is kept about a customer as a person."""

    def __init__(self, uow: UnitOfWork, usage_points: UsagePoints) -> None:
        self._uow = uow
        self._usage_points = usage_points

    async def export(self, customer_id: UUID) -> list[PersonalRecord]:
        """Everything: the customer, where they take energy, invoices, changes. Raises CustomerNotFound."""
        async with self._uow() as tx:
            customer = await CUSTOMERS.get(tx, customer_id)
            accounts = await accounts_of(tx, customer_id)
            point_ids = await usage_points_of(tx, accounts)
            invoices = [one async for one in invoice_store.of_accounts(tx, accounts)]
            changed = await _changes(tx, customer_id)
            points = await self._usage_points.usage_points(tx.tenant_id, point_ids)
        records = [_of_customer(customer), *map(_of_point, points), *map(_of_invoice, invoices), *changed]
        return [record for record in records if record.fields]

    async def erase(self, customer_id: UUID, reason: str) -> tuple[Customer, int]:
        """Takes names and addresses out of the customer, its invoices, its history and kept answers.

        Returns the customer as it is now, and how many resources were changed: none, when nothing is left.
        An archived customer is erased too. Raises CustomerNotFound.
        """
        with in_context(replace(current_context(), reason=reason)):
            async with self._uow() as tx:
                before = await CUSTOMERS.get(tx, customer_id, lock=True)
                tx.remember("customer", customer_id, before)
                count = await invoice_store.erase_names(tx, await accounts_of(tx, customer_id), ERASED)
                after = _without_names(before)
                if after != before:
                    after = await CUSTOMERS.save(tx, after, action="erased")
                    count += 1
                await forget_answers(tx, customer_id)
                tx.erase_history("customer", customer_id)
        return after, count


def _without_names(customer: Customer) -> Customer:
    return replace(
        customer,
        display_name=ERASED,
        email=ERASED if customer.email else "",
        postal_address=ERASED if customer.postal_address else "",
        external_ids=(),
    )


def _of_customer(customer: Customer) -> PersonalRecord:
    named = {f"external_ids.{one.system}": one.value for one in customer.external_ids}
    return _record(
        "customer",
        customer.customer_id,
        display_name=customer.display_name,
        email=customer.email,
        postal_address=customer.postal_address,
        language=customer.language,
        **named,
    )


def _of_point(point: UsagePointInfo) -> PersonalRecord:
    return _record("usage_point", point.usage_point_id, code=point.code, address=point.address)


def _of_invoice(invoice: Invoice) -> PersonalRecord:
    party = invoice.party
    return _record(
        "invoice",
        invoice.invoice_id,
        invoice_number=invoice.number,
        account_number=party.account_number,
        customer_name=party.customer_name,
        postal_address=party.postal_address,
        service_address=party.service_address,
        usage_point_code=party.usage_point_code,
        period_start=invoice.days.start.isoformat(),
        period_end=invoice.days.end.isoformat(),
        usage_quantity=f"{invoice.usage.quantity} {invoice.usage.unit}".strip(),
        total_amount=f"{invoice.total} {invoice.currency}",
    )


async def _changes(tx: Tx, customer_id: UUID) -> list[PersonalRecord]:
    """What the history has of the customer, newest first."""
    records: list[PersonalRecord] = []
    after = None
    while True:
        found = await changes_of(tx, [("customer", customer_id)], after=after, limit=_AT_ONCE)
        fields = await opened(tx, found)
        records += (_of_change(one, each) for one, each in zip(found, fields, strict=True))
        if len(found) < _AT_ONCE:
            return records
        after = found[-1].key


def _of_change(change: StoredChange, fields: Iterable[FieldDiff]) -> PersonalRecord:
    told = {"action": change.action, "time": change.time.isoformat()}
    for field in fields:
        told |= {f"{field.path}.before": field.before, f"{field.path}.after": field.after}
    return _record("change", change.change_id, **told)


def _record(kind: str, resource_id: UUID, **fields: str) -> PersonalRecord:
    return PersonalRecord(kind, str(resource_id), {name: value for name, value in fields.items() if value})
