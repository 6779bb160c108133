"""A series laid out in local days and slots of the clock on the wall."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)


def local_days_and_slots(time_ms: Ints, tz: str, interval_seconds: int) -> tuple[Ints, Ints]:
    """Day since 1970 and slot within the day of each instant, by the local clock.

    On the day when clocks go forward some slots do not occur; on the day when they go back some occur twice.
    """
    instants = pa.array(time_ms, pa.timestamp("ms", tz="UTC")).cast(pa.timestamp("ms", tz=tz))
    local = pc.local_timestamp(instants).cast(pa.int64()).to_numpy()
    return local // _DAY_MS, (local % _DAY_MS) // (interval_seconds * 1000)


@dataclass(frozen=True, slots=True)
class DayGrid:
    """Values of one series by local day and slot."""

    first_day: date
    interval_seconds: int
    tz: str
    values: Floats
    """Shape (days, slots), in the series' unit per interval; NaN where there is no value."""

    @property
    def days(self) -> int:
        """Number of local days."""
        return int(self.values.shape[0])

    @property
    def coverage(self) -> float:
        """Share of slots that have a value, 0 to 1."""
        return float(np.isfinite(self.values).mean()) if self.values.size else 0.0

    def weekday(self, day: int) -> int:
        """Weekday of a day by its index, 0 is Monday; indexes beyond the grid are fine."""
        return (self.first_day + timedelta(days=day)).weekday()


def lay_out(time_ms: Ints, values: Floats, tz: str, interval_seconds: int) -> DayGrid:
    """The grid of a series given as interval starts and values; a repeated slot holds the mean.

    Raises ValueError when there are no values.
    """
    if not len(time_ms):
        raise ValueError("a grid needs at least one value")
    day, slot = local_days_and_slots(time_ms, tz, interval_seconds)
    first = int(day.min())
    shape = (int(day.max()) - first + 1, 86_400 // interval_seconds)
    position = (day - first) * shape[1] + slot
    known = np.isfinite(values)
    count = np.bincount(position[known], minlength=shape[0] * shape[1])
    total = np.bincount(position[known], weights=values[known], minlength=shape[0] * shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, total / count, np.nan)
    return DayGrid(_EPOCH + timedelta(days=first), interval_seconds, tz, mean.reshape(shape))


def filled(grid: DayGrid) -> Floats:
    """The grid's values, holes filled from the same slot of the nearest weeks, else of the nearest days."""
    values = grid.values.copy()
    for step in (7, 14, 1, 2, 3, 4, 5, 6):
        for shift in (step, -step):
            moved = np.full_like(values, np.nan)
            if abs(shift) < grid.days:
                if shift > 0:
                    moved[shift:] = values[:-shift]
                else:
                    moved[:shift] = values[-shift:]
            values = np.where(np.isfinite(values), values, moved)
    slot_mean = np.nanmean(np.vstack([values, np.full(values.shape[1], np.nanmean(values))]), axis=0)
    return cast("Floats", np.where(np.isfinite(values), values, slot_mean))


def local_midnight(day: date, tz: str) -> datetime:
    """The first instant of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz))


def instants_of(first_day: date, days: int, tz: str, interval_seconds: int) -> Ints:
    """Interval starts of some local days, ms since 1970: 23, 24 or 25 hours a day."""
    start = int(local_midnight(first_day, tz).timestamp())
    end = int(local_midnight(first_day + timedelta(days=days), tz).timestamp())
    return np.arange(start, end, interval_seconds, dtype=np.int64) * 1000
