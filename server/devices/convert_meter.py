"""Meters, usage points, installations and nodes on the wire and in the domain, both ways."""

from server.devices.domain import Channel, Installation, Meter, Node, Series, UsagePoint
from server.platform.ids import parse_id
from server.platform.wire import (
    duration,
    enum_name,
    enum_value,
    maybe_id,
    names_of,
    own_id,
    plain,
    stamp,
    text_of,
    times,
    wire_names,
)
from simba.common.v1 import types_pb2
from simba.devices.v1 import meter_pb2, node_pb2, usage_point_pb2


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


def usage_point_of(wire: usage_point_pb2.UsagePoint) -> UsagePoint:
    """A usage point as a caller gives it."""
    return UsagePoint(
        usage_point_id=own_id("usage_point.usage_point_id", wire.usage_point_id),
        code=wire.code,
        commodity=enum_name(types_pb2.Commodity, wire.commodity),
        time_zone=wire.time_zone,
        display_name=wire.display_name,
        place_id=maybe_id("usage_point.place_id", wire.place_id),
        grid_node_id=maybe_id("usage_point.grid_node_id", wire.grid_node_id),
        address=wire.address,
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def wire_usage_point(point: UsagePoint) -> usage_point_pb2.UsagePoint:
    """A usage point on the wire."""
    return usage_point_pb2.UsagePoint(
        usage_point_id=str(point.usage_point_id),
        code=point.code,
        display_name=point.display_name,
        commodity=enum_value(types_pb2.Commodity, point.commodity),
        time_zone=point.time_zone,
        place_id=text_of(point.place_id),
        grid_node_id=text_of(point.grid_node_id),
        address=point.address,
        series=[_wire_series(one) for one in point.series],
        meter_id=text_of(point.meter_id),
        external_ids=wire_names(point.external_ids),
        tags=point.tags,
        archived=point.stored.archived,
        **times(point.stored),
    )


def _wire_series(series: Series) -> usage_point_pb2.Series:
    return usage_point_pb2.Series(
        series=series.series,
        quantity=enum_value(types_pb2.Quantity, series.quantity),
        unit=series.unit,
        interval=duration(series.interval_seconds),
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


def node_of(wire: node_pb2.Node) -> Node:
    """A node as a caller gives it."""
    return Node(
        node_id=own_id("node.node_id", wire.node_id),
        hierarchy=enum_name(node_pb2.Hierarchy, wire.hierarchy),
        kind=wire.kind,
        code=wire.code,
        parent_id=maybe_id("node.parent_id", wire.parent_id),
        display_name=wire.display_name,
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def wire_node(node: Node) -> node_pb2.Node:
    """A node on the wire."""
    return node_pb2.Node(
        node_id=str(node.node_id),
        hierarchy=enum_value(node_pb2.Hierarchy, node.hierarchy),
        kind=node.kind,
        parent_id=text_of(node.parent_id),
        code=node.code,
        display_name=node.display_name,
        external_ids=wire_names(node.external_ids),
        tags=node.tags,
        archived=node.stored.archived,
        **times(node.stored),
    )
