"""ClickHouse for everybody: queries to Arrow, Arrow inserts, commands.

The client blocks, so each operation runs in a thread of a bounded pool; more wait their turn. A cancelled
call cancels its query in the engine. SQL takes server-side parameters: ``{series:Array(UInt64)}``.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

import clickhouse_connect
import pyarrow as pa
import urllib3
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError
from clickhouse_connect.driver.external import ExternalData
from clickhouse_connect.driver.httputil import get_pool_manager

from server.platform.deadline import remaining_seconds
from server.platform.engine_errors import unavailable
from server.platform.errors import DeadlineExceeded, ResourceExhausted, SimbaError
from server.platform.tenant_filter import check_tenant

T = TypeVar("T")
Parameters = dict[str, Any] | None
Tables = Mapping[str, tuple[pa.Table, str]]
"""By name: a table and its columns as ClickHouse names them, ``series UInt64, low Int64``."""

# ClickHouse's own error codes.
_TIMED_OUT = {159, 160}
_CANCELLED = {394}
_BUSY = {202, 241, 252, 439}
_AWAY = {209, 210, 242, 279, 999, 1000}


class TelemetryStore:
    """The ClickHouse database of the installation.

    All methods raise Unavailable when the engine does not answer, ResourceExhausted when it is overloaded,
    DeadlineExceeded when a query outlives the caller, ClickHouseError for a mistake in the SQL, and
    TenantMissing for a statement that forgot whose rows it is about.
    """

    def __init__(self, url: str, *, threads: int = 8, timeout_seconds: float = 300.0) -> None:
        self._url = url
        self._timeout = timeout_seconds
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="clickhouse")
        self._lock = threading.Lock()
        self._client: Client | None = None

    async def query(
        self,
        sql: str,
        params: Parameters = None,
        *,
        settings: Mapping[str, Any] | None = None,
        tables: Tables | None = None,
    ) -> pa.Table:
        """The result of a SELECT as an Arrow table; strings are strings.

        ``tables`` are further tables that the statement names, by name with ClickHouse's types of their
        columns: they go along with it, and away with it.
        """
        check_tenant(sql)
        return await self._run(
            lambda client, extra: client.query_arrow(
                sql,
                parameters=params,
                settings={**extra, **(settings or {})},
                use_strings=True,
                external_data=_external(tables) if tables else None,
            )
        )

    async def rows(
        self,
        sql: str,
        params: Parameters = None,
        *,
        settings: Mapping[str, Any] | None = None,
        tables: Tables | None = None,
    ) -> list[tuple[Any, ...]]:
        """The result of a SELECT as Python rows; for few rows. ``tables`` as for :meth:`query`."""
        check_tenant(sql)
        return await self._run(
            lambda client, extra: [
                tuple(row)
                for row in client.query(
                    sql,
                    parameters=params,
                    settings={**extra, **(settings or {})},
                    external_data=_external(tables) if tables else None,
                ).result_rows
            ]
        )

    async def insert(
        self,
        table: str,
        arrow: pa.Table,
        *,
        dedup_token: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Inserts an Arrow table; the rows are durable when this returns.

        A second insert with the same ``dedup_token`` into a table with a deduplication window is dropped,
        so that an insert whose outcome is unknown can be repeated.
        """
        given = dict(settings or {})
        if dedup_token is not None:
            given["insert_deduplication_token"] = dedup_token

        def work(client: Client, extra: dict[str, Any]) -> None:
            client.raw_insert(
                table, arrow.schema.names, _stream_of(arrow), settings={**extra, **given}, fmt="ArrowStream"
            )

        await self._run(work)

    async def command(
        self, sql: str, params: Parameters = None, *, settings: Mapping[str, Any] | None = None
    ) -> Any:
        """Runs a statement; returns what ``clickhouse_connect`` makes of a single value."""
        check_tenant(sql)
        return await self._run(
            lambda client, extra: client.command(
                sql, parameters=params, settings={**extra, **(settings or {})}
            )
        )

    async def of_all_tenants(self, sql: str) -> None:
        """Runs a statement about whole partitions, with the rows of every tenant in them.

        For upkeep alone: whoever calls it has made sure of what is in them.
        """
        await self._run(lambda client, extra: client.command(sql, settings=extra))

    async def ping(self) -> bool:
        """Whether the engine answers."""
        try:
            return bool(await self.command("SELECT 1") == 1)
        except (SimbaError, ClickHouseError):
            return False

    async def close(self) -> None:
        """Ends the threads and the connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    async def _run(self, work: Callable[[Client, dict[str, Any]], T]) -> T:
        query_id = str(uuid4())
        extra: dict[str, Any] = {"query_id": query_id}
        remaining = remaining_seconds()
        if remaining is not None:
            extra["max_execution_time"] = max(1, round(remaining))
        job = self._pool.submit(self._call, work, extra)
        try:
            waiting = asyncio.wrap_future(job)
            waiting.add_done_callback(_noticed)
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            # False: it is running already, so the engine has to be told.
            if not job.cancel():
                await self._cancel(query_id)
            raise

    def _call(self, work: Callable[[Client, dict[str, Any]], T], extra: dict[str, Any]) -> T:
        try:
            return work(self._connected(), extra)
        except ClickHouseError as error:
            told = _translate(error)
            raise (told or error) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise unavailable("clickhouse") from error

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None:
                # Sessions would serialise the queries of all threads.
                self._client = clickhouse_connect.get_client(
                    dsn=self._url,
                    autogenerate_session_id=False,
                    pool_mgr=get_pool_manager(maxsize=self._threads + 2),
                    send_receive_timeout=self._timeout,
                    connect_timeout=5,
                    query_limit=0,
                    form_encode_query_params=True,
                )
            return self._client

    async def _cancel(self, query_id: str) -> None:
        def kill() -> None:
            with suppress(ClickHouseError, SimbaError, OSError):
                self._connected().command(f"KILL QUERY WHERE query_id = '{query_id}' ASYNC")

        with suppress(asyncio.CancelledError):
            await asyncio.shield(asyncio.to_thread(kill))


def _noticed(done: "asyncio.Future[Any]") -> None:
    """Takes note of an outcome that nobody may be waiting for any more."""
    if not done.cancelled():
        done.exception()


def _external(tables: Tables) -> ExternalData:
    found = ExternalData()
    for name, (arrow, structure) in tables.items():
        found.add_file(
            file_name=name, data=_stream_of(arrow).to_pybytes(), fmt="ArrowStream", structure=structure
        )
    return found


def _stream_of(arrow: pa.Table) -> pa.Buffer:
    """The table as an Arrow stream, not compressed.

    ``insert_arrow`` sends a file, which the engine cannot read before its end has come, and compresses it,
    which costs more than the bytes do on the way to an engine that is near: streams are half as fast again.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_table(arrow)
    return sink.getvalue()


def _translate(error: ClickHouseError) -> SimbaError | None:
    code = getattr(error, "code", None)
    if code in _TIMED_OUT | _CANCELLED:
        return DeadlineExceeded("the telemetry query took too long")
    if code in _BUSY:
        return ResourceExhausted("the telemetry store is busy", retry_after=timedelta(seconds=2))
    if code in _AWAY or (code is None and isinstance(error, OperationalError)):
        return unavailable("clickhouse")
    return None
