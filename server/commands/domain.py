"""A command and its history, as the use cases see them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.commands.actions import MAX_LIFETIME, TRAITS, Action
from server.commands.errors import ExpiryInPast
from server.commands.states import Position, State
from server.platform.errors import InvalidField

EXPIRY_GRACE = timedelta(seconds=1)
"""How long after the expiry we still wait for a report that is on its way: a command that was sent in its
last moment must end as UNKNOWN_OUTCOME and not as EXPIRED."""

FIRST_REPUBLISH = timedelta(seconds=30)
LONGEST_REPUBLISH = timedelta(hours=1)


class ConflictPolicy(StrEnum):
    """What to do when the same action is under way at the meter."""

    REJECT = "REJECT"
    COALESCE = "COALESCE"


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """One value that a device answered with."""

    channel: int
    time: datetime
    value: Decimal
    unit: str = ""
    channel_code: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a command brought."""

    readings: tuple[ReadingResult, ...] = ()
    switch_state: str = ""
    """After switching, the output as observed: connected, disconnected or armed; empty: not observed."""
    answer_json: str = ""
    """What the device answered, as its codec decoded it."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.readings or self.switch_state or self.answer_json)

    def merged(self, later: "Result") -> "Result":
        """This result completed by a later report; what the later one does not mention stays."""
        known = {(one.channel, one.channel_code, one.time): one for one in (*self.readings, *later.readings)}
        return Result(
            readings=tuple(known[key] for key in sorted(known)),
            switch_state=later.switch_state or self.switch_state,
            answer_json=later.answer_json or self.answer_json,
        )


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a command. ``sequence`` counts the steps of the command from 1, without gaps."""

    sequence: int
    state: State
    attempt: int
    time: datetime
    """When it happened, by the clock of whoever saw it."""
    record_time: datetime
    """When the server learnt of it."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to get a command done."""

    number: int
    start_time: datetime
    link_id: str = ""
    """The name that the network behind the adapter gave it: for ChirpStack the queue item."""
    outcome: str = ""
    """How it ended, in words; empty: under way."""


@dataclass(frozen=True, slots=True)
class NewCommand:
    """What a caller asks for: well-formed, not yet held against the meter."""

    meter_id: UUID
    action: Action
    not_before: datetime | None = None
    expires_at: datetime | None = None
    priority: int = 0
    reason: str = ""
    issuer_id: str = ""
    issuer_tracking_id: str = ""
    request_id: str = ""

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """(first moment it may be sent, moment it expires). Raises for times that make no sense."""
        start = max(self.not_before or now, now)
        end = self.expires_at or start + TRAITS[self.action].lifetime
        farthest = f"is more than {MAX_LIFETIME.days} days away"
        if end <= now:
            raise ExpiryInPast(end, now)
        if start > now + MAX_LIFETIME:
            raise InvalidField(
                "command.not_before", f"{start.isoformat()} {farthest}", "command.max_lifetime"
            )
        if end <= start:
            why = f"{end.isoformat()} is not after not_before {start.isoformat()}"
            raise InvalidField("command.expire_time", why, "command.window")
        if end > now + MAX_LIFETIME + TRAITS[self.action].lifetime:
            raise InvalidField("command.expire_time", f"{end.isoformat()} {farthest}", "command.max_lifetime")
        return start, end


@dataclass(frozen=True, slots=True)
class Command:
    """A durable instruction to one meter."""

    command_id: UUID
    meter_id: UUID
    usage_point_id: UUID | None
    adapter: str
    dev_eui: str
    action: Action
    state: State
    accept_time: datetime
    update_time: datetime
    not_before: datetime
    expires_at: datetime
    max_attempts: int
    version: int = 1
    """Grows with every change; the etag is made of it."""
    transition_count: int = 0
    attempt: int = 1
    reached_sent: bool = False
    priority: int = 0
    reason: str = ""
    issuer_id: str = ""
    issuer_tracking_id: str = ""
    request_id: str = ""
    created_by: str = ""
    publish_count: int = 0
    """How often the running attempt was handed to the bus."""
    publish_due: datetime | None = None
    """When it is to be handed to the bus (again); None: no more."""
    cancel_requested: datetime | None = None
    """When its withdrawal was asked of the adapter."""
    error: str = ""
    """Why it ended badly, in words."""
    result: Result = field(default_factory=Result)
    attempts: tuple[Attempt, ...] = ()
    transitions: tuple[Transition, ...] = ()

    @property
    def position(self) -> Position:
        """What the rules of :mod:`server.commands.states` look at."""
        return Position(
            state=self.state,
            attempt=self.attempt,
            max_attempts=self.max_attempts,
            traits=TRAITS[self.action],
            reached_sent=self.reached_sent,
        )

    @property
    def terminal(self) -> bool:
        """Whether it is over."""
        return self.position.terminal

    @property
    def published(self) -> bool:
        """Whether an adapter may have it: the running attempt was handed to the bus, or an earlier one."""
        return self.publish_count > 0 or self.attempt > 1

    @property
    def expiry_due(self) -> datetime:
        """When its time is up for good."""
        return self.expires_at + EXPIRY_GRACE

    @property
    def wake_time(self) -> datetime | None:
        """When the server has to do something about it unasked; None when it is over."""
        if self.terminal:
            return None
        return min(self.expiry_due, self.publish_due or self.expiry_due)

    def as_of(self, step: Transition) -> "Command":
        """The command as it stood after one of its steps: for watchers that come late, and for events."""
        if step.sequence >= self.transition_count:
            return self
        # Results and errors belong to the end, which at that step was not yet.
        return replace(
            self,
            state=step.state,
            attempt=step.attempt,
            update_time=step.record_time,
            error="",
            result=Result(),
            transitions=tuple(one for one in self.transitions if one.sequence <= step.sequence),
            attempts=tuple(one for one in self.attempts if one.number <= step.attempt),
        )


def republish_after(publish_count: int) -> timedelta:
    """How long to wait for an adapter's first word before handing the command to the bus once more."""
    doublings = min(max(publish_count - 1, 0), 20)
    return min(FIRST_REPUBLISH * (1 << doublings), LONGEST_REPUBLISH)
