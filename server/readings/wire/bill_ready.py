"""What a bill needs, on the wire."""

from server.platform.wire import plain, stamp
from server.readings.queries.bill_ready import BillReady, RegisterSpan, SeriesUsage
from server.readings.wire.readings import interval_message, interval_messages, reading_message
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import reading_service_pb2 as pb


def bill_ready_message(found: BillReady) -> pb.GetBillReadyUsageResponse:
    """The message of the answer."""
    message = pb.GetBillReadyUsageResponse(
        usage_point_id=str(found.usage_point_id),
        time_zone=found.tz,
        as_of=stamp(found.as_of),
        series=[_series(one) for one in found.series],
        registers=[_register(one) for one in found.registers],
    )
    message.period.start.FromMilliseconds(found.start_ms)
    message.period.end.FromMilliseconds(found.end_ms)
    return message


def _series(one: SeriesUsage) -> pb.BillReadySeries:
    return pb.BillReadySeries(
        total=interval_message(one.total),
        quantity=Quantity.Value(f"QUANTITY_{one.info.quantity}"),
        complete=one.complete,
        completeness_percent=round(one.percent, 4),
        days=interval_messages(one.days),
    )


def _register(one: RegisterSpan) -> pb.RegisterSpan:
    message = pb.RegisterSpan(
        channel=one.info.channel,
        meter_id=str(one.info.meter_id),
        series=one.series,
        quantity=Quantity.Value(f"QUANTITY_{one.quantity}"),
        opening=reading_message(one.opening) if one.opening else None,
        closing=reading_message(one.closing) if one.closing else None,
        multiplier=plain(one.multiplier.normalize()),
    )
    message.period.start.FromMilliseconds(one.start_ms)
    message.period.end.FromMilliseconds(one.end_ms)
    return message
