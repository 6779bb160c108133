"""ClickHouse's errors as they appear over HTTP: a code, a name, a text and a status."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"^Code: (\d+)\. ")
_VERSION_TRAILER: Final = re.compile(r"\s*\(version [^()]*(?:\([^()]*\)[^()]*)*\)\s*$")

#: Status by error code, as `exceptionCodeToHTTPStatus` of ClickHouse's HTTP handler has it.
_STATUS: Final[dict[int, int]] = {
    **dict.fromkeys((194,), 401),  # REQUIRED_PASSWORD
    **dict.fromkeys((192, 193, 516, 291, 497, 164), 403),  # user, password, authentication, access, readonly
    **dict.fromkeys(
        (6, 26, 27, 38, 41, 42, 43, 44, 46, 53, 62, 70, 72, 80, 117, 131, 321, 386, 432, 456), 400
    ),
    **dict.fromkeys((16, 47, 60, 81, 111, 115, 120, 179, 390), 404),
    **dict.fromkeys((1, 48, 63), 501),
    **dict.fromkeys((159, 160, 209), 408),
    **dict.fromkeys((457, 69, 36, 8), 400),
    381: 411,  # HTTP_LENGTH_REQUIRED
    307: 413,  # TOO_MANY_BYTES
    202: 429,  # TOO_MANY_SIMULTANEOUS_QUERIES
    373: 500,  # SESSION_IS_LOCKED
    372: 404,  # SESSION_NOT_FOUND
}


class ClickHouseError(Exception):
    """One refusal of the engine or of this interface.

    `code` and `name` are ClickHouse's own (`ErrorCodes.cpp`); `str()` is the body a client reads:
    ``Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version 26.9.2.1)``.
    """

    def __init__(self, code: int, name: str, message: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {message} ({name})")
        self.code = code
        self.name = name

    @property
    def status(self) -> int:
        """The HTTP status of this error."""
        return _STATUS.get(self.code, 500)

    def body(self, version: str) -> str:
        """The text for the response body, ended by the server's version as ClickHouse does."""
        text = str(self)
        return text if _VERSION_TRAILER.search(text) else f"{text} (version {version})"


class EngineError(ClickHouseError):
    """An error that the engine reported as text."""

    def __init__(self, text: str) -> None:
        found = _CODE.match(text)
        self.code = int(found[1]) if found else 1002
        names = re.findall(r"\(([A-Z][A-Z0-9_]+)\)", text)
        self.name = names[-1] if names else "UNKNOWN_EXCEPTION"
        Exception.__init__(self, text if found else f"Code: 1002. DB::Exception: {text} (UNKNOWN_EXCEPTION)")


def bad_arguments(message: str) -> ClickHouseError:
    """A parameter that this interface cannot read (code 36)."""
    return ClickHouseError(36, "BAD_ARGUMENTS", message)


def not_implemented(message: str) -> ClickHouseError:
    """Something ClickHouse has and this interface has not (code 48)."""
    return ClickHouseError(48, "NOT_IMPLEMENTED", message)


def authentication_failed(user: str) -> ClickHouseError:
    """A wrong name or password (code 516), in words that do not tell which of the two it was."""
    return ClickHouseError(
        516,
        "AUTHENTICATION_FAILED",
        f"{user}: Authentication failed: password is incorrect, or there is no user with such name.",
    )
