"""The dead letter on the wire and in the domain."""

from datetime import timedelta
from uuid import UUID

from server.platform.wire import enum_name, enum_value, stamp
from server.readings.calendar import from_ms
from server.readings.dead_letter.domain import KEPT_DAYS, DeadLetterJob, DeadReading, Group, Selector
from server.readings.domain import decimal_text
from simba.common.v1 import types_pb2
from simba.common.v1.error_reason_pb2 import ErrorReason
from simba.readings.v1 import dead_letter_service_pb2 as rpc
from simba.readings.v1 import dead_reading_pb2 as wire
from simba.readings.v1.reading_service_pb2 import ChannelName


def selector_of(
    message: wire.DeadReadingSelector | rpc.ListDeadReadingsRequest | rpc.GetDeadLetterSummaryRequest,
) -> Selector:
    """Which readings a caller means."""
    channel = 0 if isinstance(message, rpc.GetDeadLetterSummaryRequest) else message.channel
    reason = enum_name(ErrorReason, message.reason) if message.reason else ""
    return Selector(source=message.source, channel=channel, reason=reason)


def reading_to_wire(one: DeadReading) -> wire.DeadReading:
    """A reading as it is shown."""
    return wire.DeadReading(
        source=one.source,
        sequence=one.sequence,
        row=one.row,
        channel=one.channel,
        channel_name=_name(one.meter_id, one.code),
        time=stamp(from_ms(one.ms)),
        value=decimal_text(one.micro),
        unit=one.unit,
        multiplier=one.multiplier,
        quality=one.quality,
        reason=enum_value(ErrorReason, one.reason),
        description=one.description,
        create_time=stamp(from_ms(one.kept_ms)),
        expire_time=stamp(from_ms(one.kept_ms) + timedelta(days=KEPT_DAYS)),
    )


def group_to_wire(one: Group) -> wire.DeadReadingGroup:
    """A group as it is shown."""
    return wire.DeadReadingGroup(
        source=one.source,
        channel=one.channel,
        channel_name=_name(one.meter_id, one.code),
        reason=enum_value(ErrorReason, one.reason),
        count=one.count,
        first_time=stamp(from_ms(one.first_ms)),
        last_time=stamp(from_ms(one.last_ms)),
        last_create_time=stamp(from_ms(one.kept_ms)),
    )


def job_to_wire(job: DeadLetterJob) -> wire.DeadLetterJob:
    """A job as it is shown; of an automatic one the channels are too many to tell."""
    counts, selector = job.counts, job.selector
    return wire.DeadLetterJob(
        job_id=str(job.job_id),
        action=enum_value(wire.DeadLetterAction, job.action),
        selector=wire.DeadReadingSelector(
            source=selector.source,
            channel=selector.channel,
            reason=enum_value(ErrorReason, selector.reason or "UNSPECIFIED"),
        ),
        automatic=job.automatic,
        state=types_pb2.WorkState.Value(f"WORK_STATE_{job.state}"),
        progress=types_pb2.Progress(done=counts.done, total=counts.total, failed=counts.failed),
        stored=counts.stored,
        duplicates=counts.duplicates,
        discarded=counts.discarded,
        error=job.error,
        create_time=stamp(job.create_time),
        end_time=stamp(job.end_time),
    )


def _name(meter_id: UUID | None, code: str) -> ChannelName | None:
    return None if meter_id is None else ChannelName(meter_id=str(meter_id), code=code)
