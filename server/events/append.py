"""Appending: the outbox's sink that numbers events in commit order."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.events.domain import Severity
from server.events.tables import event_counter, event_log
from server.platform.hints import Hints
from server.platform.outbox import OutboxRow
from server.platform.uow import Tx


class EventLog:
    """Takes the outbox's events into the log, within the relay's own transaction.

    The tenant's counter is locked first and released by the commit: numbers have no gaps, and nobody can see
    number n+1 before number n. Tenants are taken in one order, so relays cannot block one another for good.
    """

    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    async def append(self, tx: Tx, events: Sequence[OutboxRow]) -> None:
        """Numbers and stores events in the given order; those that are stored already are passed over."""
        by_tenant: dict[UUID, list[OutboxRow]] = defaultdict(list)
        for event in events:
            by_tenant[event.tenant_id].append(event)
        for tenant_id in sorted(by_tenant):
            await _append(tx, tenant_id, by_tenant[tenant_id])

    async def announce(self, events: Sequence[OutboxRow]) -> None:
        """Gives those who follow the tenants' logs a hint."""
        await self._hints.give(str(event.tenant_id) for event in events)


async def _append(tx: Tx, tenant_id: UUID, rows: Sequence[OutboxRow]) -> None:
    last = await _lock(tx, tenant_id)
    known = await _known(tx, tenant_id, [row.message_id for row in rows])
    # The dictionary drops repeats within the batch and keeps the order.
    fresh = list({row.message_id: row for row in rows if row.message_id not in known}.values())
    if not fresh:
        return
    values = [_values(tx, tenant_id, last + count, row) for count, row in enumerate(fresh, start=1)]
    await tx.conn.execute(sa.insert(event_log), values)
    await tx.conn.execute(
        sa.update(event_counter).where(event_counter.c.tenant_id == tenant_id).values(last=last + len(fresh))
    )


async def _lock(tx: Tx, tenant_id: UUID) -> int:
    query = sa.select(event_counter.c.last).where(event_counter.c.tenant_id == tenant_id).with_for_update()
    last: int | None = await tx.conn.scalar(query)
    if last is None:
        begin = pg.insert(event_counter).values(tenant_id=tenant_id, last=0, copied=0, pruned=0, floor=0)
        await tx.conn.execute(begin.on_conflict_do_nothing())
        last = await tx.conn.scalar(query)
    assert last is not None
    return last


async def _known(tx: Tx, tenant_id: UUID, event_ids: list[UUID]) -> set[UUID]:
    query = sa.select(event_log.c.event_id).where(
        event_log.c.tenant_id == tenant_id,
        event_log.c.event_id == sa.any_(pg.array(event_ids, type_=sa.UUID)),
    )
    return set((await tx.conn.scalars(query)).all())


def _values(tx: Tx, tenant_id: UUID, sequence: int, row: OutboxRow) -> dict[str, object]:
    said = row.attributes
    return {
        "tenant_id": tenant_id,
        "sequence": sequence,
        "event_id": row.message_id,
        "type": row.topic,
        "severity": int(Severity[said.get("severity") or "INFO"]),
        "subject": said.get("subject", ""),
        "meter_id": said.get("meter_id", ""),
        "usage_point_id": said.get("usage_point_id", ""),
        "command_id": said.get("command_id", ""),
        "correlation_id": said.get("correlation_id", ""),
        "trace_id": trace_id_of(row.trace.get("traceparent", "")),
        "event_time": row.event_time,
        "publish_time": tx.now,
        "payload_type": row.payload_type,
        "payload": row.payload,
    }


def trace_id_of(traceparent: str) -> str:
    """The trace id in a W3C ``traceparent`` (version-traceid-parentid-flags); empty when there is none."""
    parts = traceparent.split("-")
    return parts[1] if len(parts) == len(("version", "trace", "parent", "flags")) else ""
