"""From gRPC's errors to ours, and back (for the fake server)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

import grpc

from simba_metering import errors
from simba_metering._generated.google.protobuf import Any
from simba_metering._generated.google.rpc import (
    BadRequest,
    BadRequestFieldViolation,
    ErrorInfo,
    RetryInfo,
    Status,
)

DETAILS = "grpc-status-details-bin"
DOMAIN = "simba"
Trailers = Iterable[tuple[str, str | bytes]]
# grpc.aio, when a message is written to a call that has just ended; the call's own status is lost.
_WRITE_RACE = "Internal error from Core"
_TYPE = "type.googleapis.com/google.rpc."
_BY_CODE = {kind.code: kind for kind in errors.SimbaError.__subclasses__()}


def from_rpc_error(error: grpc.RpcError) -> errors.SimbaError:
    """The typed error of a failed call."""
    code = error.code()
    if code is grpc.StatusCode.INTERNAL and error.details() == _WRITE_RACE:
        return errors.Unavailable("the connection broke while sending")
    trailers = error.trailing_metadata() or ()
    packed = next((value for key, value in cast("Trailers", trailers) if key == DETAILS), b"")
    return make(code, error.details() or code.name, packed if isinstance(packed, bytes) else b"")


def make(code: grpc.StatusCode, message: str, details: bytes = b"") -> errors.SimbaError:
    """The typed error of a status; `details` is a serialized `google.rpc.Status`."""
    reason, metadata, retry_delay = "", {}, None
    violations: list[errors.FieldViolation] = []
    for detail in Status.parse(details).details if details else ():
        kind = detail.type_url.removeprefix(_TYPE)
        if kind == "ErrorInfo":
            info = ErrorInfo.parse(detail.value)
            reason, metadata = info.reason, dict(info.metadata)
        elif kind == "BadRequest":
            violations += [
                errors.FieldViolation(each.field, each.description, each.reason)
                for each in BadRequest.parse(detail.value).field_violations
            ]
        elif kind == "RetryInfo":
            retry_delay = RetryInfo.parse(detail.value).retry_delay
    return _BY_CODE.get(code, errors.SimbaError)(
        message, reason=reason, field_violations=violations, metadata=metadata, retry_delay=retry_delay
    )


def pack(error: errors.SimbaError) -> bytes:
    """The serialized `google.rpc.Status` of an error."""
    info = ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata)
    details = [_any("ErrorInfo", bytes(info))]
    if error.field_violations:
        details.append(_any("BadRequest", bytes(BadRequest(field_violations=list(_violations(error))))))
    if error.retry_delay is not None:
        details.append(_any("RetryInfo", bytes(RetryInfo(retry_delay=error.retry_delay))))
    number: int = error.code.value[0]
    return bytes(Status(code=number, message=error.message, details=details))


def is_passing(error: errors.SimbaError) -> bool:
    """Whether the same may go well later without anybody doing anything."""
    return isinstance(error, errors.Unavailable)


def wait_before_retry(attempt: int, error: errors.SimbaError) -> float:
    """Seconds before the next try: what the server said, else doubling from 0.2 to 10."""
    if error.retry_delay is not None and error.retry_delay > timedelta(0):
        return error.retry_delay.total_seconds()
    return float(min(10.0, 0.2 * 2**attempt))


def _violations(error: errors.SimbaError) -> Iterable[BadRequestFieldViolation]:
    for each in error.field_violations:
        yield BadRequestFieldViolation(field=each.field, description=each.description, reason=each.rule)


def _any(kind: str, value: bytes) -> Any:
    return Any(type_url=_TYPE + kind, value=value)
