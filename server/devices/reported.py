"""What devices say that they are set to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects import postgresql as pg

from server.devices import tables
from server.devices.domain import DeviceStatus
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
