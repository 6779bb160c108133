"""Identifiers: UUIDv7 (RFC 9562), so that they sort by the time they were made."""

import os
import time
from uuid import UUID

from server.platform.errors import InvalidField

_NS_PER_MS = 1_000_000


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, 12 bits of sub-millisecond time, 62 random bits."""
    now = time.time_ns()
    millis, nanos = divmod(now, _NS_PER_MS)
    # RFC 9562 section 6.2, method 3: the fraction of the millisecond keeps ids of one process in order.
    fraction = (nanos << 12) // _NS_PER_MS
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | tail)


def parse_id(field: str, text: str) -> UUID:
    """The UUID written in ``text``; InvalidArgument names ``field`` when it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidField(field, f"{text!r} is not a UUID", "uuid") from None
