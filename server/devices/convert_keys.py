"""Keys of devices from the wire: none ever goes the other way, but to the adapter that needs it."""

from server.devices.device_keys import DeviceKeys
from simba.devices.v1 import device_keys_pb2


def keys_of(wire: device_keys_pb2.DeviceKeys) -> DeviceKeys:
    """Keys as a caller gives them; hex digits in lower case."""
    return DeviceKeys(
        app_key=wire.app_key.lower(),
        nwk_key=wire.nwk_key.lower(),
        gen_app_key=wire.gen_app_key.lower(),
        others={name: key.lower() for name, key in wire.others.items()},
    )
