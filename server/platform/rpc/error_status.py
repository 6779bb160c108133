"""Step 3: exceptions become ``google.rpc.Status``."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from opentelemetry import trace

from server.platform.engine_errors import translate
from server.platform.errors import DeadlineExceeded, SimbaError, Unimplemented
from server.platform.rpc.call import Call

DOMAIN = "simba"
"""Domain of every ErrorInfo."""

_DETAILS = "grpc-status-details-bin"
# HTTP/2 peers take 8 KiB of headers by default, and the details travel as base64.
_LARGEST_STATUS = 4500
_LONGEST_TEXT = 500

_log = logging.getLogger("simba.errors")


class Defect(SimbaError):
    """An unexpected exception; the caller learns an id and nothing else."""

    def __init__(self, error_id: str) -> None:
        super().__init__(f"internal error {error_id}", error_id=error_id)


def to_status(error: SimbaError) -> status_pb2.Status:
    """The status: one ErrorInfo, and a BadRequest or RetryInfo where there is something to say.

    Violations that would not fit into HTTP headers are left out and counted in the metadata.
    """
    violations = list(error.violations)
    while True:
        status = _status(error, len(violations))
        if status.ByteSize() <= _LARGEST_STATUS or not violations:
            return status
        violations = violations[: len(violations) * 3 // 4]


def _status(error: SimbaError, shown: int) -> status_pb2.Status:
    status = status_pb2.Status(code=error.code.value[0], message=_cut(error.message))
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN)
    info.metadata.update({key: _cut(value) for key, value in error.metadata.items()})
    if shown < len(error.violations):
        info.metadata["violations_left_out"] = str(len(error.violations) - shown)
    _pack(status, info)
    if shown:
        bad = error_details_pb2.BadRequest()
        for violation in error.violations[:shown]:
            bad.field_violations.add(
                field=violation.field, description=_cut(violation.description), reason=_reason(violation.rule)
            )
        _pack(status, bad)
    if error.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromTimedelta(error.retry_after)
        _pack(status, retry)
    return status


@asynccontextmanager
async def errors_told(call: Call) -> AsyncIterator[None]:
    """Aborts the call with the status of whatever exception ended it."""
    try:
        yield
    except (grpc.aio.AbortError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - the very place where exceptions end
        told = _told(call, error)
        call.code, call.reason = told.code, told.reason
        status = to_status(told)
        details = (*call.answer_metadata, (_DETAILS, status.SerializeToString()))
        await call.context.abort(told.code, status.message, trailing_metadata=details)


def _told(call: Call, error: Exception) -> SimbaError:
    told = translate(error)
    if told is None and isinstance(error, TimeoutError) and call.late():
        told = DeadlineExceeded("the deadline passed; nothing was committed")
    if isinstance(error, NotImplementedError) and call.context.code() is grpc.StatusCode.UNIMPLEMENTED:
        # What the generated base class of a servicer does.
        told = Unimplemented(f"{call.method.path} is not implemented", method=call.method.path)
    if told is not None:
        if told is not error:
            _log.warning("%s: %s", call.method.path, error)
        return told
    error_id = uuid4().hex
    call.notes["error_id"] = error_id
    span = trace.get_current_span()
    span.record_exception(error)
    _log.error("%s failed", call.method.path, exc_info=error, extra={"error_id": error_id})
    return Defect(error_id)


def _pack(status: status_pb2.Status, detail: Message) -> None:
    status.details.add().Pack(detail)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _reason(rule: str) -> str:
    """The rule as BadRequest wants it: upper snake case, at most 63 characters."""
    return "".join(char if char.isalnum() else "_" for char in rule).upper()[:63]
