"""What was last heard of each device of any kind; every one has a row, kept by triggers of migration 0013."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import TypeEngine

from server.devices import reported, tables
from server.devices.clocks import ClockStatus
from server.devices.domain import Contact, DeviceStatus
from server.platform.resource_store import Row, columns_of
from server.platform.sql import among
from server.platform.uow import Tx

_contact = tables.contact

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stored of a device that was never heard: so the longest silent ones come first in one index."""

_METERS = ("METER", "PULSE_MODULE")
_GATEWAY = "GATEWAY"
_SAID = ("battery_level", "margin_db", "rssi_dbm", "snr_db")
_NAMED = ("gateway_eui", "network_address")
_CLOCK = ("clock_offset_ms", "clock_uncertainty_ms", "clock_measure_time")
_TYPES: dict[str, TypeEngine[Any]] = {
    "device_id": pg.UUID(as_uuid=True),
    "seen_time": sa.DateTime(timezone=True),
    "clock_measure_time": sa.DateTime(timezone=True),
    **{name: _contact.c[name].type for name in (*_SAID, *_NAMED, *_CLOCK[:2])},
}


async def record(tx: Tx, statuses: Sequence[DeviceStatus]) -> int:
    """Keeps the newest of what is known of each device; returns how many of the statuses' devices are known.

    Values that a status does not say stay. A gateway that a device was heard by was heard too.
    """
    told, passed_on = _Newest(), _Newest()
    for one in statuses:
        told.take(one)
        if one.gateway_eui:
            passed_on.take(DeviceStatus(address=one.gateway_eui, kind=_GATEWAY, seen_time=one.seen_time))
    known = await _lock(tx, told.addresses | passed_on.addresses)
    heard = told.of(known)
    await _write(tx, heard)
    await _write(tx, passed_on.of(known))
    await reported.record(tx, heard)
    return len(heard)


class _Newest:
    """The newest status of each that is named."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], DeviceStatus] = {}

    @property
    def addresses(self) -> set[str]:
        return {address for _, address in self._by_name}

    def take(self, one: DeviceStatus) -> None:
        before = self._by_name.get((one.kind, one.address))
        if before is None or before.seen_time <= one.seen_time:
            self._by_name[one.kind, one.address] = one

    def of(self, devices: Iterable[Contact]) -> list[tuple[UUID, DeviceStatus]]:
        """Those of these devices."""
        found = []
        for device in devices:
            names = [(device.kind, device.address)]
            if device.kind in _METERS:
                names.append(("", device.address))
            of_it = [self._by_name[name] for name in names if name in self._by_name]
            if of_it:
                found.append((device.device_id, max(of_it, key=lambda one: one.seen_time)))
        return found


async def of(tx: Tx, device_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """What is known of these devices."""
    query = sa.select(_contact).where(
        _contact.c.tenant_id == tx.tenant_id, among(_contact.c.device_id, device_ids)
    )
    return {one.device_id: one for one in await read_all(tx, query)}


async def clock_set(tx: Tx, device_id: UUID) -> None:
    """Notes that we set the clock of a device just now."""
    await tx.conn.execute(
        sa.update(_contact)
        .where(_contact.c.tenant_id == tx.tenant_id, _contact.c.device_id == device_id)
        .values(clock_sync_time=tx.now)
    )


def read(row: Row) -> Contact:
    """A contact from its row."""
    seen = row["last_seen_time"]
    return Contact(
        **columns_of(row, "device_id", "kind", "address", *_SAID, *_NAMED),
        last_seen_time=None if seen == NEVER else seen,
        clock=ClockStatus(
            offset_ms=row["clock_offset_ms"],
            uncertainty_ms=row["clock_uncertainty_ms"],
            measure_time=row["clock_measure_time"],
            sync_time=row["clock_sync_time"],
        ),
    )


async def _lock(tx: Tx, addresses: Iterable[str]) -> list[Contact]:
    """The tenant's devices that have these addresses.

    Locked in one order: two adapters that report the same devices must not wait for each other crosswise.
    """
    wanted = sa.cast([one for one in addresses if one], pg.ARRAY(sa.Text))
    query = (
        sa.select(_contact)
        .where(
            _contact.c.tenant_id == tx.tenant_id,
            _contact.c.address == sa.any_(wanted),
            _contact.c.address != "",
            sa.not_(_contact.c.archived),
        )
        .order_by(_contact.c.device_id)
        .with_for_update(key_share=True)
    )
    return await read_all(tx, query)


async def read_all(tx: Tx, query: sa.Select[Any]) -> list[Contact]:
    """The contacts that a query of whole rows finds."""
    rows: Iterable[Any] = (await tx.conn.execute(query)).mappings()
    return [read(row) for row in rows]


async def _write(tx: Tx, heard: Sequence[tuple[UUID, DeviceStatus]]) -> None:
    """Writes what is newer than what is kept, all in one statement."""
    if not heard:
        return
    # Nobody is heard in the future: a wrong clock there would keep all later news out.
    columns: dict[str, list[object]] = {
        "device_id": [device_id for device_id, _ in heard],
        "seen_time": [min(one.seen_time, tx.now) for _, one in heard],
        **{name: [getattr(one, name) for _, one in heard] for name in (*_SAID, *_NAMED, *_CLOCK[:2])},
        "clock_measure_time": [
            None if one.clock_offset_ms is None else min(one.seen_time, tx.now) for _, one in heard
        ],
    }
    new = (
        sa.func.unnest(*(sa.cast(values, pg.ARRAY(_TYPES[name])) for name, values in columns.items()))
        .table_valued(*(sa.column(name, _TYPES[name]) for name in columns), name="news")
        .render_derived()
    )
    measured = new.c.clock_offset_ms.is_not(None)
    await tx.conn.execute(
        sa.update(_contact)
        .where(
            _contact.c.tenant_id == tx.tenant_id,
            _contact.c.device_id == new.c.device_id,
            _contact.c.last_seen_time <= new.c.seen_time,
        )
        .values(
            last_seen_time=new.c.seen_time,
            **{name: sa.func.coalesce(new.c[name], _contact.c[name]) for name in _SAID},
            **{name: sa.func.coalesce(sa.func.nullif(new.c[name], ""), _contact.c[name]) for name in _NAMED},
            # The three belong together: an offset without its uncertainty does not keep the one before.
            **{name: sa.case((measured, new.c[name]), else_=_contact.c[name]) for name in _CLOCK},
        )
    )
