"""Imports and exports of the inventory on the wire and in the domain, both ways."""

from server.devices.files.domain import ExportJob, ImportJob, RowError
from server.platform.wire import enum_name, enum_value, maybe_id, maybe_instant, stamp, text_of
from simba.common.v1 import error_reason_pb2, types_pb2
from simba.devices.v1 import inventory_service_pb2 as pb


def import_of(wire: pb.InventoryImport) -> ImportJob:
    """An import as a caller gives it."""
    return ImportJob(
        file_name=wire.file_name,
        format=enum_name(pb.InventoryFormat, wire.format),
        kind=enum_name(pb.InventoryKind, wire.kind),
        validate_only=wire.validate_only,
    )


def wire_import(job: ImportJob) -> pb.InventoryImport:
    """An import on the wire."""
    counts = job.counts
    return pb.InventoryImport(
        inventory_import_id=str(job.import_id),
        file_name=job.file_name,
        format=enum_value(pb.InventoryFormat, job.format),
        kind=enum_value(pb.InventoryKind, job.kind),
        validate_only=job.validate_only,
        sha256=job.sha256,
        state=enum_value(types_pb2.WorkState, job.state),
        progress=types_pb2.Progress(done=counts.done, total=counts.total, failed=counts.rejected),
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        rejected=counts.rejected,
        error=job.error,
        create_time=stamp(job.create_time),
        end_time=stamp(job.end_time),
    )


def wire_error(error: RowError) -> pb.InventoryImportError:
    """What is wrong with a row, on the wire."""
    flaw = error.flaw
    return pb.InventoryImportError(
        sheet=error.sheet,
        line=error.line,
        column=flaw.column,
        value=flaw.value,
        description=flaw.description,
        reason=enum_value(error_reason_pb2.ErrorReason, flaw.reason),
    )


def export_of(wire: pb.InventoryExport) -> ExportJob:
    """An export as a caller asks for it."""
    return ExportJob(
        format=enum_name(pb.InventoryFormat, wire.format),
        kind=enum_name(pb.InventoryKind, wire.kind),
        show_archived=wire.show_archived,
        as_of=maybe_instant("as_of", wire),
        node_id=maybe_id("inventory_export.node_id", wire.node_id),
    )


def wire_export(job: ExportJob) -> pb.InventoryExport:
    """An export on the wire."""
    return pb.InventoryExport(
        inventory_export_id=str(job.export_id),
        format=enum_value(pb.InventoryFormat, job.format),
        kind=enum_value(pb.InventoryKind, job.kind),
        show_archived=job.show_archived,
        as_of=stamp(job.as_of),
        node_id=text_of(job.node_id),
        file_name=job.file_name,
        state=enum_value(types_pb2.WorkState, job.state),
        progress=types_pb2.Progress(done=job.done, total=job.done if job.over else 0),
        size=job.size,
        sha256=job.sha256,
        error=job.error,
        create_time=stamp(job.create_time),
        end_time=stamp(job.end_time),
    )
