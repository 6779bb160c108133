"""Cancel: take a command back, and say honestly how far it had got."""

from dataclasses import dataclass, replace
from uuid import UUID

from server.commands import store
from server.commands.domain import Command
from server.commands.errors import CommandNotFound, NotCancellable
from server.commands.evolution import Change, enter, noted
from server.commands.states import CancelOutcome, Decision, State, on_cancel
from server.commands.telling import tell, withdraw
from server.platform.scope import Narrowing
from server.platform.uow import Tx, UnitOfWork


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What became of the wish."""

    command: Command
    already_sent: bool


class CancelCommand:
    """Cancels at once what no adapter has; asks the adapter for the rest; leaves alone what was sent."""

    def __init__(self, uow: UnitOfWork, seen: Narrowing) -> None:
        self._seen = seen
        self._uow = uow

    async def cancel(self, command_id: UUID) -> Cancelled:
        """Cancels; repeats change nothing. Raises CommandNotFound, and NotCancellable for what is over."""
        async with self._uow() as tx:
            command = await store.lock(tx, command_id, self._seen(tx))
            if command is None:
                raise CommandNotFound(command_id)
            outcome = on_cancel(command.position, published=command.published)
            if outcome is CancelOutcome.ALREADY_TERMINAL and command.state is not State.CANCELLED:
                raise NotCancellable(command_id, command.state)
            if outcome is CancelOutcome.CANCELLED:
                await self._end(tx, command)
            elif outcome is CancelOutcome.REQUESTED and command.cancel_requested is None:
                await self._ask(tx, command)
            stored = await store.get(tx, command_id)
        assert stored is not None
        return Cancelled(stored, already_sent=outcome is CancelOutcome.TOO_LATE)

    async def _end(self, tx: Tx, command: Command) -> None:
        decision = Decision(enter=(State.CANCELLED,))
        change = enter(command, decision, time=tx.now, now=tx.now, description="before it left the server")
        await store.save(tx, change)
        await tell(tx, change)
        await tx.changed(
            kind="command",
            resource_id=command.command_id,
            action="cancelled",
            before={"state": command.state.value},
            after={"state": change.command.state.value},
        )

    async def _ask(self, tx: Tx, command: Command) -> None:
        asked = replace(noted(command, now=tx.now), cancel_requested=tx.now)
        await store.save(tx, Change(asked))
        await withdraw(tx, asked)
        await tx.changed(kind="command", resource_id=command.command_id, action="cancel_requested")
