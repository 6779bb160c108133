"""Readings and intervals on the wire."""

from collections.abc import Iterable

from server.platform.zones import is_zone
from server.readings.domain import decimal_text
from server.readings.errors import UnknownTimeZone
from server.readings.queries.intervals import Interval
from server.readings.queries.raw import RawReading
from server.readings.vee.versions import stored_time
from simba.common.v1.types_pb2 import Quantity
from simba.readings.v1 import reading_pb2 as pb


def time_zone(field: str, name: str) -> str:
    """A zone by its name, which may be empty. Raises UnknownTimeZone."""
    if name and not is_zone(name):
        raise UnknownTimeZone(field, name)
    return name


def reading_message(reading: RawReading) -> pb.Reading:
    """The message of a raw reading."""
    info = reading.info
    message = pb.Reading(
        channel=info.channel,
        meter_id=str(info.meter_id),
        value=decimal_text(reading.micro),
        unit=info.unit,
        quality=reading.quality,
        source=reading.source,
        quantity=Quantity.Value(f"QUANTITY_{info.quantity}"),
    )
    message.time.FromMilliseconds(reading.ms)
    message.stored_time.FromMilliseconds(reading.received_ms)
    return message


def interval_message(interval: Interval) -> pb.IntervalReading:
    """The message of a final interval, or of a sum."""
    message = pb.IntervalReading(
        series=interval.info.series,
        value="" if interval.micro is None else decimal_text(interval.micro),
        unit=interval.info.unit,
        state=pb.ReadingState.ValueType(interval.state),
        quality=interval.quality,
        method=pb.EstimationMethod.ValueType(interval.method),
        rule=interval.rule,
        version=interval.count,
        interval_count=interval.intervals,
        expected_count=interval.expected,
        estimated_count=interval.estimated,
        missing_count=interval.missing,
        validated_count=interval.validated,
        suspect_count=interval.suspect,
        edited_count=interval.edited,
        excluded_count=interval.excluded,
        minimum="" if interval.least is None else decimal_text(interval.least),
        maximum="" if interval.greatest is None else decimal_text(interval.greatest),
    )
    message.period.start.FromMilliseconds(interval.start_ms)
    message.period.end.FromMilliseconds(interval.end_ms)
    if interval.version:
        message.stored_time.FromDatetime(stored_time(interval.version))
    return message


def interval_messages(intervals: Iterable[Interval]) -> list[pb.IntervalReading]:
    """Their messages."""
    return [interval_message(interval) for interval in intervals]
