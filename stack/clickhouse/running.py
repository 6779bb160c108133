"""Running queries by the ids that callers gave them.

The engine numbers its queries itself. The caller's id travels with the query in the setting `log_comment`,
which `system.processes` shows; statements that speak of query ids are translated on their way in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from stack.clickhouse.engine import Engine, quote
from stack.clickhouse.errors import ClickHouseError
from stack.clickhouse.statement import replace_words, tokens

_CALLERS_ID: Final = "splitByChar('\\n', Settings['log_comment'])[1]"
#: Stands in for `system.processes`: the same rows under the callers' ids.
_PROCESSES: Final = (
    f"(SELECT * REPLACE (if(Settings['log_comment'] = '', query_id, {_CALLERS_ID}) AS query_id)"  # noqa: S608
    " FROM system.processes)"
).encode()


def tag(query_id: str, comment: str) -> str:
    """The value of `log_comment` that carries a query id, and the caller's own comment behind it."""
    return f"{query_id}\n{comment}"


class Running:
    """The queries of this server that have begun and not ended."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ids: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def entered(self, query_id: str) -> Iterator[None]:
        """Holds an id while its query runs. Raises 216 where a query with it is running."""
        with self._lock:
            if query_id in self._ids:
                raise ClickHouseError(
                    216,
                    "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
                    f"Query with id = {query_id} is already running.",
                )
            self._ids.add(query_id)
        try:
            yield
        finally:
            with self._lock:
                self._ids.discard(query_id)

    def kill_all(self) -> None:
        """Tells every query to end."""
        connection = self._engine.connect()
        try:
            connection.run("KILL QUERY WHERE Settings['log_comment'] != '' ASYNC")
        finally:
            connection.close()

    def kill(self, query_id: str) -> None:
        """Tells the query of this id, if there is one, to end; it does so at its next block."""
        connection = self._engine.connect()
        try:
            connection.run(f"KILL QUERY WHERE {_CALLERS_ID} = {quote(query_id)} ASYNC")
        finally:
            connection.close()

    def translate(
        self, keyword: str, sql: bytes, bindings: Mapping[str, str]
    ) -> tuple[bytes, Mapping[str, str]]:
        """A statement and its parameters with the ids that it means.

        They are the engine's in KILL QUERY, and the callers' where `system.processes` is read.
        """
        if keyword == "KILL":
            return self._kill_by_engine_ids(sql, bindings)
        if b"processes" in sql:
            return replace_words(sql, (b"system", b".", b"processes"), _PROCESSES), bindings
        return sql, bindings

    def _kill_by_engine_ids(self, sql: bytes, bindings: Mapping[str, str]) -> tuple[bytes, Mapping[str, str]]:
        connection = self._engine.connect()
        try:
            rows = connection.run(
                f"SELECT {_CALLERS_ID}, query_id FROM system.processes"  # noqa: S608 - a constant
                " WHERE Settings['log_comment'] != ''",
            ).data
        finally:
            connection.close()
        ids = dict(line.split(b"\t", 1) for line in rows.splitlines())
        out = []
        copied = 0
        for token in tokens(sql):
            if token.kind == "string" and (engine_id := ids.get(token.text[1:-1])):
                out += [sql[copied : token.start], b"'" + engine_id + b"'"]
                copied = token.end
        bound = {name: ids.get(value.encode(), value.encode()).decode() for name, value in bindings.items()}
        return b"".join([*out, sql[copied:]]), bound
