"""The clock of a device against ours: pure."""

from dataclasses import dataclass
from datetime import datetime

from server.devices.configuration import DEFAULT_MAX_OFFSET_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStatus:
    """How far a clock is off, as last measured."""

    offset_ms: int | None = None
    """How far it is ahead; None: never measured."""
    uncertainty_ms: int | None = None
    """Half the width of what the measurement cannot tell."""
    measure_time: datetime | None = None
    sync_time: datetime | None = None
    """When it was last set by us."""
    max_offset_ms: int = DEFAULT_MAX_OFFSET_MS

    @property
    def exceeded(self) -> bool:
        """Whether the offset is beyond what is tolerated; what was measured decides, not what it may be."""
        return self.offset_ms is not None and abs(self.offset_ms) > self.max_offset_ms
