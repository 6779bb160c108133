"""What goes wrong with retention."""

from uuid import UUID

from server.platform.errors import InvalidArgument, NotFound


class LegalHoldNotFound(NotFound):
    """No legal hold of the tenant has this id."""

    reason = "LEGAL_HOLD_NOT_FOUND"

    def __init__(self, legal_hold_id: UUID) -> None:
        super().__init__(f"legal hold {legal_hold_id} does not exist", legal_hold_id=legal_hold_id)


class RunNotFound(NotFound):
    """No retention run of the tenant has this id."""

    reason = "RETENTION_RUN_NOT_FOUND"

    def __init__(self, retention_run_id: UUID) -> None:
        super().__init__(
            f"retention run {retention_run_id} does not exist", retention_run_id=retention_run_id
        )


class PolicyNotFound(NotFound):
    """The tenant has no such policy."""

    reason = "RETENTION_POLICY_NOT_FOUND"

    def __init__(self, data_class: str, commodity: str) -> None:
        super().__init__(
            f"there is no policy for {data_class} of {commodity or 'all commodities'}",
            data_class=data_class,
            commodity=commodity,
        )


class TwoSubjects(InvalidArgument):
    """A hold about a usage point and a meter at once: make two."""

    def __init__(self) -> None:
        super().__init__("a legal hold is about a usage point, a meter, or the tenant: make one for each")


class SubjectNotFound(NotFound):
    """What a hold is to be about does not exist."""

    def __init__(self, kind: str, subject_id: UUID) -> None:
        super().__init__(f"{kind} {subject_id} does not exist", subject=f"{kind}s/{subject_id}")
