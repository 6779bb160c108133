"""Exports on the wire and in the domain, both ways."""

from datetime import UTC, datetime

from server.platform.wire import enum_name, enum_value, maybe_id, stamp
from server.readings.calendar import from_ms
from server.readings.exports.domain import Export, Wish
from simba.common.v1 import types_pb2
from simba.readings.v1 import reading_export_pb2 as pb


def wish_of(wire: pb.ReadingExport) -> Wish:
    """What a caller asks for."""
    return Wish(
        format=enum_name(pb.ReadingFormat, wire.format),
        start_ms=wire.period.start.ToMilliseconds(),
        end_ms=wire.period.end.ToMilliseconds(),
        usage_point_ids=tuple(
            one
            for n, text in enumerate(wire.usage_point_ids)
            if (one := maybe_id(f"reading_export.usage_point_ids[{n}]", text)) is not None
        ),
        series=tuple(wire.series),
        node_id=maybe_id("reading_export.node_id", wire.node_id),
        quantities=tuple(enum_name(types_pb2.Quantity, one) for one in wire.quantities),
        time_zone=wire.time_zone or "UTC",
        gzip=wire.gzip,
        sender=wire.from_participant,
        receiver=wire.to_participant,
    )


def wire_export(export: Export) -> pb.ReadingExport:
    """An export on the wire."""
    wish = export.wish
    message = pb.ReadingExport(
        reading_export_id=str(export.export_id),
        format=enum_value(pb.ReadingFormat, wish.format),
        usage_point_ids=map(str, wish.usage_point_ids),
        series=wish.series,
        node_id=str(wish.node_id) if wish.node_id else "",
        quantities=[enum_value(types_pb2.Quantity, one) for one in wish.quantities],
        time_zone=wish.time_zone,
        gzip=wish.gzip,
        from_participant=wish.sender,
        to_participant=wish.receiver,
        state=types_pb2.WorkState.Value(f"WORK_STATE_{export.state}"),
        progress=_progress(export),
        rows=export.rows,
        size=export.size,
        sha256=export.sha256,
        file_name=export.file_name,
        content_type=export.content_type,
        error=export.error,
        create_time=stamp(export.create_time),
        end_time=stamp(export.end_time),
    )
    message.period.start.FromDatetime(from_ms(wish.start_ms))
    message.period.end.FromDatetime(from_ms(wish.end_ms))
    return message


def _progress(export: Export) -> types_pb2.Progress:
    progress = types_pb2.Progress(done=export.done, total=export.total)
    if export.start_time is not None:
        until = export.end_time or datetime.now(UTC)
        progress.rate = export.done / max((until - export.start_time).total_seconds(), 1e-3)
        if not export.over and export.total > export.done > 0:
            left = (export.total - export.done) / progress.rate
            progress.estimated_end_time.FromSeconds(int(until.timestamp() + left))
    return progress
