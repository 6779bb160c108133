"""What a change of a command tells others: the event log, and the adapter by the bus."""

from server.commands.convert import bus_message_id, device_command, state_changed
from server.commands.domain import Command
from server.commands.evolution import Change, Step
from server.commands.states import State
from server.platform.outbox import OutboxEvent
from server.platform.uow import Tx

EVENT_TYPE = "command.state_changed"

_SEVERITIES = {
    State.FAILED: "WARNING",
    State.REJECTED: "WARNING",
    State.EXPIRED: "WARNING",
    # Somebody has to go and look: the supply may be on or off.
    State.UNKNOWN_OUTCOME: "CRITICAL",
}


async def tell(tx: Tx, change: Change) -> None:
    """Emits an event for each step, and hands the command to the bus if the change says so."""
    for step in change.steps:
        await tx.emit(_event(change.command, step))
    if change.publish:
        await publish(tx, change.command)


async def publish(tx: Tx, command: Command) -> None:
    """Hands the command to its adapter's stream, and its withdrawal behind it if that was asked for."""
    await tx.send(
        stream_of(command), device_command(command, tx.tenant_id), message_id=bus_message_id(command)
    )
    if command.cancel_requested is not None:
        await withdraw(tx, command)


async def withdraw(tx: Tx, command: Command) -> None:
    """Asks the adapter to take the command back."""
    await tx.send(
        stream_of(command),
        device_command(command, tx.tenant_id, cancel=True),
        message_id=bus_message_id(command, cancel=True),
    )


def stream_of(command: Command) -> str:
    """The bus stream of the command's adapter."""
    return f"adapter.{command.adapter}"


def _event(command: Command, step: Step) -> OutboxEvent:
    return OutboxEvent(
        type=EVENT_TYPE,
        subject=f"meters/{command.meter_id}",
        payload=state_changed(command, step),
        severity=_SEVERITIES.get(step.transition.state, "INFO"),
        usage_point_id=str(command.usage_point_id or ""),
        meter_id=str(command.meter_id),
        command_id=str(command.command_id),
        correlation_id=command.issuer_tracking_id or str(command.command_id),
        event_time=step.transition.time,
    )
