"""What changes of devices tell others: events in the outbox."""

from dataclasses import fields

from server.devices.convert_meter import wire_meter
from server.devices.domain import Meter
from server.platform.outbox import OutboxEvent
from simba.devices.v1 import events_pb2

_OWN_FIELDS = (
    "dev_eui",
    "serial_number",
    "display_name",
    "join_eui",
    "batch",
    "concentrator_id",
    "external_ids",
    "tags",
)


def meter_created(meter: Meter) -> OutboxEvent:
    """``device.created``."""
    return _of_meter("device.created", meter, events_pb2.MeterCreated(meter=wire_meter(meter)))


def meter_updated(meter: Meter, before: Meter) -> OutboxEvent:
    """``device.updated``, with the paths that changed."""
    names = {one.name for one in fields(meter)} & set(_OWN_FIELDS)
    changed = sorted(name for name in names if getattr(meter, name) != getattr(before, name))
    if meter.configuration.desired != before.configuration.desired:
        changed.append("configuration.desired")
    if (meter.life, meter.stored.archived) != (before.life, before.stored.archived):
        changed.append("state")
    message = events_pb2.MeterUpdated(meter=wire_meter(meter), changed_paths=changed)
    return _of_meter("device.updated", meter, message)


def meter_archived(meter: Meter) -> OutboxEvent:
    """``device.archived``."""
    return _of_meter("device.archived", meter, events_pb2.MeterArchived(meter_id=str(meter.meter_id)))


def _of_meter(
    event: str,
    meter: Meter,
    payload: events_pb2.MeterCreated | events_pb2.MeterUpdated | events_pb2.MeterArchived,
) -> OutboxEvent:
    return OutboxEvent(
        type=event,
        subject=f"meters/{meter.meter_id}",
        payload=payload,
        meter_id=str(meter.meter_id),
        usage_point_id=str(meter.usage_point_id or ""),
    )
