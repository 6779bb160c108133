"""Pulse modules on the wire and in the domain, both ways."""

from server.devices.convert_configuration import configuration_of, wire_configuration
from server.devices.convert_keys import keys_of
from server.devices.convert_meter import wire_channel
from server.devices.convert_provisioning import wire_provisioning
from server.devices.domain import Meter
from server.platform.ids import parse_id
from server.platform.wire import enum_value, maybe_id, names_of, own_id, stamp, text_of, times, wire_names
from simba.devices.v1 import device_state_pb2, pulse_module_pb2


def pulse_module_of(wire: pulse_module_pb2.PulseModule) -> Meter:
    """A pulse module as a caller gives it."""
    return Meter(
        meter_id=own_id("pulse_module.pulse_module_id", wire.pulse_module_id),
        device_kind="PULSE_MODULE",
        device_model_id=parse_id("pulse_module.device_model_id", wire.device_model_id),
        manufacturer="",
        serial_number=wire.serial_number,
        dev_eui=wire.dev_eui,
        join_eui=wire.join_eui,
        display_name=wire.display_name,
        concentrator_id=maybe_id("pulse_module.concentrator_id", wire.concentrator_id),
        keys=keys_of(wire.keys),
        configuration=configuration_of(wire.configuration),
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def wire_pulse_module(module: Meter) -> pulse_module_pb2.PulseModule:
    """A pulse module on the wire; its keys never."""
    return pulse_module_pb2.PulseModule(
        pulse_module_id=str(module.meter_id),
        device_model_id=str(module.device_model_id),
        serial_number=module.serial_number,
        dev_eui=module.dev_eui,
        join_eui=module.join_eui,
        display_name=module.display_name,
        concentrator_id=text_of(module.concentrator_id),
        state=enum_value(device_state_pb2.DeviceState, module.state),
        channels=map(wire_channel, module.channels),
        last_seen_time=stamp(module.last_seen_time),
        battery_level=module.battery_level,
        key_names=module.key_names,
        provisioning=wire_provisioning(module.provisioning),
        configuration=wire_configuration(module.configuration),
        external_ids=wire_names(module.external_ids),
        tags=module.tags,
        archived=module.stored.archived,
        **times(module.stored),
    )
