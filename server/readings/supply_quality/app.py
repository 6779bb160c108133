"""Use cases of supply quality: statistics and verdicts, profiles, rankings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np

from server.platform.scope import current_scope
from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import LocalDay, days_with, to_ms
from server.readings.domain import round_div
from server.readings.errors import MeterNotFound
from server.readings.supply_quality import sql
from server.readings.supply_quality.checking import check, doubts_of
from server.readings.supply_quality.domain import (
    LINE_TO_LINE,
    QUANTITIES,
    TEN_MINUTES_MS,
    ChannelQuality,
    Check,
    Day,
    Doubt,
    Events,
    Figures,
    Measured,
    Point,
    Rank,
    Rule,
    Span,
    Unbalance,
    phase_of,
)
from server.readings.supply_quality.errors import NothingPromised, UsagePointNotFound
from server.readings.supply_quality.limits import UNBALANCE_RULE, Limits
from server.readings.supply_quality.ports import Stay, SupplyChannelInfo, SupplyDirectory

_KINDS = ("INSTANTANEOUS", "INTERVAL")
_CHANNELS_AT_ONCE = 2000
_HOUR_MS = 3_600_000
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """The channels that tell of one supply, and the zone of its days."""

    channels: tuple[Measured, ...]
    tz: str


class SupplyQuality:
    """Asks the engine for figures and makes answers of them."""

    def __init__(self, store: TelemetryStore, directory: SupplyDirectory) -> None:
        self._store = store
        self._directory = directory

    async def supply(
        self,
        tenant_id: UUID,
        period: Span,
        *,
        usage_point_id: UUID | None,
        meter_id: UUID | None,
        quantities: Sequence[str] = (),
        tz: str = "",
    ) -> Supply:
        """The channels of a usage point's meters while they were there, or of a meter.

        Raises UsagePointNotFound and MeterNotFound.
        """
        if usage_point_id is not None:
            known = await self._directory.usage_points(tenant_id, [usage_point_id])
            if not known:
                raise UsagePointNotFound(usage_point_id)
            stays = await self._directory.stays_at(tenant_id, [usage_point_id])
            found = await self._measured(tenant_id, stays, period, quantities)
            return Supply(tuple(sorted(found, key=lambda one: one.order)), tz or known[0].tz)
        assert meter_id is not None
        infos = await self._directory.channels_of_meters(tenant_id, [meter_id])
        if not infos:
            raise MeterNotFound(meter_id)
        stays = await self._directory.stays_of(tenant_id, [meter_id])
        # What a meter has measured elsewhere is not for callers whose rights end here.
        spans = (period,) if current_scope() is None else _spans(stays, period)
        found = [_of(info, spans, None) for info in infos if _tells(info, quantities) and spans]
        last = max(stays, key=lambda one: one.start, default=None)
        return Supply(tuple(sorted(found, key=lambda one: one.order)), tz or (last.tz if last else "UTC"))

    async def evaluate(
        self, tenant_id: UUID, supply: Supply, period: Span, limits: Limits
    ) -> tuple[list[ChannelQuality], list[Unbalance]]:
        """Statistics by local day and in all, and the checks of all promises."""
        if not supply.channels:
            return [], []
        channels = await self._with_intervals(tenant_id, supply.channels, period)
        given = {**sql.facts(channels, limits, period), "tenant": str(tenant_id), "tz": supply.tz}
        source = sql.readings(channels, period)
        values = _by_key(await self._store.rows(sql.values_by_day(source), given))
        means = _by_key(await self._store.rows(sql.means_by_day(source), given))
        events: dict[int, _Told] = {}
        voltages = [one for one in channels if limits.nominal_micro(one)]
        if voltages:
            asked = {**given, **sql.facts(voltages, limits, period)}
            statement = sql.events_by_day(sql.readings(voltages, period))
            events = _by_key(await self._store.rows(statement, asked))
        days = list(days_with(supply.tz, period.low, period.high))
        told = [
            _quality(
                one,
                limits.rules(one),
                period,
                days,
                _Answers(*(found.get(one.info.channel, _NOTHING) for found in (values, means, events))),
                counts_events=one in voltages,
            )
            for one in channels
        ]
        return told, await self._unbalances(tenant_id, channels, supply.tz, period, limits, days)

    async def profile(
        self,
        tenant_id: UUID,
        supply: Supply,
        period: Span,
        resolution: str,
        *,
        after: tuple[int, int] | None,
        limit: int,
    ) -> list[Point]:
        """Points in order of channel and time, from behind ``after`` (channel, start) on."""
        found: list[Point] = []
        for one in sorted(supply.channels, key=lambda one: one.info.channel):
            if after is not None and one.info.channel < after[0]:
                continue
            low = period.low
            if after is not None and one.info.channel == after[0]:
                low = max(low, _end_of(after[1], resolution, supply.tz))
            if len(found) == limit or low >= period.high:
                continue
            given = {**sql.facts([one], Limits(), period), "tenant": str(tenant_id), "tz": supply.tz}
            statement = sql.profile(sql.readings([one], period), resolution, limit - len(found))
            rows = await self._store.rows(statement, {**given, "start": low})
            found += [
                Point(one, Span(begin, _end_of(begin, resolution, supply.tz)), n, mean, least, most)
                for begin, n, mean, least, most in rows
            ]
        return found

    async def worst(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], quantity: str, period: Span, limits: Limits
    ) -> list[Rank]:
        """The usage points' channels of a quantity, the worst first. Raises NothingPromised."""
        stays = await self._directory.stays_at(tenant_id, usage_point_ids)
        channels = await self._measured(tenant_id, _newest_places(stays), period, [quantity])
        promised = [one for one in channels if limits.rules(one)]
        if channels and not promised:
            raise NothingPromised(quantity)
        found: list[Rank] = []
        for first in range(0, len(promised), _CHANNELS_AT_ONCE):
            portion = promised[first : first + _CHANNELS_AT_ONCE]
            portion = list(await self._with_intervals(tenant_id, portion, period))
            given = {**sql.facts(portion, limits, period), "tenant": str(tenant_id)}
            rows = await self._store.rows(sql.ranks(sql.readings(portion, period)), given)
            known = {one.info.channel: one for one in portion}
            found += [Rank(known[channel], *figures) for channel, *figures in rows]
        return sorted(found, key=lambda one: one.key)

    async def _measured(
        self, tenant_id: UUID, stays: Sequence[Stay], period: Span, quantities: Sequence[str]
    ) -> list[Measured]:
        """The channels of the meters of stays, each in the times of its meter's stays."""
        at: dict[UUID, list[Stay]] = {}
        for stay in stays:
            at.setdefault(stay.meter_id, []).append(stay)
        times = {meter_id: _spans(own, period) for meter_id, own in at.items()}
        there = [meter_id for meter_id, spans in times.items() if spans]
        infos = await self._directory.channels_of_meters(tenant_id, there) if there else ()
        return [
            _of(info, times[info.meter_id], at[info.meter_id][-1].usage_point_id)
            for info in infos
            if _tells(info, quantities)
        ]

    async def _with_intervals(
        self, tenant_id: UUID, channels: Sequence[Measured], period: Span
    ) -> tuple[Measured, ...]:
        """The channels with how often their values come: as the model says, else as they do."""
        silent = [one for one in channels if not one.info.interval_seconds]
        steps: dict[int, int] = {}
        if silent:
            given = {**sql.facts(silent, Limits(), period), "tenant": str(tenant_id)}
            statement = sql.usual_steps(sql.readings(silent, period))
            steps = dict(await self._store.rows(statement, given))
        return tuple(
            replace(one, interval_ms=one.info.interval_seconds * 1000)
            if one.info.interval_seconds
            else replace(one, interval_ms=steps.get(one.info.channel, 0), estimated=True)
            for one in channels
        )

    async def _unbalances(
        self,
        tenant_id: UUID,
        channels: Sequence[Measured],
        tz: str,
        period: Span,
        limits: Limits,
        days: Sequence[LocalDay],
    ) -> list[Unbalance]:
        groups = sql.triples(channels)
        if not groups:
            return []
        members = [one for group in groups for one in group]
        most = UNBALANCE_RULE.bounds.upper
        given = {
            **sql.facts(members, limits, period),
            "tenant": str(tenant_id),
            "tz": tz,
            "triple": [number for number in range(len(groups)) for _ in range(3)],
            "place": [1, 2, 3] * len(groups),
            "exact": [int(one.phase in LINE_TO_LINE) for one in members],
            "most": most,
        }
        statement = sql.unbalance_by_day(sql.readings(members, period))
        found = _by_key(await self._store.rows(statement, given))
        return [
            _unbalance(group, found.get(number, _NOTHING), period, days)
            for number, group in enumerate(groups)
        ]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the engine told of one channel: of the whole period, and by local day."""

    whole: Row
    days: dict[date, Row]


_NOTHING = _Told((), {})


@dataclass(frozen=True, slots=True)
class _Answers:
    """All that the engine told of one channel."""

    values: _Told
    means: _Told
    events: _Told


_FIGURES = 5
"""Columns of figures."""


def _by_key(rows: Iterable[Row]) -> dict[int, _Told]:
    """Rows of (key, whole, day, …) by their keys."""
    found: dict[int, _Told] = {}
    for key, whole, day, *rest in rows:
        told = found.setdefault(key, _Told((), {}))
        if whole:
            found[key] = _Told(tuple(rest), told.days)
        else:
            told.days[day] = tuple(rest)
    return found


def _figures(row: Row) -> Figures:
    if not row:
        return Figures()
    count, low, high, total, percentiles = row[:_FIGURES]
    return Figures(count, low, high, round_div(int(total), count), tuple(percentiles))


def _events(row: Row) -> Events:
    return Events(*row) if row else Events()


def _quality(
    one: Measured,
    rules: Sequence[Rule],
    period: Span,
    days: Sequence[LocalDay],
    told: _Answers,
    *,
    counts_events: bool,
) -> ChannelQuality:
    values, means, events = told.values, told.means, told.events
    whole = _figures(values.whole)
    expected = one.expected(period)
    means_of = replace(one, interval_ms=max(one.interval_ms, one.mean_ms) if one.interval_ms else 0)
    checks = tuple(
        check(
            rule,
            [day.day for day in days],
            *_counts(means, days, place),
            doubts_of(one, rule, period, whole.count, expected),
        )
        for place, rule in enumerate(rules)
    )
    return ChannelQuality(
        measured=one,
        values=whole,
        means=_figures(means.whole),
        expected=expected,
        expected_means=means_of.expected(period),
        events=_events(events.whole) if counts_events else Events(),
        checks=checks,
        days=tuple(
            Day(
                day.day,
                span := Span(day.start_ms, day.end_ms).common(period),
                _figures(values.days.get(day.day, ())),
                _figures(means.days.get(day.day, ())),
                one.expected(span),
                means_of.expected(span),
                _events(events.days.get(day.day, ())),
            )
            for day in days
        ),
    )


def _counts(told: _Told, days: Sequence[LocalDay], place: int) -> tuple[Any, Any]:
    """Means of each day, and those of them within the bounds of a rule."""
    rows = [told.days.get(day.day, ()) for day in days]
    counts = np.array([row[0] if row else 0 for row in rows], np.int64)
    within = np.array([row[_FIGURES + place] if row else 0 for row in rows], np.int64)
    return counts, within


def _unbalance(group: Sequence[Measured], told: _Told, period: Span, days: Sequence[LocalDay]) -> Unbalance:
    first = group[0]
    exact = first.phase in LINE_TO_LINE
    values = _figures(told.whole)
    step = max(TEN_MINUTES_MS, *(one.interval_ms for one in group))
    expected = replace(first, interval_ms=step if first.interval_ms else 0).expected(period)
    checks: tuple[Check, ...] = ()
    if first.info.quantity == "VOLTAGE":
        doubts = doubts_of(first, UNBALANCE_RULE, period, values.count, expected)
        doubts += [] if exact else [Doubt.MAGNITUDES_ONLY]
        named = [day.day for day in days]
        checks = (check(UNBALANCE_RULE, named, *_counts(told, days, 0), doubts),)
    return Unbalance(first.info.meter_id, first.info.quantity, exact, values, expected, checks)


def _tells(info: SupplyChannelInfo, quantities: Sequence[str]) -> bool:
    """Whether a channel tells of the supply, and of what was asked for."""
    return info.kind in _KINDS and info.quantity in (quantities or QUANTITIES) and info.quantity in QUANTITIES


def _newest_places(stays: Sequence[Stay]) -> list[Stay]:
    """The stays of each meter at the one of the usage points that it was at last."""
    last = {stay.meter_id: stay.usage_point_id for stay in sorted(stays, key=lambda one: one.start)}
    return [stay for stay in stays if last[stay.meter_id] == stay.usage_point_id]


def _of(info: SupplyChannelInfo, spans: tuple[Span, ...], usage_point_id: UUID | None) -> Measured:
    return Measured(info, phase_of(info.reading_type), spans, usage_point_id)


def _spans(stays: Iterable[Stay], period: Span) -> tuple[Span, ...]:
    """The times of stays within the period; stays that follow one another are one."""
    found: list[Span] = []
    for stay in sorted(stays, key=lambda one: one.start):
        until = period.high if stay.end is None else to_ms(stay.end)
        span = Span(to_ms(stay.start), until).common(period)
        if not span.length:
            continue
        if found and found[-1].high >= span.low:
            found[-1] = Span(found[-1].low, max(found[-1].high, span.high))
        else:
            found.append(span)
    return tuple(found)


def _end_of(begin: int, resolution: str, tz: str) -> int:
    """End of the span of a profile that begins at a time."""
    if resolution == "DAY":
        return next(days_with(tz, begin, begin + 1)).end_ms
    return begin + (_HOUR_MS if resolution == "HOUR" else TEN_MINUTES_MS)
