"""Spans of an answer: hours, days, weeks, months, quarters and years of a zone, as SQL and as instants."""

from datetime import date, timedelta

import numpy as np

from server.readings.calendar import HOUR_MS, day_of, days_with, grid_of, local_day
from server.readings.domain import Int64s

NATIVE, HOUR, DAY, WEEK = "NATIVE", "HOUR", "DAY", "WEEK"
MONTH, QUARTER, YEAR = "MONTH", "QUARTER", "YEAR"

OF_DAYS = (DAY, WEEK, MONTH, QUARTER, YEAR)
"""Resolutions that consist of whole local days."""

DEFAULT_SECONDS = 3600
"""Taken for the length of intervals that come at odd times."""

_QUARTER_MONTHS = 3


def bucket_sql(resolution: str, ms: str = "ms") -> str:
    """SQL of the span in which the instant ``ms`` lies, seconds since 1970; takes the parameter ``tz``.

    Give the outcome to :func:`begin_of`: where midnight is skipped, ClickHouse names another instant.
    """
    at = f"fromUnixTimestamp64Milli({ms}, 'UTC')"
    day = "toUnixTimestamp(toDateTime({}, {{tz:String}}))"
    return {
        HOUR: f"toUnixTimestamp(toStartOfInterval({at}, INTERVAL 1 HOUR, {{tz:String}}))",
        DAY: f"toUnixTimestamp(toStartOfDay({at}, {{tz:String}}))",
        WEEK: day.format(f"toStartOfWeek({at}, 1, {{tz:String}})"),
        MONTH: day.format(f"toStartOfMonth({at}, {{tz:String}})"),
        QUARTER: day.format(f"toStartOfQuarter({at}, {{tz:String}})"),
        YEAR: day.format(f"toStartOfYear({at}, {{tz:String}})"),
    }[resolution]


def begin_of(resolution: str, tz: str, bucket_ms: int) -> int:
    """The first instant of a span, given what :func:`bucket_sql` makes of it, in milliseconds."""
    if resolution == HOUR:
        return bucket_ms
    return local_day(tz, day_of(tz, bucket_ms + 3 * HOUR_MS)).start_ms


def start_of(resolution: str, tz: str, at_ms: int) -> int:
    """The first instant of the span in which an instant lies."""
    if resolution == HOUR:
        return hour_of(tz, at_ms)
    return local_day(tz, _first_day(resolution, day_of(tz, at_ms))).start_ms


def end_of(resolution: str, tz: str, start_ms: int) -> int:
    """The first instant behind the span that begins at ``start_ms``."""
    if resolution == HOUR:
        return hour_of(tz, start_ms) + HOUR_MS
    first = _first_day(resolution, day_of(tz, start_ms))
    return local_day(tz, _next_day(resolution, first)).start_ms


def starts_of(resolution: str, tz: str, start_ms: int, end_ms: int) -> Int64s:
    """Where the spans begin that have an instant in ``[start_ms, end_ms)``; the first may begin before."""
    if resolution == HOUR:
        return np.arange(hour_of(tz, start_ms), end_ms, HOUR_MS, dtype=np.int64)
    day, last = _first_day(resolution, day_of(tz, start_ms)), day_of(tz, max(start_ms, end_ms - 1))
    found = []
    while day <= last:
        found.append(local_day(tz, day).start_ms)
        day = _next_day(resolution, day)
    return np.array(found, np.int64)


def cells_of_series(tz: str, interval_seconds: int | None, start_ms: int, end_ms: int) -> Int64s:
    """Where the intervals of a series begin, in ``[start_ms, end_ms)``."""
    length = (interval_seconds or DEFAULT_SECONDS) * 1000
    if length <= HOUR_MS:
        return np.arange(-(-start_ms // length) * length, end_ms, length, dtype=np.int64)
    days = [np.array(grid_of(day, length), np.int64) for day in days_with(tz, start_ms, end_ms)]
    found = np.concatenate(days)
    return found[(found >= start_ms) & (found < end_ms)]


def hour_of(tz: str, at_ms: int) -> int:
    """The beginning of the local hour in which an instant lies; some zones are half an hour off."""
    return at_ms - local_day(tz, day_of(tz, at_ms)).wall_ms(at_ms) % HOUR_MS


def _first_day(resolution: str, day: date) -> date:
    if resolution == WEEK:
        return day - timedelta(days=day.weekday())
    if resolution == DAY:
        return day
    month = {MONTH: day.month, QUARTER: (day.month - 1) // _QUARTER_MONTHS * _QUARTER_MONTHS + 1, YEAR: 1}
    return date(day.year, month[resolution], 1)


def _next_day(resolution: str, first: date) -> date:
    if resolution in {DAY, WEEK}:
        return first + timedelta(days=1 if resolution == DAY else 7)
    month = first.month - 1 + {MONTH: 1, QUARTER: _QUARTER_MONTHS, YEAR: 12}[resolution]
    return date(first.year + month // 12, month % 12 + 1, 1)
