"""Customers, accounts, agreements and issuers on the wire and in the domain, both ways."""

from collections.abc import Callable

from google.protobuf.field_mask_pb2 import FieldMask

from server.billing.convert import date_of, id_of, wire_date
from server.billing.parties import Account, Agreement, Customer, Issuer
from server.billing.personal_data import PersonalRecord
from server.platform.changing import masked, patched
from server.platform.etags import etag_of
from server.platform.personal import hidden, updatable_by_caller
from server.platform.wire import names_of, own_id, times, wire_names
from simba.billing.v1 import customer_pb2 as pb
from simba.billing.v1 import customer_service_pb2, invoice_pb2

_CUSTOMER = {"display_name", "email", "postal_address", "language", "external_ids"}
_PERSONAL = ("display_name", "email", "postal_address")
_ACCOUNT = {"account_number", "currency", "external_ids"}
_AGREEMENT = {"account_id", "usage_point_id", "tariff_id", "start_date", "end_date", "external_ids"}
_ISSUER = {
    "display_name",
    "postal_address",
    "tax_number",
    "contact",
    "payment_details",
    "payment_days",
    "number_prefix",
}


def wire_customer(customer: Customer) -> pb.Customer:
    """A customer on the wire, as the caller may see it."""
    wire = _whole_customer(customer)
    for name in _PERSONAL:
        setattr(wire, name, hidden(getattr(wire, name)))
    return wire


def _whole_customer(customer: Customer) -> pb.Customer:
    return pb.Customer(
        customer_id=str(customer.customer_id),
        display_name=customer.display_name,
        email=customer.email,
        postal_address=customer.postal_address,
        language=customer.language,
        external_ids=wire_names(customer.external_ids),
        archived=customer.stored.archived,
        **times(customer.stored),
    )


def customer_of(wire: pb.Customer) -> Customer:
    """A customer from the wire; without an id it gets one."""
    return Customer(
        customer_id=own_id("customer.customer_id", wire.customer_id),
        display_name=wire.display_name,
        email=wire.email,
        postal_address=wire.postal_address,
        language=wire.language,
        external_ids=names_of(wire.external_ids),
    )


def customer_change(patch: pb.Customer, mask: FieldMask | None) -> Callable[[Customer], Customer]:
    """What an update makes of a stored customer; what the caller may not see it cannot change."""
    updatable = updatable_by_caller(_CUSTOMER, _PERSONAL)
    return masked(patch, mask, updatable, to_wire=_whole_customer, from_wire=customer_of)


def wire_record(record: PersonalRecord) -> customer_service_pb2.PersonalRecord:
    """What one resource holds about a person, on the wire."""
    return customer_service_pb2.PersonalRecord(
        resource_kind=record.kind, resource_id=record.resource_id, fields=record.fields
    )


def wire_account(account: Account) -> pb.Account:
    """An account on the wire."""
    return pb.Account(
        account_id=str(account.account_id),
        customer_id=str(account.customer_id),
        account_number=account.account_number,
        currency=account.currency,
        external_ids=wire_names(account.external_ids),
        archived=account.stored.archived,
        **times(account.stored),
    )


def account_of(wire: pb.Account) -> Account:
    """An account from the wire; without an id it gets one."""
    return Account(
        account_id=own_id("account.account_id", wire.account_id),
        customer_id=id_of("account.customer_id", wire.customer_id),
        account_number=wire.account_number,
        currency=wire.currency,
        external_ids=names_of(wire.external_ids),
    )


def account_change(patch: pb.Account, mask: FieldMask | None) -> Callable[[Account], Account]:
    """What an update makes of a stored account."""
    return patched("account", patch, mask, _ACCOUNT, to_wire=wire_account, from_wire=account_of)


def wire_agreement(agreement: Agreement) -> pb.Agreement:
    """An agreement on the wire."""
    return pb.Agreement(
        agreement_id=str(agreement.agreement_id),
        account_id=str(agreement.account_id),
        usage_point_id=str(agreement.usage_point_id),
        tariff_id=str(agreement.tariff_id),
        start_date=wire_date(agreement.start_date),
        end_date=wire_date(agreement.end_date),
        external_ids=wire_names(agreement.external_ids),
        archived=agreement.stored.archived,
        **times(agreement.stored),
    )


def agreement_of(wire: pb.Agreement) -> Agreement:
    """An agreement from the wire; without an id it gets one."""
    end = date_of("agreement.end_date", wire.end_date) if wire.HasField("end_date") else None
    return Agreement(
        agreement_id=own_id("agreement.agreement_id", wire.agreement_id),
        account_id=id_of("agreement.account_id", wire.account_id),
        usage_point_id=id_of("agreement.usage_point_id", wire.usage_point_id),
        tariff_id=id_of("agreement.tariff_id", wire.tariff_id),
        start_date=date_of("agreement.start_date", wire.start_date),
        end_date=end,
        external_ids=names_of(wire.external_ids),
    )


def agreement_change(patch: pb.Agreement, mask: FieldMask | None) -> Callable[[Agreement], Agreement]:
    """What an update makes of a stored agreement."""
    return patched("agreement", patch, mask, _AGREEMENT, to_wire=wire_agreement, from_wire=agreement_of)


def wire_issuer(issuer: Issuer) -> invoice_pb2.Issuer:
    """An issuer on the wire."""
    return invoice_pb2.Issuer(
        display_name=issuer.display_name,
        postal_address=issuer.postal_address,
        tax_number=issuer.tax_number,
        contact=issuer.contact,
        payment_details=issuer.payment_details,
        payment_days=issuer.payment_days,
        number_prefix=issuer.number_prefix,
        etag=etag_of(issuer.version),
    )


def issuer_of(wire: invoice_pb2.Issuer) -> Issuer:
    """An issuer from the wire; what is absent has its default."""
    default = Issuer()
    return Issuer(
        display_name=wire.display_name,
        postal_address=wire.postal_address,
        tax_number=wire.tax_number,
        contact=wire.contact,
        payment_details=wire.payment_details,
        payment_days=wire.payment_days if wire.HasField("payment_days") else default.payment_days,
        number_prefix=wire.number_prefix if wire.HasField("number_prefix") else default.number_prefix,
    )


def issuer_change(patch: invoice_pb2.Issuer, mask: FieldMask | None) -> Callable[[Issuer], Issuer]:
    """What an update makes of the stored issuer."""
    return masked(patch, mask, _ISSUER, to_wire=wire_issuer, from_wire=issuer_of, keep=("version",))
