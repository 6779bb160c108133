"""From what was touched, or asked for, to what a run looks at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import HOUR_MS, day_of, local_day, to_ms
from server.readings.domain import MICRO, round_div
from server.readings.ports import INTERVAL, REGISTER, ChannelDirectory, ChannelInfo, Installation
from server.readings.vee.neighbours import Around, Neighbours, Span, Stretch
from server.readings.vee.rules import NANO
from server.readings.vee.scope import FOREVER, Feed, SeriesScope, number_of

_LARGEST_BOUND = 10**18


@dataclass(frozen=True, slots=True)
class Touch:
    """That readings of a channel came in, from one time to another, both included, milliseconds."""

    channel: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A series with everything that feeds it."""

    series: int
    usage_point_id: UUID
    tz: str
    interval_ms: int
    feeds: tuple[Feed, ...]

    @property
    def channels(self) -> set[int]:
        return {feed.channel for feed in self.feeds}

    @property
    def begin(self) -> int:
        return min(feed.tenure_from for feed in self.feeds)

    @property
    def end(self) -> int:
        return max(feed.tenure_to for feed in self.feeds)


class Scoping:
    """Makes scopes for one run of one tenant."""

    def __init__(
        self, store: TelemetryStore, directory: ChannelDirectory, tenant_id: UUID, run_id: UUID
    ) -> None:
        self._store = store
        self._directory = directory
        self._tenant_id = tenant_id
        self._table = f"ask_{run_id.hex}"
        self._neighbours = Neighbours(store, tenant_id)

    async def touched(self, touches: Sequence[Touch]) -> list[SeriesScope]:
        """Scopes of the series that the touched readings feed; uninstalled channels have none."""
        numbers = np.array([touch.channel for touch in touches], np.uint64)
        ranges: dict[int, tuple[int, int]] = {}
        installed = await self._directory.installations(self._tenant_id, numbers)
        by_channel = defaultdict(list)
        for link in installed:
            by_channel[link.channel].append(link)
        for touch in touches:
            for link in by_channel[touch.channel]:
                start, end = _period(link)
                low, high = max(touch.low, start), min(touch.high, end)
                if low <= high:
                    known = ranges.get(link.series, (low, high))
                    ranges[link.series] = min(known[0], low), max(known[1], high)
        lines = await self._lines(ranges)
        spans = await self._neighbours.spans(sorted({c for line in lines for c in line.channels}))
        felt = await self._felt(lines, ranges, spans)
        return await self._scopes(lines, felt, spans, {})

    async def asked(self, series: Sequence[int], low: int, high: int, now_ms: int) -> list[SeriesScope]:
        """Scopes of whole series for the local days that have an instant in ``[low, high)``.

        Everything in those days is expected, as far as a meter was there and the time has come.
        """
        lines = await self._lines(series)
        spans = await self._neighbours.spans(sorted({c for line in lines for c in line.channels}))
        ranges, expected = {}, {}
        for line in lines:
            first, last = max(low, line.begin), min(high, line.end, now_ms)
            if first < last:
                ranges[line.series] = first, last - 1
                first_day = local_day(line.tz, day_of(line.tz, first))
                last_day = local_day(line.tz, day_of(line.tz, last - 1))
                expected[line.series] = (
                    max(first_day.start_ms, line.begin),
                    min(last_day.end_ms, line.end, now_ms),
                )
        return await self._scopes([line for line in lines if line.series in ranges], ranges, spans, expected)

    async def _lines(self, series: Iterable[int]) -> list[_Line]:
        numbers = np.array(sorted(series), np.uint64)
        if not len(numbers):
            return []
        links = await self._directory.installations_of_series(self._tenant_id, numbers)
        infos = await self._directory.channels(
            self._tenant_id, np.unique(np.array([link.channel for link in links], np.uint64))
        )
        known = {info.channel: info for info in infos}
        lengths = {
            one.series: one.interval_seconds for one in await self._directory.series(self._tenant_id, numbers)
        }
        grouped: dict[int, list[Installation]] = defaultdict(list)
        for link in links:
            if link.channel in known and known[link.channel].kind in {REGISTER, INTERVAL}:
                grouped[link.series].append(link)
        return [_line(links, known, lengths.get(series)) for series, links in grouped.items()]

    async def _felt(
        self, lines: Sequence[_Line], ranges: dict[int, tuple[int, int]], spans: dict[int, Span]
    ) -> dict[int, tuple[int, int]]:
        """From when to when the values of each series may change: to the next readings on both sides."""
        around = await self._around(lines, ranges, spans)
        felt = {}
        for line in lines:
            low, high = ranges[line.series]
            first, last = low, high
            for feed in line.feeds:
                before, after = _within_tenure(feed, around[feed.channel])
                joined = 0 if feed.register else line.interval_ms * 3 // 2
                if before is not None and low - before > joined:
                    first = min(first, before)
                if after is not None and after - high > joined:
                    last = max(last, after - 1)
            felt[line.series] = first, last
        return felt

    async def _scopes(
        self,
        lines: Sequence[_Line],
        felt: dict[int, tuple[int, int]],
        spans: dict[int, Span],
        expected: dict[int, tuple[int, int]],
    ) -> list[SeriesScope]:
        written = {}
        for line in lines:
            low, high = felt[line.series]
            first, last = day_of(line.tz, low), day_of(line.tz, high)
            written[line.series] = local_day(line.tz, first).start_ms, local_day(line.tz, last).end_ms - 1
        around = await self._around(lines, written, spans)
        stored = await self._stored(written)
        scopes = []
        for line in lines:
            low, high = written[line.series]
            near = [_within_tenure(feed, around[feed.channel]) for feed in line.feeds]
            # Registers and intervals may be far apart: the context reaches to the farther one.
            before = min((n[0] for n in near if n[0] is not None), default=low)
            after = max((n[1] for n in near if n[1] is not None), default=high)
            begin, end = _expected(line, spans)
            for more in (expected.get(line.series), stored.get(line.series)):
                if more is not None:
                    begin, end = min(begin, more[0]), max(end, more[1])
            scope = SeriesScope(
                line.series,
                line.usage_point_id,
                line.tz,
                line.interval_ms,
                first_day=number_of(day_of(line.tz, min(before, low))),
                last_day=number_of(day_of(line.tz, max(after, high))),
                out_first=number_of(day_of(line.tz, low)),
                out_last=number_of(day_of(line.tz, high)),
                expect_from=begin,
                expect_to=end,
                feeds=line.feeds,
            )
            scopes.append(scope)
        return scopes

    async def _around(
        self, lines: Sequence[_Line], ranges: dict[int, tuple[int, int]], spans: dict[int, Span]
    ) -> dict[int, Around]:
        stretches: dict[int, Stretch] = {}
        for line in lines:
            low, high = ranges[line.series]
            for channel in line.channels:
                # A meter that has moved feeds several series: what is around all of it is around each.
                known = stretches.get(channel, Stretch(channel, low, high))
                stretches[channel] = replace(known, low=min(known.low, low), high=max(known.high, high))
        return await self._neighbours.around(list(stretches.values()), spans, self._table)

    async def _stored(self, ranges: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
        """From when to when series have final values already, within the days to write."""
        if not ranges:
            return {}
        found = await self._store.rows(
            "SELECT series, toUnixTimestamp64Milli(min(m.start)), toUnixTimestamp64Milli(max(until))"
            " FROM measurement_day AS m WHERE tenant_id = {tenant:UUID} AND series IN {series:Array(UInt64)}"
            " AND day >= toDate(fromUnixTimestamp64Milli({low:Int64}, 'UTC')) - 1"
            " AND day <= toDate(fromUnixTimestamp64Milli({high:Int64}, 'UTC')) + 1"
            " AND m.start <= fromUnixTimestamp64Milli({high:Int64})"
            " AND until > fromUnixTimestamp64Milli({low:Int64})"
            " GROUP BY series",
            {
                "tenant": str(self._tenant_id),
                "series": list(ranges),
                "low": min(low for low, _ in ranges.values()),
                "high": max(high for _, high in ranges.values()),
            },
        )
        return {int(series): (int(first), int(last)) for series, first, last in found}


def _within_tenure(feed: Feed, near: Around) -> tuple[int | None, int | None]:
    """The neighbours that belong to the meter's time at the series."""
    before = near.before if near.before is not None and near.before >= feed.tenure_from else None
    after = near.after if near.after is not None and near.after <= feed.tenure_to else None
    return before, after


def _period(link: Installation) -> tuple[int, int]:
    return to_ms(link.start), FOREVER if link.end is None else to_ms(link.end)


def _line(
    links: Sequence[Installation], known: dict[int, ChannelInfo], interval_seconds: int | None
) -> _Line:
    links = _chosen(sorted(links, key=lambda link: (link.start, link.channel)), known)
    lengths = [known[link.channel].interval_seconds for link in links if known[link.channel].interval_seconds]
    feeds: list[Feed] = []
    for link in links:
        info = known[link.channel]
        start, end = _period(link)
        tenure = _tenure(link, links)
        feeds.append(
            Feed(
                channel=link.channel,
                register=info.kind == REGISTER,
                tenure_from=tenure[0],
                tenure_to=tenure[1],
                valid_from=start,
                valid_to=end,
                multiplier=round_div(int(link.multiplier.scaleb(12)), 1000) if link.multiplier != 1 else NANO,
                modulus=10**info.dials * MICRO if info.kind == REGISTER and info.dials else 0,
                max_per_hour=_bound(info, link),
                negative_allowed=info.negative_allowed,
            )
        )
    seconds = interval_seconds or next((length for length in reversed(lengths) if length), None)
    interval_ms = (seconds * 1000) if seconds else HOUR_MS
    first = links[0]
    return _Line(first.series, first.usage_point_id, links[-1].tz, interval_ms, tuple(feeds))


def _bound(info: ChannelInfo, link: Installation) -> int | None:
    """V13: the most in an hour, before the multiplier: of the channel, else of the service's capacity."""
    if info.max_per_hour_micro is not None or link.capacity_micro is None or link.multiplier <= 0:
        return info.max_per_hour_micro
    bound = int(link.capacity_micro / link.multiplier)
    return bound if bound < _LARGEST_BOUND else None


def _chosen(links: Sequence[Installation], known: dict[int, ChannelInfo]) -> list[Installation]:
    """The whole time of a channel at a series: periods without a pause between them belong together."""
    best: dict[tuple[UUID, str], ChannelInfo] = {}
    for link in links:
        info = known[link.channel]
        key = info.meter_id, info.kind
        if key not in best or _preference(info) < _preference(best[key]):
            best[key] = info
    taken = {info.channel for info in best.values()}
    return [link for link in links if link.channel in taken]


def _preference(info: ChannelInfo) -> tuple[int, int]:
    return info.interval_seconds or 1 << 31, info.channel


def _tenure(link: Installation, links: Sequence[Installation]) -> tuple[int, int]:
    """From when to when a series should have values, by the readings that there are.

    Before the first one there was nothing to measure, except on the day itself for interval channels; after
    the last one nothing has come yet. What lies between is missing when it is not there.
    """
    start, end = _period(link)
    periods = sorted(_period(one) for one in links if one.channel == link.channel)
    for first, last in reversed(periods):
        if last == start:
            start = first
    for first, last in periods:
        if first == end:
            end = last
    return start, end


def _expected(line: _Line, spans: dict[int, Span]) -> tuple[int, int]:
    """From when to when a series should have values, by the readings that there are.

    Before the first one there was nothing to measure, except on the day itself for interval channels; after
    the last one nothing has come yet. What lies between is missing when it is not there.
    """
    begins, ends = [], []
    for feed in line.feeds:
        span = spans.get(feed.channel)
        if span is None or span.last < feed.tenure_from or span.first > feed.tenure_to:
            continue
        first, last = max(span.first, feed.tenure_from), min(span.last, feed.tenure_to)
        if not feed.register:
            first = max(local_day(line.tz, day_of(line.tz, first)).start_ms, feed.tenure_from)
            last = min(last + line.interval_ms, feed.tenure_to)
        begins.append(first)
        ends.append(last)
    return min(begins, default=0), max(ends, default=0)


def split(scopes: Sequence[SeriesScope], cells: int) -> Iterable[list[SeriesScope]]:
    """Scopes in portions of about so many intervals."""
    portion: list[SeriesScope] = []
    size = 0
    for scope in sorted(scopes, key=lambda scope: scope.series):
        if portion and size + scope.cells > cells:
            yield portion
            portion, size = [], 0
        portion.append(scope)
        size += scope.cells
    if portion:
        yield portion
