"""What devices say that they are set to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices import tables
from server.devices.configuration import Configuration
from server.devices.domain import DeviceStatus
from server.platform.sql import among
from server.platform.uow import Tx

_reported = tables.reported_configuration


async def record(tx: Tx, heard: Sequence[tuple[UUID, DeviceStatus]]) -> None:
    """Keeps the settings that were told, unless newer ones are kept."""
    rows = [
        {
            "tenant_id": tx.tenant_id,
            "device_id": device_id,
            "reported": one.reported,
            "report_time": min(one.seen_time, tx.now),
        }
        for device_id, one in heard
        if one.reported is not None
    ]
    if not rows:
        return
    statement = pg.insert(_reported)
    new = statement.excluded
    await tx.conn.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "device_id"],
            set_={"reported": new.reported, "report_time": new.report_time},
            where=new.report_time >= _reported.c.report_time,
        ),
        rows,
    )


async def with_reported(tx: Tx, desired: Mapping[UUID, Configuration]) -> dict[UUID, Configuration]:
    """The configurations of devices together with what these last reported."""
    query = sa.select(_reported).where(
        _reported.c.tenant_id == tx.tenant_id, among(_reported.c.device_id, desired)
    )
    result = dict(desired)
    for row in (await tx.conn.execute(query)).mappings():
        device_id = row["device_id"]
        result[device_id] = replace(
            result[device_id], reported=row["reported"], report_time=row["report_time"]
        )
    return result
