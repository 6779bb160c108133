"""Imports of device models on the wire and in the domain."""

from server.devices.convert_items import item_error
from server.devices.convert_model import model_of, wire_model
from server.devices.domain import DeviceModel
from server.devices.model_import import Imported
from server.platform.errors import SimbaError
from server.platform.rpc.validation import item_invalid
from server.platform.wire import enum_value
from simba.devices.v1 import device_model_pb2
from simba.devices.v1 import device_model_service_pb2 as pb


def imported_of(wire: device_model_pb2.DeviceModel) -> DeviceModel | SimbaError:
    """A model of a library, or why it is none; its id and etag do not count."""
    error = item_invalid(wire, "device_model")
    if error is not None:
        return error
    given = device_model_pb2.DeviceModel()
    given.CopyFrom(wire)
    given.device_model_id = ""
    try:
        return model_of(given)
    except SimbaError as refused:
        return refused


def wire_imported(index: int, imported: Imported) -> pb.ImportedDeviceModel:
    """What became of one model on the wire."""
    error = imported.error
    return pb.ImportedDeviceModel(
        action=enum_value(pb.ImportAction, imported.action),
        device_model=None if imported.model is None else wire_model(imported.model),
        error=None if error is None else item_error(error, f"device_models[{index}]"),
    )
