"""How devices are: who was heard when, how well, with which battery and which clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from server.devices import contacts, health_details, tables
from server.devices.configuration import max_offset_ms
from server.devices.contacts import NEVER
from server.devices.domain import Contact
from server.devices.errors import DeviceNotFound
from server.devices.health_details import Details
from server.devices.ports import Completeness
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork

_contact = tables.contact

_SILENT_INTERVALS = 3
_MEASURING = ("METER", "PULSE_MODULE")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """How one device is."""

    contact: Contact
    display_name: str
    silent: bool
    """Whether it was not heard for three times its interval; since it was made, if it never was."""
    completeness: float | None = None
    """Share of the intervals of the last seven whole days that came; None: none was due, or not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFilter:
    """Which devices of one kind; unset fields do not narrow."""

    kind: str
    silent_since: datetime | None = None
    """Those not heard since then, or never."""
    battery_below: float | None = None
    node_id: UUID | None = None
    """Those at this node of either tree or below it."""


class NetworkHealth:
    """What is known of the field."""

    def __init__(self, uow: UnitOfWork, completeness: Completeness) -> None:
        self._uow = uow
        self._completeness = completeness

    async def get(self, device_id: UUID) -> DeviceHealth:
        """One device of any kind; archived ones too. Raises DeviceNotFound."""
        async with self._uow() as tx:
            contact = (await contacts.of(tx, [device_id])).get(device_id)
            if contact is None:
                raise DeviceNotFound(device_id)
            found = (await self._with_details(tx, [contact]))[0]
        if contact.kind not in _MEASURING:
            return found
        share = await self._completeness.of_meter(tx.tenant_id, device_id, tx.now)
        return replace(found, completeness=share)

    async def page(self, which: HealthFilter, *, after: Key | None, limit: int) -> Sequence[DeviceHealth]:
        """Many of one kind, those silent the longest first, after the key of :func:`key_of`."""
        async with self._uow() as tx:
            query = sa.select(_contact).where(*_where(tx, which))
            if after is not None:
                query = query.where(
                    sa.tuple_(_contact.c.last_seen_time, _contact.c.device_id) > sa.tuple_(*after)
                )
            found = await contacts.read_all(
                tx, query.order_by(_contact.c.last_seen_time, _contact.c.device_id).limit(limit)
            )
            return await self._with_details(tx, found)

    async def _with_details(self, tx: Tx, found: Sequence[Contact]) -> list[DeviceHealth]:
        details = await health_details.of(tx, found)
        return [health_of(one, details[one.device_id], tx.now) for one in found]


def health_of(contact: Contact, details: Details, now: datetime) -> DeviceHealth:
    """How a device is now, from what was heard of it and what it is."""
    heard = contact.last_seen_time or details.create_time
    clock = replace(contact.clock, max_offset_ms=max_offset_ms(details.desired))
    return DeviceHealth(
        contact=replace(contact, clock=clock),
        display_name=details.display_name,
        silent=now - heard > _SILENT_INTERVALS * timedelta(seconds=details.interval_seconds),
    )


def key_of(health: DeviceHealth) -> Key:
    """Its place in the order of a list."""
    return health.contact.last_seen_time or NEVER, health.contact.device_id


def _where(tx: Tx, which: HealthFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield _contact.c.tenant_id == tx.tenant_id
    yield _contact.c.kind == which.kind
    yield sa.not_(_contact.c.archived)
    if which.silent_since is not None:
        yield _contact.c.last_seen_time < which.silent_since
    if which.battery_below is not None:
        yield _contact.c.battery_level < which.battery_below
    if which.node_id is not None:
        yield _contact.c.device_id.in_(health_details.below(tx, which.kind, which.node_id))
