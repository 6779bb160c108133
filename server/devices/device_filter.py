"""What lists of devices of every kind are narrowed by: in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.life import PLAIN, Life
from server.devices.provisioning import in_state
from server.devices.provisioning_tables import provisioning
from server.platform.resource_store import ExternalId, Key
from server.platform.sql import ASKED
from server.platform.uow import Tx
from server.platform.walk import Route, Walk, after_values, in_order

_contact = tables.contact

_STORED = (Life.SUSPENDED, Life.RETURNED)
_IN_NETWORK = (Life.FAILED, Life.PROVISIONING)
_LIVES = {Life.ACTIVE: (PLAIN, Life.REPLACED), Life.IN_STOCK: (PLAIN,), Life.REPLACED: (Life.REPLACED,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFilter:
    """Which devices; unset fields do not narrow."""

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
    def few(self) -> bool:
        """Whether what is asked for leads to few devices by itself: then PostgreSQL finds its own way."""
        return self.external_id is not None or self.tag is not None

    @property
    def with_archived(self) -> bool:
        """Archived ones are there too when they are asked for by their state."""
        return self.archived or self.state == Life.ARCHIVED


F = TypeVar("F", bound=DeviceFilter)


def contacts_of(tx: Tx, kind: str) -> sa.Select[tuple[UUID]]:
    """Ids of the devices of a kind, METER, PULSE_MODULE, GATEWAY or CONCENTRATOR, to be narrowed."""
    return sa.select(_contact.c.device_id).where(
        _contact.c.tenant_id == tx.tenant_id, _contact.c.kind == kind
    )


def heard_before(tx: Tx, kind: str, which: DeviceFilter) -> sa.Select[tuple[UUID]]:
    """Ids of the devices of a kind that were last heard before the filter's time, or never."""
    heard = contacts_of(tx, kind).where(_contact.c.last_seen_time < which.last_seen_before)
    return heard if which.with_archived else heard.where(sa.not_(_contact.c.archived))


def silent_first(kind: str, which: F, after: Key | None) -> tuple[Walk | None, F]:
    """Those last heard before the filter's time, silent the longest first, and the rest of the filter.

    One that is heard while a caller pages leaves the list, or moves towards its end: none is missed. None:
    the filter does not ask for silent ones, or for few of them.
    """
    if which.last_seen_before is None or which.with_archived or which.few:
        return None, which
    values = {"device_kind": kind, "before": which.last_seen_before, **after_values(after)}
    return Walk(_silent(after is not None), values), replace(which, last_seen_before=None)


@cache
def _silent(deep: bool) -> Route:  # noqa: FBT001 - the key of a cache
    contact = _contact.c
    key = (contact.last_seen_time, contact.device_id)
    found = sa.select(*key).where(
        contact.tenant_id == ASKED.tenant_id,
        contact.kind == sa.bindparam("device_kind", type_=sa.Text),
        sa.not_(contact.archived),
        contact.last_seen_time < sa.bindparam("before", type_=contact.last_seen_time.type),
    )
    silent = in_order(found, key, "silent", deep=deep)
    return Route(silent, silent.c.device_id, tuple(silent.c))


def in_life(
    tx: Tx, kind: str, state: str, table: sa.Table, device_id: sa.ColumnElement[UUID]
) -> Iterator[sa.ColumnElement[bool]]:
    """What is stored of devices that are shown in a state, without what follows from their use.

    See :func:`server.devices.life.shown_state`; whether they are in use is left out.
    """
    if state == Life.ARCHIVED:
        yield table.c.archived
        return
    yield sa.not_(table.c.archived)
    if state in _STORED:
        yield table.c.life == state
    elif state in _IN_NETWORK:
        yield table.c.life.in_((PLAIN, Life.REPLACED))
        yield device_id.in_(in_state(tx, kind, state))
    else:
        yield table.c.life.in_(_LIVES[Life(state)])
        for other in _IN_NETWORK:
            yield sa.not_(in_state(tx, kind, other).where(provisioning.c.device_id == device_id).exists())
