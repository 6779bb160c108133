"""Errors of the desk."""

from uuid import UUID

from server.platform.errors import FailedPrecondition, InvalidArgument, NotFound


class EditNotFound(NotFound):
    """The edit does not exist, or belongs to another tenant."""

    reason = "READING_EDIT_NOT_FOUND"

    def __init__(self, edit_id: UUID) -> None:
        super().__init__(f"edit {edit_id} does not exist", edit_id=edit_id)


class EditStateWrong(FailedPrecondition):
    """The edit is in another state than the call needs."""

    reason = "STATE_TRANSITION_INVALID"

    def __init__(self, edit_id: UUID, state: str, needed: str) -> None:
        super().__init__(f"edit {edit_id} is {state}, not {needed}", edit_id=edit_id, state=state)


class EditStale(FailedPrecondition):
    """The values are not any more what the edit was made from."""

    reason = "READING_EDIT_STALE"

    def __init__(self, edit_id: UUID, count: int) -> None:
        super().__init__(
            f"{count} values are not any more what edit {edit_id} was made from",
            edit_id=edit_id,
            values=count,
        )


class FourEyesRequired(FailedPrecondition):
    """An edit needs the approval of somebody else than its author."""

    reason = "FOUR_EYES_REQUIRED"

    def __init__(self, edit_id: UUID, author: str) -> None:
        super().__init__(f"edit {edit_id} was asked for by {author}, who cannot approve it", edit_id=edit_id)


class SelectionMissing(InvalidArgument):
    """A bulk call that names no findings."""

    def __init__(self) -> None:
        super().__init__("one of selection.keys and selection.filter is needed")
