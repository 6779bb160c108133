"""How a command changes: pure functions from a command to the next, with the steps taken on the way."""

from dataclasses import dataclass, replace
from datetime import datetime

from server.commands.domain import Attempt, Command, Result, Transition, republish_after
from server.commands.states import RANK, ROAD, TERMINAL, Decision, State

_SUCCESS = frozenset(ROAD)


@dataclass(frozen=True, slots=True)
class Step:
    """One transition, with the state before; None before the first."""

    transition: Transition
    previous: State | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a command; to be stored and told."""

    command: Command
    steps: tuple[Step, ...] = ()
    publish: bool = False
    """It is to be handed to the bus in the same transaction."""


def accepted(command: Command, now: datetime) -> Change:
    """The first step of a new command; it goes to the bus at once unless it is to wait."""
    fresh = replace(command, attempts=(Attempt(number=1, start_time=now),), publish_due=command.not_before)
    change = enter(fresh, Decision(enter=(State.ACCEPTED,)), time=now, now=now)
    return _publishing(change, now) if command.not_before <= now else change


def enter(
    command: Command,
    decision: Decision,
    *,
    time: datetime,
    now: datetime,
    description: str = "",
    link_id: str = "",
    result: Result | None = None,
) -> Change:
    """Takes the steps that the rules decided on.

    ``time`` is when it happened by the clock of who saw it, ``now`` when we learnt of it. A retry starts the
    next attempt and hands it to the bus.
    """
    steps: list[Step] = []
    current = noted(command, now=now, link_id=link_id, result=result)
    for state in decision.enter:
        current, step = _stepped(current, state, time, now, description, retry=decision.retry)
        steps.append(step)
    change = Change(current, tuple(steps))
    return _publishing(change, now) if decision.retry else change


def noted(command: Command, *, now: datetime, link_id: str = "", result: Result | None = None) -> Command:
    """The command with what a report tells beside the state; its first report ends the republishing."""
    attempts = command.attempts
    if link_id and attempts:
        attempts = (*attempts[:-1], replace(attempts[-1], link_id=link_id))
    return replace(
        command,
        version=command.version + 1,
        update_time=now,
        attempts=attempts,
        result=command.result.merged(result) if result is not None else command.result,
    )


def acknowledged(command: Command) -> Command:
    """The adapter has spoken about the running attempt: the bus need not carry it again."""
    return replace(command, publish_due=None)


def published(command: Command, now: datetime) -> Change:
    """The command handed to the bus once more."""
    return _publishing(Change(replace(command, version=command.version + 1)), now)


def _publishing(change: Change, now: datetime) -> Change:
    count = change.command.publish_count + 1
    due = now + republish_after(count)
    return replace(
        change, command=replace(change.command, publish_count=count, publish_due=due), publish=True
    )


def _stepped(
    command: Command, state: State, time: datetime, now: datetime, description: str, *, retry: bool
) -> tuple[Command, Step]:
    attempts = command.attempts
    attempt = command.attempt
    if retry:
        outcome = description or "failed"
        attempt += 1
        attempts = (
            *attempts[:-1],
            replace(attempts[-1], outcome=outcome),
            Attempt(number=attempt, start_time=now),
        )
    elif state in TERMINAL and attempts:
        outcome = f"{state}: {description}" if description else str(state)
        attempts = (*attempts[:-1], replace(attempts[-1], outcome=outcome))
    transition = Transition(
        sequence=command.transition_count + 1,
        state=state,
        attempt=attempt,
        time=time,
        record_time=now,
        description=description,
    )
    over = state in TERMINAL
    sent = RANK.get(state, 0) >= RANK[State.SENT]
    stepped = replace(
        command,
        state=state,
        attempt=attempt,
        attempts=attempts,
        transition_count=transition.sequence,
        reached_sent=command.reached_sent or sent,
        publish_count=0 if retry else command.publish_count,
        # Once it may be at the device, handing it to the bus again could do it twice.
        publish_due=None if over or sent else command.publish_due,
        error=(description or str(state)) if over and state not in _SUCCESS else command.error,
    )
    return stepped, Step(transition, command.state if command.transition_count else None)
