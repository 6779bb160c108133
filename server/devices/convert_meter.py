"""Meters and installations on the wire and in the domain, both ways."""

from server.devices.domain import Channel, Installation, Meter
from server.platform.ids import parse_id
from server.platform.wire import (
    duration,
    enum_value,
    names_of,
    own_id,
    plain,
    stamp,
    text_of,
    times,
    wire_names,
)
from simba.common.v1 import types_pb2
from simba.devices.v1 import meter_pb2, usage_point_pb2


def meter_of(wire: meter_pb2.Meter) -> Meter:
    """A meter as a caller gives it."""
    return Meter(
        meter_id=own_id("meter.meter_id", wire.meter_id),
        device_model_id=parse_id("meter.device_model_id", wire.device_model_id),
        manufacturer="",
        serial_number=wire.serial_number,
        dev_eui=wire.dev_eui,
        display_name=wire.display_name,
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def wire_meter(meter: Meter) -> meter_pb2.Meter:
    """A meter on the wire."""
    return meter_pb2.Meter(
        meter_id=str(meter.meter_id),
        device_model_id=str(meter.device_model_id),
        serial_number=meter.serial_number,
        dev_eui=meter.dev_eui,
        display_name=meter.display_name,
        state=enum_value(meter_pb2.MeterState, meter.state),
        channels=[_wire_channel(one) for one in meter.channels],
        usage_point_id=text_of(meter.usage_point_id),
        last_seen_time=stamp(meter.last_seen_time),
        battery_level=meter.battery_level,
        external_ids=wire_names(meter.external_ids),
        tags=meter.tags,
        **times(meter.stored),
    )


def _wire_channel(channel: Channel) -> meter_pb2.Channel:
    return meter_pb2.Channel(
        channel=channel.channel,
        code=channel.code,
        quantity=enum_value(types_pb2.Quantity, channel.quantity),
        kind=enum_value(types_pb2.MeasurementKind, channel.kind),
        unit=channel.unit,
        interval=duration(channel.interval_seconds),
        reading_type=channel.reading_type,
    )


def wire_installation(installation: Installation) -> usage_point_pb2.Installation:
    """An installation on the wire."""
    return usage_point_pb2.Installation(
        installation_id=str(installation.installation_id),
        usage_point_id=str(installation.usage_point_id),
        meter_id=str(installation.meter_id),
        period=types_pb2.TimeInterval(start=stamp(installation.start), end=stamp(installation.end)),
        multiplier=plain(installation.multiplier),
    )
