"""What imports and exports of the inventory are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

KINDS = (
    "NODES",
    "USAGE_POINTS",
    "GATEWAYS",
    "CONCENTRATORS",
    "METERS",
    "PULSE_MODULES",
    "INSTALLATIONS",
)
"""Kinds of rows in the order in which they are read and written: what others name comes first."""

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How far an import is, in rows."""

    total: int = 0
    """0 until the file was counted."""
    done: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """A file on its way in."""

    import_id: UUID = NO_ID
    file_name: str
    format: str
    """CSV, JSON or XLSX."""
    kind: str
    """What the rows of a CSV file are about; empty: rows and sheets say it."""
    validate_only: bool
    personal: bool = False
    """Whether who gave it may change personal data."""
    sha256: str = ""
    state: str = ""
    counts: Counts = field(default_factory=Counts)
    error: str = ""
    create_time: datetime = NO_TIME
    end_time: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("PENDING", "RUNNING")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """A file on its way out."""

    export_id: UUID = NO_ID
    format: str
    kind: str
    """Empty: all kinds."""
    show_archived: bool
    as_of: datetime | None
    node_id: UUID | None
    personal: bool = False
    """Whether who asked for it may see personal data."""
    state: str = ""
    done: int = 0
    size: int = 0
    sha256: str = ""
    error: str = ""
    create_time: datetime = NO_TIME
    end_time: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("PENDING", "RUNNING")

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of rows, in order."""
        return (self.kind,) if self.kind else KINDS

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return f"{self.kind.lower() or 'inventory'}.{ENDINGS[self.format]}"


ENDINGS = {"CSV": "csv", "JSON": "jsonl", "XLSX": "xlsx"}
FORMATS = {"csv": "CSV", "json": "JSON", "jsonl": "JSON", "ndjson": "JSON", "xlsx": "XLSX"}
"""Formats by the ends of names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file; cells that say nothing are left out."""

    kind: str
    sheet: str
    line: int
    """From 1, the heading included."""
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell of a row, or with the row."""

    column: str
    value: str
    description: str
    reason: str = "INVALID_FIELD"
    """Name of a ``simba.common.v1.ErrorReason`` without its prefix."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is none: it cannot be read, or nobody knows what it is about."""

    sheet: str
    line: int
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class RowError:
    """A flaw with its place."""

    place: tuple[int, int]
    """The row in the order in which rows are read, and the flaw in the row; both from 0."""
    sheet: str
    line: int
    flaw: Flaw


class FileUnreadable(Exception):
    """The file as a whole cannot be read: the import fails, and says why."""
