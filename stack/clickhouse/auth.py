"""Who asks: the four places in which ClickHouse's HTTP interface takes a name and a password."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

from stack.clickhouse.errors import ClickHouseError, authentication_failed


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, separator, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if separator else None


def credentials(headers: Mapping[str, str], params: Mapping[str, str]) -> tuple[str, str]:
    """Name and password of a request; the name is `default` and the password empty where none is given.

    They come from `X-ClickHouse-User` and `-Key`, else `Authorization: Basic`, else the parameters `user`
    and `password`. Raises 516 where two places are used at once, or the Authorization header is unreadable.
    """
    by_header = "x-clickhouse-user" in headers or "x-clickhouse-key" in headers
    authorization = headers.get("authorization", "")
    by_param = "user" in params or "password" in params
    if by_header and authorization:
        raise ClickHouseError(
            516,
            "AUTHENTICATION_FAILED",
            "Invalid authentication: X-ClickHouse-User and Authorization at once.",
        )
    if by_header:
        return headers.get("x-clickhouse-user", "default"), headers.get("x-clickhouse-key", "")
    if authorization:
        found = _basic(authorization)
        if found is None:
            raise ClickHouseError(
                516,
                "AUTHENTICATION_FAILED",
                "Invalid authentication: the Authorization header is not valid Basic.",
            )
        return found
    if by_param:
        return params.get("user", "default"), params.get("password", "")
    return "default", ""


class Users:
    """The names that may use this server, with their passwords."""

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._passwords = dict(passwords)

    def check(self, user: str, password: str) -> str:
        """The user's name; raises 516 for an unknown name or a wrong password, in equal time."""
        expected = self._passwords.get(user)
        known = hmac.compare_digest((expected or "").encode(), password.encode())
        if expected is None or not known:
            raise authentication_failed(user)
        return user
