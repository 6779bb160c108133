"""Events on the wire and in the domain."""

from google.protobuf.any_pb2 import Any

from server.events.domain import Criteria, Event, Filter, Severity, Span
from server.platform.errors import InvalidField
from server.platform.wire import maybe_instant, stamp
from simba.events.v1 import event_pb2, event_service_pb2

_URL = "type.googleapis.com/"


def filter_of(wire: event_pb2.EventFilter) -> Filter:
    """What a subscriber wants. InvalidArgument names an empty type or subject."""
    for field, values in (("types", wire.types), ("subjects", wire.subjects)):
        for index, value in enumerate(values):
            if not value:
                raise InvalidField(f"filter.{field}[{index}]", "is empty", "string.min_len")
    return Filter(
        types=Criteria.parse(wire.types, "."),
        subjects=Criteria.parse(wire.subjects, "/"),
        min_severity=Severity(wire.min_severity or Severity.INFO),
    )


def span_of(wire: event_service_pb2.ListEventsRequest) -> Span:
    """The bounds of a list. InvalidArgument for an end that is not after the start."""
    start, end = maybe_instant("start_time", wire), maybe_instant("end_time", wire)
    if start is not None and end is not None and end <= start:
        raise InvalidField("end_time", f"{end.isoformat()} is not after start_time", "time_interval.order")
    return Span(start, end, wire.correlation_id)


def wire_event(event: Event, resume_token: str) -> event_pb2.Event:
    """An event on the wire."""
    return event_pb2.Event(
        event_id=str(event.event_id),
        sequence=event.sequence,
        type=event.type,
        severity=event_pb2.Severity.Value(f"SEVERITY_{event.severity.name}"),
        subject=event.subject,
        meter_id=event.meter_id,
        usage_point_id=event.usage_point_id,
        command_id=event.command_id,
        event_time=stamp(event.event_time),
        publish_time=stamp(event.publish_time),
        correlation_id=event.correlation_id,
        trace_id=event.trace_id,
        payload=Any(type_url=_URL + event.payload_type, value=event.payload),
        resume_token=resume_token,
    )
