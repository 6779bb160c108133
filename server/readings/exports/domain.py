"""What an export is, and what its writers are given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from server.readings.domain import Int64s

FORMATS = {
    "CSV": ("csv", "text/csv; charset=utf-8"),
    "TXT": ("txt", "text/tab-separated-values; charset=utf-8"),
    "JSON": ("json", "application/json"),
    "NDJSON": ("ndjson", "application/x-ndjson"),
    "XML": ("xml", "application/xml"),
    "XLSX": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "NEM12": ("csv", "text/csv; charset=us-ascii"),
    "ESPI": ("xml", "application/atom+xml"),
    "CIM_XML": ("xml", "application/xml"),
    "CIM_JSON": ("json", "application/json"),
}
"""Format → ending of a file's name, and media type."""

NEM_TIME = "Etc/GMT-10"
"""NEM12 counts days in Eastern Standard Time all year (AEMO, MDFF specification 4.1)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a file is to hold. Times in milliseconds, half-open."""

    format: str
    start_ms: int
    end_ms: int
    usage_point_ids: tuple[UUID, ...] = ()
    series: tuple[int, ...] = ()
    node_id: UUID | None = None
    """Of all usage points at or below it; with nothing of these three: of all."""
    quantities: tuple[str, ...] = ()
    time_zone: str = "UTC"
    """Zone in which times are written."""
    gzip: bool = False
    sender: str = ""
    receiver: str = ""
    """Participants of the market, for NEM12."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is being written, or is there."""

    export_id: UUID
    wish: Wish
    state: str
    watermark: int = 0
    """The version of final data that the whole file shows."""
    total: int = 0
    """Series."""
    done: int = 0
    rows: int = 0
    size: int = 0
    """Bytes written so far."""
    parts: int = 0
    sha256: str = ""
    error: str = ""
    create_time: datetime = field(default_factory=lambda: datetime.now(UTC))
    start_time: datetime | None = None
    end_time: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing happens any more."""
        return self.state in {"SUCCEEDED", "FAILED", "CANCELLED"}

    @property
    def file_name(self) -> str:
        """A name for the file."""
        ending = FORMATS[self.wish.format][0]
        return f"readings-{self.export_id}.{ending}{'.gz' if self.wish.gzip else ''}"

    @property
    def content_type(self) -> str:
        """Its media type."""
        return "application/gzip" if self.wish.gzip else FORMATS[self.wish.format][1]


@dataclass(frozen=True, slots=True)
class Stay:
    """That a meter was there. Times in milliseconds, half-open."""

    serial_number: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Values:
    """Intervals of one series in columns of equal length, in order of time."""

    info: Any
    """``SeriesInfo``."""
    code: str
    """Of the usage point."""
    reading_type: str
    """The eighteen numbers of IEC 61968-9 clause C; empty: its unit has no code."""
    stays: Sequence[Stay]
    ms: Int64s
    """Start."""
    length_ms: Int64s
    micro: Int64s
    """10^-6 of the unit; 0 where the state is MISSING."""
    state: NDArray[np.uint8]
    quality: NDArray[np.uint32]
    method: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ms)

    def serial_at(self, ms: int) -> str:
        """The meter that was there at an instant, else the first one after it; empty: none."""
        ordered = sorted(self.stays, key=lambda one: one.start_ms)
        found = [one for one in ordered if one.end_ms > ms]
        return found[0].serial_number if found else (ordered[-1].serial_number if ordered else "")
