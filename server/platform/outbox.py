"""What a transaction tells to others, written in that transaction: events, bus messages, jobs."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection

from server.platform.history_seal import destroy_keys
from server.platform.history_write import PendingChange, write_changes

EVENT, MESSAGE = "event", "message"
CHANNEL = "simba_outbox"
"""Name of the PostgreSQL notification that wakes the relays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEvent:
    """A business event, as its capability states it."""

    type: str
    """Name in the taxonomy, for example ``command.state_changed``."""
    subject: str
    """What it is about: ``meters/<id>``. Events of one subject keep their order."""
    payload: Message
    severity: str = "INFO"
    usage_point_id: str = ""
    meter_id: str = ""
    command_id: str = ""
    correlation_id: str = ""
    event_time: datetime | None = None
    """When it happened; None: the time of the transaction."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One committed entry of the outbox, as relays hand it on."""

    id: int
    tenant_id: UUID
    message_id: UUID
    topic: str
    """The event's type, or the bus stream."""
    payload_type: str
    """Full name of the payload's message type."""
    payload: bytes
    attributes: Mapping[str, str]
    """For events: subject, severity, usage_point_id, meter_id, command_id, correlation_id."""
    trace: Mapping[str, str]
    """W3C trace context of the transaction."""
    event_time: datetime
    create_time: datetime
    attempts: int


@dataclass(slots=True)
class Pending:
    """What a transaction has said so far; written at its end, so that order is close to commit order."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    changes: list[PendingChange] = field(default_factory=list)
    erased: list[tuple[UUID, str]] = field(default_factory=list)
    """Subjects, each with its tenant, whose keys end with the transaction."""
    seen: dict[tuple[str, UUID], Any] = field(default_factory=dict)
    """Resources as they were before they were changed, by kind and id."""

    def mark(self) -> tuple[int, int, int, int]:
        """A position to return to when a part of the transaction is undone."""
        return len(self.rows), len(self.jobs), len(self.changes), len(self.erased)

    def undo(self, mark: tuple[int, int, int, int]) -> None:
        """Forgets what was said after the mark."""
        rows, jobs, changes, erased = mark
        del self.rows[rows:], self.jobs[jobs:], self.changes[changes:], self.erased[erased:]
        self.seen.clear()

    @property
    def wakes_relays(self) -> bool:
        """Whether relays will have work after the commit."""
        return bool(self.rows or self.changes)

    def __bool__(self) -> bool:
        return self.wakes_relays or bool(self.jobs or self.erased)

    async def write(self, conn: AsyncConnection) -> None:
        """Writes everything, in order, on a connection that has the system role."""
        if self.changes:
            await write_changes(conn, self.changes)
        if self.erased:
            # After the changes: what was erased just now must not be readable in the history of the erasure.
            await destroy_keys(conn, self.erased)
        if self.rows:
            await conn.execute(_STATE, {"rows": json.dumps(self.rows, default=_as_json)})
        if self.jobs:
            await conn.execute(_DEFER, self.jobs)


def _as_json(value: Any) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else str(value)


# One document: a batch of a thousand leaves a thousand events, and rows of their own would cost it its speed.
_STATE = sa.text(
    """
    INSERT INTO outbox (
        tenant_id, kind, message_id, topic, payload_type, payload, attributes, trace, event_time, create_time
    )
    SELECT tenant_id, kind, message_id, topic, payload_type, decode(payload, 'base64'), attributes, trace,
        event_time, create_time
    FROM ROWS FROM (jsonb_to_recordset(CAST(:rows AS jsonb)) AS (
        tenant_id uuid, kind text, message_id uuid, topic text, payload_type text, payload text,
        attributes jsonb, trace jsonb, event_time timestamptz, create_time timestamptz
    )) WITH ORDINALITY AS one (
        tenant_id, kind, message_id, topic, payload_type, payload, attributes, trace, event_time, create_time,
        place
    )
    ORDER BY place
    """
)

_DEFER = sa.text(
    """
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        :queue, :task, :priority, :lock, :queueing_lock, CAST(:args AS jsonb),
        CAST(:scheduled_at AS timestamptz)
    )::procrastinate_job_to_defer_v1])
    """
)


def job_row(
    name: str,
    args: Mapping[str, Any],
    *,
    queue: str,
    lock: str | None,
    queueing_lock: str | None,
    schedule_at: datetime | None,
    priority: int = 0,
) -> dict[str, Any]:
    """The parameters of one deferred job."""
    return {
        "queue": queue,
        "task": name,
        "priority": priority,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "args": json.dumps(args, default=str),
        "scheduled_at": schedule_at,
    }
