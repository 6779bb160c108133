"""What adapters last heard of devices and gateways, by EUI."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices import tables
from server.devices.domain import DeviceStatus
from server.platform.uow import Tx

_contact, _meter = tables.contact, tables.meter


async def record(tx: Tx, statuses: Sequence[DeviceStatus]) -> int:
    """Keeps the newest of what is known of each device; returns how many devices the tenant has.

    Values that a status does not say stay. A gateway that a device was heard by was heard too.
    """
    newest = {one.dev_eui: one for one in sorted(statuses, key=lambda one: one.seen_time)}
    known = set(
        await tx.conn.scalars(
            sa.select(_meter.c.dev_eui).where(
                _meter.c.tenant_id == tx.tenant_id,
                _meter.c.dev_eui.in_(list(newest)),
                _meter.c.archived.is_(False),
            )
        )
    )
    heard = [one for one in newest.values() if one.dev_eui in known]
    gateways = {
        one.gateway_eui: DeviceStatus(dev_eui=one.gateway_eui, seen_time=one.seen_time)
        for one in heard
        if one.gateway_eui
    }
    # Sorted: two adapters that report the same devices must not wait for each other crosswise.
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "address": one.dev_eui,
            "last_seen_time": one.seen_time,
            "battery_level": one.battery_level,
            "margin_db": one.margin_db,
            "rssi_dbm": one.rssi_dbm,
            "snr_db": one.snr_db,
            "gateway_eui": one.gateway_eui,
            "network_address": one.network_address,
        }
        for one in sorted([*heard, *gateways.values()], key=lambda one: one.dev_eui)
    ]
    if rows:
        statement = pg.insert(_contact)
        new = statement.excluded
        await tx.conn.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "address"],
                set_={
                    "last_seen_time": new.last_seen_time,
                    **{
                        name: sa.func.coalesce(new[name], _contact.c[name])
                        for name in ("battery_level", "margin_db", "rssi_dbm", "snr_db")
                    },
                    **{
                        name: sa.func.coalesce(sa.func.nullif(new[name], ""), _contact.c[name])
                        for name in ("gateway_eui", "network_address")
                    },
                },
                where=new.last_seen_time >= _contact.c.last_seen_time,
            ),
            rows,
        )
    return len(known)


async def of(tx: Tx, addresses: Iterable[str]) -> dict[str, DeviceStatus]:
    """What is known of these devices or gateways."""
    wanted = [address for address in addresses if address]
    if not wanted:
        return {}
    query = sa.select(_contact).where(_contact.c.tenant_id == tx.tenant_id, _contact.c.address.in_(wanted))
    return {
        row["address"]: DeviceStatus(
            dev_eui=row["address"],
            seen_time=row["last_seen_time"],
            battery_level=row["battery_level"],
            margin_db=row["margin_db"],
            rssi_dbm=row["rssi_dbm"],
            snr_db=row["snr_db"],
            gateway_eui=row["gateway_eui"],
            network_address=row["network_address"],
        )
        for row in (await tx.conn.execute(query)).mappings()
    }
