"""What validation has to look at: batches that were stored, and meters that were installed or removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa

from server.platform.outbox import OutboxRow
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import Tx, UnitOfWork
from server.readings.calendar import to_ms
from server.readings.ports import ChannelDirectory
from server.readings.tables import ingest_batch, vee_request
from server.readings.vee.lanes import TOUCHES
from server.readings.vee.neighbours import Neighbours
from server.readings.vee.scoping import Touch
from simba.devices.v1 import events_pb2

BATCHES_AT_ONCE = 10_000
"""Stored batches that one automatic run takes up."""
REQUESTS_AT_ONCE = 1_000

_TO_VALIDATE = (ingest_batch.c.store_time.is_not(None), ingest_batch.c.vee_time.is_(None))
_TOUCHED = "ingest_touch WHERE tenant_id = {tenant:UUID} AND batch_id IN {batches:Array(Int64)}"
_TOUCHES = f"""
SELECT t.channel AS channel, t.low AS low, t.high AS high, s.first AS first, s.last AS last
FROM (
    SELECT channel, toUnixTimestamp64Milli(min(first_ts)) AS low, toUnixTimestamp64Milli(max(last_ts)) AS high
    FROM {_TOUCHED} GROUP BY channel) AS t
INNER JOIN (
    SELECT channel, toUnixTimestamp64Milli(min(first_ts)) AS first,
        toUnixTimestamp64Milli(max(last_ts)) AS last
    FROM channel_span
    WHERE tenant_id = {{tenant:UUID}} AND channel IN (SELECT channel FROM {_TOUCHED})
    GROUP BY channel) AS s ON s.channel = t.channel
"""


@dataclass(frozen=True, slots=True)
class Work:
    """What one automatic run of a tenant takes up."""

    batches: tuple[int, ...]
    requests: tuple[int, ...]
    touches: pa.Table
    """:data:`server.readings.vee.lanes.TOUCHES`, of what came in."""
    moved: tuple[Touch, ...]
    """Readings of meters that were installed or removed."""

    def __len__(self) -> int:
        return len(self.batches) + len(self.requests)


class Pending:
    """Finds work, and crosses it off when it is done."""

    def __init__(self, uow: UnitOfWork, store: TelemetryStore, directory: ChannelDirectory) -> None:
        self._uow = uow
        self._store = store
        self._directory = directory

    async def tenants(self) -> list[UUID]:
        """Tenants with something to do."""
        async with self._uow.system() as tx:
            rows = await tx.conn.execute(
                sa.union(
                    sa.select(ingest_batch.c.tenant_id).where(*_TO_VALIDATE),
                    sa.select(vee_request.c.tenant_id),
                )
            )
            return [tenant_id for (tenant_id,) in rows]

    async def of(self, tenant_id: UUID) -> Work:
        """What the current tenant has to do, oldest first."""
        async with self._uow() as tx:
            batches = await tx.conn.execute(
                sa.select(ingest_batch.c.batch_id)
                .where(*_TO_VALIDATE)
                .order_by(ingest_batch.c.batch_id)
                .limit(BATCHES_AT_ONCE)
            )
            stored = tuple(batch_id for (batch_id,) in batches)
            rows = await tx.conn.execute(
                sa.select(vee_request).order_by(vee_request.c.request_id).limit(REQUESTS_AT_ONCE)
            )
            asked = rows.all()
        touches = await self._touches(tenant_id, stored) if stored else TOUCHES.empty_table()
        moved = await self._moved(tenant_id, _earliest(asked))
        return Work(stored, tuple(row.request_id for row in asked), touches, tuple(moved))

    async def done(self, work: Work) -> None:
        """Crosses work off."""
        async with self._uow() as tx:
            if work.batches:
                await tx.conn.execute(
                    sa.update(ingest_batch)
                    .where(
                        ingest_batch.c.batch_id
                        == sa.any_(sa.literal(list(work.batches), sa.ARRAY(sa.BigInteger)))
                    )
                    .values(vee_time=tx.now)
                )
            if work.requests:
                await tx.conn.execute(
                    sa.delete(vee_request).where(vee_request.c.request_id.in_(work.requests))
                )

    async def _touches(self, tenant_id: UUID, batches: Sequence[int]) -> pa.Table:
        found = await self._store.query(_TOUCHES, {"tenant": str(tenant_id), "batches": list(batches)})
        return found.cast(TOUCHES)

    async def _moved(self, tenant_id: UUID, meters: dict[UUID, int]) -> list[Touch]:
        """The readings of meters from a time on."""
        if not meters:
            return []
        infos = await self._directory.channels_of_meters(tenant_id, list(meters))
        spans = await Neighbours(self._store, tenant_id).spans([info.channel for info in infos])
        touches = []
        for info in infos:
            span = spans.get(info.channel)
            if span is not None and span.last >= meters[info.meter_id]:
                touches.append(Touch(info.channel, max(span.first, meters[info.meter_id]), span.last))
        return touches


class Movements:
    """The event sink that notes meters whose readings feed something else from now on, or from earlier on."""

    async def append(self, tx: Tx, events: Sequence[OutboxRow]) -> None:
        """Notes installations and removals, in the transaction in which the event log takes them."""
        rows = [
            {"tenant_id": event.tenant_id, "meter_id": UUID(event.attributes["meter_id"]), "from_time": since}
            for event in events
            if (since := _since(event)) is not None
        ]
        if rows:
            await tx.conn.execute(sa.insert(vee_request), rows)

    async def announce(self, events: Sequence[OutboxRow]) -> None:
        """The loop looks by itself."""


def _earliest(asked: Sequence[sa.Row[Any]]) -> dict[UUID, int]:
    meters: dict[UUID, int] = {}
    for row in asked:
        since = to_ms(row.from_time)
        meters[row.meter_id] = min(since, meters.get(row.meter_id, since))
    return meters


def _since(event: OutboxRow) -> datetime | None:
    """From when on a meter's readings go elsewhere; None for other events."""
    if event.topic == "device.installed":
        installed = events_pb2.MeterInstalled.FromString(event.payload).installation
        return installed.period.start.ToDatetime(tzinfo=UTC)
    if event.topic == "device.removed":
        removed = events_pb2.MeterRemoved.FromString(event.payload).installation
        return removed.period.end.ToDatetime(tzinfo=UTC)
    if event.topic == "device.multiplier_changed":
        return events_pb2.MultiplierChanged.FromString(event.payload).effective_from.ToDatetime(tzinfo=UTC)
    if event.topic == "device.pulse_attachment_changed":
        moved = events_pb2.PulseAttachmentChanged.FromString(event.payload)
        return moved.effective_from.ToDatetime(tzinfo=UTC)
    return None
