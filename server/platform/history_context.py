"""In which call, or job, something is done, and why: what every change and every operation is marked with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import unquote

from server.platform.errors import InvalidField

REASON_HEADER = "x-simba-reason"
"""Metadata in which callers say why: at most 1,000 characters, others than ASCII percent-encoded."""
CORRELATION_HEADER = "x-correlation-id"
"""Metadata in which callers say what belongs together: at most 128 printable ASCII characters."""
LONGEST_REASON = 1000
LONGEST_CORRELATION = 128


@dataclass(frozen=True, slots=True)
class CallContext:
    """What is said of a call beside who makes it."""

    reason: str = ""
    correlation_id: str = ""
    method: str = ""
    """``simba.devices.v1.MeterService/UpdateMeter``, or the name of a job."""

    def carried(self) -> dict[str, str]:
        """What goes along to the jobs that the call leaves behind."""
        return {REASON_HEADER: self.reason, CORRELATION_HEADER: self.correlation_id}


_NOWHERE = CallContext()
_context: ContextVar[CallContext] = ContextVar("simba_call_context", default=_NOWHERE)


def current_context() -> CallContext:
    """The context of the call or job; empty outside of both."""
    return _context.get()


@contextmanager
def in_context(context: CallContext) -> Iterator[CallContext]:
    """Makes ``context`` the current one inside the block."""
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)


def in_job(name: str, carried: Mapping[str, str]) -> CallContext:
    """The context of a job that was left behind by a call."""
    return CallContext(carried.get(REASON_HEADER, ""), carried.get(CORRELATION_HEADER, ""), name)


def reason_of(metadata: Mapping[str, str]) -> str:
    """Why, as the caller says. Raises InvalidField for one that is too long or has control characters."""
    raw = metadata.get(REASON_HEADER, "")
    try:
        reason = unquote(raw, errors="strict").strip()
    except UnicodeDecodeError:
        raise InvalidField(
            REASON_HEADER, f"{raw!r} is not percent-encoded UTF-8", "percent_encoding"
        ) from None
    if len(reason) > LONGEST_REASON:
        said = f"{len(reason)} characters are more than {LONGEST_REASON}"
        raise InvalidField(REASON_HEADER, said, "string.max_len")
    if not all(char.isprintable() for char in reason):
        raise InvalidField(REASON_HEADER, f"{reason!r} has control characters", "string.printable")
    return reason


def correlation_of(metadata: Mapping[str, str]) -> str:
    """What belongs together, as the caller says; empty: nothing. Raises InvalidField as :func:`reason_of`."""
    given = metadata.get(CORRELATION_HEADER, "").strip()
    if not _is_plain(given):
        said = f"{given[:40]!r} is not at most {LONGEST_CORRELATION} printable ASCII characters"
        raise InvalidField(CORRELATION_HEADER, said, "correlation_id")
    return given


def request_id_of(metadata: Mapping[str, str]) -> str:
    """The id that the caller or the edge gave the call; empty: none, or none that can be kept."""
    given = metadata.get("x-request-id", "").strip()
    return given if _is_plain(given) else ""


def _is_plain(text: str) -> bool:
    return len(text) <= LONGEST_CORRELATION and text.isascii() and text.isprintable()
