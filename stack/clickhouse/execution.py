"""How one request runs in the engine: which connection, with which settings, streamed or at once.

Both ways are generators that are stepped from worker threads, so that the event loop never waits for the
engine, and closing a generator ends its query and gives everything back.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from stack.clickhouse.engine import Connection, Engine, identifier
from stack.clickhouse.errors import ClickHouseError, EngineError, bad_arguments
from stack.clickhouse.form import create_tables
from stack.clickhouse.insert import insert_from_body, select_from_body
from stack.clickhouse.reading import QUERY_KEYWORDS, STREAMABLE, Counts, Reading
from stack.clickhouse.request import Request
from stack.clickhouse.running import Running, tag
from stack.clickhouse.sessions import Sessions, assignments
from stack.clickhouse.statement import InsertHead, first_keyword, insert_head, output_format

#: A statement that begins with one of these may change what the session's next request sees.
_SESSION_KEYWORDS: Final = frozenset({"SET", "USE", "CREATE", "DROP"})
_SETTING_KEYWORDS: Final = frozenset({"SET", "USE"})
_READONLY: Final = (
    "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly."
    " You should use method POST for modifying queries."
)
#: An INSERT whose data have not begun after so many bytes is no INSERT.
_HEAD_LIMIT: Final = 1 << 20


@dataclass(slots=True)
class Answer:
    """What is known of a response before and beside its body."""

    format: str = "TabSeparated"
    counts: Counts = field(default_factory=Counts)


class Execution:
    """Runs requests in one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.running = Running(engine)
        self.sessions = Sessions(engine)

    def query(
        self, user: str, request: Request, sql: bytes, files: dict[str, bytes], answer: Answer
    ) -> Generator[bytes, None, None]:
        """Runs a statement whose text is complete and yields the pieces of its result, at least one.

        Raises `ClickHouseError`. Fills `answer` before the first piece, and its counts until the last one.
        """
        keyword = first_keyword(sql)
        sql, bindings = self.running.translate(keyword, sql, request.bindings)
        named = output_format(sql)
        answer.format = named or request.default_format
        with self._prepared(user, request, keyword, _text(sql)) as connection:
            create_tables(connection, request, files)
            if keyword == "INSERT" and (outcome := select_from_body(connection, sql)) is not None:
                answer.counts.add(outcome)
                yield b""
            elif keyword in QUERY_KEYWORDS and answer.format in STREAMABLE:
                reading = Reading(connection, _text(sql), answer.format, bindings, answer.counts)
                yield from reading.pieces()
            else:
                outcome = connection.run(_text(sql), answer.format, bindings)
                answer.counts.add(outcome)
                yield outcome.data

    def insert(self, user: str, request: Request, answer: Answer) -> Generator[None, bytes | None, None]:
        """Runs an INSERT whose text and data are sent in pieces, None at the end.

        Raises `ClickHouseError`.
        """
        text = request.query + b"\n" if request.query else b""
        head: InsertHead | None = insert_head(text, complete=False)
        while head is None:
            if len(text) > _HEAD_LIMIT:
                raise ClickHouseError(62, "SYNTAX_ERROR", "the INSERT names no format and has no SELECT")
            piece = yield
            text += piece or b""
            head = insert_head(text, complete=piece is None)
        if not head.format:
            yield from self._insert_select(user, request, text, answer)
            return
        with self._prepared(user, request, "INSERT", _text(head.sql)) as connection:
            if request.bindings:
                connection.run(f"SET {assignments({f'param_{k}': v for k, v in request.bindings.items()})}")
            outcome = yield from insert_from_body(
                connection, _text(head.sql), head.format, text[head.data_at :]
            )
            answer.counts.add(outcome)

    def _insert_select(
        self, user: str, request: Request, text: bytes, answer: Answer
    ) -> Generator[None, bytes | None, None]:
        pieces = [text]
        while (piece := (yield)) is not None:
            pieces.append(piece)
        for _ in self.query(user, request, b"".join(pieces), {}, answer):
            pass

    @contextmanager
    def _prepared(self, user: str, request: Request, keyword: str, sql: str) -> Iterator[Connection]:
        settings = dict(request.settings)
        settings["log_comment"] = tag(request.query_id, settings.get("log_comment", ""))
        with self.running.entered(request.query_id), self.sessions.entered(user, request) as session:
            connection = session.connection if session else None
            if connection is None:
                connection = self._engine.connect()
            try:
                if (
                    request.readonly
                    and keyword not in _SETTING_KEYWORDS
                    and not connection.changes_nothing(sql)
                ):
                    raise ClickHouseError(164, "READONLY", _READONLY)
                if session and keyword in _SESSION_KEYWORDS and connection.changes_session(sql):
                    session.connection = connection
                if session and session.connection:
                    if keyword in _SETTING_KEYWORDS:
                        session.settle()
                    else:
                        session.apply(request.database, settings)
                else:
                    if request.database:
                        connection.run(f"USE {identifier(request.database)}")
                    connection.run(f"SET {assignments(settings)}")
                yield connection
            except EngineError:
                with suppress(RuntimeError):
                    connection.drain()
                raise
            finally:
                if session is None or session.connection is not connection:
                    connection.close()


def _text(sql: bytes) -> str:
    try:
        return sql.decode()
    except UnicodeDecodeError as broken:
        raise bad_arguments(f"the statement is not valid UTF-8: {broken}") from broken
