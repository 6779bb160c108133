"""Demand on the wire and in the domain."""

from typing import Any

from server.platform.errors import InvalidField
from server.platform.wire import instant, seconds
from server.readings.calendar import to_ms
from server.readings.demand.domain import Asked, Demand, Maximum
from server.readings.demand.errors import PeriodRefused
from server.readings.domain import State, decimal_text
from server.readings.wire.readings import time_zone
from simba.readings.v1 import demand_pb2 as pb
from simba.readings.v1 import reading_pb2

LONGEST_DAYS = 400
_DAY_MS = 86_400_000


def asked_of(request: Any, watermark: int) -> Asked:
    """What a request asks for. InvalidField names the field that makes no sense."""
    start = to_ms(instant("start_time", request.start_time))
    end = to_ms(instant("end_time", request.end_time))
    if end <= start:
        raise InvalidField("end_time", "the time does not end after start_time", "time_interval.order")
    if end - start > LONGEST_DAYS * _DAY_MS:
        raise InvalidField("end_time", f"the time is longer than {LONGEST_DAYS} days", "demand.time")
    period = 0
    if request.HasField("period"):
        period = seconds("period", request.period)
        if period <= 0:
            raise PeriodRefused(period, "is not positive")
    return Asked(
        start_ms=start,
        end_ms=end,
        period_seconds=period,
        periods=max(request.number_of_periods, 1),
        coincident=request.coincident,
        tz=time_zone("time_zone", request.time_zone),
        watermark=watermark,
    )


def demand_message(one: Demand) -> pb.Demand:
    """A window on the wire."""
    message = pb.Demand(
        series=one.series,
        value="" if one.micro is None else decimal_text(one.micro),
        unit=one.unit,
        state=reading_pb2.ReadingState.ValueType(State(one.state)),
        quality=one.quality,
        interval_count=one.intervals,
        expected_count=one.expected,
        estimated_count=one.estimated,
        missing_count=max(one.expected - one.intervals, 0),
    )
    message.period.start.FromMilliseconds(one.start_ms)
    message.period.end.FromMilliseconds(one.end_ms)
    return message


def maximum_message(one: Maximum) -> pb.MaximumDemand:
    """A maximum on the wire."""
    message = pb.MaximumDemand(
        series=one.series,
        maximum=None if one.demand is None else demand_message(one.demand),
        window_count=one.windows,
        expected_window_count=one.expected,
        incomplete_window_count=one.incomplete,
    )
    message.span.start.FromMilliseconds(one.start_ms)
    message.span.end.FromMilliseconds(one.end_ms)
    return message
