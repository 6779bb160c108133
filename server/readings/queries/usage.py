"""What billing and analytics read: sums by time of use, and plain intervals."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import numpy as np
import pyarrow as pa

from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings import final
from server.readings.calendar import days_with, to_ms
from server.readings.domain import Int64s, State, decimal_of
from server.readings.ports import ChannelDirectory, SeriesInfo
from server.readings.queries.intervals import grids
from server.readings.vee import versions

_MISSING, _ESTIMATED = int(State.MISSING), int(State.ESTIMATED)


class TimeBucket(Protocol):
    """Local minutes of some months and weekdays, by the clock on the wall, half-open."""

    @property
    def name(self) -> str:
        """What its sums are called."""

    @property
    def months(self) -> AbstractSet[int]:
        """1 is January."""

    @property
    def weekdays(self) -> AbstractSet[int]:
        """0 is Monday."""

    @property
    def from_minute(self) -> int:
        """First minute of the day inside."""

    @property
    def to_minute(self) -> int:
        """First minute outside."""


@dataclass(frozen=True, slots=True)
class BucketSum:
    """What one series used in one bucket."""

    series: int
    bucket: str
    """Name of the bucket; empty for what no bucket took."""
    value: Decimal
    intervals: int
    """Intervals that have a value; estimated ones included."""
    estimated: int
    missing: int
    """Intervals that should be there and have no value."""


class Usage:
    """Final measurements for other capabilities."""

    def __init__(self, store: TelemetryStore, directory: ChannelDirectory, uow: UnitOfWork) -> None:
        self._store = store
        self._directory = directory
        self._uow = uow

    async def snapshot(self) -> int:
        """The newest version that is complete: answers ``as_of`` it stay the same. Of the caller's tenant."""
        async with self._uow() as tx:
            return await versions.watermark(tx)

    async def intervals(
        self,
        tenant_id: UUID,
        series: Sequence[int],
        start: datetime,
        end: datetime,
        *,
        as_of: datetime | None = None,
    ) -> pa.Table:
        """Values that begin in ``[start, end)``, in order of series and time, as known at ``as_of`` or now.

        Columns ``series`` uint64, ``ts`` timestamp[ms, UTC], ``value`` decimal(18, 6), null where missing,
        ``state`` uint8 (see :class:`server.readings.domain.State`).
        """
        async with self._uow() as tx:
            watermark = await versions.watermark(tx, as_of)
        return await self._store.query(
            f"""
            SELECT series, fromUnixTimestamp64Milli(ms, 'UTC') AS ts,
                if(state = {_MISSING}, NULL, reinterpret(micro, 'Decimal64(6)')) AS value, state
            FROM {final.interval_rows()}
            ORDER BY series, ts""",
            _params(tenant_id, series, start, end, watermark),
        )

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

        ``tz`` is the zone of the buckets' clock. A bucket without a single expected interval is left out,
        and so is a series without any.
        """
        numbers = np.array(sorted(set(series)), np.uint64)
        infos = {info.series: info for info in await self._directory.series(tenant_id, numbers)}
        rows = await self._store.rows(
            f"""
            SELECT series, {_bucket_sql(buckets)} AS bucket, sum(micro), count(),
                countIf(state = {_ESTIMATED})
            FROM (
                SELECT series, fromUnixTimestamp64Milli(ms, {{tz:String}}) AS wall, micro, state
                FROM {final.interval_rows()} WHERE state != {_MISSING})
            GROUP BY series, bucket""",
            {**_params(tenant_id, list(infos), start, end, as_of), "tz": tz},
        )
        found = {(int(number), int(place)): rest for number, place, *rest in rows}
        names = [bucket.name for bucket in buckets] + [""]
        expected: dict[tuple[int | None, str], list[int]] = {}
        sums = []
        for number in series:
            info = infos.get(number)
            if info is None:
                continue
            alike = info.interval_seconds, info.tz
            if alike not in expected:
                expected[alike] = _expected(info, to_ms(start), to_ms(end), tz, buckets)
            sums += _sums(number, names, expected[alike], found)
        return sums


def _sums(
    series: int, names: Sequence[str], expected: Sequence[int], found: dict[tuple[int, int], list[Any]]
) -> list[BucketSum]:
    """The sums of one series; buckets of one name are one."""
    totals: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        micro, intervals, estimated = found.get((series, place), (0, 0, 0))
        if not expected[place] and not intervals:
            continue
        total = totals.setdefault(name, [0, 0, 0, 0])
        for index, part in enumerate((micro, intervals, estimated, max(expected[place] - intervals, 0))):
            total[index] += int(part)
    return [
        BucketSum(series, name, decimal_of(micro), intervals, estimated, missing)
        for name, (micro, intervals, estimated, missing) in totals.items()
    ]


def _params(
    tenant_id: UUID, series: Sequence[int], start: datetime, end: datetime, watermark: int
) -> dict[str, Any]:
    return {
        "tenant": str(tenant_id),
        "series": list(series),
        "start": to_ms(start),
        "end": to_ms(end),
        "watermark": watermark,
    }


def _bucket_sql(buckets: Sequence[TimeBucket]) -> str:
    """SQL of the place of the first bucket that fits, or their number."""
    if not buckets:
        return "0"
    minute = "toHour(wall) * 60 + toMinute(wall)"
    cases = [
        f"toMonth(wall) IN ({_listed(bucket.months)})"
        f" AND toDayOfWeek(wall) - 1 IN ({_listed(bucket.weekdays)})"
        f" AND {minute} >= {int(bucket.from_minute)} AND {minute} < {int(bucket.to_minute)}, {place}"
        for place, bucket in enumerate(buckets)
    ]
    return f"multiIf({', '.join(cases)}, {len(buckets)})"


def _listed(numbers: AbstractSet[int]) -> str:
    # No month and no weekday is -1: an empty set fits nothing.
    return ", ".join(str(int(number)) for number in sorted(numbers)) or "-1"


def _expected(
    info: SeriesInfo, start_ms: int, end_ms: int, tz: str, buckets: Sequence[TimeBucket]
) -> list[int]:
    """How many intervals of a series begin in each bucket, and in none."""
    starts: Int64s = np.concatenate([np.array(grid, np.int64) for grid in grids(info, start_ms, end_ms)])
    starts = starts[(starts >= start_ms) & (starts < end_ms)]
    counts = np.zeros(len(buckets) + 1, np.int64)
    for day in days_with(tz, start_ms, end_ms):
        inside = starts[(starts >= day.start_ms) & (starts < day.end_ms)]
        minutes = (
            day.base_ms + inside - day.start_ms + np.where(inside >= day.shift_ms, day.delta_ms, 0)
        ) // 60_000
        place = np.full(len(inside), len(buckets), np.int64)
        for number in range(len(buckets) - 1, -1, -1):
            bucket = buckets[number]
            if day.day.month in bucket.months and day.day.weekday() in bucket.weekdays:
                place[(minutes >= bucket.from_minute) & (minutes < bucket.to_minute)] = number
        counts += np.bincount(place, minlength=len(counts))
    return [int(count) for count in counts]
