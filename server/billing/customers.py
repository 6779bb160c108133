"""Use cases of customers and accounts."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from server.billing import tables
from server.billing.errors import InUse
from server.billing.parties import Account, Customer
from server.billing.party_store import ACCOUNTS, CUSTOMERS, living, next_number, number_taken
from server.platform.errors import InvalidField
from server.platform.paging import Pages
from server.platform.resource_store import Archived, ExternalId
from server.platform.uow import Tx, UnitOfWork

_FIRST_ACCOUNT = 100_000


class Customers:
    """Customers: make, read, change, archive."""

    def __init__(self, uow: UnitOfWork, pages: Pages) -> None:
        self._uow = uow
        self._pages = pages

    async def create(self, customer: Customer) -> Customer:
        """Stores a new customer. Raises Taken."""
        _named(customer)
        async with self._uow() as tx:
            return await CUSTOMERS.insert(tx, customer)

    async def get(self, customer_id: UUID) -> Customer:
        """One customer. Raises CustomerNotFound."""
        async with self._uow() as tx:
            return await CUSTOMERS.get(tx, customer_id)

    async def page(
        self, external_id: ExternalId | None, *, archived: bool, size: int, token: str, bound_to: object
    ) -> tuple[list[Customer], str]:
        """A page, oldest first, and the token of the next one."""
        page = self._pages.page(size, token, bound_to=bound_to)
        async with self._uow() as tx:
            rows = await CUSTOMERS.page(
                tx, where=(), after=page.after, limit=page.limit, external_id=external_id, archived=archived
            )
        return page.cut(rows, lambda row: (row.customer_id,))

    async def update(self, customer_id: UUID, etag: str, change: Callable[[Customer], Customer]) -> Customer:
        """Applies a change. Raises CustomerNotFound, Archived, EtagMismatch, Taken."""
        async with self._uow() as tx:
            customer = change(await CUSTOMERS.changing(tx, customer_id, etag))
            _named(customer)
            return await CUSTOMERS.save(tx, customer)

    async def archive(self, customer_id: UUID, etag: str) -> Customer:
        """Archives a customer. Raises InUse while an account of its is not archived."""
        async with self._uow() as tx:
            customer = await CUSTOMERS.changing(tx, customer_id, etag)
            account = await living(tx, tables.account, "customer_id", customer_id)
            if account is not None:
                raise InUse("customer", customer_id, f"has the account {account}, which is not archived")
            return await CUSTOMERS.save(tx, replace(customer, stored=replace(customer.stored, archived=True)))


class Accounts:
    """Accounts: make, read, change, archive."""

    def __init__(self, uow: UnitOfWork, pages: Pages) -> None:
        self._uow = uow
        self._pages = pages

    async def create(self, account: Account) -> Account:
        """Stores a new account, with the next number unless it brings one. Raises CustomerNotFound, Taken."""
        async with self._uow() as tx:
            customer = await CUSTOMERS.get(tx, account.customer_id)
            if customer.stored.archived:
                raise Archived("customer", account.customer_id)
            if not account.account_number:
                account = replace(account, account_number=await _free_number(tx))
            return await ACCOUNTS.insert(tx, account)

    async def get(self, account_id: UUID) -> Account:
        """One account. Raises AccountNotFound."""
        async with self._uow() as tx:
            return await ACCOUNTS.get(tx, account_id)

    async def page(
        self,
        customer_id: UUID | None,
        account_number: str,
        *,
        archived: bool,
        size: int,
        token: str,
        bound_to: object,
    ) -> tuple[list[Account], str]:
        """A page, oldest first, and the token of the next one."""
        page = self._pages.page(size, token, bound_to=bound_to)
        columns = tables.account.c
        where = []
        if customer_id is not None:
            where.append(columns.customer_id == customer_id)
        if account_number:
            where.append(columns.account_number == account_number)
        async with self._uow() as tx:
            rows = await ACCOUNTS.page(tx, where=where, after=page.after, limit=page.limit, archived=archived)
        return page.cut(rows, lambda row: (row.account_id,))

    async def update(self, account_id: UUID, etag: str, change: Callable[[Account], Account]) -> Account:
        """Applies a change.

        Raises AccountNotFound, Archived, EtagMismatch, Taken, and InUse for the currency of an account that
        has agreements.
        """
        async with self._uow() as tx:
            before = await ACCOUNTS.changing(tx, account_id, etag)
            account = change(before)
            if not account.account_number:
                account = replace(account, account_number=before.account_number)
            if account.currency != before.currency:
                agreement = await living(tx, tables.agreement, "account_id", account_id)
                if agreement is not None:
                    raise InUse("account", account_id, f"has the agreement {agreement} in {before.currency}")
            return await ACCOUNTS.save(tx, account)

    async def archive(self, account_id: UUID, etag: str) -> Account:
        """Archives an account. Raises InUse while an agreement of its is not archived."""
        async with self._uow() as tx:
            account = await ACCOUNTS.changing(tx, account_id, etag)
            agreement = await living(tx, tables.agreement, "account_id", account_id)
            if agreement is not None:
                raise InUse("account", account_id, f"has the agreement {agreement}, which is not archived")
            return await ACCOUNTS.save(tx, replace(account, stored=replace(account.stored, archived=True)))


def _named(customer: Customer) -> None:
    if not customer.display_name:
        raise InvalidField("customer.display_name", "a customer needs a name", "required")


async def _free_number(tx: Tx) -> str:
    """The next account number that no caller has given by hand."""
    while True:
        number = str(_FIRST_ACCOUNT + await next_number(tx, "account"))
        if not await number_taken(tx, number):
            return number
