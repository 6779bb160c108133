"""Time-of-use calendars, over clock changes and holidays."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.billing.calendar import Calendar, Rule
from server.billing.period import Period, midnight
from tests.support.usage_arrays import bucket_of
from tests.unit.billing.strategies import DAYS, calendars

LONDON = "Europe/London"
NIGHT = Calendar("day", (Rule("night", from_minute=0, to_minute=420),))


def hours(calendar: Calendar, days: Period, zone: str) -> Counter[str]:
    """Hours of each period, stretch by stretch, as a usage source would count them."""
    found: Counter[str] = Counter()
    for stretch in calendar.stretches(days):
        buckets = calendar.buckets(stretch)
        instant, end = stretch.days.instants(zone)
        while instant < end:
            found[bucket_of(instant.astimezone(ZoneInfo(zone)), buckets)] += 1
            instant += timedelta(hours=1)
    return found


def test_clock_changes_give_months_of_743_and_745_hours() -> None:
    march = hours(NIGHT, Period.of_month(2026, 3), LONDON)
    october = hours(NIGHT, Period.of_month(2026, 10), LONDON)
    # 29 March has no 01:00 to 02:00, 25 October has it twice: both are in the night.
    assert march == {"night": 31 * 7 - 1, "day": 31 * 17}
    assert october == {"night": 31 * 7 + 1, "day": 31 * 17}
    assert (march.total(), october.total()) == (743, 745)


def test_a_day_begins_at_local_midnight() -> None:
    first, last = Period.of_month(2026, 7).instants(LONDON)
    assert (first.isoformat(), last.isoformat()) == ("2026-06-30T23:00:00+00:00", "2026-07-31T23:00:00+00:00")


def test_a_day_whose_midnight_is_skipped_begins_with_the_skip() -> None:
    # Santiago goes from 24:00 on 5 September 2026 to 01:00 on the 6th.
    assert midnight(date(2026, 9, 6), "America/Santiago").isoformat() == "2026-09-06T04:00:00+00:00"


def test_a_midnight_that_comes_twice_begins_the_day_once() -> None:
    # Havana goes back from 01:00 to 00:00 on 1 November 2026.
    assert midnight(date(2026, 11, 1), "America/Havana").isoformat() == "2026-11-01T04:00:00+00:00"
    assert (
        Period(date(2026, 11, 1), date(2026, 11, 2))
        .instants("America/Havana")[1]
        .isoformat()
        .startswith("2026-11-02T05:00")
    )


def test_holidays_are_priced_as_holidays() -> None:
    calendar = Calendar(
        "low",
        (
            Rule("special", holidays=True, weekdays=frozenset(), from_minute=600, to_minute=720),
            Rule("high", weekdays=frozenset(range(5)), holidays=False, from_minute=480, to_minute=1200),
        ),
        frozenset({date(2026, 12, 25), date(2026, 12, 26)}),
    )
    found = hours(calendar, Period.of_month(2026, 12), LONDON)
    weekdays = sum(day.weekday() < 5 for day in Period.of_month(2026, 12).dates()) - 1
    assert found == {"special": 4, "high": weekdays * 12, "low": 744 - 4 - weekdays * 12}


def test_stretches_cut_around_holidays_only() -> None:
    calendar = Calendar("x", (), frozenset({date(2026, 1, 1), date(2026, 1, 15), date(2027, 1, 1)}))
    january = [
        (s.days.start.day, s.days.end.day, s.holiday) for s in calendar.stretches(Period.of_month(2026, 1))
    ]
    assert january == [(1, 2, True), (2, 15, False), (15, 16, True), (16, 1, False)]
    assert len(list(calendar.stretches(Period.of_month(2026, 2)))) == 1


@given(calendars(), DAYS, st.integers(1, 70))
def test_stretches_hold_every_day_once(calendar: Calendar, first: date, length: int) -> None:
    days = Period(first, first + timedelta(days=length))
    assert [day for stretch in calendar.stretches(days) for day in stretch.days.dates()] == list(days.dates())


@given(calendars(), DAYS, st.integers(0, 1439))
def test_buckets_say_what_the_calendar_says(calendar: Calendar, day: date, minute: int) -> None:
    (stretch,) = calendar.stretches(Period(day, day + timedelta(days=1)))
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - wall-clock time
    assert bucket_of(local, calendar.buckets(stretch)) == calendar.period_at(day, minute)


@given(calendars(), DAYS)
def test_the_price_changes_at_edges_only(calendar: Calendar, day: date) -> None:
    edges = calendar.edges()
    for minute in range(1, 1440):
        if calendar.period_at(day, minute) != calendar.period_at(day, minute - 1):
            assert minute in edges
