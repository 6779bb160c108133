"""Provisioning on the wire and in the domain, both ways."""

from collections.abc import Mapping
from typing import Any

from server.devices.convert_model import wire_model
from server.devices.device_keys import DeviceKeys
from server.devices.provisioning_rules import Report, Task
from server.devices.provisioning_tasks import Assignment
from server.devices.reconciliations import Difference, Reconciliation
from server.platform.wire import enum_name, enum_value, maybe_id, stamp, text_of
from simba.common.v1 import error_reason_pb2, types_pb2
from simba.devices.v1 import device_keys_pb2, network_health_service_pb2, provisioning_pb2
from simba.devices.v1 import provisioning_service_pb2 as pb

_STATE = provisioning_pb2.ProvisioningState
_KIND = network_health_service_pb2.DeviceKind
_REASON = error_reason_pb2.ErrorReason


def wire_provisioning(task: Task | None) -> provisioning_pb2.Provisioning:
    """How far a device is; one that is not managed says so."""
    if task is None:
        return provisioning_pb2.Provisioning(state=_STATE.PROVISIONING_STATE_UNMANAGED)
    return provisioning_pb2.Provisioning(
        state=enum_value(_STATE, task.state),
        reason=enum_value(_REASON, task.reason),
        description=task.description,
        attempts=task.attempts,
        step=task.step,
        next_attempt_time=stamp(task.next_attempt_time),
        update_time=stamp(task.update_time),
    )


def wire_task(task: Task) -> pb.ProvisioningTask:
    """A task on the wire, without what only an assignment has."""
    wanted: Mapping[str, Any] = task.desired
    return pb.ProvisioningTask(
        provisioning_task_id=str(task.provisioning_task_id),
        device_id=str(task.device_id),
        kind=enum_value(_KIND, task.kind),
        present=task.present,
        address=task.address,
        former_addresses=task.former_addresses,
        device_model_id=text_of(task.device_model_id),
        join_eui=wanted.get("join_eui", ""),
        display_name=wanted.get("display_name", ""),
        latitude=wanted.get("latitude"),
        longitude=wanted.get("longitude"),
        stats_interval_seconds=wanted.get("stats_interval_seconds", 0),
        suspended=wanted.get("suspended", False),
        generation=task.generation,
        attempt=task.attempts,
    )


def wire_assignment(given: Assignment) -> pb.ProvisioningTask:
    """A task on the wire with the model and the keys."""
    wire = wire_task(given.task)
    if given.model is not None:
        wire.device_model.CopyFrom(wire_model(given.model))
    if given.keys is not None:
        wire.keys.CopyFrom(_wire_keys(given.keys))
    return wire


def _wire_keys(keys: DeviceKeys) -> device_keys_pb2.DeviceKeys:
    return device_keys_pb2.DeviceKeys(
        app_key=keys.app_key, nwk_key=keys.nwk_key, gen_app_key=keys.gen_app_key, others=keys.others
    )


def report_of(wire: pb.ReportProvisioningRequest) -> Report:
    """What an adapter says of a task."""
    return Report(
        generation=wire.generation,
        state=enum_name(_STATE, wire.state),
        step=wire.step,
        reason=enum_name(_REASON, wire.reason),
        description=wire.description,
        retriable=wire.retriable,
        network_ids=dict(wire.network_ids),
    )


def difference_of(where: str, wire: pb.Difference) -> Difference:
    """What an adapter found."""
    return Difference(
        kind=enum_name(pb.DifferenceKind, wire.kind),
        address=wire.address,
        device_kind=enum_name(_KIND, wire.device_kind),
        device_id=maybe_id(f"{where}.device_id", wire.device_id),
        description=wire.description,
        repaired=wire.repaired,
    )


def wire_reconciliation(found: Reconciliation) -> pb.Reconciliation:
    """A comparison on the wire."""
    return pb.Reconciliation(
        reconciliation_id=str(found.reconciliation_id),
        adapter=found.adapter,
        repair=found.repair,
        state=enum_value(types_pb2.WorkState, found.state),
        compared=found.compared,
        differences=map(_wire_difference, found.differences),
        difference_count=found.difference_count,
        repaired_count=found.repaired_count,
        error=found.error,
        create_time=stamp(found.create_time),
        end_time=stamp(found.end_time),
    )


def _wire_difference(found: Difference) -> pb.Difference:
    return pb.Difference(
        kind=enum_value(pb.DifferenceKind, found.kind),
        address=found.address,
        device_kind=enum_value(_KIND, found.device_kind),
        device_id=text_of(found.device_id),
        description=found.description,
        repaired=found.repaired,
    )
