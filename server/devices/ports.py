"""What devices need from other capabilities; wired in ``server/main.py``."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Completeness(Protocol):
    """How much of what meters should have sent has come."""

    async def of_meter(self, tenant_id: UUID, meter_id: UUID, now: datetime) -> float | None:
        """Share of the intervals of the last seven whole days that came, 0 to 1; None: none was expected."""
        ...
