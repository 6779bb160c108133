"""What a bill of one usage point needs: sums of whole local days with their quality, and the registers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from uuid import UUID

import numpy as np

from server.platform.errors import InvalidField
from server.readings.calendar import LocalDay, days_between, from_ms, to_ms
from server.readings.domain import State
from server.readings.errors import NotBilled, UsagePointNotFound
from server.readings.ports import REGISTER, ChannelDirectory, ChannelInfo, Installation, SeriesInfo
from server.readings.queries.intervals import (
    RANK,
    Interval,
    IntervalQueries,
    Wanted,
    expected_cells,
)
from server.readings.queries.raw import RawQueries, RawReading
from server.readings.queries.seen import BILLED, Seen, Views
from server.readings.queries.spans import DAY

LONGEST_DAYS = 400
REACH_MS = 40 * 86_400_000
"""How long before a period a register reading may be taken for that of its beginning."""


@dataclass(frozen=True, slots=True)
class SeriesUsage:
    """One quantity of the period."""

    info: SeriesInfo
    total: Interval
    days: tuple[Interval, ...]
    over: bool
    """Whether the period has ended."""

    @property
    def complete(self) -> bool:
        """Whether all that should be there is, and nothing of it is suspect."""
        return self.over and self.total.intervals >= self.total.expected and not self.total.suspect

    @property
    def percent(self) -> float:
        """Share of the expected intervals that have a value."""
        expected = self.total.expected
        return 100.0 * min(self.total.intervals, expected) / expected if expected else 100.0


@dataclass(frozen=True, slots=True)
class RegisterSpan:
    """A register while it was there."""

    info: ChannelInfo
    series: int
    quantity: str
    start_ms: int
    end_ms: int
    multiplier: Decimal
    opening: RawReading | None
    closing: RawReading | None


@dataclass(frozen=True, slots=True)
class BillReady:
    """The answer."""

    usage_point_id: UUID
    start_ms: int
    end_ms: int
    tz: str
    as_of: datetime | None
    """None: what was billed, whatever comes later."""
    series: tuple[SeriesUsage, ...]
    registers: tuple[RegisterSpan, ...]


class BillReadyUsage:
    """Reads it."""

    def __init__(
        self,
        intervals: IntervalQueries,
        raw: RawQueries,
        views: Views,
        directory: ChannelDirectory,
        clock: Callable[[], datetime],
    ) -> None:
        self._intervals = intervals
        self._raw = raw
        self._views = views
        self._directory = directory
        self._clock = clock

    async def of(
        self,
        tenant_id: UUID,
        usage_point_id: UUID,
        days: tuple[date, date],
        quantities: Sequence[str],
        version: str,
        as_of: datetime | None,
        tz: str,
    ) -> BillReady:
        """Sums of the days from the first to before the second.

        Raises UsagePointNotFound, InvalidField, and NotBilled where BILLED is asked for and a day is not.
        """
        known = await self._directory.series_of(tenant_id, [usage_point_id])
        if not known:
            raise UsagePointNotFound(usage_point_id)
        zone = tz or known[0].tz
        local = list(days_between(zone, days[0], days[1] - timedelta(days=1)))
        start, end = local[0].start_ms, local[-1].end_ms
        series = sorted(
            (info for info in known if not quantities or info.quantity in quantities),
            key=lambda info: info.series,
        )
        seen = await self._views.of(tenant_id, version, as_of, series, start, end)
        if version == BILLED:
            _check_billed(seen, start, end)
        now = self._clock()
        now_ms = to_ms(now)
        if version != BILLED and (as_of is None or as_of > now):
            as_of = await self._views.since(seen[0].watermark)
        wanted = Wanted(DAY, start, end, zone, seen, now_ms)
        found = await self._intervals.page(tenant_id, series, wanted, limit=len(series) * len(local) + 1)
        by_series: dict[int, list[Interval]] = {}
        for one in found:
            by_series.setdefault(one.info.series, []).append(one)
        return BillReady(
            usage_point_id,
            start,
            end,
            zone,
            as_of,
            tuple(_usage(info, by_series.get(info.series, []), local, now_ms) for info in series),
            await self._registers(tenant_id, series, start, min(end, now_ms)),
        )

    async def _registers(
        self, tenant_id: UUID, series: Sequence[SeriesInfo], start: int, end: int
    ) -> tuple[RegisterSpan, ...]:
        numbers = np.array([info.series for info in series], np.uint64)
        links = [
            link
            for link in await self._directory.installations_of_series(tenant_id, numbers)
            if to_ms(link.start) < end and (link.end is None or to_ms(link.end) > start)
        ]
        channels = np.unique(np.array([link.channel for link in links], np.uint64))
        infos = {info.channel: info for info in await self._directory.channels(tenant_id, channels)}
        quantities = {info.series: info.quantity for info in series}
        spans = []
        for link in sorted(links, key=lambda one: (one.series, one.start, one.channel)):
            info = infos.get(link.channel)
            if info is None or info.kind != REGISTER:
                continue
            low, high = _within(link, start, end)
            opening, closing = await self._raw.at_ends(
                tenant_id, info, max(to_ms(link.start), low - REACH_MS), low, high
            )
            spans.append(
                RegisterSpan(
                    info, link.series, quantities[link.series], low, high, link.multiplier, opening, closing
                )
            )
        return tuple(spans)


def days_of(month: str, first_day: str, end_day: str) -> tuple[date, date]:
    """The days that a request means: a month, or from a first day to before another. Raises InvalidField."""
    if month:
        if first_day or end_day:
            raise InvalidField("month", "excludes first_day and end_day", "bill_ready.period")
        year, number = map(int, month.split("-"))
        if not year:
            raise InvalidField("month", f"{month} is before the year 1", "date.valid")
        first = date(year, number, 1)
        return first, _day("month", _after_month(first))
    if not (first_day and end_day):
        raise InvalidField("month", "is needed, or first_day and end_day", "bill_ready.period")
    first, end = _day("first_day", first_day), _day("end_day", end_day)
    if not timedelta(0) < end - first <= timedelta(days=LONGEST_DAYS):
        what = f"{end_day} is not 1 to {LONGEST_DAYS} days after {first_day}"
        raise InvalidField("end_day", what, "bill_ready.days")
    return first, end


def _after_month(first: date) -> str:
    month = first.year * 12 + first.month
    return f"{month // 12:04}-{month % 12 + 1:02}-01"


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidField(field, f"{text!r} is not a day", "date.valid") from None


def _within(link: Installation, start: int, end: int) -> tuple[int, int]:
    return max(to_ms(link.start), start), end if link.end is None else min(to_ms(link.end), end)


def _check_billed(seen: Sequence[Seen], start: int, end: int) -> None:
    reached = start
    for one in seen:
        if one.low > reached:
            break
        reached = one.high
    if reached < end:
        raise NotBilled(from_ms(reached))


def _usage(
    info: SeriesInfo, found: Sequence[Interval], local: Sequence[LocalDay], now_ms: int
) -> SeriesUsage:
    """The days, those without any value too, and their sum."""
    by_start = {one.start_ms: one for one in found}
    days = tuple(by_start.get(day.start_ms) or _nothing(info, day, now_ms) for day in local)
    there = [one for one in days if one.micro is not None]
    states = {one.state for one in days if one.state}
    total = Interval(
        info,
        local[0].start_ms,
        local[-1].end_ms,
        sum(one.micro or 0 for one in there) if there else None,
        next((state for state in RANK if state in states), 0),
        reduce(or_, (one.quality for one in days), 0),
        intervals=sum(one.intervals for one in days),
        expected=sum(one.expected for one in days),
        estimated=sum(one.estimated for one in days),
        missing=sum(one.missing for one in days),
        validated=sum(one.validated for one in days),
        suspect=sum(one.suspect for one in days),
        edited=sum(one.edited for one in days),
        least=min((one.least for one in there if one.least is not None), default=None),
        greatest=max((one.greatest for one in there if one.greatest is not None), default=None),
    )
    return SeriesUsage(info, total, days, local[-1].end_ms <= now_ms)


def _nothing(info: SeriesInfo, day: LocalDay, now_ms: int) -> Interval:
    expected = expected_cells(info, day.start_ms, day.end_ms)
    missing = expected_cells(info, day.start_ms, max(day.start_ms, min(day.end_ms, now_ms)))
    state = int(State.MISSING) if missing else 0
    return Interval(info, day.start_ms, day.end_ms, None, state, 0, expected=expected, missing=missing)
