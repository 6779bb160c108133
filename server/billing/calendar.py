"""Time-of-use calendars: which price period a local minute belongs to.

The first rule that fits decides; what none fits belongs to the default period, so that every minute has one.
Ranges are wall-clock time: the day of a clock change simply has 23 or 25 hours in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from server.billing.period import Period
from server.billing.ports import TimeBucket

MINUTES_A_DAY = 1440
ALL_MONTHS = frozenset(range(1, 13))
ALL_WEEKDAYS = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Rule:
    """A price period's place in the year and the week."""

    period: str
    months: frozenset[int] = ALL_MONTHS
    """1 to 12."""
    weekdays: frozenset[int] = ALL_WEEKDAYS
    """0 is Monday (ISO 8601 less one); ordinary days only."""
    holidays: bool = True
    """Whether the rule holds on holidays, whatever their weekday."""
    from_minute: int = 0
    to_minute: int = MINUTES_A_DAY
    """First minute outside; after ``from_minute``, so that no range crosses midnight."""

    def fits(self, day: date, minute: int, *, holiday: bool) -> bool:
        """Whether the local minute is the rule's."""
        on_such_a_day = self.holidays if holiday else day.weekday() in self.weekdays
        return day.month in self.months and on_such_a_day and self.from_minute <= minute < self.to_minute


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days that are all holidays or all none; one set of buckets fits them."""

    days: Period
    holiday: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time-of-use calendar."""

    default_period: str
    rules: tuple[Rule, ...] = ()
    holidays: frozenset[date] = frozenset()

    def periods(self) -> frozenset[str]:
        """Every price period that the calendar names."""
        return frozenset({self.default_period, *(rule.period for rule in self.rules)})

    def period_at(self, day: date, minute: int) -> str:
        """The price period of a local minute: the plain definition that faster ways are tested against."""
        holiday = day in self.holidays
        for rule in self.rules:
            if rule.fits(day, minute, holiday=holiday):
                return rule.period
        return self.default_period

    def stretches(self, days: Period) -> Iterator[Stretch]:
        """The days cut around holidays, in order."""
        first = days.start
        for day in sorted(self.holidays):
            if not days.start <= day < days.end:
                continue
            if first < day:
                yield Stretch(Period(first, day), holiday=False)
            first = day.fromordinal(day.toordinal() + 1)
            yield Stretch(Period(day, first), holiday=True)
        if first < days.end:
            yield Stretch(Period(first, days.end), holiday=False)

    def buckets(self, stretch: Stretch) -> tuple[TimeBucket, ...]:
        """What to ask the usage source for on such days: first match wins, nothing is left over."""
        found: list[TimeBucket] = []
        for rule in self.rules:
            weekdays = rule.weekdays
            if stretch.holiday:
                weekdays = ALL_WEEKDAYS if rule.holidays else frozenset()
            if weekdays:
                found.append(TimeBucket(rule.period, rule.months, weekdays, rule.from_minute, rule.to_minute))
        return (*found, TimeBucket(self.default_period, ALL_MONTHS, ALL_WEEKDAYS, 0, MINUTES_A_DAY))

    def edges(self) -> frozenset[int]:
        """Every minute of the day at which the price period may change."""
        return frozenset(
            minute % MINUTES_A_DAY for rule in self.rules for minute in (rule.from_minute, rule.to_minute)
        )
