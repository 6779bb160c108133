"""Days of the calendar, as tariffs, agreements and billing periods have them."""

from __future__ import annotations

import datetime as dt

from simba_metering._generated.google.type import Date

__all__ = ["Date", "date", "to_date"]


def date(day: dt.date) -> Date:
    """The message of a day."""
    return Date(year=day.year, month=day.month, day=day.day)


def to_date(message: Date) -> dt.date:
    """The day of a message; `ValueError` if it is not a full date."""
    return dt.date(message.year, message.month, message.day)
