"""What devices need from other capabilities; wired in ``server/main.py``."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID


class Completeness(Protocol):
    """How much of what meters should have sent has come."""

    async def of_meter(self, tenant_id: UUID, meter_id: UUID, now: datetime) -> float | None:
        """Share of the intervals of the last seven whole days that came, 0 to 1; None: none was expected."""
        ...


class RegisterReadings(Protocol):
    """Keeps what registers showed."""

    async def record(
        self, tenant_id: UUID, source: str, readings: Sequence[tuple[int, datetime, Decimal]]
    ) -> None:
        """Stores readings (channel, time, value); the same ones of the same source are stored once."""
        ...
