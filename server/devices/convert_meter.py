"""Meters on the wire and in the domain, both ways."""

from server.devices.convert_configuration import configuration_of, wire_configuration
from server.devices.convert_items import item_error
from server.devices.convert_keys import keys_of
from server.devices.convert_provisioning import wire_provisioning
from server.devices.domain import Channel, Meter
from server.devices.meter_history import MeterHistoryEntry
from server.platform.errors import SimbaError
from server.platform.ids import parse_id
from server.platform.rpc.validation import item_invalid
from server.platform.wire import (
    duration,
    enum_value,
    maybe_id,
    names_of,
    own_id,
    stamp,
    text_of,
    times,
    wire_names,
)
from simba.common.v1 import types_pb2
from simba.devices.v1 import meter_pb2
from simba.devices.v1 import meter_service_pb2 as pb


def meter_of(wire: meter_pb2.Meter) -> Meter:
    """A meter as a caller gives it."""
    return Meter(
        meter_id=own_id("meter.meter_id", wire.meter_id),
        device_model_id=parse_id("meter.device_model_id", wire.device_model_id),
        manufacturer="",
        serial_number=wire.serial_number,
        dev_eui=wire.dev_eui,
        join_eui=wire.join_eui,
        display_name=wire.display_name,
        batch=wire.batch,
        concentrator_id=maybe_id("meter.concentrator_id", wire.concentrator_id),
        keys=keys_of(wire.keys),
        configuration=configuration_of(wire.configuration),
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def item_of(wire: meter_pb2.Meter) -> Meter | SimbaError:
    """One of many as a caller gives it, or what is wrong with it."""
    error = item_invalid(wire, "meter")
    if error is not None:
        return error
    try:
        return meter_of(wire)
    except SimbaError as refused:
        return refused


def wire_meter(meter: Meter) -> meter_pb2.Meter:
    """A meter on the wire; its keys never."""
    return meter_pb2.Meter(
        meter_id=str(meter.meter_id),
        device_model_id=str(meter.device_model_id),
        serial_number=meter.serial_number,
        dev_eui=meter.dev_eui,
        join_eui=meter.join_eui,
        display_name=meter.display_name,
        batch=meter.batch,
        concentrator_id=text_of(meter.concentrator_id),
        state=enum_value(meter_pb2.MeterState, meter.state),
        channels=map(wire_channel, meter.channels),
        usage_point_id=text_of(meter.usage_point_id),
        last_seen_time=stamp(meter.last_seen_time),
        battery_level=meter.battery_level,
        key_names=meter.key_names,
        provisioning=wire_provisioning(meter.provisioning),
        configuration=wire_configuration(meter.configuration),
        external_ids=wire_names(meter.external_ids),
        tags=meter.tags,
        **times(meter.stored),
    )


def wire_item(index: int, outcome: Meter | SimbaError) -> pb.BatchCreateMetersItem:
    """What became of one of many."""
    if isinstance(outcome, SimbaError):
        return pb.BatchCreateMetersItem(error=item_error(outcome, f"meters[{index}]"))
    return pb.BatchCreateMetersItem(meter=wire_meter(outcome))


def wire_entry(entry: MeterHistoryEntry) -> pb.MeterHistoryEntry:
    """Something that became of a meter."""
    return pb.MeterHistoryEntry(
        time=stamp(entry.change.time),
        action=entry.change.action,
        description=entry.description,
        principal_id=entry.change.principal_id,
        usage_point_id=text_of(entry.usage_point_id),
        change_id=str(entry.change.change_id),
    )


def wire_channel(channel: Channel) -> meter_pb2.Channel:
    """A channel on the wire."""
    return meter_pb2.Channel(
        channel=channel.channel,
        code=channel.code,
        quantity=enum_value(types_pb2.Quantity, channel.quantity),
        kind=enum_value(types_pb2.MeasurementKind, channel.kind),
        unit=channel.unit,
        interval=duration(channel.interval_seconds),
        reading_type=channel.reading_type,
    )
