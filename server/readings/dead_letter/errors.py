"""Errors of the dead letter."""

from uuid import UUID

from server.platform.errors import FieldViolation, InvalidArgument, NotFound


class DeadLetterJobNotFound(NotFound):
    """The tenant has no such job."""

    reason = "DEAD_LETTER_JOB_NOT_FOUND"

    def __init__(self, job_id: UUID) -> None:
        super().__init__(f"dead letter job {job_id} does not exist", job_id=job_id)


class DiscardOfEverything(InvalidArgument):
    """To throw readings away one must say which."""

    def __init__(self) -> None:
        why = "one of source, channel and reason is needed"
        super().__init__(why, violations=[FieldViolation("selector", why, "discard_dead_readings.selector")])
