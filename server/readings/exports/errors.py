"""What goes wrong with exports."""

from uuid import UUID

from server.platform.errors import FailedPrecondition, NotFound


class ReadingExportNotFound(NotFound):
    """No export of the tenant has this id."""

    reason = "READING_EXPORT_NOT_FOUND"

    def __init__(self, export_id: UUID) -> None:
        super().__init__(f"export {export_id} does not exist", reading_export_id=export_id)


class ExportNotReady(FailedPrecondition):
    """The file is not there: not yet, or no longer."""

    reason = "EXPORT_NOT_READY"

    def __init__(self, export_id: UUID, state: str) -> None:
        super().__init__(
            f"export {export_id} has no file: it is {state}", reading_export_id=export_id, state=state
        )


class CannotWrite(Exception):
    """The format cannot hold what was asked for: the export fails, and says why."""
