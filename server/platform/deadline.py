"""The deadline of the call that is being served."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from server.platform.errors import DeadlineExceeded

_deadline: ContextVar[float | None] = ContextVar("simba_deadline", default=None)

COMMIT_MARGIN_SECONDS = 0.01
"""A transaction is not committed with less than this left: its caller would be told that it failed."""


def remaining_seconds() -> float | None:
    """Seconds until the caller gives up, possibly negative; None outside a call or without a deadline."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.monotonic()


def check_deadline(margin: float = 0.0) -> None:
    """Raises DeadlineExceeded when no more than ``margin`` seconds are left."""
    remaining = remaining_seconds()
    if remaining is not None and remaining <= margin:
        raise DeadlineExceeded("the deadline passed; nothing was committed")


@contextmanager
def deadline_in(seconds: float | None) -> Iterator[None]:
    """Sets the deadline of everything inside the block; None for none."""
    token = _deadline.set(None if seconds is None else time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)
