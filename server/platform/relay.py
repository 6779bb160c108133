"""Relays: hand what committed transactions said to the event log and to the bus.

Every worker runs them; a lock that lasts as long as its transaction lets one work at a time, so that order is
kept and nothing waits for a dead worker. Rows are deleted as they are delivered, never skipped by number: a
transaction that commits late with small numbers is delivered late, not lost. Rows of one tenant go in the
order in which they were written, which for anything that waits for a lock is the order of commits.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg
import sqlalchemy as sa
from opentelemetry import trace

from kernel.bus import Bus, BusMessage
from kernel.telemetry.context import extract, inject
from server.platform.capability import EventSink
from server.platform.engine_errors import translate
from server.platform.errors import Aborted, SimbaError, Unavailable
from server.platform.jobs import pause
from server.platform.outbox import CHANNEL, EVENT, MESSAGE, OutboxRow
from server.platform.settings import Settings
from server.platform.tables import outbox, outbox_dead
from server.platform.uow import Tx, UnitOfWork

_BATCH = 500
_ATTEMPTS = 10
_LOCKS = {EVENT: 0x53_4D_42_45, MESSAGE: 0x53_4D_42_4D}

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("simba.relay")

Deliver = Callable[[Tx, Sequence[OutboxRow]], Awaitable[None]]
Announce = Callable[[Sequence[OutboxRow]], Awaitable[None]]


@dataclass(slots=True)
class Relay:
    """Delivers one kind of outbox rows."""

    uow: UnitOfWork
    kind: str
    deliver: Deliver
    announce: Announce
    poll_seconds: float = 1.0

    async def run(self, wake: asyncio.Event, stop: asyncio.Event) -> None:
        """Delivers whenever ``wake`` is set, and every ``poll_seconds``, until ``stop`` is set."""
        await keep_relaying(f"{self.kind}s", self.round, self.poll_seconds, wake, stop)

    async def round(self) -> int:
        """Delivers one batch; returns how many rows left the outbox."""
        delivered: list[OutboxRow] = []
        gone = 0
        async with self.uow.system() as tx:
            if not await self._my_turn(tx):
                return 0
            rows = await _oldest(tx, self.kind)
            if rows and await self._tried(tx, rows):
                delivered = rows
            else:
                delivered, gone = await self._one_by_one(tx, rows)
            await _delete(tx, delivered)
        if delivered:
            await self.announce(delivered)
        return len(delivered) + gone

    async def _my_turn(self, tx: Tx) -> bool:
        lock = sa.text("SELECT pg_try_advisory_xact_lock(:key)")
        return bool((await tx.conn.execute(lock, {"key": _LOCKS[self.kind]})).scalar_one())

    async def _tried(self, tx: Tx, rows: Sequence[OutboxRow]) -> bool:
        """Delivers rows behind a savepoint. Engine outages are raised; anything else is the rows' fault."""
        try:
            async with self.uow.system():
                await self.deliver(tx, rows)
        except Exception as error:
            told = translate(error)
            if isinstance(told, (Unavailable, Aborted)):
                raise
            if len(rows) == 1:
                await _failed(tx, rows[0], told or error)
            return False
        return True

    async def _one_by_one(self, tx: Tx, rows: Sequence[OutboxRow]) -> tuple[list[OutboxRow], int]:
        """Delivers what can be delivered; a row that fails holds back the later ones of its tenant."""
        delivered: list[OutboxRow] = []
        held: set[UUID] = set()
        dead = 0
        for row in rows:
            if row.tenant_id in held:
                continue
            if await self._tried(tx, [row]):
                delivered.append(row)
            elif row.attempts + 1 >= _ATTEMPTS:
                dead += 1
            else:
                held.add(row.tenant_id)
        return delivered, dead


async def keep_relaying(
    what: str,
    round_of: Callable[[], Awaitable[int]],
    poll_seconds: float,
    wake: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    """Does rounds as long as they find work, then when ``wake`` is set, and every ``poll_seconds``."""
    while not stop.is_set():
        wake.clear()
        try:
            done = await round_of()
        except (Unavailable, Aborted) as error:
            _log.warning("relay of %s waits: %s", what, error)
            await pause(stop, poll_seconds)
            continue
        if not done:
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), poll_seconds)


def _handed_on(row: OutboxRow) -> Mapping[str, str]:
    """The trace of a message with this worker's part in it: whoever receives it goes on from there."""
    with _tracer.start_as_current_span(
        f"simba:bus:{row.topic} publish", context=extract(row.trace), kind=trace.SpanKind.PRODUCER
    ) as span:
        return inject() if span.is_recording() else row.trace


async def _oldest(tx: Tx, kind: str) -> list[OutboxRow]:
    query = sa.select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id).limit(_BATCH)
    return [
        OutboxRow(
            id=row.id,
            tenant_id=row.tenant_id,
            message_id=row.message_id,
            topic=row.topic,
            payload_type=row.payload_type,
            payload=bytes(row.payload),
            attributes=row.attributes,
            trace=row.trace,
            event_time=row.event_time,
            create_time=row.create_time,
            attempts=row.attempts,
        )
        for row in await tx.conn.execute(query)
    ]


async def _delete(tx: Tx, rows: Sequence[OutboxRow]) -> None:
    if rows:
        await tx.conn.execute(sa.delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))


async def _failed(tx: Tx, row: OutboxRow, error: Exception) -> None:
    attempts = row.attempts + 1
    extra = {"outbox_id": row.id, "topic": row.topic, "attempts": attempts}
    this = outbox.c.id == row.id
    await tx.conn.execute(sa.update(outbox).where(this).values(attempts=attempts))
    if attempts < _ATTEMPTS:
        _log.warning("outbox row could not be delivered: %s", error, extra=extra)
        return
    _log.error("outbox row is put aside", exc_info=error, extra=extra)
    names = [column.name for column in outbox.columns]
    copied = sa.select(*outbox.columns, sa.literal(f"{type(error).__name__}: {error}"), sa.literal(tx.now))
    await tx.conn.execute(
        sa.insert(outbox_dead).from_select([*names, "error", "dead_time"], copied.where(this))
    )
    await tx.conn.execute(sa.delete(outbox).where(this))


async def put_back(uow: UnitOfWork) -> int:
    """Gives rows that were put aside another chance, once what refused them is mended; returns how many.

    They come after everything that was said meanwhile.
    """
    names = [column.name for column in outbox.columns if column.name not in {"id", "attempts"}]
    async with uow.system() as tx:
        gone = sa.delete(outbox_dead).returning(*(outbox_dead.c[name] for name in names), outbox_dead.c.id)
        rows = [
            {name: row._mapping[name] for name in names}  # noqa: SLF001 - SQLAlchemy's documented name
            for row in sorted(await tx.conn.execute(gone), key=lambda row: int(row.id))
        ]
        if rows:
            await tx.conn.execute(sa.insert(outbox), rows)
    return len(rows)


async def listen(settings: Settings, wakes: Sequence[asyncio.Event], stop: asyncio.Event) -> None:
    """Sets the events whenever a process says that it filled the outbox, whatever happens to PostgreSQL."""
    while not stop.is_set():
        try:
            conn = await psycopg.AsyncConnection.connect(
                settings.postgres_dsn, autocommit=True, connect_timeout=5, application_name="simba-relay"
            )
            async with conn:
                await conn.execute(f"LISTEN {CHANNEL}")
                while not stop.is_set():
                    _set_all(wakes)
                    async for _ in conn.notifies(timeout=1.0, stop_after=1):
                        _set_all(wakes)
        except (psycopg.Error, OSError) as error:
            _log.warning("outbox notifications are lost, polling: %s", error)
            await pause(stop, 1.0)


def _set_all(events: Sequence[asyncio.Event]) -> None:
    for event in events:
        event.set()


def event_relay(uow: UnitOfWork, sinks: Sequence[EventSink], settings: Settings) -> Relay:
    """The relay from the outbox to the event log."""

    async def deliver(tx: Tx, rows: Sequence[OutboxRow]) -> None:
        for sink in sinks:
            await sink.append(tx, rows)

    async def announce(rows: Sequence[OutboxRow]) -> None:
        for sink in sinks:
            try:
                await sink.announce(rows)
            except SimbaError as error:
                _log.warning("events were not announced, listeners will find them: %s", error)

    return Relay(uow, EVENT, deliver, announce, settings.relay_poll_seconds)


def message_relay(uow: UnitOfWork, bus: Bus, settings: Settings) -> Relay:
    """The relay from the outbox to the bus: at least once, since a commit may fail after publishing."""

    async def deliver(_: Tx, rows: Sequence[OutboxRow]) -> None:
        await bus.publish_all(
            [
                (
                    row.topic,
                    BusMessage(
                        message_id=str(row.message_id),
                        payload_type=row.payload_type,
                        payload=row.payload,
                        tenant_id=str(row.tenant_id),
                        trace=_handed_on(row),
                    ),
                )
                for row in rows
            ]
        )

    async def announce(_: Sequence[OutboxRow]) -> None:
        return

    return Relay(uow, MESSAGE, deliver, announce, settings.relay_poll_seconds)
