"""What is installed where, exchanges and attachments, on the wire."""

from collections.abc import Iterable
from decimal import Decimal

from server.devices.attachment import Attachment
from server.devices.domain import EffectiveMultiplier, Installation
from server.devices.exchange import MeterExchange
from server.devices.stated import Stated
from server.platform.etags import etag_of
from server.platform.wire import plain, stamp
from simba.common.v1 import types_pb2
from simba.devices.v1 import meter_exchange_pb2, pulse_module_pb2, usage_point_pb2


def wire_installation(installation: Installation) -> usage_point_pb2.Installation:
    """An installation on the wire."""
    return usage_point_pb2.Installation(
        installation_id=str(installation.installation_id),
        usage_point_id=str(installation.usage_point_id),
        meter_id=str(installation.meter_id),
        period=types_pb2.TimeInterval(start=stamp(installation.start), end=stamp(installation.end)),
        multiplier=plain((installation.multipliers or (installation,))[-1].multiplier),
        multipliers=[_wire_multiplier(one) for one in installation.multipliers or (_first(installation),)],
        end_reason=installation.end_reason,
    )


def _first(installation: Installation) -> EffectiveMultiplier:
    return EffectiveMultiplier(installation.start, installation.multiplier)


def _wire_multiplier(one: EffectiveMultiplier) -> usage_point_pb2.EffectiveMultiplier:
    return usage_point_pb2.EffectiveMultiplier(
        effective_from=stamp(one.effective_from),
        multiplier=plain(one.multiplier),
        current_ratio=one.current_ratio,
        voltage_ratio=one.voltage_ratio,
    )


def stated_of(wire: Iterable[meter_exchange_pb2.ExchangeReading]) -> list[Stated]:
    """What registers showed, as a caller gives it."""
    return [Stated(one.code, Decimal(one.value)) for one in wire]


def wire_exchange(exchange: MeterExchange) -> meter_exchange_pb2.MeterExchange:
    """An exchange on the wire."""
    states = meter_exchange_pb2.MeterExchangeState
    return meter_exchange_pb2.MeterExchange(
        meter_exchange_id=str(exchange.meter_exchange_id),
        usage_point_id=str(exchange.usage_point_id),
        old_meter_id=str(exchange.old_meter_id),
        new_meter_id=str(exchange.new_meter_id),
        remove_time=stamp(exchange.remove_time),
        install_time=stamp(exchange.install_time),
        final_readings=_wire_stated(exchange.final_readings),
        initial_readings=_wire_stated(exchange.initial_readings),
        channel_map=[
            meter_exchange_pb2.ChannelMapping(old_code=old, new_code=new)
            for old, new in exchange.channel_map.items()
        ],
        state=states.METER_EXCHANGE_STATE_COMPLETE
        if exchange.complete
        else states.METER_EXCHANGE_STATE_PROVISIONAL,
        missing_final=exchange.missing_final,
        missing_initial=exchange.missing_initial,
        reason=exchange.reason,
        create_time=stamp(exchange.stored.create_time),
        update_time=stamp(exchange.stored.update_time),
        etag=etag_of(exchange.stored.version),
    )


def _wire_stated(readings: dict[str, Decimal]) -> list[meter_exchange_pb2.ExchangeReading]:
    return [
        meter_exchange_pb2.ExchangeReading(code=code, value=plain(value)) for code, value in readings.items()
    ]


def wire_attachment(attachment: Attachment) -> pulse_module_pb2.PulseAttachment:
    """An attachment on the wire."""
    count = attachment.initial_count
    return pulse_module_pb2.PulseAttachment(
        pulse_attachment_id=str(attachment.pulse_attachment_id),
        pulse_module_id=str(attachment.pulse_module_id),
        input=attachment.input,
        meter_id=str(attachment.meter_id),
        code=attachment.code,
        pulse_weight=plain(attachment.pulse_weight),
        initial_index=plain(attachment.initial_index.normalize()),
        initial_count="" if count is None else plain(count),
        period=types_pb2.TimeInterval(start=stamp(attachment.start), end=stamp(attachment.end)),
    )
