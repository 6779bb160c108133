"""Use cases of gateways."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from server.devices import contacts, tables
from server.devices.domain import Gateway
from server.devices.stores import gateways
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork


class Gateways:
    """Create, read, change, archive."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def create(self, gateway: Gateway) -> Gateway:
        """Stores a new one. Raises Taken for its EUI."""
        async with self._uow() as tx:
            return await gateways.insert(tx, gateway)

    async def get(self, gateway_id: UUID) -> Gateway:
        """One. Raises GatewayNotFound."""
        async with self._uow() as tx:
            return (await _heard(tx, [await gateways.get(tx, gateway_id)]))[0]

    async def page(
        self, *, gateway_eui: str, archived: bool, after: Key | None, limit: int
    ) -> Sequence[Gateway]:
        """Many, oldest first."""
        where = [tables.gateway.c.gateway_eui == gateway_eui] if gateway_eui else []
        async with self._uow() as tx:
            found = await gateways.page(tx, where=where, after=after, limit=limit, archived=archived)
            return await _heard(tx, found)

    async def update(self, gateway_id: UUID, etag: str, change: Callable[[Gateway], Gateway]) -> Gateway:
        """Changes one."""
        async with self._uow() as tx:
            changed = await gateways.save(tx, change(await gateways.changing(tx, gateway_id, etag)))
            return (await _heard(tx, [changed]))[0]

    async def archive(self, gateway_id: UUID, etag: str) -> Gateway:
        """Archives one."""
        async with self._uow() as tx:
            return (await _heard(tx, [await gateways.archive(tx, gateway_id, etag)]))[0]


async def _heard(tx: Tx, found: Sequence[Gateway]) -> list[Gateway]:
    known = await contacts.of(tx, [one.gateway_eui for one in found])
    return [
        replace(one, last_seen_time=known[one.gateway_eui].seen_time) if one.gateway_eui in known else one
        for one in found
    ]
