"""What goes wrong with imports."""

from uuid import UUID

from server.platform.errors import NotFound


class ImportNotFound(NotFound):
    """No import of the tenant has this id."""

    reason = "IMPORT_NOT_FOUND"

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"import {import_id} does not exist", import_id=import_id)


class FileUnreadable(Exception):
    """The file as a whole cannot be read: the import fails, and says why."""
