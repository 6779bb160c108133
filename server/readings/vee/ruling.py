"""Which rule set holds for what a run looks at, and what the engine is told of it.

A local day is validated under the version that holds at its first instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import from_ms
from server.readings.ports import SeriesInfo
from server.readings.rule_sets.domain import TargetKind
from server.readings.rule_sets.parameters import BUILT_IN, BUILT_IN_ID, Parameters
from server.readings.rule_sets.resolving import Book, Keys, Resolver
from server.readings.vee.rules import DAY_MS, DEFAULT, METHODS, NEVER, RULES, Knobs, Scaling
from server.readings.vee.scope import SeriesScope, day_at


class RuleSource(Protocol):
    """Where rule sets are: ``server.readings.rule_sets.app.RuleSets``."""

    async def book(self, tenant_id: UUID) -> Book:
        """All assignments of a tenant."""
        ...

    async def parameters(self, tenant_id: UUID, version_ids: Iterable[int]) -> dict[int, Parameters]:
        """The parameters of versions by their ids."""
        ...


class Subjects(Protocol):
    """What devices know of whom a rule set can be assigned to."""

    async def series(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[SeriesInfo]:
        """The series with these numbers."""
        ...

    async def models_of_channels(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Mapping[int, UUID]:
        """The device model of each of these channels."""
        ...


def knobs_of(one: Parameters) -> Knobs:
    """What the engine is told of the parameters of a version."""

    def off(prefix: str) -> bool:
        return one[f"{prefix}_place"] == 0

    severities = {rule: one[f"{rule.lower()}_severity"] for rule in RULES}
    usual = {rule: BUILT_IN[f"{rule.lower()}_severity"] for rule in RULES}
    return Knobs(
        rule_set_version=one.id,
        off=frozenset(rule for rule in RULES if off(rule.lower())),
        graver=tuple((rule, value) for rule, value in severities.items() if value != usual[rule]),
        methods=tuple(
            sorted((m for m in METHODS if not off(m.lower())), key=lambda m: one[f"{m.lower()}_place"])
        ),
        linear_ms=one["e04_max_gap_ms"],
        outage_end_point=bool(one["e04_outage_end_point"]),
        reference_days=one["e05_reference_days"],
        reach_days=one["e05_reach_days"],
        last_year=bool(one["e06_last_year"]),
        average_days=one["e09_history_days"],
        scaling=Scaling.NONE if off("s") else Scaling(one["s_mode"]),
        negative_scaling=bool(one["s_negative_allowed"]),
        longest_ms=one["prolonged_days"] * DAY_MS,
        dense_per_mille=one["dense_per_mille"],
        spike_per_mille=one["v11_spike_per_mille"],
        spike_least=one["v11_least_values"],
        spike_whole=bool(one["v11_window"]),
        sum_per_mille=one["v10_tolerance_per_mille"],
        sum_least_per_mille=one["v10_least_units_per_mille"],
        # Without the rule a time may lie anywhere up to the middle between two places.
        tolerance_per_mille=499 if off("v04") else one["v04_tolerance_per_mille"],
        tolerance_cap_ms=NEVER if off("v04") else one["v04_cap_ms"],
        rollover_per_mille=0 if off("v09") else one["v09_plausible_per_mille"],
        negative_tolerance=one["v08_tolerance_micro"],
        step_per_mille=one["v14_step_per_mille"],
        replace_least=one["v17_least_change_micro"],
        replace_per_mille=one["v17_least_change_per_mille"],
        limit_per_mille=one["v13_factor_per_mille"],
        outage_is_valid=bool(one["v07_outage_is_valid"]),
    )


@dataclass(slots=True)
class _Rules:
    """The assignments of a tenant, for one run."""

    book: Book
    changes: list[datetime]
    known: dict[int, Knobs] = field(default_factory=lambda: {BUILT_IN_ID: DEFAULT})
    resolvers: dict[int, Resolver] = field(default_factory=dict)

    def at(self, ms: int) -> Resolver:
        """What holds at a time; the same between two changes."""
        place = sum(change <= from_ms(ms) for change in self.changes)
        if place not in self.resolvers:
            self.resolvers[place] = self.book.at(from_ms(ms))
        return self.resolvers[place]


class Ruling:
    """Gives scopes and lanes their rule sets."""

    def __init__(self, source: RuleSource, subjects: Subjects, store: TelemetryStore) -> None:
        self._source = source
        self._subjects = subjects
        self._store = store

    async def scopes(self, tenant_id: UUID, scopes: Sequence[SeriesScope]) -> list[list[SeriesScope]]:
        """The scopes under their rule sets, in groups in which each series is once.

        Where another version begins to hold within the days of a scope, its days are in several groups.
        """
        if not scopes:
            return []
        low = min(day_at(s.tz, s.out_first).start_ms for s in scopes)
        high = max(day_at(s.tz, s.out_last).end_ms for s in scopes)
        rules = await self._rules(tenant_id, low, high)
        if rules is None:
            return [list(scopes)]
        keys = await self._keys_of_scopes(tenant_id, scopes, rules)
        groups: list[list[SeriesScope]] = []
        for scope in scopes:
            for place, part in enumerate(_parts(scope, rules.changes)):
                at = rules.at(day_at(scope.tz, part.out_first).start_ms)
                chosen = at.one(keys[scope.series]).version_id
                if place == len(groups):
                    groups.append([])
                groups[place].append(part.ruled(rules.known[chosen]))
        return groups

    async def lanes(self, tenant_id: UUID, lanes: pa.Table) -> tuple[pa.Table, pa.Array, list[Knobs]]:
        """The lanes under their rule sets, the channels of those left out, and all sets that are named.

        Left out are lanes in whose days another version begins to hold, and those whose set looks at all
        days of a run together.
        """
        none = pa.array([], pa.uint64())
        if not len(lanes):
            return lanes, none, [DEFAULT]
        start, end = _edges(lanes)
        rules = await self._rules(tenant_id, int(start.min()), int(end.max()) + 1)
        if rules is None:
            return lanes, none, [DEFAULT]
        keys = await self._keys_of_lanes(tenant_id, lanes, rules)
        found = np.zeros(len(lanes), np.int64)
        edges = np.array([int(change.timestamp() * 1000) for change in rules.changes], np.int64)
        place = np.searchsorted(edges, start, side="right")
        kept = place == np.searchsorted(edges, end, side="right")
        for one in np.unique(place):
            mine = np.flatnonzero(place == one)
            resolver = rules.at(int(start[mine[0]]))
            found[mine] = resolver.columns(_taken(keys, mine))
        knobs = [rules.known[int(version)] for version in np.unique(found)]
        together = [one.rule_set_version for one in knobs if not one.day_by_day]
        kept &= ~np.isin(found, together)
        ruled = lanes.set_column(
            lanes.schema.get_field_index("rule_set_version"), "rule_set_version", pa.array(found)
        )
        left = lanes.column("channel").filter(pa.array(~kept)).combine_chunks()
        return _adjusted(ruled, found, knobs).filter(pa.array(kept)), left, knobs

    async def _rules(self, tenant_id: UUID, low: int, high: int) -> _Rules | None:
        """None: the built-in set holds for all, all along."""
        book = await self._source.book(tenant_id)
        changes = book.changes(from_ms(low), from_ms(high))
        rules = _Rules(book, changes)
        versions: set[int] = set()
        for at in (low, *(int(change.timestamp() * 1000) for change in changes)):
            versions |= rules.at(at).version_ids
        if versions == {BUILT_IN_ID}:
            return None
        found = await self._source.parameters(tenant_id, versions)
        rules.known |= {version: knobs_of(one) for version, one in found.items() if version != BUILT_IN_ID}
        return rules

    async def _keys_of_scopes(
        self, tenant_id: UUID, scopes: Sequence[SeriesScope], rules: _Rules
    ) -> dict[int, dict[TargetKind, frozenset[str]]]:
        channels = np.unique(np.array([feed.channel for s in scopes for feed in s.feeds], np.uint64))
        numbers = np.array([s.series for s in scopes], np.uint64)
        models = await self._subjects.models_of_channels(tenant_id, channels)
        commodities = {one.series: one.commodity for one in await self._subjects.series(tenant_id, numbers)}
        sources = await self._sources(tenant_id, channels, rules)
        found = {}
        for scope in scopes:
            mine = {feed.channel for feed in scope.feeds}
            found[scope.series] = {
                TargetKind.USAGE_POINT: frozenset({str(scope.usage_point_id)}),
                TargetKind.MODEL: frozenset(str(models[one]) for one in mine if one in models),
                TargetKind.COMMODITY: frozenset({commodities.get(scope.series, "")} - {""}),
                TargetKind.SOURCE: frozenset(sources[one] for one in mine if one in sources),
            }
        return found

    async def _keys_of_lanes(self, tenant_id: UUID, lanes: pa.Table, rules: _Rules) -> Keys:
        channels = lanes.column("channel").to_numpy()
        series = lanes.column("series").to_numpy()
        models = await self._subjects.models_of_channels(tenant_id, channels)
        commodities = {one.series: one.commodity for one in await self._subjects.series(tenant_id, series)}
        sources = await self._sources(tenant_id, channels, rules)
        model_of = [models.get(one) for one in channels.tolist()]
        return Keys(
            usage_point=lanes.column("usage_point_id").combine_chunks(),
            model=pa.array([None if one is None else one.bytes for one in model_of], pa.binary(16)),
            commodity=pa.array([commodities.get(one) for one in series.tolist()], pa.string()),
            source=pa.array([sources.get(one) for one in channels.tolist()], pa.string()),
        )

    async def _sources(self, tenant_id: UUID, channels: NDArray[np.uint64], rules: _Rules) -> dict[int, str]:
        """Who sent each channel's readings last: what comes before the colon of a block's source."""
        if not any(resolver.asks(TargetKind.SOURCE) for resolver in rules.resolvers.values()):
            return {}
        rows = await self._store.rows(
            "SELECT channel, splitByChar(':', argMax(toString(source), (received, sequence)))[1]"
            " FROM raw_reading WHERE tenant_id = {tenant:UUID} AND channel IN {channels:Array(UInt64)}"
            " GROUP BY channel",
            {"tenant": str(tenant_id), "channels": channels.tolist()},
        )
        return {int(channel): str(source) for channel, source in rows}


def _parts(scope: SeriesScope, changes: Sequence[datetime]) -> list[SeriesScope]:
    """The scope's days between the changes."""
    found, first = [], scope.out_first
    for number in range(scope.out_first + 1, scope.out_last + 1):
        before, now = (from_ms(day_at(scope.tz, day).start_ms) for day in (number - 1, number))
        if any(before < change <= now for change in changes):
            found.append(replace(scope, out_first=first, out_last=number - 1))
            first = number
    return [*found, replace(scope, out_first=first)]


def _edges(lanes: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first instants of the first and of the last days of lanes."""
    zones = lanes.column("tz").to_numpy(zero_copy_only=False)
    edges = []
    for name in ("first_day", "last_day"):
        days = lanes.column(name).to_numpy()
        found = np.zeros(len(lanes), np.int64)
        for zone in np.unique(zones):
            for day in np.unique(days[zones == zone]):
                found[(zones == zone) & (days == day)] = day_at(str(zone), int(day)).start_ms
        edges.append(found)
    return edges[0], edges[1]


def _taken(keys: Keys, places: NDArray[np.int64]) -> Keys:
    chosen = pa.array(places)
    return Keys(
        keys.usage_point.take(chosen),
        keys.model.take(chosen),
        keys.commodity.take(chosen),
        keys.source.take(chosen),
    )


def _adjusted(lanes: pa.Table, versions: NDArray[np.int64], knobs: Sequence[Knobs]) -> pa.Table:
    """The lanes with the bounds and signs that their rule sets make of them."""
    bound = lanes.column("max_hour").to_numpy().copy()
    negative = lanes.column("neg").to_numpy().copy()
    for one in knobs:
        mine = versions == one.rule_set_version
        known = mine & (bound >= 0)
        bound[known] = -1 if "V13" in one.off else bound[known] * one.limit_per_mille // 1000
        negative[mine] |= np.uint8("V08" in one.off)
    for name, column in (("max_hour", pa.array(bound)), ("neg", pa.array(negative))):
        lanes = lanes.set_column(lanes.schema.get_field_index(name), name, column)
    return lanes
