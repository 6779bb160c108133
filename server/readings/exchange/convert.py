"""Imports on the wire and in the domain, both ways."""

from datetime import UTC, datetime

from server.platform.wire import enum_name, enum_value, stamp
from server.readings.exchange.app import new_job
from server.readings.exchange.domain import CsvFormat, ImportJob, RowError
from server.readings.exchange.translators import OWN_NAMES
from simba.common.v1 import error_reason_pb2, types_pb2
from simba.readings.v1 import import_job_pb2 as pb
from simba.readings.v1.reading_export_pb2 import ReadingFormat


def job_of(wire: pb.ImportJob) -> ImportJob:
    """An import as a caller asks for it."""
    csv = wire.csv
    style = enum_name(ReadingFormat, wire.format) or "CSV"
    if style in OWN_NAMES:
        named = CsvFormat(time_column="", value_column="", channel_map=dict(wire.channel_map), format=style)
        return new_job(wire.file_name, named, validate_only=wire.validate_only)
    return new_job(
        wire.file_name,
        CsvFormat(
            time_column=csv.time_column,
            value_column=csv.value_column,
            channel_column=csv.channel_column,
            channel=csv.channel,
            channel_map=dict(csv.channel_map),
            time_zone=csv.time_zone or "UTC",
            time_format=csv.time_format,
            interval_end=csv.time_convention == pb.TIME_CONVENTION_INTERVAL_END,
            shift_missing_hour=csv.missing_hour == pb.MISSING_HOUR_RULE_SHIFT,
            unit=csv.unit,
            delimiter=csv.delimiter or ("\t" if style == "TXT" else ","),
            decimal_comma=csv.decimal_comma,
            format=style,
        ),
        validate_only=wire.validate_only,
    )


def wire_import(job: ImportJob) -> pb.ImportJob:
    """An import on the wire."""
    return pb.ImportJob(
        import_id=str(job.import_id),
        file_name=job.file_name,
        csv=None if job.csv.format in OWN_NAMES else _wire_csv(job.csv),
        format=enum_value(ReadingFormat, job.csv.format),
        channel_map=job.csv.channel_map if job.csv.format in OWN_NAMES else {},
        sha256=job.sha256,
        state=types_pb2.WorkState.Value(f"WORK_STATE_{job.state}"),
        progress=_progress(job),
        stored=job.counts.stored,
        duplicates=job.counts.duplicates,
        rejected=job.counts.rejected,
        error=job.error,
        create_time=stamp(job.create_time),
        end_time=stamp(job.end_time),
        validate_only=job.validate_only,
    )


def _wire_csv(csv: CsvFormat) -> pb.CsvFormat:
    return pb.CsvFormat(
        time_column=csv.time_column,
        value_column=csv.value_column,
        channel_column=csv.channel_column,
        channel=csv.channel,
        channel_map=csv.channel_map,
        time_zone=csv.time_zone,
        time_format=csv.time_format,
        time_convention=pb.TIME_CONVENTION_INTERVAL_END
        if csv.interval_end
        else pb.TIME_CONVENTION_INTERVAL_START,
        missing_hour=pb.MISSING_HOUR_RULE_SHIFT if csv.shift_missing_hour else pb.MISSING_HOUR_RULE_REJECT,
        unit=csv.unit,
        delimiter=csv.delimiter,
        decimal_comma=csv.decimal_comma,
    )


def _progress(job: ImportJob) -> types_pb2.Progress:
    counts = job.counts
    progress = types_pb2.Progress(done=counts.done, total=counts.total, failed=counts.rejected)
    if job.start_time is not None:
        until = job.end_time or datetime.now(UTC)
        seconds = max((until - job.start_time).total_seconds(), 1e-3)
        progress.rate = counts.done / seconds
        if not job.over and counts.total > counts.done > 0:
            left = (counts.total - counts.done) / progress.rate
            progress.estimated_end_time.FromSeconds(int(until.timestamp() + left))
    return progress


def wire_error(error: RowError) -> pb.ImportError:
    """A refused row on the wire."""
    return pb.ImportError(
        line=error.line,
        column=error.column,
        value=error.value,
        description=error.description,
        reason=error_reason_pb2.ErrorReason.Value(f"ERROR_REASON_{error.reason}"),
    )
