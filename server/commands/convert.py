"""Commands on the wire and in the domain, both ways."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from uuid import NAMESPACE_OID, UUID, uuid5

from server.commands.actions import Action
from server.commands.domain import (
    Attempt,
    Command,
    ConflictPolicy,
    NewCommand,
    ReadingResult,
    Result,
    Transition,
)
from server.commands.evolution import Step
from server.commands.states import State
from server.platform.errors import InvalidField
from server.platform.etags import etag_of
from server.platform.ids import parse_id
from server.platform.wire import enum_name, instant, maybe_instant, plain, stamp
from simba.commands.v1 import (
    command_pb2,
    command_service_pb2,
    device_command_pb2,
    events_pb2,
)


def wire_state(state: State | None) -> "command_pb2.CommandState.ValueType":
    """A state on the wire; None is unspecified."""
    return command_pb2.CommandState.Value(f"COMMAND_STATE_{state or 'UNSPECIFIED'}")


def state_of(wire: "command_pb2.CommandState.ValueType") -> State | None:
    """A state from the wire; None when it is not said."""
    return State(enum_name(command_pb2.CommandState, wire)) if wire else None


def wire_action(action: Action) -> "command_pb2.CommandAction.ValueType":
    """An action on the wire."""
    return command_pb2.CommandAction.Value(f"COMMAND_ACTION_{action.value.upper()}")


def action_of(field: str, wire: "command_pb2.CommandAction.ValueType") -> Action:
    """An action from the wire. InvalidArgument names the field when it is not said."""
    if not wire:
        raise InvalidField(field, "no action is said", "command.action")
    return Action(enum_name(command_pb2.CommandAction, wire).lower())


def new_command_of(request: command_service_pb2.SubmitCommandRequest) -> NewCommand:
    """What a caller asks for."""
    wire = request.command
    return NewCommand(
        meter_id=parse_id("command.meter_id", wire.meter_id),
        action=action_of("command.action", wire.action),
        not_before=maybe_instant("command.not_before", wire),
        expires_at=maybe_instant("command.expire_time", wire),
        priority=wire.priority,
        reason=wire.reason,
        issuer_id=wire.issuer_id,
        issuer_tracking_id=wire.issuer_tracking_id,
        request_id=request.request_id,
    )


def policy_of(wire: "command_service_pb2.ConflictPolicy.ValueType") -> ConflictPolicy:
    """A conflict policy from the wire; refusing is the default."""
    coalesce = command_service_pb2.CONFLICT_POLICY_COALESCE
    return ConflictPolicy.COALESCE if wire == coalesce else ConflictPolicy.REJECT


def wire_command(command: Command, *, history: bool = True) -> command_pb2.Command:
    """A command on the wire, with or without its attempts and transitions."""
    wire = command_pb2.Command(
        command_id=str(command.command_id) if command.command_id.int else "",
        meter_id=str(command.meter_id),
        action=wire_action(command.action),
        state=wire_state(command.state),
        reason=command.reason,
        issuer_id=command.issuer_id,
        issuer_tracking_id=command.issuer_tracking_id,
        priority=command.priority,
        not_before=stamp(command.not_before),
        expire_time=stamp(command.expires_at),
        error=command.error,
        create_time=stamp(command.accept_time),
        update_time=stamp(command.update_time),
        etag=etag_of(command.version),
        usage_point_id=str(command.usage_point_id or ""),
        cancel_request_time=stamp(command.cancel_requested),
    )
    if not command.result.empty:
        wire.result.CopyFrom(wire_result(command.result))
    if history:
        wire.attempts.extend(_wire_attempt(one) for one in command.attempts)
        wire.transitions.extend(wire_transition(one) for one in command.transitions)
    return wire


def wire_transition(step: Transition) -> command_pb2.CommandTransition:
    """A transition on the wire."""
    return command_pb2.CommandTransition(
        state=wire_state(step.state), time=stamp(step.time), description=step.description
    )


def _wire_attempt(one: Attempt) -> command_pb2.CommandAttempt:
    return command_pb2.CommandAttempt(
        attempt=one.number, start_time=stamp(one.start_time), link_id=one.link_id, outcome=one.outcome
    )


def wire_result(result: Result) -> command_pb2.CommandResult:
    """A result on the wire; values are plain decimals."""
    return command_pb2.CommandResult(
        switch_state=result.switch_state,
        answer_json=result.answer_json,
        readings=[
            command_pb2.CommandReading(
                channel=one.channel,
                time=stamp(one.time),
                value=plain(one.value),
                unit=one.unit,
                channel_code=one.channel_code,
            )
            for one in result.readings
        ],
    )


def result_of(field: str, wire: command_pb2.CommandResult) -> Result:
    """A result from the wire. InvalidArgument names the reading whose value is not a decimal."""
    return Result(
        switch_state=wire.switch_state,
        answer_json=wire.answer_json,
        readings=tuple(_readings_of(f"{field}.readings", wire.readings)),
    )


def _readings_of(field: str, readings: Iterable[command_pb2.CommandReading]) -> Iterable[ReadingResult]:
    for index, one in enumerate(readings):
        yield ReadingResult(
            channel=one.channel,
            time=instant(f"{field}[{index}].time", one.time),
            value=_decimal(f"{field}[{index}].value", one.value),
            unit=one.unit,
            channel_code=one.channel_code,
        )


def _decimal(field: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise InvalidField(field, f"{text!r} is not a decimal number", "decimal") from None
    if not value.is_finite():
        raise InvalidField(field, f"{text!r} is not a finite number", "decimal")
    return value


def device_command(
    command: Command, tenant_id: UUID, *, cancel: bool = False
) -> device_command_pb2.DeviceCommand:
    """What the adapter is told; ``cancel``: to take it back."""
    return device_command_pb2.DeviceCommand(
        command_id=str(command.command_id),
        tenant_id=str(tenant_id),
        meter_id=str(command.meter_id),
        dev_eui=command.dev_eui,
        action=wire_action(command.action),
        not_before=stamp(command.not_before),
        expire_time=stamp(command.expires_at),
        attempt=command.attempt,
        priority=command.priority,
        cancel=cancel,
    )


def bus_message_id(command: Command, *, cancel: bool = False) -> UUID:
    """The id of a bus message: the same whenever it is published again, so that receivers drop repeats."""
    what = "cancel" if cancel else f"attempt-{command.attempt}"
    return uuid5(NAMESPACE_OID, f"simba:command:{command.command_id}:{what}")


def state_changed(command: Command, step: Step) -> events_pb2.CommandStateChanged:
    """The fact that a command came into another state."""
    return events_pb2.CommandStateChanged(
        command=wire_command(command.as_of(step.transition), history=False),
        transition=wire_transition(step.transition),
        previous_state=wire_state(step.previous),
    )
