"""Customers, accounts, agreements and issuers on the wire and in the domain, both ways."""

from collections.abc import Callable
from dataclasses import replace

from google.protobuf.field_mask_pb2 import FieldMask

from server.billing.convert import (
    date_of,
    id_of,
    names_of,
    own_id_of,
    wire_date,
    wire_names,
)
from server.billing.parties import Account, Agreement, Customer, Issuer
from server.platform.etags import etag_of
from server.platform.masks import apply_mask
from server.platform.resource_store import Stored
from simba.billing.v1 import customer_pb2 as pb
from simba.billing.v1 import invoice_pb2

_CUSTOMER = {"display_name", "email", "postal_address", "language", "external_ids"}
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
    """A customer on the wire."""
    wire = pb.Customer(
        customer_id=str(customer.customer_id),
        display_name=customer.display_name,
        email=customer.email,
        postal_address=customer.postal_address,
        language=customer.language,
        external_ids=wire_names(customer.external_ids),
    )
    _write_stored(wire, customer.stored)
    return wire


def customer_of(wire: pb.Customer) -> Customer:
    """A customer from the wire; without an id it gets one."""
    return Customer(
        customer_id=own_id_of("customer.customer_id", wire.customer_id),
        display_name=wire.display_name,
        email=wire.email,
        postal_address=wire.postal_address,
        language=wire.language,
        external_ids=names_of(wire.external_ids),
    )


def customer_change(patch: pb.Customer, mask: FieldMask | None) -> Callable[[Customer], Customer]:
    """What an update makes of a stored customer."""

    def change(current: Customer) -> Customer:
        target = wire_customer(current)
        apply_mask(target, patch, mask, _CUSTOMER)
        return replace(customer_of(target), stored=current.stored)

    return change


def wire_account(account: Account) -> pb.Account:
    """An account on the wire."""
    wire = pb.Account(
        account_id=str(account.account_id),
        customer_id=str(account.customer_id),
        account_number=account.account_number,
        currency=account.currency,
        external_ids=wire_names(account.external_ids),
    )
    _write_stored(wire, account.stored)
    return wire


def account_of(wire: pb.Account) -> Account:
    """An account from the wire; without an id it gets one."""
    return Account(
        account_id=own_id_of("account.account_id", wire.account_id),
        customer_id=id_of("account.customer_id", wire.customer_id),
        account_number=wire.account_number,
        currency=wire.currency,
        external_ids=names_of(wire.external_ids),
    )


def account_change(patch: pb.Account, mask: FieldMask | None) -> Callable[[Account], Account]:
    """What an update makes of a stored account."""

    def change(current: Account) -> Account:
        target = wire_account(current)
        apply_mask(target, patch, mask, _ACCOUNT)
        return replace(account_of(target), stored=current.stored)

    return change


def wire_agreement(agreement: Agreement) -> pb.Agreement:
    """An agreement on the wire."""
    wire = pb.Agreement(
        agreement_id=str(agreement.agreement_id),
        account_id=str(agreement.account_id),
        usage_point_id=str(agreement.usage_point_id),
        tariff_id=str(agreement.tariff_id),
        start_date=wire_date(agreement.start_date),
        end_date=wire_date(agreement.end_date),
        external_ids=wire_names(agreement.external_ids),
    )
    _write_stored(wire, agreement.stored)
    return wire


def agreement_of(wire: pb.Agreement) -> Agreement:
    """An agreement from the wire; without an id it gets one."""
    end = date_of("agreement.end_date", wire.end_date) if wire.HasField("end_date") else None
    return Agreement(
        agreement_id=own_id_of("agreement.agreement_id", wire.agreement_id),
        account_id=id_of("agreement.account_id", wire.account_id),
        usage_point_id=id_of("agreement.usage_point_id", wire.usage_point_id),
        tariff_id=id_of("agreement.tariff_id", wire.tariff_id),
        start_date=date_of("agreement.start_date", wire.start_date),
        end_date=end,
        external_ids=names_of(wire.external_ids),
    )


def agreement_change(patch: pb.Agreement, mask: FieldMask | None) -> Callable[[Agreement], Agreement]:
    """What an update makes of a stored agreement."""

    def change(current: Agreement) -> Agreement:
        target = wire_agreement(current)
        apply_mask(target, patch, mask, _AGREEMENT)
        return replace(agreement_of(target), stored=current.stored)

    return change


def _write_stored(wire: pb.Customer | pb.Account | pb.Agreement, stored: Stored) -> None:
    wire.archived = stored.archived
    wire.create_time.FromDatetime(stored.create_time)
    wire.update_time.FromDatetime(stored.update_time)
    wire.etag = etag_of(stored.version)


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

    def change(current: Issuer) -> Issuer:
        target = wire_issuer(current)
        apply_mask(target, patch, mask, _ISSUER)
        return replace(issuer_of(target), version=current.version)

    return change
