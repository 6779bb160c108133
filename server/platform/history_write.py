"""Writes the changes of a transaction when it commits: one statement for all that have the same story."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from opentelemetry import trace
from sqlalchemy.ext.asyncio import AsyncConnection

from server.platform.caller import caller_or_none
from server.platform.history import Changed, FieldDiff, Personal, differences
from server.platform.history_chain import fields_text
from server.platform.history_context import current_context
from server.platform.history_seal import KeyMissing, keys_for, seal
from server.platform.ids import new_id

_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Story:
    """Who, when, why, and in which call: the same for all changes that are stated together."""

    tenant_id: UUID
    time: datetime
    principal_id: str
    principal_name: str
    reason: str
    correlation_id: str
    method: str
    trace_id: str


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A change that its transaction will write."""

    story: Story
    change_id: UUID
    action: str
    kind: str
    resource_id: str
    fields: tuple[FieldDiff, ...]
    personal: Personal | None


def story_of(tenant_id: UUID, now: datetime) -> Story:
    """What is known of the call or the job that is running."""
    caller, context = caller_or_none(), current_context()
    span = trace.get_current_span().get_span_context()
    return Story(
        tenant_id=tenant_id,
        time=now,
        principal_id=caller.principal_id if caller else "system",
        principal_name=caller.display_name if caller else "SiMBA",
        reason=context.reason,
        correlation_id=context.correlation_id,
        method=context.method,
        trace_id=trace.format_trace_id(span.trace_id) if span.is_valid else "",
    )


def pending(story: Story, changed: Changed) -> PendingChange | None:
    """The change to be written; None when nothing is different between two forms of a resource."""
    fields = differences(changed.before, changed.after)
    if not fields and changed.before is not None and changed.after is not None:
        return None
    return PendingChange(
        story, new_id(), changed.action, changed.kind, str(changed.resource_id), fields, changed.personal
    )


async def write_changes(conn: AsyncConnection, changes: Sequence[PendingChange]) -> None:
    """Writes changes in order, on a connection that has the system role."""
    subjects = {
        (one.story.tenant_id, one.personal.subject)
        for one in changes
        if one.personal is not None and _holds_personal(one, one.personal)
    }
    keys = await keys_for(conn, subjects, changes[0].story.time) if subjects else {}
    begin = 0
    for end in range(1, len(changes) + 1):
        story = changes[begin].story
        if end == len(changes) or end - begin == _CHUNK or changes[end].story != story:
            await conn.execute(_INSERT, _parameters(story, changes[begin:end], keys))
            begin = end


def _holds_personal(one: PendingChange, personal: Personal) -> bool:
    return any(field.path in personal.paths for field in one.fields)


_INSERT = sa.text(
    """
    INSERT INTO change_pending (
        tenant_id, time, principal_id, principal_name, reason, correlation_id, method, trace_id,
        change_id, action, resource_kind, resource_id, subject, fields
    )
    SELECT :tenant_id, :time, :principal_id, :principal_name, :reason, :correlation_id, :method, :trace_id,
        one.change_id, one.action, one.kind, one.resource_id, one.subject, one.fields
    FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS one (
        change_id uuid, action text, kind text, resource_id text, subject text, fields text, place integer
    )
    ORDER BY one.place
    """
)


def _parameters(
    story: Story, changes: Sequence[PendingChange], keys: Mapping[tuple[UUID, str], bytes]
) -> dict[str, Any]:
    rows = []
    for place, one in enumerate(changes):
        subject, fields = _sealed(one, keys)
        rows.append(
            {
                "change_id": str(one.change_id),
                "action": one.action,
                "kind": one.kind,
                "resource_id": one.resource_id,
                "subject": subject,
                "fields": fields,
                "place": place,
            }
        )
    return {
        "tenant_id": story.tenant_id,
        "time": story.time,
        "principal_id": story.principal_id,
        "principal_name": story.principal_name,
        "reason": story.reason,
        "correlation_id": story.correlation_id,
        "method": story.method,
        "trace_id": story.trace_id,
        # One document: arrays of text cost the driver ten times as much.
        "changes": json.dumps(rows),
    }


def _sealed(one: PendingChange, keys: Mapping[tuple[UUID, str], bytes]) -> tuple[str, str]:
    """Whose personal data the change holds, and its fields as they are stored."""
    personal = one.personal
    if personal is None or not _holds_personal(one, personal):
        return "", fields_text(one.fields)
    key = keys.get((one.story.tenant_id, personal.subject))
    if key is None:
        raise KeyMissing(personal.subject)
    fields = [seal(key, one.change_id, each) if each.path in personal.paths else each for each in one.fields]
    return personal.subject, fields_text(fields)
