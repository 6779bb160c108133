"""Which gateways, or concentrators, a list has: in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.contacts import NEVER
from server.devices.life import PLAIN, Life
from server.devices.provisioning import in_state
from server.devices.provisioning_tables import provisioning
from server.devices.tags import tagged
from server.devices.trees import subtree
from server.platform.resource_store import ExternalId
from server.platform.uow import Tx

_contact = tables.contact

_PLACES = {"gateway": ("place_id",), "concentrator": ("place_id", "grid_node_id")}
_NUMBERS = {"gateway": "gateway_eui", "concentrator": "serial_number"}
_STORED = {Life.SUSPENDED, Life.RETURNED}
_IN_NETWORK = (Life.FAILED, Life.PROVISIONING)
_USED = {Life.ACTIVE: True, Life.IN_STOCK: False, Life.REPLACED: False}
_LIVES = {Life.ACTIVE: (PLAIN, Life.REPLACED), Life.IN_STOCK: (PLAIN,), Life.REPLACED: (Life.REPLACED,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDeviceFilter:
    """Which devices; unset fields do not narrow."""

    number: str = ""
    """EUI of a gateway, serial number of a concentrator."""
    state: str = ""
    last_seen_before: datetime | None = None
    """Those never heard as well."""
    external_id: ExternalId | None = None
    tag: tuple[str, str] | None = None
    """Key and value; an empty value: whatever it says."""
    place_id: UUID | None = None
    grid_node_id: UUID | None = None
    archived: bool = False
    """Whether archived ones are among them."""

    @property
    def with_archived(self) -> bool:
        """Archived ones are there too when they are asked for by their state."""
        return self.archived or self.state == Life.ARCHIVED


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
        heard = _contacts(tx, kind).where(_contact.c.last_seen_time < which.last_seen_before)
        yield device_id.in_(heard if which.with_archived else heard.where(sa.not_(_contact.c.archived)))
    if which.state:
        yield from _in_state(tx, kind, table, Life(which.state))


def _in_state(tx: Tx, kind: str, table: sa.Table, state: Life) -> Iterator[sa.ColumnElement[bool]]:
    if state == Life.ARCHIVED:
        yield table.c.archived.is_(True)
        return
    yield sa.not_(table.c.archived)
    if state in _STORED:
        yield table.c.life == state
        return
    device_id = table.c[f"{kind}_id"]
    if state in _IN_NETWORK:
        yield table.c.life.in_((PLAIN, Life.REPLACED))
        yield device_id.in_(in_state(tx, kind.upper(), state))
        return
    yield table.c.life.in_(_LIVES[state])
    for other in _IN_NETWORK:
        task = in_state(tx, kind.upper(), other).where(provisioning.c.device_id == device_id)
        yield sa.not_(task.exists())
    if _USED[state]:
        yield sa.or_(*_uses(tx, kind, table))
        return
    for use in _uses(tx, kind, table):
        yield sa.not_(use)
    # Says nothing more, but leads to the few that were never heard where nearly all were.
    never = _contacts(tx, kind).where(sa.not_(_contact.c.archived), _contact.c.last_seen_time <= NEVER)
    yield device_id.in_(never)


def _contacts(tx: Tx, kind: str) -> sa.Select[tuple[UUID]]:
    return sa.select(_contact.c.device_id).where(
        _contact.c.tenant_id == tx.tenant_id, _contact.c.kind == kind.upper()
    )


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
