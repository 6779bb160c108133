"""Customers, accounts and agreements through gRPC."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from simba.billing.v1 import customer_pb2
from simba.billing.v1 import customer_service_pb2 as pb
from simba.common.v1 import types_pb2
from tests.support.billing import Biller, priced, reason, standing, wire_day

UNKNOWN = str(UUID(int=1))


def get_customer(biller: Biller, customer_id: str) -> Awaitable[Any]:
    return biller.parties.GetCustomer(pb.GetCustomerRequest(customer_id=customer_id))


def update_customer(biller: Biller, *paths: str, **fields: Any) -> Awaitable[Any]:
    mask = FieldMask(paths=paths) if paths else None
    wire = customer_pb2.Customer(**fields)
    return biller.parties.UpdateCustomer(pb.UpdateCustomerRequest(customer=wire, update_mask=mask))


async def test_a_customer_is_made_read_changed_and_archived(biller: Biller) -> None:
    names = [types_pb2.ExternalId(system="cis", value="C-1"), types_pb2.ExternalId(system="crm", value="9")]
    made = await biller.customer(email="ada@example.org", postal_address="1 Road", external_ids=names)
    assert (await get_customer(biller, made.customer_id)).customer == made
    assert UUID(made.customer_id).version == 7

    changed = (
        await update_customer(biller, customer_id=made.customer_id, display_name="Ada B.", etag=made.etag)
    ).customer
    assert (changed.display_name, changed.email) == ("Ada B.", "ada@example.org")
    assert list(changed.external_ids) == names
    assert changed.etag != made.etag
    cleared = (await update_customer(biller, "email", "external_ids", customer_id=made.customer_id)).customer
    assert (cleared.email, list(cleared.external_ids)) == ("", [])

    archived = await biller.parties.ArchiveCustomer(pb.ArchiveCustomerRequest(customer_id=made.customer_id))
    assert archived.customer.archived
    again = update_customer(biller, customer_id=made.customer_id, display_name="C")
    assert (await reason(again))[0] == "RESOURCE_ARCHIVED"
    account = biller.account(made.customer_id)
    assert (await reason(account))[0] == "RESOURCE_ARCHIVED"


async def test_a_stale_etag_and_an_unknown_path_are_refused(biller: Biller) -> None:
    made = await biller.customer()
    await update_customer(biller, customer_id=made.customer_id, email="a@example.org")
    stale = update_customer(biller, customer_id=made.customer_id, email="b@example.org", etag=made.etag)
    assert (await reason(stale))[0] == "ETAG_MISMATCH"
    unknown = update_customer(biller, "shoe_size", customer_id=made.customer_id)
    assert (await reason(unknown))[0] == "INVALID_FIELD_MASK"
    fixed = update_customer(biller, "create_time", customer_id=made.customer_id)
    assert (await reason(fixed))[0] == "INVALID_FIELD_MASK"
    nameless = update_customer(biller, "display_name", customer_id=made.customer_id)
    assert await reason(nameless) == (
        "INVALID_FIELD",
        [("customer.display_name", "a customer needs a name")],
    )


async def test_a_repeated_request_makes_one_customer(biller: Biller) -> None:
    request = pb.CreateCustomerRequest(
        customer=customer_pb2.Customer(display_name="Ada"), request_id=str(uuid4())
    )
    first = await biller.parties.CreateCustomer(request)
    assert await biller.parties.CreateCustomer(request) == first
    request.customer.display_name = "Bob"
    assert (await reason(biller.parties.CreateCustomer(request)))[0] == "REQUEST_ID_REUSED"


async def test_names_of_other_systems_are_unique(biller: Biller, other_biller: Biller) -> None:
    name = types_pb2.ExternalId(system="cis", value="C-7")
    made = await biller.customer(external_ids=[name])
    told = await reason(biller.customer(external_ids=[name]))
    assert told == ("ALREADY_EXISTS", [("customer.external_ids[0]", "cis:C-7 is taken")])
    # Another kind of resource, and another tenant, may have it.
    await biller.account(made.customer_id, external_ids=[name])
    await other_biller.customer(external_ids=[name])
    found = await biller.parties.ListCustomers(pb.ListCustomersRequest(external_id=name))
    assert [one.customer_id for one in found.customers] == [made.customer_id]
    taken = biller.customer(customer_id=made.customer_id)
    assert (await reason(taken))[0] == "ALREADY_EXISTS"


async def test_what_an_account_must_have_cannot_be_cleared(biller: Biller) -> None:
    account = await biller.account()
    wire = customer_pb2.Account(account_id=account.account_id)
    patch = pb.UpdateAccountRequest(account=wire, update_mask=FieldMask(paths=["currency"]))
    told = await reason(biller.parties.UpdateAccount(patch))
    assert told == ("INVALID_FIELD", [("account.currency", "must be set")])


async def test_pages_of_customers(biller: Biller) -> None:
    made = [(await biller.customer(display_name=f"C{i}")).customer_id for i in range(5)]
    await biller.parties.ArchiveCustomer(pb.ArchiveCustomerRequest(customer_id=made[1]))
    seen, token = [], ""
    while True:
        page = await biller.parties.ListCustomers(pb.ListCustomersRequest(page_size=2, page_token=token))
        seen += [one.customer_id for one in page.customers]
        token = page.next_page_token
        if not token:
            break
    assert seen == [made[0], *made[2:]]
    everybody = await biller.parties.ListCustomers(pb.ListCustomersRequest(show_archived=True))
    assert [one.customer_id for one in everybody.customers] == made
    first = await biller.parties.ListCustomers(pb.ListCustomersRequest(page_size=2))
    other_filter = pb.ListCustomersRequest(page_token=first.next_page_token, show_archived=True)
    assert (await reason(biller.parties.ListCustomers(other_filter)))[0] == "PAGE_TOKEN_MISMATCH"


async def test_another_tenants_resources_do_not_exist(biller: Biller, other_biller: Biller) -> None:
    account = await other_biller.account()
    tariff = await other_biller.tariff(standing())
    point = other_biller.usage_point()
    agreement = await other_biller.agreement(tariff.tariff_id, point, account.account_id)
    own_tariff, own_point = await biller.tariff(standing()), biller.usage_point()
    assert (await reason(get_customer(biller, account.customer_id)))[0] == "CUSTOMER_NOT_FOUND"
    change = update_customer(biller, customer_id=account.customer_id, email="x@example.org")
    assert (await reason(change))[0] == "CUSTOMER_NOT_FOUND"
    foreign = pb.GetAgreementRequest(agreement_id=agreement.agreement_id)
    assert (await reason(biller.parties.GetAgreement(foreign)))[0] == "AGREEMENT_NOT_FOUND"
    with_account = biller.agreement(own_tariff.tariff_id, own_point, account.account_id)
    assert (await reason(with_account))[0] == "ACCOUNT_NOT_FOUND"
    assert (await reason(biller.agreement(tariff.tariff_id, own_point)))[0] == "TARIFF_NOT_FOUND"
    assert (await reason(biller.agreement(own_tariff.tariff_id, point)))[0] == "USAGE_POINT_NOT_FOUND"
    assert (await reason(biller.account(account.customer_id)))[0] == "CUSTOMER_NOT_FOUND"


async def test_accounts_are_numbered(biller: Biller) -> None:
    first, second = await biller.account(), await biller.account()
    assert (first.account_number, second.account_number) == ("100001", "100002")
    by_hand = await biller.account(account_number="100003")
    assert by_hand.account_number == "100003"
    assert (await biller.account()).account_number == "100004"
    told = await reason(biller.account(account_number="100003"))
    assert told == ("ALREADY_EXISTS", [("account.account_number", "100003 is taken")])
    found = await biller.parties.ListAccounts(pb.ListAccountsRequest(account_number="100003"))
    assert [one.account_id for one in found.accounts] == [by_hand.account_id]
    mine = await biller.parties.ListAccounts(pb.ListAccountsRequest(customer_id=second.customer_id))
    assert [one.account_id for one in mine.accounts] == [second.account_id]


async def test_what_is_referred_to_is_not_archived(biller: Biller) -> None:
    account = await biller.account()
    tariff = await biller.tariff(standing())
    agreement = await biller.agreement(tariff.tariff_id, biller.usage_point(), account.account_id)
    customer = pb.ArchiveCustomerRequest(customer_id=account.customer_id)
    assert (await reason(biller.parties.ArchiveCustomer(customer)))[0] == "RESOURCE_IN_USE"
    whole = pb.ArchiveAccountRequest(account_id=account.account_id)
    assert (await reason(biller.parties.ArchiveAccount(whole)))[0] == "RESOURCE_IN_USE"
    euros = pb.UpdateAccountRequest(
        account=customer_pb2.Account(account_id=account.account_id, currency="EUR")
    )
    assert (await reason(biller.parties.UpdateAccount(euros)))[0] == "RESOURCE_IN_USE"
    await biller.parties.ArchiveAgreement(pb.ArchiveAgreementRequest(agreement_id=agreement.agreement_id))
    await biller.parties.ArchiveAccount(whole)
    assert (await biller.parties.ArchiveCustomer(customer)).customer.archived


async def test_agreements_of_a_usage_point_do_not_overlap(biller: Biller) -> None:
    tariff = await biller.tariff(standing())
    point = biller.usage_point()
    first = await biller.agreement(
        tariff.tariff_id, point, start_date=wire_day(2026, 1, 1), end_date=wire_day(2026, 3, 1)
    )
    told, violations = await reason(
        biller.agreement(tariff.tariff_id, point, start_date=wire_day(2026, 2, 28))
    )
    assert told == "AGREEMENT_OVERLAP"
    assert violations == [("agreement.start_date", f"overlaps with agreement {first.agreement_id}")]
    second = await biller.agreement(tariff.tariff_id, point, start_date=wire_day(2026, 3, 1))
    longer = biller.update_agreement(agreement_id=first.agreement_id, end_date=wire_day(2026, 3, 2))
    assert (await reason(longer))[0] == "AGREEMENT_OVERLAP"
    await biller.parties.ArchiveAgreement(pb.ArchiveAgreementRequest(agreement_id=second.agreement_id))
    await biller.update_agreement(agreement_id=first.agreement_id, end_date=wire_day(2026, 3, 2))
    request = pb.ListAgreementsRequest(usage_point_id=point)
    found = await biller.parties.ListAgreements(request)
    assert [one.agreement_id for one in found.agreements] == [first.agreement_id]


async def test_account_tariff_and_usage_point_must_go_together(biller: Biller) -> None:
    tariff = await biller.tariff(priced(("", "0.1")))
    euros = await biller.account(currency="EUR")
    wrong_money = biller.agreement(tariff.tariff_id, biller.usage_point(), euros.account_id)
    told = ("agreement.tariff_id", "prices are in GBP, the account is in EUR")
    assert await reason(wrong_money) == ("INVALID_FIELD", [told])
    water = biller.usage_point(commodity="COLD_WATER")
    told = ("agreement.tariff_id", "the tariff sells ELECTRICITY, the usage point has COLD_WATER")
    assert await reason(biller.agreement(tariff.tariff_id, water)) == ("INVALID_FIELD", [told])
    backwards = biller.agreement(
        tariff.tariff_id,
        biller.usage_point(),
        start_date=wire_day(2026, 3, 1),
        end_date=wire_day(2026, 3, 1),
    )
    told = ("agreement.end_date", "2026-03-01 is not after 2026-03-01")
    assert await reason(backwards) == ("INVALID_FIELD", [told])
    no_day = biller.agreement(tariff.tariff_id, biller.usage_point(), start_date=wire_day(2026, 13, 1))
    assert await reason(no_day) == ("INVALID_FIELD", [("agreement.start_date", "2026-13-01 is not a day")])


@pytest.mark.parametrize("missing", ["account_id", "usage_point_id", "tariff_id"])
async def test_agreements_need_all_three(biller: Biller, missing: str) -> None:
    wire = customer_pb2.Agreement(
        account_id=UNKNOWN, usage_point_id=UNKNOWN, tariff_id=UNKNOWN, start_date=wire_day(2026, 1, 1)
    )
    wire.ClearField(missing)
    told = await reason(biller.parties.CreateAgreement(pb.CreateAgreementRequest(agreement=wire)))
    assert told[0] == "INVALID_FIELD"
    assert told[1][0][0] == f"agreement.{missing}"
