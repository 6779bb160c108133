"""Keys of devices, sealed at rest; read only for the adapters that need them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices.device_keys import DeviceKeys
from server.platform.secrets import SecretBox
from server.platform.sql import among
from server.platform.tables import tenant_table
from server.platform.uow import Tx

device_key = tenant_table(
    "device_key",
    sa.Column("device_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
)
"""One row for each key that is kept. Migration 0014 makes it."""

_row = device_key.c
_COLUMNS = ("tenant_id", "device_id", "name", "sealed", "update_time")


class Keys:
    """Keeps keys of devices of any kind."""

    def __init__(self, box: SecretBox) -> None:
        self._box = box

    async def put(self, tx: Tx, device_id: UUID, given: DeviceKeys) -> None:
        """Keeps the keys that are given; others stay. Raises SecretsKeyMissing."""
        await self.put_many(tx, {device_id: given})

    async def put_many(self, tx: Tx, given: Mapping[UUID, DeviceKeys]) -> None:
        """:meth:`put` for many, by one statement."""
        plain = [
            (device_id, name, bytes.fromhex(key))
            for device_id, keys in given.items()
            for name, key in keys.named.items()
        ]
        if not plain:
            return
        sealed = await self._box.seal(
            tx, [(_purpose(device_id, name), key) for device_id, name, key in plain]
        )
        rows = sa.func.unnest(
            sa.cast([one[0] for one in plain], pg.ARRAY(pg.UUID(as_uuid=True))),
            sa.cast([one[1] for one in plain], pg.ARRAY(sa.Text)),
            sa.cast(sealed, pg.ARRAY(sa.LargeBinary)),
        ).table_valued(sa.column("device_id"), sa.column("name"), sa.column("sealed"), name="given")
        rows = rows.render_derived()
        insert = pg.insert(device_key).from_select(
            list(_COLUMNS),
            sa.select(
                sa.literal(tx.tenant_id), rows.c.device_id, rows.c.name, rows.c.sealed, sa.literal(tx.now)
            ),
        )
        await tx.conn.execute(
            insert.on_conflict_do_update(
                index_elements=["tenant_id", "device_id", "name"],
                set_={"sealed": insert.excluded.sealed, "update_time": insert.excluded.update_time},
            )
        )

    async def names(self, tx: Tx, ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
        """Which keys are kept, by device, in order of their names."""
        query = (
            sa.select(_row.device_id, _row.name)
            .where(_row.tenant_id == tx.tenant_id, among(_row.device_id, ids))
            .order_by(_row.device_id, _row.name)
        )
        found: dict[UUID, list[str]] = defaultdict(list)
        for device_id, name in await tx.conn.execute(query):
            found[device_id].append(name)
        return {device_id: tuple(names) for device_id, names in found.items()}

    async def get(self, tx: Tx, device_id: UUID) -> DeviceKeys:
        """All keys of a device in the clear. Raises SecretsKeyMissing."""
        query = sa.select(_row.name, _row.sealed).where(
            _row.tenant_id == tx.tenant_id, _row.device_id == device_id
        )
        rows = list(await tx.conn.execute(query))
        opened = await self._box.open(
            tx, [(_purpose(device_id, row.name), bytes(row.sealed)) for row in rows]
        )
        return DeviceKeys.of({row.name: key.hex() for row, key in zip(rows, opened, strict=True)})


def _purpose(device_id: UUID, name: str) -> str:
    return f"device_key/{device_id}/{name}"
