"""Sums and coverage on the wire."""

from collections.abc import Iterator
from uuid import UUID

from server.platform.wire import enum_name, enum_value
from server.readings.aggregation.app import Aggregate, Value
from server.readings.aggregation.coverage import Coverage, Report
from server.readings.aggregation.domain import CHILD, OPPOSITES, PHASE, UNASSIGNED
from server.readings.domain import decimal_text
from simba.common.v1.types_pb2 import Quantity
from simba.devices.v1.node_pb2 import Hierarchy
from simba.readings.v1 import aggregation_service_pb2 as pb
from simba.readings.v1 import coverage_service_pb2 as coverage_pb
from simba.readings.v1.reading_pb2 import ReadingState

PLACES = 4
"""Decimals of a percentage."""


def hierarchy_of(value: int) -> str:
    """PLACE, GRID, or nothing."""
    return enum_name(Hierarchy, value)


def aggregate_message(one: Aggregate, grouping: str, node_id: UUID | None) -> pb.Aggregate:
    """One group and span."""
    message = pb.Aggregate(
        group=group_message(one.group, grouping, node_id),
        values=[_value(value) for value in one.values],
        net_values=list(_nets(one)),
    )
    message.period.start.FromMilliseconds(one.start_ms)
    message.period.end.FromMilliseconds(one.end_ms)
    return message


def group_message(group: str, grouping: str, node_id: UUID | None) -> pb.AggregateGroup:
    """A group by its key; without grouping the node that was asked for."""
    if group == UNASSIGNED:
        return pb.AggregateGroup(unassigned=True)
    if grouping == CHILD:
        return pb.AggregateGroup(node_id=group)
    if grouping == PHASE:
        return pb.AggregateGroup(phases=group)
    return pb.AggregateGroup(node_id=str(node_id) if node_id else "")


def _value(one: Value) -> pb.AggregateValue:
    return pb.AggregateValue(
        quantity=enum_value(Quantity, one.key.quantity),
        unit=one.key.unit,
        value="" if one.micro is None else decimal_text(one.micro),
        series_count=one.series,
        expected_count=one.expected,
        received_count=one.received,
        suspect_count=one.suspect,
        estimated_count=one.estimated,
        edited_count=one.edited,
        missing_count=one.missing,
        state=ReadingState.ValueType(one.state),
        quality=one.quality,
    )


def _nets(one: Aggregate) -> Iterator[pb.NetValue]:
    micros = {(value.key.quantity, value.key.unit): value.micro or 0 for value in one.values}
    for (quantity, unit), micro in micros.items():
        less = OPPOSITES.get(quantity)
        if less is not None and (less, unit) in micros:
            yield pb.NetValue(
                quantity=enum_value(Quantity, quantity),
                less=enum_value(Quantity, less),
                unit=unit,
                value=decimal_text(micro - micros[less, unit]),
            )


def coverage_message(found: Report, node_id: UUID | None) -> coverage_pb.GetCoverageResponse:
    """The report."""
    message = coverage_pb.GetCoverageResponse(
        total=_coverage(found.total),
        groups=[
            coverage_pb.GroupCoverage(group=group_message(group, CHILD, node_id), coverage=_coverage(one))
            for group, one in found.groups
        ],
        worst=[
            coverage_pb.UsagePointCoverage(usage_point_id=str(point), coverage=_coverage(one))
            for point, one in found.worst
        ],
        time_zone=found.tz,
    )
    for low, high, one in found.days:
        day = message.days.add(coverage=_coverage(one))
        day.period.start.FromMilliseconds(low)
        day.period.end.FromMilliseconds(high)
    return message


def _coverage(one: Coverage) -> coverage_pb.Coverage:
    return coverage_pb.Coverage(
        series_count=one.series,
        expected_count=one.due,
        received_count=one.received,
        estimated_count=one.estimated,
        edited_count=one.edited,
        missing_count=one.missing,
        received_percent=round(one.received_percent, PLACES),
        completeness_percent=round(one.percent, PLACES),
    )
