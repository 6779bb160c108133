"""The unit of work: one PostgreSQL transaction per use case, in the caller's tenant.

``async with uow() as tx`` opens a transaction as the role ``simba_app`` with the caller's tenant set, so that
row-level security holds whatever the SQL says. Inside another one it joins it, behind a savepoint: a part
that raises is undone alone, and everything commits once, at the outermost end. A call with a ``request_id``
has one transaction around it (see :mod:`server.platform.rpc.idempotency`), which all its units join.

Within one unit, statements run one after another: do not share a ``Tx`` between tasks.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kernel.telemetry.context import inject
from server.platform.bulk import copy_rows
from server.platform.caller import current_caller
from server.platform.deadline import COMMIT_MARGIN_SECONDS, check_deadline, remaining_seconds
from server.platform.engine_errors import translate
from server.platform.history import Changed, Form, Personal
from server.platform.history_context import current_context
from server.platform.history_write import pending, story_of
from server.platform.ids import new_id
from server.platform.outbox import EVENT, MESSAGE, OutboxEvent, Pending, job_row
from server.platform.tables import APP_ROLE, SYSTEM_ROLE, TENANT_SETTING

_BEGIN = (
    "BEGIN; SET LOCAL ROLE {role}; SET LOCAL {setting} = '{tenant}';"
    " SET LOCAL statement_timeout = {timeout_ms:d}"
)
"""One message, where a driver would send BEGIN apart. All that it holds is of ours."""
_ROLE = sa.text("SELECT set_config('role', :role, true), set_config(:setting, :tenant, true)")
_OPEN_ATTEMPTS = 3


class Tx:
    """An open transaction of one tenant, or of the system."""

    def __init__(
        self, conn: AsyncConnection, tenant_id: UUID | None, now: datetime, pending: Pending
    ) -> None:
        self.conn = conn
        """SQLAlchemy Core connection; never commit or roll back yourself."""
        self.now = now
        """The time of the transaction, UTC."""
        self._tenant_id = tenant_id
        self._pending = pending

    @property
    def tenant_id(self) -> UUID:
        """The tenant. Raises RuntimeError in a system transaction: say which by :meth:`of`."""
        if self._tenant_id is None:
            raise RuntimeError("a system transaction has no tenant; use tx.of(tenant_id)")
        return self._tenant_id

    def of(self, tenant_id: UUID) -> "Tx":
        """The same transaction speaking for one tenant: what it emits, sends and defers is that tenant's.

        The rows that it sees stay those of its role.
        """
        return Tx(self.conn, tenant_id, self.now, self._pending)

    async def emit(self, event: OutboxEvent) -> None:
        """States a business event; it reaches the event log if and only if the transaction commits."""
        attributes = {
            "subject": event.subject,
            "severity": event.severity,
            "usage_point_id": event.usage_point_id,
            "meter_id": event.meter_id,
            "command_id": event.command_id,
            "correlation_id": event.correlation_id,
        }
        self._append(EVENT, event.type, event.payload, attributes, event.event_time, None)

    async def send(self, stream: str, message: Message, *, message_id: UUID | None = None) -> None:
        """Sends a bus message if and only if the transaction commits; at least once."""
        self._append(MESSAGE, stream, message, {}, None, message_id)

    async def defer(
        self,
        job: str,
        /,
        *,
        queue: str = "default",
        lock: str | None = None,
        queueing_lock: str | None = None,
        schedule_at: datetime | None = None,
        **args: Any,
    ) -> None:
        """Queues a job if and only if the transaction commits.

        Jobs with the same ``lock`` run one after another. ``queueing_lock`` is for a job that need not be
        queued twice: while one waits, another one is refused by the database. ``args`` must be JSON; UUIDs
        and times are turned to text. The job runs as the system within the transaction's tenant.
        """
        carried = {**args, "_trace": {**inject(), **current_context().carried()}}
        if self._tenant_id is not None:
            carried["_tenant"] = str(self._tenant_id)
        self._pending.jobs.append(
            job_row(
                job, carried, queue=queue, lock=lock, queueing_lock=queueing_lock, schedule_at=schedule_at
            )
        )

    async def changed(
        self,
        *,
        kind: str,
        resource_id: UUID | str,
        action: str,
        before: Form | Message | None = None,
        after: Form | Message | None = None,
        personal: Personal | None = None,
    ) -> None:
        """States what became of a resource; it reaches the history if and only if the transaction commits.

        ``before`` and ``after`` are the resource as paths (those of an update mask) and values, or as a
        message; None: it was, or is, not there. Nothing is stated when both are given and alike.
        ``SECRET`` stands for a value that must not be told. Resources of a ``ResourceStore`` do this on
        their own.
        """
        await self.changed_many(
            [
                Changed(
                    kind=kind,
                    resource_id=resource_id,
                    action=action,
                    before=before,
                    after=after,
                    personal=personal,
                )
            ]
        )

    async def changed_many(self, changes: Iterable[Changed]) -> None:
        """States many changes; they are written together when the transaction commits."""
        story = story_of(self.tenant_id, self.now)
        told = (pending(story, one) for one in changes)
        self._pending.changes.extend(one for one in told if one is not None)

    def erase_history(self, kind: str, resource_id: UUID) -> None:
        """Makes a subject's personal data in the history unreadable for ever, if the transaction commits.

        That is what was stated with :class:`Personal` of this kind and id, in this transaction too.
        """
        self._pending.erased.append((self.tenant_id, f"{kind}/{resource_id}"))

    def remember(self, kind: str, resource_id: UUID, resource: object) -> None:
        """Keeps what a resource is before it is changed, for :meth:`remembered`."""
        self._pending.seen[kind, resource_id] = resource

    def remembered(self, kind: str, resource_id: UUID) -> object | None:
        """What :meth:`remember` was told last in this transaction; None: nothing, or it was undone."""
        return self._pending.seen.get((kind, resource_id))

    async def copy(self, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Writes many rows by COPY, under row-level security; returns how many. See :func:`copy_rows`."""
        return await copy_rows(self.conn, table, columns, rows)

    def _append(
        self,
        kind: str,
        topic: str,
        payload: Message,
        attributes: dict[str, str],
        event_time: datetime | None,
        message_id: UUID | None,
    ) -> None:
        self._pending.rows.append(
            {
                "tenant_id": self.tenant_id,
                "kind": kind,
                "message_id": message_id or new_id(),
                "topic": topic,
                "payload_type": payload.DESCRIPTOR.full_name,
                "payload": payload.SerializeToString(deterministic=True),
                "attributes": attributes,
                "trace": inject(),
                "event_time": event_time or self.now,
                "create_time": self.now,
            }
        )


class OpenTransaction:
    """One database transaction and the identity that it has right now."""

    def __init__(self, conn: AsyncConnection, identity: UUID | None, now: datetime) -> None:
        self.conn = conn
        self.identity = identity
        self.now = now
        self.pending = Pending()
        self.committed = False
        self.over = False
        self._owner = asyncio.current_task()
        self._turn = asyncio.Lock()
        self._turn_of: asyncio.Task[Any] | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Lets tasks that were started inside the transaction take turns on its one connection."""
        task = asyncio.current_task()
        if task is self._owner or task is self._turn_of:
            yield
            return
        async with self._turn:
            self._turn_of = task
            try:
                yield
            finally:
                self._turn_of = None

    async def become(self, identity: UUID | None) -> None:
        """Takes the role and the tenant of an identity; None is the system."""
        if identity != self.identity:
            await self.conn.execute(_ROLE, _identity(identity))
            self.identity = identity


_transaction: ContextVar[OpenTransaction | None] = ContextVar("simba_transaction", default=None)


def _identity(tenant_id: UUID | None) -> dict[str, str]:
    return {
        "role": SYSTEM_ROLE if tenant_id is None else APP_ROLE,
        "setting": TENANT_SETTING,
        "tenant": "" if tenant_id is None else str(tenant_id),
    }


class UnitOfWork:
    """Opens transactions; one for the whole process.

    ``on_commit`` is told after each commit that left something in the outbox.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        statement_timeout_seconds: float = 120.0,
        on_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._statement_timeout = statement_timeout_seconds
        self._on_commit = on_commit

    def __call__(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in the current caller's tenant. Raises CallerMissing outside a call."""
        return self._unit(current_caller().tenant_id)

    def system(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction that sees all tenants: for relays and loops, never on a caller's behalf."""
        return self._unit(None)

    @asynccontextmanager
    async def _unit(self, identity: UUID | None) -> AsyncIterator[Tx]:
        outer = _transaction.get()
        # A task that outlives the call that started it still carries the call's transaction around.
        if outer is not None and not outer.over:
            async with outer.turn(), self._joined(outer, identity) as tx:
                yield tx
            return
        async with self.transaction(identity) as opened:
            yield Tx(opened.conn, identity, opened.now, opened.pending)

    @asynccontextmanager
    async def _joined(self, outer: OpenTransaction, identity: UUID | None) -> AsyncIterator[Tx]:
        before, mark = outer.identity, outer.pending.mark()
        savepoint = await outer.conn.begin_nested()
        try:
            await outer.become(identity)
            yield Tx(outer.conn, identity, outer.now, outer.pending)
            await outer.become(before)
        except BaseException:
            outer.pending.undo(mark)
            # Rolling back to the savepoint also takes back the role that was set after it.
            outer.identity = before
            if savepoint.is_active and not outer.conn.invalidated:
                await _to_the_end(savepoint.rollback())
            raise
        else:
            await savepoint.commit()

    @asynccontextmanager
    async def transaction(self, identity: UUID | None) -> AsyncIterator[OpenTransaction]:
        """The outermost transaction itself: commits at the end of the block, rolls back when it raises."""
        try:
            conn = await self._open(identity)
        except Exception as error:
            raise translate(error) or error from error
        opened = OpenTransaction(conn, identity, self._clock())
        token = _transaction.set(opened)
        try:
            yield opened
            await self._commit(opened)
        except BaseException as error:
            if not conn.invalidated:
                await _to_the_end(conn.rollback())
            told = translate(error) if isinstance(error, Exception) else None
            if told is None or told is error:
                raise
            raise told from error
        finally:
            opened.over = True
            _transaction.reset(token)
            await _to_the_end(conn.close(), even_if_cancelled=opened.committed)

    async def _open(self, identity: UUID | None) -> AsyncConnection:
        """A connection with an open transaction. Pooled connections that died meanwhile are replaced."""
        remaining = remaining_seconds()
        seconds = self._statement_timeout if remaining is None else min(remaining, self._statement_timeout)
        begin = _BEGIN.format(**_identity(identity), timeout_ms=max(1, int(seconds * 1000)))
        for attempt in range(_OPEN_ATTEMPTS):
            conn = await self._engine.connect()
            raw = None
            try:
                raw = (await conn.get_raw_connection()).driver_connection
                assert isinstance(raw, psycopg.AsyncConnection)
                await raw.execute(begin, prepare=False)
                await conn.begin()
            except BaseException as error:
                died = isinstance(error, psycopg.Error) and raw is not None and raw.closed
                if died:
                    await _to_the_end(conn.invalidate(error))
                await _to_the_end(conn.close())
                if not died or attempt + 1 == _OPEN_ATTEMPTS:
                    raise
            else:
                return conn
        raise AssertionError("unreachable")

    async def _commit(self, opened: OpenTransaction) -> None:
        if opened.pending:
            await opened.become(None)
            await opened.pending.write(opened.conn)
        check_deadline(COMMIT_MARGIN_SECONDS)
        # From here on the outcome is the database's. What it committed is told as done, even if the
        # deadline passes meanwhile: the caller must not be told that it failed.
        await _to_the_end(opened.conn.commit(), even_if_cancelled=True)
        opened.committed = True
        if opened.pending.wakes_relays:
            self._on_commit()


async def _to_the_end(work: Coroutine[Any, Any, None], *, even_if_cancelled: bool = False) -> None:
    """Awaits ``work`` although the waiting task may be cancelled meanwhile.

    Then the cancellation goes on, unless ``even_if_cancelled``.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not even_if_cancelled:
            raise
        task.result()
