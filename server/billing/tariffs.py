"""Use cases of tariffs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from server.billing import tables
from server.billing.errors import InUse, TariffInUse, TariffInvalid
from server.billing.parties import Tariff
from server.billing.party_store import living
from server.billing.tariff import Version, end_of
from server.billing.tariff_checks import version_flaws, zone_flaws
from server.billing.tariff_store import TARIFFS, told, with_versions, write_versions
from server.platform.paging import Pages
from server.platform.uow import Tx, UnitOfWork


class Tariffs:
    """Tariffs: make, read, change, archive."""

    def __init__(self, uow: UnitOfWork, pages: Pages) -> None:
        self._uow = uow
        self._pages = pages

    async def create(self, tariff: Tariff) -> Tariff:
        """Stores a new tariff. Raises TariffInvalid with everything that is wrong, and Taken."""
        _check(tariff)
        async with self._uow() as tx:
            stored = await TARIFFS.insert(tx, tariff, beside=told(tariff))
            await write_versions(tx, tariff.tariff_id, (), tariff.versions)
            return stored

    async def get(self, tariff_id: UUID) -> Tariff:
        """One tariff. Raises TariffNotFound."""
        async with self._uow() as tx:
            return await _complete(tx, await TARIFFS.get(tx, tariff_id))

    async def page(
        self, commodity: str, code: str, *, archived: bool, size: int, token: str, bound_to: object
    ) -> tuple[list[Tariff], str]:
        """A page, oldest first, and the token of the next one."""
        page = self._pages.page(size, token, bound_to=bound_to)
        columns = tables.tariff.c
        where = []
        if commodity:
            where.append(columns.commodity == commodity)
        if code:
            where.append(columns.code == code)
        async with self._uow() as tx:
            rows = await TARIFFS.page(tx, where=where, after=page.after, limit=page.limit, archived=archived)
            tariffs, following = page.cut(rows, lambda row: (row.tariff_id,))
            return await with_versions(tx, tariffs), following

    async def update(self, tariff_id: UUID, etag: str, change: Callable[[Tariff], Tariff]) -> Tariff:
        """Applies a change.

        Raises TariffNotFound, Archived, EtagMismatch, TariffInvalid, Taken, TariffInUse for a version that
        bills were made with, and InUse for what agreements stand on.
        """
        async with self._uow() as tx:
            before = await _complete(tx, await TARIFFS.changing(tx, tariff_id, etag))
            after = change(before)
            _check(after)
            _check_used(tariff_id, before.versions, after.versions)
            await _check_agreed(tx, before, after)
            stored = await TARIFFS.save(tx, after, beside=(told(before), told(after)))
            await write_versions(tx, tariff_id, before.versions, after.versions)
            return await _complete(tx, stored)

    async def archive(self, tariff_id: UUID, etag: str) -> Tariff:
        """Archives a tariff. Raises InUse while an agreement on it is not archived."""
        async with self._uow() as tx:
            tariff = await _complete(tx, await TARIFFS.changing(tx, tariff_id, etag))
            agreement = await living(tx, tables.agreement, "tariff_id", tariff_id)
            if agreement is not None:
                raise InUse("tariff", tariff_id, f"has the agreement {agreement}, which is not archived")
            return await TARIFFS.save(tx, replace(tariff, stored=replace(tariff.stored, archived=True)))


async def _complete(tx: Tx, tariff: Tariff) -> Tariff:
    return (await with_versions(tx, [tariff]))[0]


def _check(tariff: Tariff) -> None:
    flaws = [*zone_flaws("time_zone", tariff.time_zone), *version_flaws(tariff.versions, tariff.commodity)]
    if flaws:
        raise TariffInvalid(flaws)


def _check_used(tariff_id: UUID, before: Sequence[Version], after: Sequence[Version]) -> None:
    """A version that bills were made with stays, with its first day, and up to the last day billed."""
    places = {version.effective_from: place for place, version in enumerate(after)}
    for old in before:
        if old.used_until is None:
            continue
        place = places.get(old.effective_from)
        if place is None or after[place].sha256 != old.sha256:
            raise TariffInUse(tariff_id, old.effective_from, "was used for bills and cannot change")
        end = end_of(after, place)
        if end is not None and end < old.used_until:
            why = f"was used for bills until {old.used_until} and cannot end on {end}"
            raise TariffInUse(tariff_id, old.effective_from, why)


async def _check_agreed(tx: Tx, before: Tariff, after: Tariff) -> None:
    """Commodity, currency and zone are what agreements were made on."""
    if (before.commodity, before.currency, before.time_zone) == (
        after.commodity,
        after.currency,
        after.time_zone,
    ):
        return
    agreement = await living(tx, tables.agreement, "tariff_id", before.tariff_id)
    if agreement is not None or any(version.used_until is not None for version in before.versions):
        why = "has agreements or bills: commodity, currency and time zone stay as they are"
        raise InUse("tariff", before.tariff_id, why)
