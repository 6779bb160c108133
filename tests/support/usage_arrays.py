"""Measurements in arrays: a small usage source and series directory for billing's tests.

It follows the definitions word by word, instant by instant, so that it can also check what computes them in
ClickHouse.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from server.billing.ports import BucketSum, SeriesInfo, TimeBucket

FIXTURES = Path(__file__).parents[1] / "fixtures" / "billing"
MICRO = Decimal("0.000001")
GOLDEN_YEAR = 2018
"""A 365-day year whose 1 January is a Monday."""


def golden_load() -> npt.NDArray[np.int64]:
    """The load of the golden bills, 10^-6 kWh an hour."""
    rows = np.loadtxt(FIXTURES / "residential_load_8760_kwh.csv", delimiter=",", skiprows=1, usecols=1)
    return np.rint(rows * 1_000_000).astype(np.int64)


@dataclass
class Profile:
    """Equal intervals from an instant on; a negative value is missing."""

    start: datetime
    seconds: int
    micro: npt.NDArray[np.int64]
    estimated: npt.NDArray[np.bool_] | None = None

    def places(self, start: datetime, end: datetime) -> range:
        """Indices of the intervals that begin in ``[start, end)``, past the ends of the array too."""
        step = timedelta(seconds=self.seconds)
        return range(-((self.start - start) // step), -((self.start - end) // step))


@dataclass
class ArrayUsage:
    """A usage source and series directory over :class:`Profile` arrays."""

    profiles: dict[int, Profile] = field(default_factory=dict)
    infos: list[SeriesInfo] = field(default_factory=list)
    version: int = 1
    on_ask: dict[UUID, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """What else happens when a tenant's determinants are asked for."""

    def add(
        self, usage_point_id: UUID, series: int, profile: Profile, zone: str = "UTC", unit: str = "kWh"
    ) -> None:
        """Gives the usage point a series of active energy."""
        self.profiles[series] = profile
        self.infos.append(
            SeriesInfo(
                usage_point_id=usage_point_id,
                series=series,
                quantity="ACTIVE_ENERGY_IMPORT",
                unit=unit,
                commodity="ELECTRICITY",
                interval_seconds=profile.seconds,
                tz=zone,
            )
        )

    async def snapshot(self) -> int:
        """The version of everything."""
        return self.version

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> list[SeriesInfo]:
        """Series of the usage points."""
        assert tenant_id
        return [info for info in self.infos if info.usage_point_id in set(usage_point_ids)]

    async def determinants(
        self,
        tenant_id: UUID,
        series: Sequence[int],
        start: datetime,
        end: datetime,
        tz: str,
        buckets: Sequence[TimeBucket],
        as_of: int,
    ) -> list[BucketSum]:
        """Sums by the plain definition."""
        assert as_of
        if tenant_id in self.on_ask:
            await self.on_ask[tenant_id]()
        return [one for number in series for one in self._sums(number, start, end, tz, buckets)]

    def _sums(
        self, series: int, start: datetime, end: datetime, tz: str, buckets: Sequence[TimeBucket]
    ) -> list[BucketSum]:
        profile = self.profiles.get(series)
        if profile is None:
            return []
        zone = ZoneInfo(tz)
        counts: dict[str, list[int]] = {}
        for place in profile.places(start, end):
            local = (profile.start + timedelta(seconds=place * profile.seconds)).astimezone(zone)
            name = bucket_of(local, buckets)
            total = counts.setdefault(name, [0, 0, 0, 0])
            known = 0 <= place < len(profile.micro) and profile.micro[place] >= 0
            if not known:
                total[3] += 1
                continue
            total[0] += int(profile.micro[place])
            total[1] += 1
            total[2] += bool(profile.estimated is not None and profile.estimated[place])
        return [
            BucketSum(series, name, Decimal(micro) * MICRO, intervals, estimated, missing)
            for name, (micro, intervals, estimated, missing) in counts.items()
        ]


def bucket_of(local: datetime, buckets: Sequence[TimeBucket]) -> str:
    """Name of the first bucket that a local time falls into."""
    minute = local.hour * 60 + local.minute
    for bucket in buckets:
        if (
            local.month in bucket.months
            and local.weekday() in bucket.weekdays
            and bucket.from_minute <= minute < bucket.to_minute
        ):
            return bucket.name
    return ""


def golden_profile() -> Profile:
    """The golden load from the first instant of :data:`GOLDEN_YEAR`, UTC."""
    return Profile(datetime(GOLDEN_YEAR, 1, 1, tzinfo=UTC), 3600, golden_load())
