"""Page tokens: keyset, opaque, signed, bound to the query that they continue."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from server.platform.errors import InvalidField, PageTokenMismatch

DEFAULT_PAGE = 50
LARGEST_PAGE = 1000
_MAC_BYTES = 16

T = TypeVar("T")

_WRITERS: tuple[tuple[type, str], ...] = ((UUID, "u"), (datetime, "t"), (date, "d"), (Decimal, "n"))
_READERS: dict[str, Any] = {
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
}


class Pages:
    """Makes and reads page tokens. A token holds the sort key of the last row of the page before.

    Keys may hold str, int, float, bool, None, UUID, datetime, date and Decimal. ``bound_to`` is whatever
    decides which rows the query has: the filter, the order, the tenant. It may be a protobuf request; its
    page_size and page_token are left out, so that the size may change between pages.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @staticmethod
    def page_size(asked: int, largest: int = LARGEST_PAGE) -> int:
        """Rows a page: 0 means 50, more than ``largest`` is taken as that; negative is INVALID_ARGUMENT."""
        if asked < 0:
            raise InvalidField("page_size", f"{asked} is negative", "int32.gte")
        return min(asked or DEFAULT_PAGE, largest)

    def page(self, size: int, token: str, *, bound_to: object, largest: int = LARGEST_PAGE) -> "Page":
        """The page that a caller asks for. Raises what :meth:`page_size` and :meth:`decode` do."""
        return Page(self, self.page_size(size, largest), self.decode(token, bound_to=bound_to), bound_to)

    def encode(self, key: tuple[Any, ...], *, bound_to: object) -> str:
        """The token of the page that starts after the row with this sort key."""
        body = json.dumps([_write(part) for part in key], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(body, bound_to) + body).rstrip(b"=").decode()

    def decode(self, token: str, *, bound_to: object) -> tuple[Any, ...] | None:
        """The sort key in a token; None for the empty token, the first page.

        Raises PageTokenMismatch for a token that was forged, damaged or made by another query.
        """
        if not token:
            return None
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise PageTokenMismatch("is not a token of this server") from None
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._sign(body, bound_to)):
            raise PageTokenMismatch("belongs to another query, or was changed")
        return tuple(_read(part) for part in json.loads(body))

    def _sign(self, body: bytes, bound_to: object) -> bytes:
        context = hashlib.sha256(_canonical(bound_to)).digest()
        return hmac.digest(self._secret, context + body, "sha256")[:_MAC_BYTES]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query: ask for :attr:`limit` rows after :attr:`after`, then :meth:`cut` them."""

    pages: Pages
    size: int
    after: tuple[Any, ...] | None
    """Sort key of the last row of the page before; None: the first page."""
    bound_to: object

    @property
    def limit(self) -> int:
        """One row more than the page holds: it tells whether there is a next one."""
        return self.size + 1

    @property
    def after_value(self) -> Any:
        """What :attr:`after` holds when keys have one part; None: the first page."""
        return self.after[0] if self.after else None

    def cut(self, rows: Sequence[T], key: Callable[[T], tuple[Any, ...]]) -> tuple[list[T], str]:
        """The page's rows, and the token of the next page, if any; ``key`` gives a row's sort key."""
        kept = list(rows[: self.size])
        if len(rows) <= self.size:
            return kept, ""
        return kept, self.pages.encode(key(kept[-1]), bound_to=self.bound_to)


def _canonical(bound_to: object) -> bytes:
    if isinstance(bound_to, Message):
        query = type(bound_to)()
        query.CopyFrom(bound_to)
        for name in ("page_size", "page_token"):
            if name in query.DESCRIPTOR.fields_by_name:
                query.ClearField(name)
        return query.DESCRIPTOR.full_name.encode() + b"\0" + query.SerializeToString(deterministic=True)
    if isinstance(bound_to, tuple):
        return b"\1".join(_canonical(part) for part in bound_to)
    return repr(bound_to).encode()


def _write(part: Any) -> Any:
    for kind, tag in _WRITERS:
        if isinstance(part, kind):
            text = part.isoformat() if isinstance(part, date) else str(part)
            return [tag, text]
    return part


def _read(part: Any) -> Any:
    return _READERS[part[0]](part[1]) if isinstance(part, list) else part
