"""What an import is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFormat:
    """How a CSV file is to be read; see ``simba.readings.v1.CsvFormat``."""

    time_column: str
    value_column: str
    channel_column: str = ""
    channel: int = 0
    channel_map: Mapping[str, int] = field(default_factory=dict)
    time_zone: str = "UTC"
    time_format: str = ""
    interval_end: bool = False
    """Whether the time of a row is the end of its interval."""
    shift_missing_hour: bool = False
    """Whether a time in the hour that summer time skips is taken for the hour after."""
    unit: str = ""
    delimiter: str = ","
    decimal_comma: bool = False
    format: str = "CSV"
    """A ``simba.readings.v1.ReadingFormat`` without its prefix."""

    def fingerprint(self) -> str:
        """SHA-256 of all that decides how rows become readings, hex."""
        canonical = {**asdict(self), "channel_map": dict(sorted(self.channel_map.items()))}
        if self.format == "CSV":
            # As it was before there were others: a file that comes again is known.
            del canonical["format"]
        return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How far an import is, in rows."""

    total: int = 0
    """0 until the file was counted."""
    done: int = 0
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """A file on its way in."""

    import_id: UUID
    file_name: str
    csv: CsvFormat
    sha256: str
    validate_only: bool
    state: str
    """PENDING, RUNNING, SUCCEEDED, FAILED or CANCELLED."""
    counts: Counts
    error: str
    create_time: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("PENDING", "RUNNING")

    @property
    def source(self) -> str:
        """Who sends, as stored with each reading: the same file read the same way is the same source."""
        both = hashlib.sha256(f"{self.sha256}/{self.csv.fingerprint()}".encode()).hexdigest()
        return f"import:{both[:32]}"


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was refused."""

    line: int
    """Of the file, from 1, the heading included."""
    column: str
    value: str
    description: str
    reason: str
    """Name of a ``simba.common.v1.ErrorReason`` without its prefix."""
