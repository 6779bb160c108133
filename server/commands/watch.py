"""Watching a command: every state, in order, until it is over."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID

from server.commands import store
from server.commands.domain import Command, Transition
from server.commands.errors import CommandNotFound, ResumeTokenInvalid
from server.commands.telling import EVENT_TYPE
from server.platform.caller import current_caller
from server.platform.deadline import remaining_seconds
from server.platform.errors import PageTokenMismatch
from server.platform.hints import Hints, hinted
from server.platform.outbox import OutboxRow
from server.platform.paging import Pages
from server.platform.scope import Narrowing
from server.platform.uow import Tx, UnitOfWork

POLL_SECONDS = 2.0
"""How often a watched command is looked at without a hint."""
HEARTBEAT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(seconds=60)
# An answer must arrive before its caller gives up: a quarter of the time left, and never more than this.
_ANSWER_MARGIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Sight:
    """One message of a watch: a step with the command as it was then, or a heartbeat."""

    resume_token: str
    command: Command | None = None
    step: Transition | None = None


class WatchCommand:
    """Streams the steps of a command, from the log of its transitions; hints only make it quick."""

    def __init__(
        self,
        uow: UnitOfWork,
        pages: Pages,
        hints: Hints,
        seen: Narrowing,
        *,
        heartbeat: timedelta = HEARTBEAT,
    ) -> None:
        self._seen = seen
        self._uow = uow
        self._pages = pages
        self._hints = hints
        self._heartbeat = heartbeat.total_seconds()

    async def watch(self, command_id: UUID, resume_token: str = "") -> AsyncGenerator[Sight]:
        """Each step after the token, then each new one; ends after the terminal one.

        Without a token it begins with the first step. Raises CommandNotFound and ResumeTokenInvalid.
        """
        position = self._position(command_id, resume_token)
        told = monotonic()
        with self._hints.on(str(command_id)) as hint:
            while True:
                hint.clear()
                command = await self._look(command_id)
                for step in command.transitions[position:]:
                    position, told = step.sequence, monotonic()
                    yield Sight(self._token(command_id, position), command.as_of(step), step)
                if command.terminal:
                    return
                if monotonic() - told >= self._heartbeat:
                    told = monotonic()
                    yield Sight(self._token(command_id, position))
                await hinted(hint, min(POLL_SECONDS, max(told + self._heartbeat - monotonic(), 0)))

    async def wait(self, command_id: UUID, longest: timedelta) -> Command:
        """The command when it is over, or as it stands after ``longest`` or shortly before the deadline."""
        seconds = min(longest, LONGEST_WAIT).total_seconds()
        remaining = remaining_seconds()
        if remaining is not None:
            seconds = min(seconds, remaining - min(remaining / 4, _ANSWER_MARGIN_SECONDS))
        end = monotonic() + seconds
        with self._hints.on(str(command_id)) as hint:
            while True:
                hint.clear()
                command = await self._look(command_id)
                left = end - monotonic()
                if command.terminal or left <= 0:
                    return command
                await hinted(hint, min(POLL_SECONDS, left))

    async def _look(self, command_id: UUID) -> Command:
        async with self._uow() as tx:
            command = await store.get(tx, command_id, self._seen(tx))
        if command is None:
            raise CommandNotFound(command_id)
        return command

    def _bound(self, command_id: UUID) -> object:
        return ("watch-command", current_caller().tenant_id, command_id)

    def _token(self, command_id: UUID, position: int) -> str:
        return self._pages.encode((position,), bound_to=self._bound(command_id))

    def _position(self, command_id: UUID, token: str) -> int:
        try:
            key = self._pages.decode(token, bound_to=self._bound(command_id))
        except PageTokenMismatch:
            raise ResumeTokenInvalid from None
        return int(key[0]) if key else 0


class CommandHints:
    """Hears from the outbox which commands have moved, and gives the watchers of all processes a hint."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    async def append(self, tx: Tx, events: Sequence[OutboxRow]) -> None:
        """Keeps nothing: the transitions are stored already."""

    async def announce(self, events: Sequence[OutboxRow]) -> None:
        """Hints at the commands whose events have been committed."""
        await self._hints.give(
            event.attributes["command_id"] for event in events if event.topic == EVENT_TYPE
        )
