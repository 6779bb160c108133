"""The life of a command: states, and the rules by which reports, cancels and clocks move it.

Everything here is pure. A command moves forward only::

    ACCEPTED -> QUEUED -> AWAITING_CONTACT -> SENT -> DELIVERED -> EXECUTED -> VERIFIED

and leaves that road once, to FAILED, REJECTED, EXPIRED, CANCELLED or UNKNOWN_OUTCOME. Reports come over a
network that repeats, reorders and delays, so a report that tells nothing new is harmless and a terminal state
is final. TxAck is not delivered, delivered is not executed, executed is not verified.
"""

from dataclasses import dataclass
from enum import StrEnum

from server.commands.actions import Traits


class State(StrEnum):
    """Where a command is. The names are those of the wire, without the prefix."""

    ACCEPTED = "ACCEPTED"
    QUEUED = "QUEUED"
    AWAITING_CONTACT = "AWAITING_CONTACT"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    EXECUTED = "EXECUTED"
    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"


ROAD = (
    State.ACCEPTED,
    State.QUEUED,
    State.AWAITING_CONTACT,
    State.SENT,
    State.DELIVERED,
    State.EXECUTED,
    State.VERIFIED,
)
"""The way of success, in order."""

RANK = {state: rank for rank, state in enumerate(ROAD)}
TERMINAL = frozenset(
    {
        State.VERIFIED,
        State.FAILED,
        State.REJECTED,
        State.EXPIRED,
        State.CANCELLED,
        State.UNKNOWN_OUTCOME,
    }
)
ACTIVE = frozenset(State) - TERMINAL
REPORTABLE = frozenset(State) - {State.ACCEPTED}
"""What an adapter may report; ACCEPTED is the server's own word."""


class Ignored(StrEnum):
    """Why a report changed nothing. It is kept all the same."""

    TERMINAL = "TERMINAL"
    PASSED = "PASSED"
    STALE_ATTEMPT = "STALE_ATTEMPT"
    ALREADY_SENT = "ALREADY_SENT"


@dataclass(frozen=True, slots=True)
class Position:
    """What the rules need to know of a command."""

    state: State
    attempt: int
    """The running attempt, from 1."""
    max_attempts: int
    traits: Traits
    reached_sent: bool = False
    """Some attempt left for the device, even if a later one waits again."""

    @property
    def terminal(self) -> bool:
        """Whether nothing can move this command any more."""
        return self.state in TERMINAL

    @property
    def sent(self) -> bool:
        """Whether the device may have it: an effect can no longer be ruled out."""
        return self.reached_sent or RANK.get(self.state, 0) >= RANK[State.SENT]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a report claims."""

    state: State
    attempt: int
    retriable: bool = False
    """Of FAILED: another attempt may succeed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: the states to enter, in order; or why nothing does."""

    enter: tuple[State, ...] = ()
    ignored: Ignored | None = None
    retry: bool = False
    """The states entered belong to a new attempt, which is to be published."""


def after_report(at: Position, report: Progress) -> Decision:
    """Apply one report of the adapter to a command.

    The caller has checked that the attempt exists and that the state is REPORTABLE.
    """
    if at.terminal:
        return Decision(ignored=Ignored.TERMINAL)
    proof = report.state in {State.EXECUTED, State.VERIFIED}
    if report.attempt < at.attempt and not proof:
        return Decision(ignored=Ignored.STALE_ATTEMPT)
    if report.state in RANK:
        return _forward(at, report.state)
    return _off_the_road(at, report)


def _forward(at: Position, state: State) -> Decision:
    if RANK[state] <= RANK[at.state]:
        return Decision(ignored=Ignored.PASSED)
    if state is State.EXECUTED and at.traits.answer_is_proof:
        return Decision(enter=(State.EXECUTED, State.VERIFIED))
    if state is State.VERIFIED and RANK[at.state] < RANK[State.EXECUTED]:
        # What was verified was executed: a watcher that waits for EXECUTED must not miss it.
        return Decision(enter=(State.EXECUTED, State.VERIFIED))
    return Decision(enter=(state,))


def _off_the_road(at: Position, report: Progress) -> Decision:
    state = report.state
    if state is State.EXPIRED:
        return after_expiry(at)
    if state is State.CANCELLED and at.sent:
        # The adapter withdrew it, but a transmission was seen: only the device can tell now.
        return Decision(ignored=Ignored.ALREADY_SENT)
    if state is State.FAILED and report.retriable and may_retry(at):
        return Decision(enter=(State.QUEUED,), retry=True)
    return Decision(enter=(state,))


def may_retry(at: Position) -> bool:
    """Whether a failed attempt may be followed by another without a person.

    An action with an effect is never repeated once it may have reached the device.
    """
    return at.attempt < at.max_attempts and not (at.traits.has_effect and at.sent)


def after_expiry(at: Position) -> Decision:
    """The command's time is up.

    Before it was sent nothing happened: EXPIRED. After that an action with an effect may have had it:
    UNKNOWN_OUTCOME, never a guess. An action without effect has simply not been answered: EXPIRED.
    """
    if at.terminal:
        return Decision(ignored=Ignored.TERMINAL)
    if at.sent and at.traits.has_effect:
        return Decision(enter=(State.UNKNOWN_OUTCOME,))
    return Decision(enter=(State.EXPIRED,))


class CancelOutcome(StrEnum):
    """What a cancel can still do."""

    CANCELLED = "CANCELLED"
    """It never left the server: cancelled at once."""
    REQUESTED = "REQUESTED"
    """The adapter has it: it is asked to withdraw it, and answers CANCELLED or SENT."""
    TOO_LATE = "TOO_LATE"
    """It was sent: what happens now is the device's affair."""
    ALREADY_TERMINAL = "ALREADY_TERMINAL"


def on_cancel(at: Position, *, published: bool) -> CancelOutcome:
    """Decide what a cancel does; ``published`` says whether the command was handed to the bus."""
    if at.terminal:
        return CancelOutcome.ALREADY_TERMINAL
    if at.sent:
        return CancelOutcome.TOO_LATE
    return CancelOutcome.REQUESTED if published else CancelOutcome.CANCELLED
