"""Use cases of concentrators."""

from server.devices.domain import Concentrator
from server.devices.field_devices import FieldDevices
from server.devices.stores import concentrators
from server.platform.uow import UnitOfWork


class Concentrators(FieldDevices[Concentrator]):
    """What reads the meters of a mesh on its own."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow, concentrators)
