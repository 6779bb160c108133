"""What an engine's error means to the caller."""

from datetime import timedelta

import procrastinate.exceptions
import psycopg
import redis.exceptions
import sqlalchemy.exc

from server.platform.errors import (
    Aborted,
    DeadlineExceeded,
    InvalidArgument,
    ResourceExhausted,
    SimbaError,
    Unavailable,
)

RETRY_AFTER = timedelta(seconds=1)
_RACES = {"40001", "40P01", "55P03"}
_CANCELLED = {"57014", "25P03", "25P04"}
_AWAY = ("08", "57P")
_FULL = "53"


class ConcurrentChange(Aborted):
    """The database ended the transaction because of another one that touched the same rows."""

    reason = "CONCURRENT_CHANGE"


def unavailable(engine: str) -> Unavailable:
    """The error for an engine that does not answer."""
    return Unavailable(f"{engine} is not reachable now", retry_after=RETRY_AFTER, engine=engine)


def translate(error: BaseException) -> SimbaError | None:  # noqa: PLR0911 - a table of cases
    """The caller's error for an engine's error; None when it is none that can be told, hence a defect."""
    if isinstance(error, SimbaError):
        return error
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return ResourceExhausted("all database connections are busy", retry_after=RETRY_AFTER)
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        if error.connection_invalidated:
            return unavailable("postgresql")
        return _of_psycopg(error.orig) if isinstance(error.orig, psycopg.Error) else None
    if isinstance(error, psycopg.Error):
        return _of_psycopg(error)
    if isinstance(error, procrastinate.exceptions.ConnectorException):
        return translate(error.__cause__) if error.__cause__ else unavailable("postgresql")
    if isinstance(error, (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError)):
        return unavailable("valkey")
    return None


def _of_psycopg(error: psycopg.Error) -> SimbaError | None:  # noqa: PLR0911 - a table of cases
    state = error.sqlstate
    if state is None:
        if isinstance(error, psycopg.DataError) and "NUL" in str(error):
            return InvalidArgument("a text field contains a NUL character, which cannot be stored")
        return unavailable("postgresql") if isinstance(error, psycopg.OperationalError) else None
    if state in _RACES:
        return ConcurrentChange(
            "lost a race with another call; repeat", retry_after=timedelta(milliseconds=50)
        )
    if state in _CANCELLED:
        return DeadlineExceeded("the database took too long; nothing was committed")
    if state.startswith(_AWAY):
        return unavailable("postgresql")
    if state.startswith(_FULL):
        return ResourceExhausted("the database has no room for this now", retry_after=RETRY_AFTER)
    return None
