"""Usage points and where they are, on the wire and in the domain, both ways."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from server.devices.convert_items import item_error
from server.devices.domain import Series, UsagePoint
from server.devices.positions import Position
from server.devices.spans import Span
from server.platform.errors import SimbaError
from server.platform.personal import hidden
from server.platform.rpc.validation import item_invalid
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
from simba.devices.v1 import usage_point_pb2
from simba.devices.v1 import usage_point_service_pb2 as pb


def phases_of(wire: Iterable[int]) -> tuple[str, ...]:
    """Phases from the wire, in the order A, B, C."""
    return tuple(sorted(enum_name(usage_point_pb2.Phase, one) for one in wire))


def _wire_phases(phases: Iterable[str]) -> list[Any]:
    return [enum_value(usage_point_pb2.Phase, one) for one in phases]


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
        phases=phases_of(wire.phases),
        address=wire.address,
        contract_capacity=Decimal(wire.contract_capacity) if wire.contract_capacity else None,
        contract_capacity_unit=wire.contract_capacity_unit,
        latitude=wire.latitude if wire.HasField("latitude") else None,
        longitude=wire.longitude if wire.HasField("longitude") else None,
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def usage_point_of_item(wire: usage_point_pb2.UsagePoint) -> UsagePoint | SimbaError:
    """A usage point of a batch, or why it is none."""
    try:
        return item_invalid(wire, "usage_point") or usage_point_of(wire)
    except SimbaError as refused:
        return refused


def wire_usage_point(point: UsagePoint) -> usage_point_pb2.UsagePoint:
    """A usage point on the wire; its address only for callers who may see personal data."""
    capacity = point.contract_capacity
    return usage_point_pb2.UsagePoint(
        usage_point_id=str(point.usage_point_id),
        code=point.code,
        display_name=point.display_name,
        commodity=enum_value(types_pb2.Commodity, point.commodity),
        time_zone=point.time_zone,
        place_id=text_of(point.place_id),
        grid_node_id=text_of(point.grid_node_id),
        phases=_wire_phases(point.phases),
        address=hidden(point.address),
        contract_capacity="" if capacity is None else plain(capacity),
        contract_capacity_unit=point.contract_capacity_unit,
        latitude=point.latitude,
        longitude=point.longitude,
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


def wire_usage_point_item(place: int, outcome: UsagePoint | SimbaError) -> pb.BatchCreateUsagePointsItem:
    """What became of one usage point of a batch."""
    if isinstance(outcome, SimbaError):
        return pb.BatchCreateUsagePointsItem(error=item_error(outcome, f"usage_points[{place}]"))
    return pb.BatchCreateUsagePointsItem(usage_point=wire_usage_point(outcome))


def wire_position(span: Span[Position]) -> pb.UsagePointPosition:
    """Where a usage point was for a while."""
    return pb.UsagePointPosition(
        period=types_pb2.TimeInterval(start=stamp(span.start), end=stamp(span.end)),
        place_id=text_of(span.value.place_id),
        grid_node_id=text_of(span.value.grid_node_id),
        phases=_wire_phases(span.value.phases),
    )
