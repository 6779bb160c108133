"""What becomes of installations tells others: events in the outbox."""

from datetime import datetime

from server.devices.attachment import Attachment
from server.devices.convert_installation import wire_attachment, wire_exchange, wire_installation
from server.devices.domain import Installation
from server.devices.exchange import MeterExchange
from server.platform.outbox import OutboxEvent
from server.platform.wire import stamp
from simba.devices.v1 import events_pb2


def meter_installed(installation: Installation) -> OutboxEvent:
    """``device.installed``."""
    message = events_pb2.MeterInstalled(installation=wire_installation(installation))
    return _of_installation("device.installed", installation, message)


def meter_removed(installation: Installation) -> OutboxEvent:
    """``device.removed``."""
    message = events_pb2.MeterRemoved(installation=wire_installation(installation))
    return _of_installation("device.removed", installation, message)


def multiplier_changed(installation: Installation, since: datetime) -> OutboxEvent:
    """``device.multiplier_changed``."""
    message = events_pb2.MultiplierChanged(
        installation=wire_installation(installation), effective_from=stamp(since)
    )
    return _of_installation("device.multiplier_changed", installation, message)


def meter_replaced(exchange: MeterExchange) -> OutboxEvent:
    """``device.replaced``."""
    return OutboxEvent(
        type="device.replaced",
        subject=f"meters/{exchange.old_meter_id}",
        payload=events_pb2.MeterReplaced(meter_exchange=wire_exchange(exchange)),
        meter_id=str(exchange.new_meter_id),
        usage_point_id=str(exchange.usage_point_id),
    )


def attachment_changed(attachment: Attachment, since: datetime) -> OutboxEvent:
    """``device.pulse_attachment_changed``; what counts is the module."""
    message = events_pb2.PulseAttachmentChanged(
        pulse_attachment=wire_attachment(attachment), effective_from=stamp(since)
    )
    return OutboxEvent(
        type="device.pulse_attachment_changed",
        subject=f"meters/{attachment.meter_id}",
        payload=message,
        meter_id=str(attachment.pulse_module_id),
    )


def _of_installation(
    event: str,
    installation: Installation,
    payload: events_pb2.MeterInstalled | events_pb2.MeterRemoved | events_pb2.MultiplierChanged,
) -> OutboxEvent:
    return OutboxEvent(
        type=event,
        subject=f"meters/{installation.meter_id}",
        payload=payload,
        meter_id=str(installation.meter_id),
        usage_point_id=str(installation.usage_point_id),
    )
