"""chDB, opened once for a directory: the only module that touches the library.

What was found out about chDB 4.4 (ClickHouse 26.9), and what the rest of this package is built on:

* Any number of connections share one engine; opening one takes 0.08 ms. Settings, current database and
temporary
  tables belong to a connection. Queries of several connections run in parallel, those of one connection queue
  up, and all calls release the GIL. So a request gets a connection of its own and throws it away.
* `send_query` streams a SELECT block by block and is far quicker than `query` for large results; other
statements
  only go through `query`. `send_insert` takes the data of an INSERT piece by piece and parses them meanwhile.
* After a failed stream the connection's next result begins with what the failed one had left; see
`Connection.drain`.
* The engine makes query ids itself. The client's id travels in the setting `log_comment` (see `running`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from stack.clickhouse.errors import EngineError


class DirectoryInUseError(RuntimeError):
    """Another process owns the data directory."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished statement gave: the formatted result and its counts."""

    data: bytes = b""
    result_rows: int = 0
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0


def quote(text: str) -> str:
    """A ClickHouse string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(text: str) -> str:
    """A ClickHouse identifier in backquotes."""
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _outcome(result: Any) -> Outcome:
    return Outcome(
        result.bytes(),
        result.rows_read(),
        result.storage_rows_read(),
        result.storage_bytes_read(),
        result.rows_written(),
        result.bytes_written(),
    )


class Connection:
    """One connection: settings, current database, temporary tables. Not for two threads at once."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def run(
        self, sql: str, output_format: str = "TabSeparated", params: Mapping[str, str] | None = None
    ) -> Outcome:
        """Runs any statement to its end, the whole result in memory. Raises `EngineError`."""
        try:
            return _outcome(self._raw.query(sql, output_format, params=dict(params or {})))
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None

    def stream(self, sql: str, output_format: str, params: Mapping[str, str]) -> Iterator[Outcome]:
        """Runs a SELECT and yields its blocks, each formatted on its own; the last one has no rows.

        Raises `EngineError`, at first or in the middle.
        """
        try:
            handle = self._raw.send_query(sql, output_format, params=dict(params))
            rows = 1
            try:
                while rows:
                    chunk = _outcome(self._raw.streaming_fetch_result(handle))
                    rows = chunk.result_rows
                    yield chunk
            finally:
                if rows:
                    self._raw.streaming_cancel_query(handle)
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None

    def insert(self, sql: str, input_format: str) -> Insertion:
        """Begins an INSERT, `sql` without FORMAT and data."""
        try:
            return Insertion(self._raw, self._raw.send_insert(sql, input_format))
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None

    def changes_nothing(self, sql: str) -> bool:
        """Whether the engine's parser finds only reading in a statement."""
        return self._query_class(sql) == 0

    def changes_session(self, sql: str) -> bool:
        """Whether a statement changes what the next one of its session sees: SET, USE, temporary tables."""
        return self._query_class(sql) == 3  # noqa: PLR2004 - query_class.CONTROL

    def _query_class(self, sql: str) -> int:
        try:
            return int(self._raw.classify_query(sql)["query_class"])
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None

    def drain(self) -> None:
        """Takes away what a failed stream left in the connection."""
        self._raw.query("SELECT 1 FORMAT Null")

    def close(self) -> None:
        """Ends the connection and whatever still runs in it."""
        self._raw.close()


class Insertion:
    """An INSERT that takes its data piece by piece."""

    def __init__(self, raw: Any, handle: Any) -> None:
        self._raw = raw
        self._handle = handle

    def append(self, data: bytes) -> None:
        """Hands over the next bytes; waits while the engine is behind. Raises `EngineError`."""
        try:
            self._raw.insert_append(self._handle, data)
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None

    def finish(self) -> Outcome:
        """Ends the data and waits until all of them are stored. Raises `EngineError`."""
        try:
            return _outcome(self._raw.insert_done(self._handle))
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None

    def cancel(self) -> None:
        """Gives the INSERT up: blocks that are not yet written never are."""
        try:
            self._raw.insert_cancel(self._handle)
        except RuntimeError as refused:
            raise EngineError(str(refused)) from None


def _config(data: Path, log_file: Path | None, memory_limit: int) -> str:
    log = f"<log-level>error</log-level><logger><log>{escape(str(log_file))}</log></logger>"
    return (
        f"<clickhouse>{log if log_file else ''}"
        f"<max_server_memory_usage>{memory_limit}</max_server_memory_usage>"
        # Where BACKUP … TO File(…) may write.
        f"<backups><allowed_path>{escape(str(data / 'backups'))}/</allowed_path></backups>"
        "</clickhouse>\n"
    )


class Engine:
    """chDB on one directory, which this process owns until it ends or calls `close`.

    The lock is the operating system's, so that it goes with the process however that ends; a file left by a
    killed process means nothing. `memory_limit` is in bytes, 0 for what the machine has. Raises
    `DirectoryInUseError`.
    """

    def __init__(self, data: Path, *, log_file: Path | None = None, memory_limit: int = 0) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._lock = _own(data)
        # The server's time zone is UTC whatever the machine's is; chDB reads it when it is loaded.
        os.environ["TZ"] = "UTC"
        chdb = import_module("chdb._chdb")

        # SIGTERM and SIGINT belong to the server, which ends requests before it closes the engine.
        chdb.set_signal_handlers_enabled(0)
        config = data / "config.xml"
        config.write_text(_config(data, log_file, memory_limit))
        self._connect: Callable[[], Any] = lambda: chdb.connect(f"{data / 'store'}?config-file={config}")
        # The engine lives as long as one connection is open.
        self._root = Connection(self._connect())
        self.version = self._root.run("SELECT version()").data.decode().strip()
        self.timezone = self._root.run("SELECT timezone()").data.decode().strip()

    def connect(self) -> Connection:
        """A fresh connection with the server's default settings."""
        return Connection(self._connect())

    def close(self) -> None:
        """Ends the engine and gives the directory up."""
        self._root.close()
        os.close(self._lock)


def _own(data: Path) -> int:
    handle = os.open(data / "owner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(handle, 32).decode().strip() or "unknown"
        os.close(handle)
        raise DirectoryInUseError(
            f"{data} belongs to the running process {owner}; one process owns it"
        ) from None
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    return handle
