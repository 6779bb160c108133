"""The work queue on the wire and in the domain."""

from datetime import date
from typing import Any

from server.platform.wire import enum_name, maybe_id, maybe_instant, stamp, text_of
from server.readings.calendar import to_ms
from server.readings.desk.domain import FindingKey, Queued, QueueFilter, QueueState
from server.readings.desk.operations import day_named
from server.readings.desk.queue_store import StoredChange
from server.readings.domain import Severity
from server.readings.wire.findings import finding_message
from simba.common.v1.types_pb2 import Commodity
from simba.readings.v1 import vee_service_pb2 as pb


def queued_message(one: Queued) -> pb.VeeException:
    """A finding with where it stands."""
    message = finding_message(one.finding, one.info.unit if one.info is not None else "")
    message.day = one.key.day.isoformat()
    message.state = pb.VeeExceptionState.ValueType(one.state)
    if one.item is not None:
        message.assignee = one.item.assignee
        message.reason_code = one.item.reason_code
        message.note = one.item.note
        message.state_time.CopyFrom(stamp(one.item.update_time))
    return message


def wire_key(key: FindingKey) -> pb.VeeExceptionKey:
    """A key on the wire."""
    return pb.VeeExceptionKey(series=key.series, day=key.day.isoformat(), rule=key.rule)


def key_of_wire(field: str, wire: pb.VeeExceptionKey) -> FindingKey:
    """A key from the wire. Raises InvalidField."""
    return FindingKey(wire.series, day_of_wire(f"{field}.day", wire.day), wire.rule)


def day_of_wire(field: str, text: str) -> date:
    """A local day from the wire. Raises InvalidField."""
    return day_named(field, text)


def filter_of(request: Any, prefix: str = "") -> QueueFilter:
    """A filter from a list request, or from a filter: they have the same fields."""
    start = maybe_instant(f"{prefix}start_time", request)
    end = maybe_instant(f"{prefix}end_time", request)
    return QueueFilter(
        series=tuple(request.series),
        usage_point_id=maybe_id(f"{prefix}usage_point_id", request.usage_point_id),
        rule=request.rule,
        start_ms=None if start is None else to_ms(start),
        end_ms=None if end is None else to_ms(end),
        states=frozenset(QueueState(one) for one in request.states if one),
        severity=Severity(request.severity) if request.severity else None,
        assignee=request.assignee,
        commodity=enum_name(Commodity, request.commodity),
    )


def change_message(one: StoredChange) -> pb.VeeExceptionChange:
    """What somebody did, on the wire."""
    return pb.VeeExceptionChange(
        change_id=str(one.change_id),
        rule=one.rule,
        time=stamp(one.time),
        actor=one.actor,
        old_state=pb.VeeExceptionState.ValueType(one.old_state),
        new_state=pb.VeeExceptionState.ValueType(one.new_state),
        assignee=one.assignee,
        reason_code=one.reason_code,
        note=one.note,
        edit_id=text_of(one.edit_id),
    )
