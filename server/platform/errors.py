"""Errors that callers see.

Every error is a :class:`SimbaError` with a gRPC status code and a reason, which is the name of a
``simba.common.v1.ErrorReason`` without its ``ERROR_REASON_`` prefix. Capabilities subclass the base of
the code that they mean; one interceptor turns them into a ``google.rpc.Status``.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import ClassVar, NamedTuple

import grpc


class FieldViolation(NamedTuple):
    """One field of a request that broke one rule."""

    field: str
    """Path of the field in the request, with proto names: ``meter.channels[2].unit``."""
    description: str
    """What is wrong, naming the offending value."""
    rule: str = ""
    """Identifier of the rule, for machines."""


class SimbaError(Exception):
    """An error that is told to the caller as it is.

    ``violations`` become a ``BadRequest``, ``retry_after`` a ``RetryInfo``, and the keyword arguments the
    metadata of the one ``ErrorInfo``; metadata values are turned to text, ``None`` is left out.
    """

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.INTERNAL
    reason: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        message: str,
        *,
        violations: Sequence[FieldViolation] = (),
        retry_after: timedelta | None = None,
        **metadata: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.violations = tuple(violations)
        self.retry_after = retry_after
        self.metadata = {key: str(value) for key, value in metadata.items() if value is not None}


class InvalidArgument(SimbaError):
    """The caller's mistake, whatever the state of the system."""

    code = grpc.StatusCode.INVALID_ARGUMENT
    reason = "INVALID_FIELD"


class NotFound(SimbaError):
    """The resource does not exist, or belongs to another tenant."""

    code = grpc.StatusCode.NOT_FOUND
    reason = "RESOURCE_NOT_FOUND"


class AlreadyExists(SimbaError):
    """A value that must be unique is taken."""

    code = grpc.StatusCode.ALREADY_EXISTS
    reason = "ALREADY_EXISTS"


class FailedPrecondition(SimbaError):
    """The resource is in a state in which this cannot be done; repeating does not help."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "RESOURCE_IN_USE"


class Aborted(SimbaError):
    """A race with another call was lost; read again and repeat."""

    code = grpc.StatusCode.ABORTED
    reason = "ETAG_MISMATCH"


class OutOfRange(SimbaError):
    """The call reaches behind what is kept."""

    code = grpc.StatusCode.OUT_OF_RANGE
    reason = "RESUME_TOKEN_EXPIRED"


class PermissionDenied(SimbaError):
    """The caller is known and may not do this."""

    code = grpc.StatusCode.PERMISSION_DENIED
    reason = "PERMISSION_MISSING"


class Unauthenticated(SimbaError):
    """The credential is missing or not accepted."""

    code = grpc.StatusCode.UNAUTHENTICATED
    reason = "CREDENTIAL_INVALID"


class ResourceExhausted(SimbaError):
    """The server is busy, or a quota is used up; repeat after the delay."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "OVERLOADED"


class Unavailable(SimbaError):
    """An engine behind the server is not reachable now; repeat after the delay."""

    code = grpc.StatusCode.UNAVAILABLE
    reason = "ENGINE_UNAVAILABLE"


class Unimplemented(SimbaError):
    """The contract has the method, this server does not."""

    code = grpc.StatusCode.UNIMPLEMENTED
    reason = "METHOD_NOT_IMPLEMENTED"


class DeadlineExceeded(SimbaError):
    """The caller's deadline passed; nothing was committed."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED
    reason = "DEADLINE_EXCEEDED"


class InvalidField(InvalidArgument):
    """One field broke one rule."""

    def __init__(self, field: str, description: str, rule: str = "", **metadata: object) -> None:
        violation = FieldViolation(field, description, rule)
        super().__init__(f"{field}: {description}", violations=[violation], **metadata)  # type: ignore[arg-type]  # metadata is free


def refuse(violations: Iterable[FieldViolation]) -> None:
    """Raises InvalidArgument with all violations, if there are any."""
    found = list(violations)
    if found:
        raise InvalidArgument("; ".join(f"{one.field}: {one.description}" for one in found), violations=found)


class EtagMismatch(Aborted):
    """The etag is not that of the stored resource: somebody changed it meanwhile."""

    reason = "ETAG_MISMATCH"

    def __init__(self, given: str, current: str) -> None:
        super().__init__(
            f"etag {given!r} is not the current one; read the resource again",
            violations=[FieldViolation("etag", f"{given!r} is stale", "etag.current")],
            given=given,
            current=current,
        )


class InvalidFieldMask(InvalidArgument):
    """The update mask names a path that does not exist or that cannot be updated."""

    reason = "INVALID_FIELD_MASK"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"update_mask: {path!r} {why}",
            violations=[FieldViolation("update_mask", f"{path!r} {why}", "update_mask.path")],
            path=path,
        )


class PageTokenMismatch(InvalidArgument):
    """The page token is forged, damaged or belongs to another query."""

    reason = "PAGE_TOKEN_MISMATCH"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"page_token: {why}", violations=[FieldViolation("page_token", why, "page_token.valid")]
        )


class RequestIdReused(InvalidArgument):
    """The request_id was used before with another payload or another method."""

    reason = "REQUEST_ID_REUSED"

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"request_id {request_id!r} was used before with another payload",
            violations=[
                FieldViolation(
                    "request_id", f"{request_id!r} was used with another payload", "request_id.reuse"
                )
            ],
            request_id=request_id,
        )
