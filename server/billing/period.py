"""Spans of local days: what a bill covers.

Days are half-open in the tariff's zone and become UTC instants only here, so that a local day has 23, 24 or
25 hours (domain.md, fact 6).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

_DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Local days from ``start`` to before ``end``."""

    start: date
    end: date

    @staticmethod
    def of_month(year: int, month: int) -> "Period":
        """One calendar month."""
        following = date(year + 1, 1, 1) if month == _DECEMBER else date(year, month + 1, 1)
        return Period(date(year, month, 1), following)

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.end - self.start).days

    @property
    def empty(self) -> bool:
        """Whether no day lies inside."""
        return self.end <= self.start

    def clipped(self, start: date | None, end: date | None) -> "Period":
        """The part inside ``[start, end)``; None is unbounded. May be empty."""
        first = self.start if start is None else max(self.start, start)
        last = self.end if end is None else min(self.end, end)
        return Period(first, max(first, last))

    def dates(self) -> Iterator[date]:
        """Every local day."""
        for offset in range(self.days):
            yield self.start + timedelta(days=offset)

    def months(self) -> Fraction:
        """How many calendar months: a day is one over the days of its month, 5 to 20 March is 16/31."""
        total = Fraction(0)
        first = self.start
        while first < self.end:
            length = monthrange(first.year, first.month)[1]
            following = first.replace(day=1) + timedelta(days=length)
            total += Fraction((min(following, self.end) - first).days, length)
            first = following
        return total

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """The first UTC instant inside and the first one after, by the clocks of ``zone``."""
        return midnight(self.start, zone), midnight(self.end, zone)


def midnight(day: date, zone: str) -> datetime:
    """The UTC instant at which the local day begins; where midnight is skipped, the instant of the skip."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
