"""Events, and what a subscriber may ask for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID


class Severity(IntEnum):
    """How much an event matters; the numbers are those of the wire and of the tables."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. ``sequence`` counts the tenant's events from 1, without gaps, in commit order."""

    sequence: int
    event_id: UUID
    type: str
    severity: Severity
    subject: str
    meter_id: str
    usage_point_id: str
    command_id: str
    correlation_id: str
    trace_id: str
    event_time: datetime
    publish_time: datetime
    payload_type: str
    """Full name of the payload's message type."""
    payload: bytes


@dataclass(frozen=True, slots=True)
class Criteria:
    """A list of names: exact ones, and beginnings of names."""

    exact: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, wanted: Sequence[str], separator: str) -> "Criteria":
        """Splits what a caller wrote: what ends in the separator is a beginning. Order and repeats vanish."""
        names = sorted(set(wanted))
        return cls(
            exact=tuple(name for name in names if not name.endswith(separator)),
            prefixes=tuple(name for name in names if name.endswith(separator)),
        )

    @property
    def everything(self) -> bool:
        """Whether nothing is excluded."""
        return not (self.exact or self.prefixes)

    def match(self, name: str) -> bool:
        """Whether a name is among those wanted."""
        return self.everything or name in self.exact or name.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events; the parts are joined by "and". It cannot change while a stream runs."""

    types: Criteria = Criteria()
    subjects: Criteria = Criteria()
    min_severity: Severity = Severity.INFO
    within: frozenset[str] | None = None
    """Usage points that the caller's rights end at; None: all events, also those of no usage point."""

    @property
    def key(self) -> str:
        """The filter as text, the same for the same wish in every release: resume tokens are bound to it.

        What is not asked for does not occur in it, so that later kinds of filters break no token.
        """
        said = {
            "types": [*self.types.exact, *self.types.prefixes],
            "subjects": [*self.subjects.exact, *self.subjects.prefixes],
            "min_severity": [self.min_severity.name] if self.min_severity > Severity.INFO else [],
        }
        return json.dumps({name: wanted for name, wanted in said.items() if wanted}, sort_keys=True)

    def match(self, event: Event) -> bool:
        """Whether an event is wanted."""
        return (
            event.severity >= self.min_severity
            and self.types.match(event.type)
            and self.subjects.match(event.subject)
            and (self.within is None or event.usage_point_id in self.within)
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Further bounds of a list: half-open in time."""

    start: datetime | None = None
    end: datetime | None = None
    correlation_id: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a tenant's log stands."""

    last: int = 0
    """The newest sequence; 0 before the first event."""
    copied: int = 0
    """Up to here the history has everything."""
    pruned: int = 0
    """Up to here PostgreSQL has nothing any more."""
    floor: int = 0
    """Up to here nobody has anything any more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that follow a position, with how far one has looked."""

    events: tuple[Event, ...]
    position: int
    """The events that match between the position asked for and this one are those: go on from here."""
    last: int
    """The newest sequence when it was read."""

    @property
    def caught_up(self) -> bool:
        """Whether there was nothing more to read."""
        return self.position >= self.last
