"""Times as codecs give them."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAMED_DAY = re.compile(r"^[A-Z][a-z]{2}, ")
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class TimeInvalid(ValueError):
    """The value is no time; the message says why."""


class TimeAmbiguous(TimeInvalid):
    """The local time occurs twice, or never, on the day of a clock change."""


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """How times without a zone are to be read."""

    zone: ZoneInfo | None = None
    """None: UTC."""
    observes_dst: bool = False
    """Whether the clock follows summer time; if not it shows the zone's standard time all year."""

    def instant(self, local: datetime) -> datetime:
        """The instant of a local time. Raises TimeAmbiguous: a guess would move an hour of usage."""
        if self.zone is None:
            return local.replace(tzinfo=UTC)
        if not self.observes_dst:
            return (local - _winter_offset(self.zone, local.year)).replace(tzinfo=UTC)
        first, second = (local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            back = first.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None)
            times = "occurs twice" if back == local else "does not occur"
            raise TimeAmbiguous(f"{local.isoformat()} {times} in {self.zone.key}")
        return first.astimezone(UTC)


def _winter_offset(zone: ZoneInfo, year: int) -> timedelta:
    """The zone's offset without summer time.

    Not what ``dst()`` says: Irish law has summer as the standard, and time zone data may follow it.
    """
    offsets = [datetime(year, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7)]
    return min(offsets)


def device_clock(time_zone: str, *, observes_dst: bool) -> DeviceClock:
    """The clock of a model. Raises TimeInvalid for a zone that there is not."""
    if not time_zone:
        return DeviceClock()
    try:
        return DeviceClock(ZoneInfo(time_zone), observes_dst)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeInvalid(f"{time_zone!r} is not a time zone") from None


def read_time(value: Any, clock: DeviceClock) -> datetime:
    """The instant that a codec means, UTC, to the millisecond. Raises TimeInvalid.

    RFC 3339 text (without a zone: the device's clock), the text of JavaScript's ``toUTCString``, or a number
    of seconds since 1970.
    """
    if isinstance(value, str):
        instant = _read_text(value, clock)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        instant = _read_seconds(value)
    else:
        raise TimeInvalid(f"{value!r} is not a time")
    if not _EARLIEST <= instant < _LATEST:
        raise TimeInvalid(f"{value!r} is not within 1990 to 2200; is it in seconds?")
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _read_text(text: str, clock: DeviceClock) -> datetime:
    try:
        if _NAMED_DAY.match(text):
            return parsedate_to_datetime(text).astimezone(UTC)
        written = datetime.fromisoformat(text)
    except (ValueError, TypeError, OverflowError):
        raise TimeInvalid(f"{text[:64]!r} is not a time") from None
    if len(text) <= len("2024-01-01"):
        raise TimeInvalid(f"{text!r} is a day, not a time")
    if written.tzinfo is None:
        return clock.instant(written)
    return written.astimezone(UTC)


def _read_seconds(seconds: float) -> datetime:
    if not math.isfinite(seconds):
        raise TimeInvalid(f"{seconds!r} is not a time")
    try:
        # Exact to the millisecond, whatever a float makes of it.
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=round(seconds * 1000))
    except OverflowError:
        raise TimeInvalid(f"{seconds!r} is not within 1990 to 2200; is it in seconds?") from None
