"""Personal data of customers: who sees it, handing it out, and taking it away for ever."""

from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from server.billing.personal_data import ERASED
from server.platform.caller import acting_as
from server.platform.history_store import changes_of, opened
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import CreateApiKeyRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.role_pb2 import Role
from simba.access.v1.role_service_pb2 import CreateRoleRequest
from simba.access.v1.role_service_pb2_grpc import RoleServiceStub
from simba.billing.v1 import customer_pb2, events_pb2, invoice_service_pb2
from simba.billing.v1 import customer_service_pb2 as pb
from tests.support.billing import MARCH, Biller, biller_of, reason, standing
from tests.support.platform import TestTenant, eventually

ADA = {
    "display_name": "Ada Example",
    "email": "ada@example.org",
    "postal_address": "12 Mill Lane\nTown",
    "language": "en",
    "external_ids": [{"system": "crm", "value": "4711"}],
}


async def clerk_of(biller: Biller) -> Biller:
    """A caller who may do everything in billing, but not know who customers are."""
    channel = biller.stage.server.channel(biller.tenant.secret)
    role = Role(code="clerk", permissions=["access.self.read", "billing.*", "!billing.personal_data.*"])
    await RoleServiceStub(channel).CreateRole(CreateRoleRequest(role=role))
    wanted = CreateApiKeyRequest(api_key=ApiKey(display_name="Clerk", roles=["clerk"]))
    made = await PrincipalServiceStub(channel).CreateApiKey(wanted)
    return biller_of(biller.stage, TestTenant(biller.tenant.caller, made.secret))


async def billed(biller: Biller) -> tuple[str, str]:
    """Ids of a customer and of the invoice that they got."""
    customer = await biller.customer(**ADA)
    account = await biller.account(customer.customer_id)
    tariff = await biller.tariff(standing())
    await biller.agreement(tariff.tariff_id, biller.usage_point(), account.account_id)
    await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of(account_id=account.account_id)
    return customer.customer_id, invoice.invoice_id


async def customer_of(biller: Biller, customer_id: str) -> customer_pb2.Customer:
    return (await biller.parties.GetCustomer(pb.GetCustomerRequest(customer_id=customer_id))).customer


async def exported(biller: Biller, customer_id: str) -> list[pb.PersonalRecord]:
    request = pb.ExportPersonalDataRequest(customer_id=customer_id)
    return list((await biller.parties.ExportPersonalData(request)).records)


async def erased(biller: Biller, customer_id: str, **more: str) -> pb.ErasePersonalDataResponse:
    request = pb.ErasePersonalDataRequest(customer_id=customer_id, reason="asked for it, Art. 17", **more)
    return await biller.parties.ErasePersonalData(request)


async def test_names_and_addresses_are_hidden_from_who_may_not_see_them(biller: Biller) -> None:
    customer_id, invoice_id = await billed(biller)
    clerk = await clerk_of(biller)
    seen = await customer_of(clerk, customer_id)
    assert (seen.display_name, seen.email, seen.postal_address) == ("***", "***", "***")
    assert seen.language == "en"
    listed = (await clerk.parties.ListCustomers(pb.ListCustomersRequest())).customers
    assert [one.display_name for one in listed] == ["***"]
    (invoice,) = await clerk.invoices_of()
    assert (invoice.customer_name, invoice.postal_address, invoice.service_address) == ("***", "***", "***")
    assert (await biller.invoices_of())[0].customer_name == "Ada Example"
    request = invoice_service_pb2.GetInvoicePdfRequest(invoice_id=invoice_id)
    theirs, mine = await clerk.invoices.GetInvoicePdf(request), await biller.invoices.GetInvoicePdf(request)
    assert theirs.document.data != mine.document.data
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await clerk.parties.ExportPersonalData(pb.ExportPersonalDataRequest(customer_id=customer_id))
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_what_is_hidden_is_not_written_over(biller: Biller) -> None:
    customer = await biller.customer(**ADA)
    clerk = await clerk_of(biller)
    seen = await customer_of(clerk, customer.customer_id)
    seen.language = "de"
    await clerk.parties.UpdateCustomer(pb.UpdateCustomerRequest(customer=seen))
    kept = await customer_of(biller, customer.customer_id)
    assert (kept.display_name, kept.email, kept.language) == ("Ada Example", "ada@example.org", "de")
    seen.etag = ""
    by_name = pb.UpdateCustomerRequest(customer=seen)
    by_name.update_mask.paths.append("email")
    assert (await reason(clerk.parties.UpdateCustomer(by_name)))[0] == "INVALID_FIELD_MASK"


async def test_a_person_gets_all_that_is_kept(biller: Biller) -> None:
    customer_id, invoice_id = await billed(biller)
    changed = customer_pb2.Customer(customer_id=customer_id, email="ada@new.example")
    await biller.parties.UpdateCustomer(
        pb.UpdateCustomerRequest(customer=changed, update_mask={"paths": ["email"]})
    )
    records = await exported(biller, customer_id)
    by_kind = {record.resource_kind: record for record in reversed(records)}
    assert [record.resource_kind for record in records] == [
        "customer",
        "usage_point",
        "invoice",
        "change",
        "change",
    ]
    assert by_kind["customer"].fields["email"] == "ada@new.example"
    assert by_kind["customer"].fields["external_ids.crm"] == "4711"
    assert by_kind["usage_point"].fields["address"] == "1 Test Road\nTown"
    assert by_kind["invoice"].resource_id == invoice_id
    assert by_kind["invoice"].fields["customer_name"] == "Ada Example"
    assert by_kind["change"].fields["email.before"] == '"ada@example.org"'
    assert by_kind["change"].fields["email.after"] == '"ada@new.example"'


async def test_erasure_leaves_bills_under_a_number(biller: Biller) -> None:
    customer_id, invoice_id = await billed(biller)
    (before,) = await biller.invoices_of()
    answer = await erased(biller, customer_id)
    assert answer.erased_records == 2
    assert answer.customer.display_name == ERASED
    assert not answer.customer.external_ids
    stored = await customer_of(biller, customer_id)
    assert (stored.display_name, stored.email, stored.postal_address) == (ERASED, ERASED, ERASED)
    (after,) = await biller.invoices_of()
    assert (after.customer_name, after.service_address) == (ERASED, ERASED)
    assert after.postal_address == ERASED
    for name in ("customer_name", "postal_address", "service_address"):
        before.ClearField(name)
        after.ClearField(name)
    assert before == after
    document = await biller.invoices.GetInvoicePdf(
        invoice_service_pb2.GetInvoicePdfRequest(invoice_id=invoice_id)
    )
    assert document.document.data.startswith(b"%PDF-")
    again = await erased(biller, customer_id)
    assert again.erased_records == 0
    assert (await reason(erased(biller, str(uuid4()))))[0] == "CUSTOMER_NOT_FOUND"


async def test_nothing_is_left_anywhere(biller: Biller) -> None:
    request_id = str(uuid4())
    asked = pb.CreateCustomerRequest(customer=customer_pb2.Customer(**ADA), request_id=request_id)
    customer_id = (await biller.parties.CreateCustomer(asked)).customer.customer_id
    await erased(biller, customer_id, request_id=str(uuid4()))

    with acting_as(biller.tenant.caller):
        await _see_that_nothing_is_left(biller, customer_id)
    everything = str(await exported(biller, customer_id))
    assert "Ada" not in everything
    assert "4711" not in everything
    # The call stays done, its answer has lost the name.
    repeated = (await biller.parties.CreateCustomer(asked)).customer
    assert (repeated.customer_id, repeated.display_name) == (customer_id, "")


async def _see_that_nothing_is_left(biller: Biller, customer_id: str) -> None:
    async with biller.stage.platform.uow() as tx:
        found = await changes_of(tx, [("customer", customer_id)], limit=10)
        told = await opened(tx, found)
        left = await tx.conn.scalar(
            sa.text("SELECT count(*) FROM personal_key WHERE subject = :one"),
            {"one": f"customer/{customer_id}"},
        )
    assert [one.action for one in found] == ["erased", "created"]
    assert found[0].reason == "asked for it, Art. 17"
    assert left == 0
    assert not [text for fields in told for field in fields for text in _said(field) if "Ada" in text]


async def test_an_archived_customer_is_erased_too(biller: Biller) -> None:
    customer = await biller.customer(**ADA)
    await biller.parties.ArchiveCustomer(pb.ArchiveCustomerRequest(customer_id=customer.customer_id))
    answer = await erased(biller, customer.customer_id)
    assert answer.customer.archived
    assert answer.erased_records == 1


async def test_events_do_not_carry_who_is_billed(biller: Biller) -> None:
    _, invoice_id = await billed(biller)

    def told() -> list[bytes]:
        mine = [one for one in biller.stage.heard.events if one.tenant_id == biller.tenant_id]
        return [one.payload for one in mine if one.topic == "invoice.issued"]

    (payload,) = await eventually(told)
    issued = events_pb2.InvoiceIssued.FromString(payload).invoice
    assert issued.invoice_id == invoice_id
    assert (issued.customer_name, issued.postal_address, issued.service_address) == ("", "", "")


async def test_nothing_else_of_an_invoice_can_be_changed(biller: Biller) -> None:
    _, invoice_id = await billed(biller)
    for change in ("customer_name = 'Somebody else'", "total_amount = 0"):
        with pytest.raises(DBAPIError):
            async with biller.stage.platform.uow.transaction(biller.tenant_id) as transaction:
                await transaction.conn.execute(
                    sa.text(f"UPDATE invoice SET {change} WHERE invoice_id = :one"),
                    {"one": invoice_id},
                )


def _said(field: object) -> tuple[str, str]:
    return (field.before, field.after)
