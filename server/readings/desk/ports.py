"""What the desk needs of others; wired in ``server/readings/capability.py`` and ``server/main.py``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import pyarrow as pa


class Writer(Protocol):
    """Lays values over final data: ``server.readings.vee.overlay.Overlay``."""

    async def write(self, tenant_id: UUID, changes: pa.Table) -> int:
        """Stores changes as a new version, announces what had been final, returns the version."""
        ...


class Runs(Protocol):
    """Runs validation: ``server.readings.vee.runner.Runner``."""

    async def run_series(self, tenant_id: UUID, series: Sequence[int], start: datetime, end: datetime) -> Any:
        """Runs the local days of series that have an instant in ``[start, end)``."""
        ...


class Bill(Protocol):
    """Days of a usage point that a bill was made of; both days are included."""

    @property
    def usage_point_id(self) -> UUID:
        """The usage point."""
        ...

    @property
    def invoice_id(self) -> UUID:
        """The bill."""
        ...

    @property
    def first_day(self) -> str:
        """First local day, ISO 8601."""
        ...

    @property
    def last_day(self) -> str:
        """Last local day, ISO 8601."""
        ...


class BilledPeriods(Protocol):
    """What billing knows of days that it has billed."""

    async def billed(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> Sequence[Bill]:
        """Bills of these usage points with a day that may have an instant in ``[start, end)``."""
        ...
