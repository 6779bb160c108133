"""Which gateways, or concentrators, a list has: in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.contacts import NEVER
from server.devices.device_filter import DeviceFilter, contacts_of, heard_before, in_life
from server.devices.life import Life
from server.devices.tags import tagged
from server.devices.trees import subtree
from server.platform.uow import Tx

_contact = tables.contact

_PLACES = {"gateway": ("place_id",), "concentrator": ("place_id", "grid_node_id")}
_NUMBERS = {"gateway": "gateway_eui", "concentrator": "serial_number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDeviceFilter(DeviceFilter):
    """Which gateways or concentrators; unset fields do not narrow."""

    number: str = ""
    """EUI of a gateway, serial number of a concentrator."""


def conditions(tx: Tx, kind: str, which: FieldDeviceFilter) -> Iterator[sa.ColumnElement[bool]]:
    """What rows of the kind's table must meet, beside the name in other systems and being archived."""
    table = tables.gateway if kind == "gateway" else tables.concentrator
    device_id = table.c[f"{kind}_id"]
    if which.number:
        yield table.c[_NUMBERS[kind]] == which.number
    if which.tag is not None:
        yield tagged(tx, kind, device_id, *which.tag)
    for field in _PLACES[kind]:
        node_id: UUID | None = getattr(which, field)
        if node_id is not None:
            yield table.c[field].in_(subtree(tx, node_id))
    if which.last_seen_before is not None:
        yield device_id.in_(heard_before(tx, kind.upper(), which))
    if which.state:
        yield from in_life(tx, kind.upper(), which.state, table, device_id)
    if which.state == Life.ACTIVE:
        yield sa.or_(*_uses(tx, kind, table))
    if which.state in {Life.IN_STOCK, Life.REPLACED}:
        for use in _uses(tx, kind, table):
            yield sa.not_(use)
        # Says nothing more, but leads to the few that were never heard where nearly all were.
        never = contacts_of(tx, kind.upper()).where(
            sa.not_(_contact.c.archived), _contact.c.last_seen_time <= NEVER
        )
        yield device_id.in_(never)


def _uses(tx: Tx, kind: str, table: sa.Table) -> Iterator[sa.ColumnElement[bool]]:
    for field in _PLACES[kind]:
        yield table.c[field].is_not(None)
    if kind == "concentrator":
        meter = tables.meter.c
        reads = sa.select(meter.concentrator_id).where(
            meter.tenant_id == tx.tenant_id, sa.not_(meter.archived), meter.concentrator_id.is_not(None)
        )
        yield table.c.concentrator_id.in_(reads)
    yield (
        sa.select(sa.true())
        .where(
            _contact.c.tenant_id == tx.tenant_id,
            _contact.c.device_id == table.c[f"{kind}_id"],
            _contact.c.last_seen_time > NEVER,
        )
        .exists()
    )
