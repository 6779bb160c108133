"""Retention on the wire and in the domain."""

from datetime import UTC, datetime

from server.platform.wire import enum_name, enum_value, stamp, text_of
from server.readings.retention.app import Status
from server.readings.retention.domain import LegalHold, Policy, Run, Step, TableRows
from simba.common.v1.types_pb2 import Commodity, Progress, WorkState
from simba.readings.v1 import retention_pb2 as pb
from simba.readings.v1 import retention_service_pb2 as service_pb


def policy_of(wire: pb.RetentionPolicy) -> Policy:
    """A policy as a caller gives it."""
    return Policy(
        enum_name(pb.DataClass, wire.data_class),
        enum_name(Commodity, wire.commodity),
        wire.keep_days,
        wire.cold_after_days,
    )


def wire_policy(policy: Policy) -> pb.RetentionPolicy:
    """A policy on the wire."""
    return pb.RetentionPolicy(
        data_class=enum_value(pb.DataClass, policy.data_class),
        commodity=enum_value(Commodity, policy.commodity),
        keep_days=policy.keep_days,
        cold_after_days=policy.cold_after_days,
        update_time=stamp(policy.update_time),
        updated_by=policy.updated_by,
    )


def wire_hold(hold: LegalHold, now: datetime) -> pb.LegalHold:
    """A hold on the wire."""
    return pb.LegalHold(
        legal_hold_id=str(hold.legal_hold_id),
        usage_point_id=text_of(hold.usage_point_id),
        meter_id=text_of(hold.meter_id),
        reason=hold.reason,
        end_time=stamp(hold.end_time),
        active=hold.active(now),
        created_by=hold.created_by,
        create_time=stamp(hold.create_time),
        released_by=hold.released_by,
        release_time=stamp(hold.release_time),
    )


def wire_rows(rows: TableRows) -> pb.RetentionRows:
    """Rows of a table on the wire."""
    return pb.RetentionRows(
        data_class=enum_value(pb.DataClass, rows.data_class),
        table=rows.table,
        expired_rows=rows.expired,
        held_rows=rows.held,
        rows=rows.rows,
        oldest_time=stamp(rows.oldest),
    )


def wire_run(run: Run) -> pb.RetentionRun:
    """A run on the wire."""
    progress = Progress(done=run.steps_done, total=run.steps_total)
    if run.start_time is not None:
        until = run.end_time or datetime.now(UTC)
        progress.rate = run.steps_done / max((until - run.start_time).total_seconds(), 1e-3)
    return pb.RetentionRun(
        retention_run_id=str(run.retention_run_id),
        state=enum_value(WorkState, run.state),
        scheduled=run.scheduled,
        progress=progress,
        deleted_rows=run.deleted_rows,
        steps=[_step(one) for one in run.steps],
        error=run.error,
        create_time=stamp(run.create_time),
        end_time=stamp(run.end_time),
    )


def _step(step: Step) -> pb.RetentionStep:
    return pb.RetentionStep(
        table=step.table,
        partition=step.partition,
        rows=step.rows,
        dropped=step.dropped,
        done=step.done,
        start_time=stamp(step.start_time),
    )


def wire_status(status: Status) -> service_pb.GetRetentionStatusResponse:
    """How retention stands, on the wire."""
    return service_pb.GetRetentionStatusResponse(
        last_run=None if status.last_run is None else wire_run(status.last_run),
        next_run_time=stamp(status.next_run_time),
        active_holds=status.active_holds,
        cold_volume=status.cold_volume,
    )
