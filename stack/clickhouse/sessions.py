"""Sessions: what SET, USE and temporary tables leave behind for the next request with the same `session_id`.

clickhouse-connect names a session by default and hardly ever leaves anything in it. So a session has no
connection until a statement changes it, and most requests of a session run like any other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from stack.clickhouse.engine import Connection, Engine, identifier, quote
from stack.clickhouse.errors import ClickHouseError
from stack.clickhouse.request import Request


def assignments(settings: Mapping[str, str]) -> str:
    """The list of a SET statement."""
    return ", ".join(f"{name} = {quote(value)}" for name, value in settings.items())


class Session:
    """One session, with a connection of its own once a statement has changed it."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.busy = False
        self.expires = 0.0
        self._before: dict[str, str] = {}
        self._database: str | None = None

    def keep(self, engine: Engine) -> Connection:
        """The session's own connection, opened now where there was none."""
        if self.connection is None:
            self.connection = engine.connect()
        return self.connection

    def apply(self, database: str, settings: Mapping[str, str]) -> None:
        """Sets what one request asks for, and takes back what the request before it had asked for."""
        connection = self.connection
        assert connection is not None
        if database and self._database is None:
            self._database = (
                connection.run("SELECT currentDatabase()", "TabSeparatedRaw").data.decode().rstrip("\n")
            )
        if database:
            connection.run(f"USE {identifier(database)}")
        elif self._database is not None:
            connection.run(f"USE {identifier(self._database)}")
            self._database = None
        back = {name: value for name, value in self._before.items() if name not in settings}
        if unknown := [name for name in settings if name not in self._before]:
            names = ", ".join(quote(name) for name in unknown)
            sql = f"SELECT name, value FROM system.settings WHERE name IN ({names})"  # noqa: S608 - quoted
            rows = connection.run(sql, "TabSeparatedRaw")
            self._before |= dict(row.split("\t", 1) for row in rows.data.decode().split("\n") if row)
        if back or settings:
            connection.run(f"SET {assignments({**back, **settings})}")
        for name in back:
            del self._before[name]

    def settle(self) -> None:
        """Takes back what requests had asked for, so that a SET or USE changes the session itself."""
        self.apply("", {})


class Sessions:
    """The sessions by id. One request at a time uses a session, as in ClickHouse."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions: dict[tuple[str, str], Session] = {}
        self._lock = threading.Lock()

    @contextmanager
    def entered(self, user: str, request: Request) -> Iterator[Session | None]:
        """Holds the request's session; None where it has none.

        Raises 373 while another request uses it, 372 where `session_check=1` asks for one that is not there.
        """
        if not request.session_id:
            yield None
            return
        key = user, request.session_id
        with self._lock:
            self._expire()
            session = self._sessions.get(key)
            if session is None:
                if request.params.get("session_check") == "1":
                    raise ClickHouseError(372, "SESSION_NOT_FOUND", f"Session {request.session_id} not found")
                session = self._sessions[key] = Session()
            if session.busy:
                raise ClickHouseError(
                    373, "SESSION_IS_LOCKED", f"Session {request.session_id} is locked by a concurrent client"
                )
            session.busy = True
        try:
            yield session
        finally:
            with self._lock:
                session.busy = False
                session.expires = time.monotonic() + request.session_timeout
                # A session that nothing has changed need not be remembered, unless it may be checked for.
                if request.params.get("close_session") == "1":
                    self._end(key)

    def close(self) -> None:
        """Ends all sessions."""
        with self._lock:
            for key in list(self._sessions):
                self._end(key)

    def _expire(self) -> None:
        now = time.monotonic()
        for key in [
            key for key, session in self._sessions.items() if not session.busy and session.expires < now
        ]:
            self._end(key)

    def _end(self, key: tuple[str, str]) -> None:
        session = self._sessions.pop(key)
        if session.connection is not None:
            session.connection.close()
