"""What billing needs from other capabilities; wired in ``server/main.py``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """Local minutes of some months and weekdays, by the clock on the wall, half-open."""

    name: str
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Monday."""
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class BucketSum:
    """What one series used in one bucket."""

    series: int
    bucket: str
    """Name of the bucket; empty for what no bucket took."""
    value: Decimal
    """In the unit of the series, exact to six places."""
    intervals: int
    """Intervals that have a value; estimated ones included."""
    estimated: int
    missing: int
    """Intervals that should be there and have no value."""


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """One quantity of one usage point."""

    usage_point_id: UUID
    series: int
    quantity: str
    """Name of a ``simba.common.v1.Quantity`` without its prefix."""
    unit: str
    commodity: str
    interval_seconds: int | None
    tz: str


@dataclass(frozen=True, slots=True)
class UsagePointInfo:
    """What a bill says of a usage point."""

    usage_point_id: UUID
    code: str
    address: str
    commodity: str
    """Name of a ``simba.common.v1.Commodity`` without its prefix."""
    tz: str


class UsageSource(Protocol):
    """Final measurements, summed where they lie."""

    async def snapshot(self) -> int:
        """The newest version there is, microseconds since 1970: answers ``as_of`` it stay the same."""
        ...

    async def determinants(
        self,
        tenant_id: UUID,
        series: Sequence[int],
        start: datetime,
        end: datetime,
        tz: str,
        buckets: Sequence[TimeBucket],
        as_of: int,
    ) -> Sequence[BucketSum]:
        """Sums of the intervals that begin in ``[start, end)``, by series and first bucket that fits.

        A bucket without a single expected interval is left out, and so is a series without any.
        """
        ...


class SeriesDirectory(Protocol):
    """Which series a usage point has."""

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[SeriesInfo]:
        """All series of the usage points; usage points of another tenant have none."""
        ...


class UsagePoints(Protocol):
    """What usage points there are."""

    async def usage_points(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID]
    ) -> Sequence[UsagePointInfo]:
        """Those that exist, archived ones too; usage points of another tenant do not."""
        ...
