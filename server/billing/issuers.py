"""Who issues a tenant's invoices: use case and store."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from server.billing import tables
from server.billing.parties import Issuer
from server.platform.etags import check_etag
from server.platform.history import UPDATED
from server.platform.uow import Tx, UnitOfWork

_issuer = tables.issuer
_FIELDS = (
    "display_name",
    "postal_address",
    "tax_number",
    "contact",
    "payment_details",
    "payment_days",
    "number_prefix",
    "version",
)


async def issuer_in_force(tx: Tx) -> Issuer:
    """The issuer of new invoices; the defaults where the tenant has set none."""
    query = sa.select(_issuer).where(_issuer.c.tenant_id == tx.tenant_id)
    return _read(
        (await tx.conn.execute(query.order_by(_issuer.c.version.desc()).limit(1))).mappings().first()
    )


async def issuer_of(tx: Tx, version: int) -> Issuer:
    """The issuer as it was when an invoice was made."""
    query = sa.select(_issuer).where(_issuer.c.tenant_id == tx.tenant_id, _issuer.c.version == version)
    return _read((await tx.conn.execute(query)).mappings().first())


def _read(row: Any) -> Issuer:
    return Issuer() if row is None else Issuer(**{name: row[name] for name in _FIELDS})


class Issuers:
    """Reads and changes the issuer."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self) -> Issuer:
        """The issuer in force."""
        async with self._uow() as tx:
            return await issuer_in_force(tx)

    async def update(self, etag: str, change: Callable[[Issuer], Issuer]) -> Issuer:
        """Applies a change for the invoices from now on. Raises EtagMismatch."""
        async with self._uow() as tx:
            # One change at a time, also the very first: there may be no row to lock yet.
            await tx.conn.execute(
                sa.text("SELECT pg_advisory_xact_lock(hashtextextended('issuer:' || :tenant, 0))"),
                {"tenant": str(tx.tenant_id)},
            )
            before = await issuer_in_force(tx)
            check_etag(etag, before.version)
            after = replace(change(before), version=before.version + 1)
            values = {name: getattr(after, name) for name in _FIELDS}
            await tx.conn.execute(
                sa.insert(_issuer).values(tenant_id=tx.tenant_id, create_time=tx.now, **values)
            )
            await tx.changed(
                kind="issuer",
                resource_id=tx.tenant_id,
                action=UPDATED,
                before={name: getattr(before, name) for name in _FIELDS if name != "version"},
                after={name: values[name] for name in _FIELDS if name != "version"},
            )
            return after
