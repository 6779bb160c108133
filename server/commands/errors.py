"""What goes wrong with commands. A silent device is not among it: that is a state of the command."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from server.platform.errors import (
    Aborted,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
)


class CommandNotFound(NotFound):
    """No such command, or another tenant's."""

    reason = "COMMAND_NOT_FOUND"

    def __init__(self, command_id: UUID | str) -> None:
        super().__init__(f"command {command_id} does not exist", command_id=command_id)


class MeterNotFound(NotFound):
    """No such meter, or another tenant's."""

    reason = "METER_NOT_FOUND"

    def __init__(self, meter_id: UUID) -> None:
        super().__init__(f"meter {meter_id} does not exist", meter_id=meter_id)


class MeterArchived(FailedPrecondition):
    """The meter is out of service: nobody is there to obey."""

    reason = "RESOURCE_ARCHIVED"

    def __init__(self, meter_id: UUID) -> None:
        super().__init__(f"meter {meter_id} is archived and takes no commands", meter_id=meter_id)


class CapabilityUnsupported(FailedPrecondition):
    """The meter's model cannot do that."""

    reason = "CAPABILITY_UNSUPPORTED"

    def __init__(self, meter_id: UUID, action: str, supported: Iterable[str]) -> None:
        can = ", ".join(sorted(supported)) or "nothing"
        super().__init__(
            f"meter {meter_id} does not support {action}; it supports {can}",
            violations=[
                FieldViolation("command.action", f"{action} is none of: {can}", "command.capability")
            ],
            meter_id=meter_id,
            action=action,
            supported=can,
        )


class DeviceUnreachable(FailedPrecondition):
    """The meter has no adapter or no address in the field."""

    reason = "DEVICE_UNREACHABLE"

    def __init__(self, meter_id: UUID, why: str) -> None:
        super().__init__(f"meter {meter_id} cannot be reached: {why}", meter_id=meter_id)


class CommandConflict(Aborted):
    """The same action is under way at the meter."""

    reason = "COMMAND_CONFLICT"

    def __init__(self, meter_id: UUID, action: str, command_id: UUID) -> None:
        super().__init__(
            f"{action} is already under way at meter {meter_id}: command {command_id}",
            meter_id=meter_id,
            action=action,
            command_id=command_id,
        )


class ExpiryInPast(FailedPrecondition):
    """The command would be over before it began."""

    reason = "COMMAND_EXPIRED"

    def __init__(self, expires_at: datetime, now: datetime) -> None:
        super().__init__(
            f"expire_time {expires_at.isoformat()} lies in the past",
            violations=[
                FieldViolation(
                    "command.expire_time",
                    f"{expires_at.isoformat()} is not after {now.isoformat()}",
                    "command.expiry",
                )
            ],
        )


class NotCancellable(FailedPrecondition):
    """The command is over."""

    reason = "COMMAND_NOT_CANCELLABLE"

    def __init__(self, command_id: UUID, state: str) -> None:
        super().__init__(
            f"command {command_id} is {state} and cannot be cancelled", command_id=command_id, state=state
        )


class ResumeTokenInvalid(InvalidArgument):
    """The token is damaged, or another command's."""

    reason = "RESUME_TOKEN_INVALID"

    def __init__(self) -> None:
        why = "is not a token of this command's watch"
        super().__init__(
            f"resume_token: {why}", violations=[FieldViolation("resume_token", why, "resume_token.valid")]
        )
