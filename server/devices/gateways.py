"""Use cases of gateways."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from server.devices.domain import Gateway
from server.devices.field_device_filter import FieldDeviceFilter, conditions
from server.devices.field_devices import FieldDevices
from server.devices.network_copies import follow_gateways
from server.devices.stores import gateways
from server.platform.errors import InvalidField
from server.platform.uow import Tx, UnitOfWork


class Gateways(FieldDevices[Gateway, FieldDeviceFilter]):
    """Radio gateways: they pass frames on and measure nothing."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow, gateways)

    def _where(self, tx: Tx, which: FieldDeviceFilter) -> Iterable[sa.ColumnElement[bool]]:
        return conditions(tx, "gateway", which)

    async def _changed(self, tx: Tx, before: Gateway, after: Gateway) -> Gateway:
        if before.managed and not after.managed:
            why = "false: the network server would keep a gateway that nobody looks after; archive it"
            raise InvalidField("gateway.managed", why, "managed.stays")
        return await super()._changed(tx, before, after)

    async def _follow(self, tx: Tx, devices: Sequence[Gateway], *, new: bool = False) -> None:  # noqa: ARG002
        await follow_gateways(tx, devices)
