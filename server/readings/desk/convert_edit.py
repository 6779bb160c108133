"""Edits on the wire and in the domain."""

from collections.abc import Iterable
from datetime import datetime

from server.platform.errors import InvalidField
from server.platform.wire import instant, stamp, text_of
from server.readings.calendar import to_ms
from server.readings.desk.domain import Copy, Edit, EditedSeries, Estimate, Operation, Scale, SetTo, Verify
from server.readings.domain import State, decimal_text
from simba.common.v1.types_pb2 import TimeInterval
from simba.readings.v1 import reading_edit_pb2 as pb
from simba.readings.v1 import reading_edit_service_pb2, reading_pb2


def operation_of(request: reading_edit_service_pb2.EditReadingsRequest) -> Operation:
    """What a request wants, which says one thing."""
    kind = request.WhichOneof("operation")
    if kind == "set":
        wanted = request.set
        return SetTo(
            wanted.series,
            [
                (to_ms(instant(f"set.values[{place}].time", one.time)), one.value)
                for place, one in enumerate(wanted.values)
            ],
        )
    if kind == "scale":
        start, end = _period("scale", request.scale.period)
        return Scale(request.scale.series, start, end, request.scale.total, request.scale.only_estimated)
    if kind == "copy_day":
        copy = request.copy_day
        return Copy(copy.series, copy.day, copy.source_day, copy.source_series)
    if kind == "verify":
        return Verify(request.verify.series, *_period("verify", request.verify.period))
    return estimate_of(request.estimate)


def estimate_of(wanted: pb.EstimateValues) -> Estimate:
    """What a request wants to be estimated."""
    start, end = _period("estimate", wanted.period)
    return Estimate(
        wanted.series,
        start,
        end,
        wanted.method,
        dict(wanted.parameters),
        wanted.total,
        wanted.only_doubtful,
    )


def _period(field: str, period: TimeInterval) -> tuple[int, int]:
    for name in ("start", "end"):
        if not period.HasField(name):
            raise InvalidField(f"{field}.period.{name}", "is needed", "required")
    start = instant(f"{field}.period.start", period.start)
    return to_ms(start), to_ms(instant(f"{field}.period.end", period.end))


def wire_edit(one: Edit, *, values: bool) -> pb.ReadingEdit:
    """An edit on the wire, with its values or without."""
    return pb.ReadingEdit(
        edit_id=str(one.edit_id) if one.edit_id.int else "",
        kind=pb.ReadingEditKind.ValueType(one.kind),
        state=pb.ReadingEditState.ValueType(one.state),
        reason_code=one.reason_code,
        note=one.note,
        description=one.description,
        author=one.author,
        create_time=stamp(one.create_time),
        approver=one.approver,
        decide_time=stamp(one.decide_time),
        decision_note=one.decision_note,
        apply_time=stamp(one.apply_time),
        other_edit_id=text_of(one.other_edit_id),
        series=map(_wire_series, one.series),
        values=[value for part in one.series for value in _wire_values(part)] if values else (),
        value_count=one.value_count,
        billed_periods=[
            pb.BilledPeriod(
                usage_point_id=bill.usage_point_id,
                invoice_id=bill.invoice_id,
                first_day=bill.first_day,
                last_day=bill.last_day,
            )
            for bill in one.billed
        ],
    )


def wire_settings(four_eyes: bool, since: datetime | None) -> pb.EditSettings:  # noqa: FBT001 - the setting itself
    """The settings on the wire."""
    return pb.EditSettings(four_eyes=four_eyes, update_time=stamp(since))


def _wire_series(part: EditedSeries) -> pb.EditedSeries:
    message = pb.EditedSeries(
        series=part.series,
        usage_point_id=str(part.usage_point_id),
        unit=part.unit,
        old_total=decimal_text(part.before.total),
        new_total=decimal_text(part.after.total),
        value_count=len(part.before),
    )
    message.period.start.FromMilliseconds(part.first_ms)
    message.period.end.FromMilliseconds(part.until_ms)
    return message


def _wire_values(part: EditedSeries) -> Iterable[pb.EditedValue]:
    before, after = part.before, part.after
    for ms, until, was, old, old_quality, now, new, new_quality in zip(
        before.ms.tolist(),
        before.until.tolist(),
        before.micro.tolist(),
        before.state.tolist(),
        before.quality.tolist(),
        after.micro.tolist(),
        after.state.tolist(),
        after.quality.tolist(),
        strict=True,
    ):
        message = pb.EditedValue(
            series=part.series,
            old_value="" if old == State.MISSING else decimal_text(was),
            new_value="" if new == State.MISSING else decimal_text(now),
            old_state=reading_pb2.ReadingState.ValueType(old),
            new_state=reading_pb2.ReadingState.ValueType(new),
            old_quality=old_quality,
            new_quality=new_quality,
        )
        message.period.start.FromMilliseconds(ms)
        message.period.end.FromMilliseconds(until)
        yield message
