"""What a refused call raises.

Every refusal is a `SimbaError` with the server's `reason` (a name of `simba.common.v1.ErrorReason`), the
fields that broke a rule, and what else the server said. The subclass tells the kind, so that one can write
`except NotFound`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import grpc

__all__ = [
    "Aborted",
    "AlreadyExists",
    "Cancelled",
    "DeadlineExceeded",
    "FailedPrecondition",
    "FieldViolation",
    "Internal",
    "InvalidArgument",
    "NotFound",
    "OutOfRange",
    "PermissionDenied",
    "ResourceExhausted",
    "SimbaError",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
]


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field that broke one rule."""

    field: str
    """Path of the field: `meter.serial_number`."""
    description: str
    """The rule, in words."""
    rule: str = ""
    """Name of the rule: `string.min_len`."""


class SimbaError(Exception):
    """The server refused a call, or could not be reached."""

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.UNKNOWN
    """The gRPC status that raises this class."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        field_violations: Sequence[FieldViolation] = (),
        metadata: Mapping[str, str] | None = None,
        retry_delay: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        """For people, in English."""
        self.reason = reason
        """Why, for programs: `METER_NOT_FOUND`. Empty when no server answered."""
        self.field_violations = tuple(field_violations)
        """Fields that broke rules."""
        self.metadata = dict(metadata or {})
        """What it is about: ids, values, limits."""
        self.retry_delay = retry_delay
        """When to try again, if the server said so."""

    def __str__(self) -> str:
        reason = f" [{self.reason}]" if self.reason else ""
        violations = "".join(f"\n  {each.field}: {each.description}" for each in self.field_violations)
        return f"{self.message}{reason}{violations}"


class Cancelled(SimbaError):
    """The caller took the call back."""

    code = grpc.StatusCode.CANCELLED


class InvalidArgument(SimbaError):
    """The request broke a rule: see `field_violations`."""

    code = grpc.StatusCode.INVALID_ARGUMENT


class DeadlineExceeded(SimbaError):
    """The time was up. What changes something was not done."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED


class NotFound(SimbaError):
    """There is no such thing, or it belongs to another tenant."""

    code = grpc.StatusCode.NOT_FOUND


class AlreadyExists(SimbaError):
    """A unique value is taken: see `metadata`."""

    code = grpc.StatusCode.ALREADY_EXISTS


class PermissionDenied(SimbaError):
    """The caller lacks a permission: see `metadata`."""

    code = grpc.StatusCode.PERMISSION_DENIED


class ResourceExhausted(SimbaError):
    """Too much at once: try again after `retry_delay`."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class FailedPrecondition(SimbaError):
    """The request does not fit the state of things."""

    code = grpc.StatusCode.FAILED_PRECONDITION


class Aborted(SimbaError):
    """Somebody was faster (another etag, a command under way): read again and decide."""

    code = grpc.StatusCode.ABORTED


class OutOfRange(SimbaError):
    """Beyond what is kept."""

    code = grpc.StatusCode.OUT_OF_RANGE


class Unimplemented(SimbaError):
    """The server does not know this call; it may be older than the SDK."""

    code = grpc.StatusCode.UNIMPLEMENTED


class Internal(SimbaError):
    """A defect of the server; `metadata` has an id to quote."""

    code = grpc.StatusCode.INTERNAL


class Unavailable(SimbaError):
    """The server could not be reached, or an engine behind it is away."""

    code = grpc.StatusCode.UNAVAILABLE


class Unauthenticated(SimbaError):
    """No credential, or one that is not valid (any more)."""

    code = grpc.StatusCode.UNAUTHENTICATED
