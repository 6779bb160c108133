"""Use cases of concentrators."""

from collections.abc import Sequence
from dataclasses import replace

from server.devices import tables
from server.devices.domain import Concentrator
from server.devices.field_devices import FieldDevices
from server.devices.stores import concentrators
from server.platform.uow import Tx, UnitOfWork


class Concentrators(FieldDevices[Concentrator]):
    """What reads the meters of a mesh on its own."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow, concentrators, users=tables.meter.c.concentrator_id)

    async def dressed(self, tx: Tx, found: Sequence[Concentrator]) -> list[Concentrator]:
        """Concentrators with what was last heard of them and one meter that each reads."""
        read = await self._meters_of(tx, [one.concentrator_id for one in found])
        return [
            replace(one, used_by=read.get(one.concentrator_id)) for one in await super().dressed(tx, found)
        ]
