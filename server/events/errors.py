"""What goes wrong with subscriptions."""

from server.platform.errors import FieldViolation, InvalidArgument, OutOfRange


class ResumeTokenInvalid(InvalidArgument):
    """The token is damaged, or belongs to another filter or tenant, or to another life of the log."""

    reason = "RESUME_TOKEN_INVALID"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"resume_token: {why}", violations=[FieldViolation("resume_token", why, "resume_token.valid")]
        )


class ResumeTokenExpired(OutOfRange):
    """Some of the events after the token are not kept any more."""

    reason = "RESUME_TOKEN_EXPIRED"

    def __init__(self, sequence: int, floor: int) -> None:
        super().__init__(
            f"resume_token: events after {sequence} are asked for, but only those after {floor} are kept",
            violations=[
                FieldViolation("resume_token", "points behind what is kept", "resume_token.retention")
            ],
            sequence=sequence,
            oldest=floor + 1,
        )
