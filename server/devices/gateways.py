"""Use cases of gateways."""

from server.devices.domain import Gateway
from server.devices.field_devices import FieldDevices
from server.devices.stores import gateways
from server.platform.errors import InvalidField
from server.platform.uow import UnitOfWork


class Gateways(FieldDevices[Gateway]):
    """Radio gateways: they pass frames on and measure nothing."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow, gateways)

    def _changed(self, before: Gateway, after: Gateway) -> Gateway:
        if before.managed and not after.managed:
            why = "false: the network server would keep a gateway that nobody looks after; archive it"
            raise InvalidField("gateway.managed", why, "managed.stays")
        return super()._changed(before, after)
