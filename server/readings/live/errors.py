"""What goes wrong with subscriptions to readings."""

from server.platform.errors import FieldViolation, InvalidArgument


class ResumeTokenInvalid(InvalidArgument):
    """The token is damaged, or belongs to another request or tenant, or to another life of the log."""

    reason = "RESUME_TOKEN_INVALID"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"resume_token: {why}", violations=[FieldViolation("resume_token", why, "resume_token.valid")]
        )
