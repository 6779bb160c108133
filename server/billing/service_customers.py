"""``simba.billing.v1.CustomerService``."""

from typing import Any

from server.billing.agreements import Agreements
from server.billing.convert import id_of
from server.billing.convert_parties import (
    account_change,
    account_of,
    agreement_change,
    agreement_of,
    customer_change,
    customer_of,
    wire_account,
    wire_agreement,
    wire_customer,
    wire_record,
)
from server.billing.customers import Accounts, Customers
from server.billing.personal_data import PersonalData
from server.platform.wire import maybe_id, name_filter
from simba.billing.v1 import customer_service_pb2 as pb
from simba.billing.v1 import customer_service_pb2_grpc as rpc


class CustomerService(rpc.CustomerServiceServicer):
    """Converts, calls, converts."""

    def __init__(
        self, customers: Customers, accounts: Accounts, agreements: Agreements, personal: PersonalData
    ) -> None:
        self._personal = personal
        self._customers = customers
        self._accounts = accounts
        self._agreements = agreements

    async def CreateCustomer(
        self, request: pb.CreateCustomerRequest, context: Any
    ) -> pb.CreateCustomerResponse:
        """A new customer."""
        customer = await self._customers.create(customer_of(request.customer))
        return pb.CreateCustomerResponse(customer=wire_customer(customer))

    async def GetCustomer(self, request: pb.GetCustomerRequest, context: Any) -> pb.GetCustomerResponse:
        """One customer."""
        customer = await self._customers.get(id_of("customer_id", request.customer_id))
        return pb.GetCustomerResponse(customer=wire_customer(customer))

    async def ListCustomers(self, request: pb.ListCustomersRequest, context: Any) -> pb.ListCustomersResponse:
        """A page of customers."""
        rows, following = await self._customers.page(
            name_filter(request),
            archived=request.show_archived,
            size=request.page_size,
            token=request.page_token,
            bound_to=request,
        )
        return pb.ListCustomersResponse(customers=map(wire_customer, rows), next_page_token=following)

    async def UpdateCustomer(
        self, request: pb.UpdateCustomerRequest, context: Any
    ) -> pb.UpdateCustomerResponse:
        """A changed customer."""
        customer_id = id_of("customer.customer_id", request.customer.customer_id)
        change = customer_change(request.customer, request.update_mask)
        customer = await self._customers.update(customer_id, request.customer.etag, change)
        return pb.UpdateCustomerResponse(customer=wire_customer(customer))

    async def ArchiveCustomer(
        self, request: pb.ArchiveCustomerRequest, context: Any
    ) -> pb.ArchiveCustomerResponse:
        """An archived customer."""
        customer = await self._customers.archive(id_of("customer_id", request.customer_id), request.etag)
        return pb.ArchiveCustomerResponse(customer=wire_customer(customer))

    async def CreateAccount(self, request: pb.CreateAccountRequest, context: Any) -> pb.CreateAccountResponse:
        """A new account."""
        account = await self._accounts.create(account_of(request.account))
        return pb.CreateAccountResponse(account=wire_account(account))

    async def GetAccount(self, request: pb.GetAccountRequest, context: Any) -> pb.GetAccountResponse:
        """One account."""
        account = await self._accounts.get(id_of("account_id", request.account_id))
        return pb.GetAccountResponse(account=wire_account(account))

    async def ListAccounts(self, request: pb.ListAccountsRequest, context: Any) -> pb.ListAccountsResponse:
        """A page of accounts."""
        rows, following = await self._accounts.page(
            maybe_id("customer_id", request.customer_id),
            request.account_number,
            archived=request.show_archived,
            size=request.page_size,
            token=request.page_token,
            bound_to=request,
        )
        return pb.ListAccountsResponse(accounts=map(wire_account, rows), next_page_token=following)

    async def UpdateAccount(self, request: pb.UpdateAccountRequest, context: Any) -> pb.UpdateAccountResponse:
        """A changed account."""
        account_id = id_of("account.account_id", request.account.account_id)
        change = account_change(request.account, request.update_mask)
        account = await self._accounts.update(account_id, request.account.etag, change)
        return pb.UpdateAccountResponse(account=wire_account(account))

    async def ArchiveAccount(
        self, request: pb.ArchiveAccountRequest, context: Any
    ) -> pb.ArchiveAccountResponse:
        """An archived account."""
        account = await self._accounts.archive(id_of("account_id", request.account_id), request.etag)
        return pb.ArchiveAccountResponse(account=wire_account(account))

    async def CreateAgreement(
        self, request: pb.CreateAgreementRequest, context: Any
    ) -> pb.CreateAgreementResponse:
        """A new agreement."""
        agreement = await self._agreements.create(agreement_of(request.agreement))
        return pb.CreateAgreementResponse(agreement=wire_agreement(agreement))

    async def GetAgreement(self, request: pb.GetAgreementRequest, context: Any) -> pb.GetAgreementResponse:
        """One agreement."""
        agreement = await self._agreements.get(id_of("agreement_id", request.agreement_id))
        return pb.GetAgreementResponse(agreement=wire_agreement(agreement))

    async def ListAgreements(
        self, request: pb.ListAgreementsRequest, context: Any
    ) -> pb.ListAgreementsResponse:
        """A page of agreements."""
        rows, following = await self._agreements.page(
            maybe_id("account_id", request.account_id),
            maybe_id("usage_point_id", request.usage_point_id),
            archived=request.show_archived,
            size=request.page_size,
            token=request.page_token,
            bound_to=request,
        )
        return pb.ListAgreementsResponse(agreements=map(wire_agreement, rows), next_page_token=following)

    async def UpdateAgreement(
        self, request: pb.UpdateAgreementRequest, context: Any
    ) -> pb.UpdateAgreementResponse:
        """A changed agreement."""
        agreement_id = id_of("agreement.agreement_id", request.agreement.agreement_id)
        change = agreement_change(request.agreement, request.update_mask)
        agreement = await self._agreements.update(agreement_id, request.agreement.etag, change)
        return pb.UpdateAgreementResponse(agreement=wire_agreement(agreement))

    async def ArchiveAgreement(
        self, request: pb.ArchiveAgreementRequest, context: Any
    ) -> pb.ArchiveAgreementResponse:
        """An archived agreement."""
        agreement = await self._agreements.archive(id_of("agreement_id", request.agreement_id), request.etag)
        return pb.ArchiveAgreementResponse(agreement=wire_agreement(agreement))

    async def ExportPersonalData(
        self, request: pb.ExportPersonalDataRequest, context: Any
    ) -> pb.ExportPersonalDataResponse:
        """All that is kept about a customer as a person."""
        records = await self._personal.export(id_of("customer_id", request.customer_id))
        return pb.ExportPersonalDataResponse(records=map(wire_record, records))

    async def ErasePersonalData(
        self, request: pb.ErasePersonalDataRequest, context: Any
    ) -> pb.ErasePersonalDataResponse:
        """A customer without a name."""
        customer, count = await self._personal.erase(
            id_of("customer_id", request.customer_id), request.reason
        )
        return pb.ErasePersonalDataResponse(customer=wire_customer(customer), erased_records=count)
