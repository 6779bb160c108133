"""Calls of `simba.billing.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

from collections.abc import Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._streams import AsyncStream, Stream
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import field_mask, new_request_id, present

from .. import methods
from ..simba.billing import v1 as billing_v1
from ..simba.common import v1 as common_v1


class BillingRunService:
    """Makes invoices.

    1. Create a run for a period; with `dry_run` to see what it would give.

    2. Watch it with `WatchBillingRun`, or poll `GetBillingRun`.

    3. Look at what could not be billed with `ListBillingExceptions`, mend it, and run again:
       who has been billed for the period is not billed twice.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_billing_run(
        self,
        billing_run: billing_v1.BillingRun,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.BillingRun:
        """Begins a run.

        Args:
            billing_run: The run.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.BILLING_RUN_SERVICE_CREATE_BILLING_RUN,
                    billing_v1.CreateBillingRunRequest(billing_run=billing_run, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).billing_run,
            "billing_run",
        )

    def get_billing_run(
        self,
        billing_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.BillingRun:
        """One run.

        Args:
            billing_run_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.BILLING_RUN_SERVICE_GET_BILLING_RUN,
                    billing_v1.GetBillingRunRequest(billing_run_id=billing_run_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).billing_run,
            "billing_run",
        )

    def list_billing_runs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.BillingRun]:
        """The tenant's runs, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.BILLING_RUN_SERVICE_LIST_BILLING_RUNS,
            billing_v1.ListBillingRunsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.billing_runs,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_billing_run(
        self,
        billing_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[billing_v1.BillingRun]:
        """The run now, and again at each step until it is over.

        Args:
            billing_run_id: Which one.
        """
        return Stream(
            self._transport,
            methods.BILLING_RUN_SERVICE_WATCH_BILLING_RUN,
            billing_v1.WatchBillingRunRequest(billing_run_id=billing_run_id),
            lambda said: [present(said.billing_run, "billing_run")],
            rpc_timeout,
            rpc_metadata,
        )

    def list_billing_exceptions(
        self,
        billing_run_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.BillingException]:
        """What could not be billed, and why.

        Args:
            billing_run_id: In which run.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.BILLING_RUN_SERVICE_LIST_BILLING_EXCEPTIONS,
            billing_v1.ListBillingExceptionsRequest(
                billing_run_id=billing_run_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.exceptions,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncBillingRunService:
    """Makes invoices.

    1. Create a run for a period; with `dry_run` to see what it would give.

    2. Watch it with `WatchBillingRun`, or poll `GetBillingRun`.

    3. Look at what could not be billed with `ListBillingExceptions`, mend it, and run again:
       who has been billed for the period is not billed twice.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_billing_run(
        self,
        billing_run: billing_v1.BillingRun,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.BillingRun:
        """Begins a run.

        Args:
            billing_run: The run.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.BILLING_RUN_SERVICE_CREATE_BILLING_RUN,
                    billing_v1.CreateBillingRunRequest(billing_run=billing_run, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).billing_run,
            "billing_run",
        )

    async def get_billing_run(
        self,
        billing_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.BillingRun:
        """One run.

        Args:
            billing_run_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.BILLING_RUN_SERVICE_GET_BILLING_RUN,
                    billing_v1.GetBillingRunRequest(billing_run_id=billing_run_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).billing_run,
            "billing_run",
        )

    def list_billing_runs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.BillingRun]:
        """The tenant's runs, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.BILLING_RUN_SERVICE_LIST_BILLING_RUNS,
            billing_v1.ListBillingRunsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.billing_runs,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_billing_run(
        self,
        billing_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[billing_v1.BillingRun]:
        """The run now, and again at each step until it is over.

        Args:
            billing_run_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.BILLING_RUN_SERVICE_WATCH_BILLING_RUN,
            billing_v1.WatchBillingRunRequest(billing_run_id=billing_run_id),
            lambda said: [present(said.billing_run, "billing_run")],
            rpc_timeout,
            rpc_metadata,
        )

    def list_billing_exceptions(
        self,
        billing_run_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.BillingException]:
        """What could not be billed, and why.

        Args:
            billing_run_id: In which run.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.BILLING_RUN_SERVICE_LIST_BILLING_EXCEPTIONS,
            billing_v1.ListBillingExceptionsRequest(
                billing_run_id=billing_run_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.exceptions,
            rpc_timeout,
            rpc_metadata,
        )


class CustomerService:
    """Who pays for what."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_customer(
        self,
        customer: billing_v1.Customer,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """Makes a customer.

        Args:
            customer: The customer to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_CREATE_CUSTOMER,
                    billing_v1.CreateCustomerRequest(customer=customer, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    def get_customer(
        self,
        customer_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """One customer.

        Args:
            customer_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_GET_CUSTOMER,
                    billing_v1.GetCustomerRequest(customer_id=customer_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    def list_customers(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        external_id: common_v1.ExternalId | None = None,
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.Customer]:
        """The tenant's customers, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            external_id: Only that which this other system calls so.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.CUSTOMER_SERVICE_LIST_CUSTOMERS,
            billing_v1.ListCustomersRequest(
                page_size=page_size,
                page_token=page_token,
                external_id=external_id,
                show_archived=show_archived,
            ),
            lambda page: page.customers,
            rpc_timeout,
            rpc_metadata,
        )

    def update_customer(
        self,
        customer: billing_v1.Customer,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """Changes a customer.

        Args:
            customer: The new values; `customer_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_UPDATE_CUSTOMER,
                    billing_v1.UpdateCustomerRequest(
                        customer=customer, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    def archive_customer(
        self,
        customer_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """Archives a customer: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            customer_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_ARCHIVE_CUSTOMER,
                    billing_v1.ArchiveCustomerRequest(
                        customer_id=customer_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    def create_account(
        self,
        account: billing_v1.Account,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """Makes an account.

        Args:
            account: The account to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_CREATE_ACCOUNT,
                    billing_v1.CreateAccountRequest(account=account, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    def get_account(
        self,
        account_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """One account.

        Args:
            account_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_GET_ACCOUNT,
                    billing_v1.GetAccountRequest(account_id=account_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    def list_accounts(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        customer_id: str = "",
        account_number: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.Account]:
        """The tenant's accounts, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            customer_id: Only those of this customer.
            account_number: Only that with this number.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.CUSTOMER_SERVICE_LIST_ACCOUNTS,
            billing_v1.ListAccountsRequest(
                page_size=page_size,
                page_token=page_token,
                customer_id=customer_id,
                account_number=account_number,
                show_archived=show_archived,
            ),
            lambda page: page.accounts,
            rpc_timeout,
            rpc_metadata,
        )

    def update_account(
        self,
        account: billing_v1.Account,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """Changes an account.

        Args:
            account: The new values; `account_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_UPDATE_ACCOUNT,
                    billing_v1.UpdateAccountRequest(
                        account=account, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    def archive_account(
        self,
        account_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """Archives an account: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            account_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_ARCHIVE_ACCOUNT,
                    billing_v1.ArchiveAccountRequest(account_id=account_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    def create_agreement(
        self,
        agreement: billing_v1.Agreement,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """Makes an agreement.

        Args:
            agreement: The agreement to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_CREATE_AGREEMENT,
                    billing_v1.CreateAgreementRequest(agreement=agreement, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    def get_agreement(
        self,
        agreement_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """One agreement.

        Args:
            agreement_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_GET_AGREEMENT,
                    billing_v1.GetAgreementRequest(agreement_id=agreement_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    def list_agreements(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        account_id: str = "",
        usage_point_id: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.Agreement]:
        """The tenant's agreements, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            account_id: Only those of this account.
            usage_point_id: Only those of this usage point.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.CUSTOMER_SERVICE_LIST_AGREEMENTS,
            billing_v1.ListAgreementsRequest(
                page_size=page_size,
                page_token=page_token,
                account_id=account_id,
                usage_point_id=usage_point_id,
                show_archived=show_archived,
            ),
            lambda page: page.agreements,
            rpc_timeout,
            rpc_metadata,
        )

    def update_agreement(
        self,
        agreement: billing_v1.Agreement,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """Changes an agreement.

        Args:
            agreement: The new values; `agreement_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_UPDATE_AGREEMENT,
                    billing_v1.UpdateAgreementRequest(
                        agreement=agreement, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    def archive_agreement(
        self,
        agreement_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """Archives an agreement: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            agreement_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CUSTOMER_SERVICE_ARCHIVE_AGREEMENT,
                    billing_v1.ArchiveAgreementRequest(
                        agreement_id=agreement_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    def export_personal_data(
        self,
        customer_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[billing_v1.PersonalRecord]:
        """All that is kept about a customer as a person, for that person.

        Args:
            customer_id: Which one.
        """
        return (
            self._transport.unary(
                methods.CUSTOMER_SERVICE_EXPORT_PERSONAL_DATA,
                billing_v1.ExportPersonalDataRequest(customer_id=customer_id),
                rpc_timeout,
                rpc_metadata,
            )
        ).records

    def erase_personal_data(
        self,
        customer_id: str,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.ErasePersonalDataResponse:
        """Takes out of everything what tells who a customer is. Bills and readings stay, under a
        number; it cannot be undone.

        Args:
            customer_id: Which one.
            reason: Why, for the record.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.CUSTOMER_SERVICE_ERASE_PERSONAL_DATA,
            billing_v1.ErasePersonalDataRequest(
                customer_id=customer_id, reason=reason, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncCustomerService:
    """Who pays for what."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_customer(
        self,
        customer: billing_v1.Customer,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """Makes a customer.

        Args:
            customer: The customer to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_CREATE_CUSTOMER,
                    billing_v1.CreateCustomerRequest(customer=customer, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    async def get_customer(
        self,
        customer_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """One customer.

        Args:
            customer_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_GET_CUSTOMER,
                    billing_v1.GetCustomerRequest(customer_id=customer_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    def list_customers(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        external_id: common_v1.ExternalId | None = None,
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.Customer]:
        """The tenant's customers, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            external_id: Only that which this other system calls so.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.CUSTOMER_SERVICE_LIST_CUSTOMERS,
            billing_v1.ListCustomersRequest(
                page_size=page_size,
                page_token=page_token,
                external_id=external_id,
                show_archived=show_archived,
            ),
            lambda page: page.customers,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_customer(
        self,
        customer: billing_v1.Customer,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """Changes a customer.

        Args:
            customer: The new values; `customer_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_UPDATE_CUSTOMER,
                    billing_v1.UpdateCustomerRequest(
                        customer=customer, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    async def archive_customer(
        self,
        customer_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Customer:
        """Archives a customer: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            customer_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_ARCHIVE_CUSTOMER,
                    billing_v1.ArchiveCustomerRequest(
                        customer_id=customer_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).customer,
            "customer",
        )

    async def create_account(
        self,
        account: billing_v1.Account,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """Makes an account.

        Args:
            account: The account to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_CREATE_ACCOUNT,
                    billing_v1.CreateAccountRequest(account=account, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    async def get_account(
        self,
        account_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """One account.

        Args:
            account_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_GET_ACCOUNT,
                    billing_v1.GetAccountRequest(account_id=account_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    def list_accounts(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        customer_id: str = "",
        account_number: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.Account]:
        """The tenant's accounts, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            customer_id: Only those of this customer.
            account_number: Only that with this number.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.CUSTOMER_SERVICE_LIST_ACCOUNTS,
            billing_v1.ListAccountsRequest(
                page_size=page_size,
                page_token=page_token,
                customer_id=customer_id,
                account_number=account_number,
                show_archived=show_archived,
            ),
            lambda page: page.accounts,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_account(
        self,
        account: billing_v1.Account,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """Changes an account.

        Args:
            account: The new values; `account_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_UPDATE_ACCOUNT,
                    billing_v1.UpdateAccountRequest(
                        account=account, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    async def archive_account(
        self,
        account_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Account:
        """Archives an account: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            account_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_ARCHIVE_ACCOUNT,
                    billing_v1.ArchiveAccountRequest(account_id=account_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).account,
            "account",
        )

    async def create_agreement(
        self,
        agreement: billing_v1.Agreement,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """Makes an agreement.

        Args:
            agreement: The agreement to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_CREATE_AGREEMENT,
                    billing_v1.CreateAgreementRequest(agreement=agreement, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    async def get_agreement(
        self,
        agreement_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """One agreement.

        Args:
            agreement_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_GET_AGREEMENT,
                    billing_v1.GetAgreementRequest(agreement_id=agreement_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    def list_agreements(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        account_id: str = "",
        usage_point_id: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.Agreement]:
        """The tenant's agreements, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            account_id: Only those of this account.
            usage_point_id: Only those of this usage point.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.CUSTOMER_SERVICE_LIST_AGREEMENTS,
            billing_v1.ListAgreementsRequest(
                page_size=page_size,
                page_token=page_token,
                account_id=account_id,
                usage_point_id=usage_point_id,
                show_archived=show_archived,
            ),
            lambda page: page.agreements,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_agreement(
        self,
        agreement: billing_v1.Agreement,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """Changes an agreement.

        Args:
            agreement: The new values; `agreement_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_UPDATE_AGREEMENT,
                    billing_v1.UpdateAgreementRequest(
                        agreement=agreement, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    async def archive_agreement(
        self,
        agreement_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Agreement:
        """Archives an agreement: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            agreement_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CUSTOMER_SERVICE_ARCHIVE_AGREEMENT,
                    billing_v1.ArchiveAgreementRequest(
                        agreement_id=agreement_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).agreement,
            "agreement",
        )

    async def export_personal_data(
        self,
        customer_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[billing_v1.PersonalRecord]:
        """All that is kept about a customer as a person, for that person.

        Args:
            customer_id: Which one.
        """
        return (
            await self._transport.unary(
                methods.CUSTOMER_SERVICE_EXPORT_PERSONAL_DATA,
                billing_v1.ExportPersonalDataRequest(customer_id=customer_id),
                rpc_timeout,
                rpc_metadata,
            )
        ).records

    async def erase_personal_data(
        self,
        customer_id: str,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.ErasePersonalDataResponse:
        """Takes out of everything what tells who a customer is. Bills and readings stay, under a
        number; it cannot be undone.

        Args:
            customer_id: Which one.
            reason: Why, for the record.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.CUSTOMER_SERVICE_ERASE_PERSONAL_DATA,
            billing_v1.ErasePersonalDataRequest(
                customer_id=customer_id, reason=reason, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )


class InvoiceService:
    """Invoices."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_invoice(
        self,
        invoice_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Invoice:
        """One invoice.

        Args:
            invoice_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.INVOICE_SERVICE_GET_INVOICE,
                    billing_v1.GetInvoiceRequest(invoice_id=invoice_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).invoice,
            "invoice",
        )

    def list_invoices(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        account_id: str = "",
        billing_run_id: str = "",
        usage_point_id: str = "",
        invoice_number: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.Invoice]:
        """The tenant's invoices, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            account_id: Only those of this account.
            billing_run_id: Only those of this run.
            usage_point_id: Only those for this usage point.
            invoice_number: Only that with this number.
        """
        return Pages(
            self._transport,
            methods.INVOICE_SERVICE_LIST_INVOICES,
            billing_v1.ListInvoicesRequest(
                page_size=page_size,
                page_token=page_token,
                account_id=account_id,
                billing_run_id=billing_run_id,
                usage_point_id=usage_point_id,
                invoice_number=invoice_number,
            ),
            lambda page: page.invoices,
            rpc_timeout,
            rpc_metadata,
        )

    def get_invoice_pdf(
        self,
        invoice_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.GetInvoicePdfResponse:
        """The invoice as a PDF; the same invoice gives the same bytes. Over REST the answer's body
        is the document itself.

        Args:
            invoice_id: Which one.
        """
        return self._transport.unary(
            methods.INVOICE_SERVICE_GET_INVOICE_PDF,
            billing_v1.GetInvoicePdfRequest(invoice_id=invoice_id),
            rpc_timeout,
            rpc_metadata,
        )

    def get_issuer(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Issuer:
        """Who issues the tenant's invoices."""
        return present(
            (
                self._transport.unary(
                    methods.INVOICE_SERVICE_GET_ISSUER,
                    billing_v1.GetIssuerRequest(),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).issuer,
            "issuer",
        )

    def update_issuer(
        self,
        issuer: billing_v1.Issuer,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Issuer:
        """Changes who issues invoices from now on; those that were issued keep theirs.

        Args:
            issuer: The new values; `etag` (if given) what they must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.INVOICE_SERVICE_UPDATE_ISSUER,
                    billing_v1.UpdateIssuerRequest(
                        issuer=issuer, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).issuer,
            "issuer",
        )


class AsyncInvoiceService:
    """Invoices."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_invoice(
        self,
        invoice_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Invoice:
        """One invoice.

        Args:
            invoice_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.INVOICE_SERVICE_GET_INVOICE,
                    billing_v1.GetInvoiceRequest(invoice_id=invoice_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).invoice,
            "invoice",
        )

    def list_invoices(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        account_id: str = "",
        billing_run_id: str = "",
        usage_point_id: str = "",
        invoice_number: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.Invoice]:
        """The tenant's invoices, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            account_id: Only those of this account.
            billing_run_id: Only those of this run.
            usage_point_id: Only those for this usage point.
            invoice_number: Only that with this number.
        """
        return AsyncPages(
            self._transport,
            methods.INVOICE_SERVICE_LIST_INVOICES,
            billing_v1.ListInvoicesRequest(
                page_size=page_size,
                page_token=page_token,
                account_id=account_id,
                billing_run_id=billing_run_id,
                usage_point_id=usage_point_id,
                invoice_number=invoice_number,
            ),
            lambda page: page.invoices,
            rpc_timeout,
            rpc_metadata,
        )

    async def get_invoice_pdf(
        self,
        invoice_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.GetInvoicePdfResponse:
        """The invoice as a PDF; the same invoice gives the same bytes. Over REST the answer's body
        is the document itself.

        Args:
            invoice_id: Which one.
        """
        return await self._transport.unary(
            methods.INVOICE_SERVICE_GET_INVOICE_PDF,
            billing_v1.GetInvoicePdfRequest(invoice_id=invoice_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def get_issuer(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Issuer:
        """Who issues the tenant's invoices."""
        return present(
            (
                await self._transport.unary(
                    methods.INVOICE_SERVICE_GET_ISSUER,
                    billing_v1.GetIssuerRequest(),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).issuer,
            "issuer",
        )

    async def update_issuer(
        self,
        issuer: billing_v1.Issuer,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Issuer:
        """Changes who issues invoices from now on; those that were issued keep theirs.

        Args:
            issuer: The new values; `etag` (if given) what they must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.INVOICE_SERVICE_UPDATE_ISSUER,
                    billing_v1.UpdateIssuerRequest(
                        issuer=issuer, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).issuer,
            "issuer",
        )


class TariffService:
    """Tariffs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_tariff(
        self,
        tariff: billing_v1.Tariff,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """Makes a tariff.

        Args:
            tariff: The tariff to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.TARIFF_SERVICE_CREATE_TARIFF,
                    billing_v1.CreateTariffRequest(tariff=tariff, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )

    def get_tariff(
        self,
        tariff_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """One tariff.

        Args:
            tariff_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.TARIFF_SERVICE_GET_TARIFF,
                    billing_v1.GetTariffRequest(tariff_id=tariff_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )

    def list_tariffs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        code: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[billing_v1.Tariff]:
        """The tenant's tariffs, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            commodity: Only those of this commodity.
            code: Only that with this code.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.TARIFF_SERVICE_LIST_TARIFFS,
            billing_v1.ListTariffsRequest(
                page_size=page_size,
                page_token=page_token,
                commodity=commodity,
                code=code,
                show_archived=show_archived,
            ),
            lambda page: page.tariffs,
            rpc_timeout,
            rpc_metadata,
        )

    def update_tariff(
        self,
        tariff: billing_v1.Tariff,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """Changes a tariff.

        Args:
            tariff: The new values; `tariff_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.TARIFF_SERVICE_UPDATE_TARIFF,
                    billing_v1.UpdateTariffRequest(
                        tariff=tariff, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )

    def archive_tariff(
        self,
        tariff_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """Archives a tariff: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            tariff_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.TARIFF_SERVICE_ARCHIVE_TARIFF,
                    billing_v1.ArchiveTariffRequest(tariff_id=tariff_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )


class AsyncTariffService:
    """Tariffs."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_tariff(
        self,
        tariff: billing_v1.Tariff,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """Makes a tariff.

        Args:
            tariff: The tariff to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.TARIFF_SERVICE_CREATE_TARIFF,
                    billing_v1.CreateTariffRequest(tariff=tariff, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )

    async def get_tariff(
        self,
        tariff_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """One tariff.

        Args:
            tariff_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.TARIFF_SERVICE_GET_TARIFF,
                    billing_v1.GetTariffRequest(tariff_id=tariff_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )

    def list_tariffs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        code: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[billing_v1.Tariff]:
        """The tenant's tariffs, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            commodity: Only those of this commodity.
            code: Only that with this code.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.TARIFF_SERVICE_LIST_TARIFFS,
            billing_v1.ListTariffsRequest(
                page_size=page_size,
                page_token=page_token,
                commodity=commodity,
                code=code,
                show_archived=show_archived,
            ),
            lambda page: page.tariffs,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_tariff(
        self,
        tariff: billing_v1.Tariff,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """Changes a tariff.

        Args:
            tariff: The new values; `tariff_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.TARIFF_SERVICE_UPDATE_TARIFF,
                    billing_v1.UpdateTariffRequest(
                        tariff=tariff, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )

    async def archive_tariff(
        self,
        tariff_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> billing_v1.Tariff:
        """Archives a tariff: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            tariff_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.TARIFF_SERVICE_ARCHIVE_TARIFF,
                    billing_v1.ArchiveTariffRequest(tariff_id=tariff_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tariff,
            "tariff",
        )
