"""Use cases of agreements."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from server.billing import tables
from server.billing.errors import AgreementOverlap, InUse, UsagePointNotFound
from server.billing.parties import Account, Agreement, Tariff
from server.billing.party_store import ACCOUNTS, AGREEMENTS, billed_days, overlapping
from server.billing.ports import UsagePointInfo, UsagePoints
from server.billing.tariff_store import TARIFFS
from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.paging import Pages
from server.platform.resource_store import Archived, constraint_of
from server.platform.uow import Tx, UnitOfWork

_Write = Callable[[Tx, Agreement], Awaitable[Agreement]]


class Agreements:
    """Agreements: make, read, change, archive."""

    def __init__(self, uow: UnitOfWork, pages: Pages, usage_points: UsagePoints) -> None:
        self._uow = uow
        self._pages = pages
        self._usage_points = usage_points

    async def create(self, agreement: Agreement) -> Agreement:
        """Stores a new agreement.

        Raises AccountNotFound, TariffNotFound, UsagePointNotFound, Archived, AgreementOverlap, Taken, and
        InvalidField where account, tariff and usage point do not go together.
        """
        usage_point = await self._usage_point(agreement.usage_point_id)
        async with self._uow() as tx:
            await self._check(tx, agreement, usage_point)
            return await _written(tx, agreement, AGREEMENTS.insert)

    async def get(self, agreement_id: UUID) -> Agreement:
        """One agreement. Raises AgreementNotFound."""
        async with self._uow() as tx:
            return await AGREEMENTS.get(tx, agreement_id)

    async def page(
        self,
        account_id: UUID | None,
        usage_point_id: UUID | None,
        *,
        archived: bool,
        size: int,
        token: str,
        bound_to: object,
    ) -> tuple[list[Agreement], str]:
        """A page, oldest first, and the token of the next one."""
        page = self._pages.page(size, token, bound_to=bound_to)
        columns = tables.agreement.c
        where = []
        if account_id is not None:
            where.append(columns.account_id == account_id)
        if usage_point_id is not None:
            where.append(columns.usage_point_id == usage_point_id)
        async with self._uow() as tx:
            rows = await AGREEMENTS.page(
                tx, where=where, after=page.after, limit=page.limit, archived=archived
            )
        return page.cut(rows, lambda row: (row.agreement_id,))

    async def update(
        self, agreement_id: UUID, etag: str, change: Callable[[Agreement], Agreement]
    ) -> Agreement:
        """Applies a change. Raises what :meth:`create` does, and InUse for what invoices stand on."""
        async with self._uow() as tx:
            before = await AGREEMENTS.changing(tx, agreement_id, etag)
            after = change(before)
            usage_point = await self._usage_point(after.usage_point_id)
            await self._check(tx, after, usage_point)
            await _check_billed(tx, before, after)
            return await _written(tx, after, AGREEMENTS.save)

    async def archive(self, agreement_id: UUID, etag: str) -> Agreement:
        """Archives an agreement: it is not billed any more, its invoices stay."""
        async with self._uow() as tx:
            return await AGREEMENTS.archive(tx, agreement_id, etag)

    async def _usage_point(self, usage_point_id: UUID) -> UsagePointInfo:
        found = await self._usage_points.usage_points(current_caller().tenant_id, [usage_point_id])
        if not found:
            raise UsagePointNotFound(usage_point_id)
        return found[0]

    async def _check(self, tx: Tx, agreement: Agreement, usage_point: UsagePointInfo) -> None:
        account = await ACCOUNTS.get(tx, agreement.account_id)
        tariff = await TARIFFS.get(tx, agreement.tariff_id)
        for what, resource, own in (
            ("account", account, account.account_id),
            ("tariff", tariff, tariff.tariff_id),
        ):
            if resource.stored.archived:
                raise Archived(what, own)
        _check_together(account, tariff, usage_point)
        if agreement.end_date is not None and agreement.end_date <= agreement.start_date:
            what = f"{agreement.end_date} is not after {agreement.start_date}"
            raise InvalidField("agreement.end_date", what, "date.order")


def _check_together(account: Account, tariff: Tariff, usage_point: UsagePointInfo) -> None:
    if account.currency != tariff.currency:
        what = f"prices are in {tariff.currency}, the account is in {account.currency}"
        raise InvalidField("agreement.tariff_id", what, "currency.same")
    if usage_point.commodity != tariff.commodity:
        what = f"the tariff sells {tariff.commodity}, the usage point has {usage_point.commodity}"
        raise InvalidField("agreement.tariff_id", what, "commodity.same")


async def _check_billed(tx: Tx, before: Agreement, after: Agreement) -> None:
    """What invoices were made from stays: who, where, on which tariff, and the days."""
    billed = await billed_days(tx, before.agreement_id)
    if billed is None:
        return
    who = (before.account_id, before.usage_point_id, before.tariff_id, before.start_date)
    changed = who != (after.account_id, after.usage_point_id, after.tariff_id, after.start_date)
    if changed or (after.end_date is not None and after.end_date < billed.end):
        why = f"is billed until {billed.end}: only an end from then on can be set"
        raise InUse("agreement", before.agreement_id, why)


async def _written(tx: Tx, agreement: Agreement, write: _Write) -> Agreement:
    try:
        return await write(tx, agreement)
    except IntegrityError as error:
        if constraint_of(error) != "agreement_overlap":
            raise
        raise AgreementOverlap(agreement.usage_point_id, await overlapping(tx, agreement)) from error
