"""How one interval came to its value: every rule with its inputs, its bound and its outcome."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from server.platform.ids import new_id
from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import from_ms, to_ms
from server.readings.domain import Method, Quality, decimal_text
from server.readings.ports import ChannelDirectory
from server.readings.vee import pure, rules
from server.readings.vee.estimation import History
from server.readings.vee.pure import Arrival, Cell
from server.readings.vee.ruling import Ruling
from server.readings.vee.scope import SeriesScope, day_at
from server.readings.vee.scoping import Scoping


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule made of one interval."""

    rule: str
    name: str
    passed: bool
    applicable: bool = True
    inputs: Mapping[str, str] = field(default_factory=dict)
    threshold: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The readings that an interval came from, and every rule of the set, in order."""

    inputs: Sequence[tuple[int, Arrival]]
    """Channel and reading."""
    outcomes: Sequence[RuleOutcome]


class Explainer:
    """Runs the pure rules over the series of the interval."""

    def __init__(
        self,
        store: TelemetryStore,
        directory: ChannelDirectory,
        clock: Callable[[], datetime],
        ruling: Ruling,
    ) -> None:
        self._ruling = ruling
        self._store = store
        self._directory = directory
        self._clock = clock

    async def explain(self, tenant_id: UUID, series: int, at_ms: int) -> Explanation | None:
        """How the interval that begins at a time comes to its value; None where there is no such interval."""
        scoping = Scoping(self._store, self._directory, tenant_id, new_id())
        scopes = await scoping.asked([series], at_ms, at_ms + 1, to_ms(self._clock()))
        if not scopes:
            return None
        # The scope has one day, and a day has one rule set.
        ((scope,),) = await self._ruling.scopes(tenant_id, scopes)
        arrivals = await self._arrivals(tenant_id, scope)
        cells = pure.run(scope, arrivals, await self._history(tenant_id, scope))
        cell = next((cell for cell in cells if cell.start == at_ms), None)
        if cell is None:
            return None
        day = [one for one in cells if one.day == cell.day]
        return Explanation(_inputs(scope, cell, arrivals), _outcomes(cell, day, scope.knobs))

    async def _arrivals(self, tenant_id: UUID, scope: SeriesScope) -> dict[int, list[Arrival]]:
        rows = await self._store.rows(
            """
            SELECT channel, toUnixTimestamp64Milli(ts), reinterpretAsInt64(value), quality,
                toUnixTimestamp64Milli(received), sequence
            FROM raw_reading
            WHERE tenant_id = {tenant:UUID} AND channel IN {channels:Array(UInt64)}
              AND ts >= fromUnixTimestamp64Milli({low:Int64}) AND ts <= fromUnixTimestamp64Milli({high:Int64})
            ORDER BY channel, ts""",
            {
                "tenant": str(tenant_id),
                "channels": sorted({feed.channel for feed in scope.feeds}),
                "low": scope.load_from,
                "high": scope.load_to,
            },
        )
        found: dict[int, list[Arrival]] = {}
        for channel, *rest in rows:
            found.setdefault(channel, []).append(Arrival(*rest))
        return found

    async def _history(self, tenant_id: UUID, scope: SeriesScope) -> History:
        first, last = (
            scope.first_day - scope.knobs.learns_from,
            scope.last_day + scope.knobs.reach_days,
        )
        rows = await self._store.rows(
            """
            SELECT toInt32(day) AS number, argMax((cells, valid, toUnixTimestamp64Milli(m.start),
                toInt64(m.interval_ms), micro, qualities), (generation, version)) AS last
            FROM measurement_day AS m
            WHERE tenant_id = {tenant:UUID} AND series = {series:UInt64}
              AND day >= toDate({first:Int32}) AND day <= toDate({last:Int32})
            GROUP BY number HAVING last.1 = last.2 AND bitAnd(last.6, {outage:UInt32}) = 0""",
            {
                "tenant": str(tenant_id),
                "series": scope.series,
                "first": first,
                "last": last,
                "outage": int(Quality.POWER_DOWN),
            },
        )
        history = {}
        for number, (_, _, start, step, values, _) in rows:
            day = day_at(scope.tz, number)
            if day.plain:
                history[number] = {
                    start + place * step - day.start_ms: value for place, value in enumerate(values)
                }
        return history


def _inputs(
    scope: SeriesScope, cell: Cell, arrivals: Mapping[int, Sequence[Arrival]]
) -> list[tuple[int, Arrival]]:
    found: list[tuple[int, Arrival]] = []
    tolerance = scope.knobs.tolerance(scope.interval_ms)
    for feed in scope.feeds:
        of_channel = [
            one for one in arrivals.get(feed.channel, ()) if feed.valid_from <= one.ms <= feed.valid_to
        ]
        if feed.register:
            before = [one for one in of_channel if one.ms <= cell.start][-1:]
            after = [one for one in of_channel if one.ms >= cell.end][:1]
            between = [one for one in of_channel if cell.start < one.ms < cell.end]
            found += [(feed.channel, one) for one in (*before, *between, *after)]
        else:
            found += [
                (feed.channel, one) for one in of_channel if abs(one.ms - cell.start) <= max(tolerance, 1)
            ]
    return found


def _outcomes(cell: Cell, day: Sequence[Cell], knobs: rules.Knobs) -> list[RuleOutcome]:
    value = "" if cell.value is None else decimal_text(cell.value)
    by_interval = cell.source == 1
    off_by = knobs.tolerance(cell.end - cell.start)
    outcomes = [
        _rule(
            "V03",
            not (cell.off and cell.crowded),
            {"off_grid": str(cell.off)},
            f"{cell.day_cells} intervals a day",
        ),
        _rule(
            "V04",
            not cell.off or cell.crowded,
            {"off_grid": str(cell.off)},
            f"{off_by / 1000:g} s from its place",
        ),
        _rule("V05", not cell.repeats, {"repeats": str(cell.repeats)}, "0"),
        _rule("V06", cell.source != 0, {"source": _SOURCES[cell.source]}),
        _rule(
            "V07",
            not cell.quality & (Quality.DEVICE_FLAG | Quality.CLOCK_INVALID),
            {"quality": str(cell.quality)},
        ),
        _rule("V08", not _faulty(cell, Quality.NEGATIVE), _observed(cell, value), "0"),
        _rule("V09", not cell.register.rolled, {"counted_across": decimal_text(cell.register.rolled)}),
        _sum_outcome(cell, knobs),
        _spike_outcome(cell, day, knobs),
        _rule(
            "V13",
            not _faulty(cell, Quality.LIMIT),
            _observed(cell, value),
            decimal_text(cell.cap) if cell.cap >= 0 else "",
            applicable=cell.cap >= 0 or not by_interval,
            why="no bound of use is set",
        ),
        _step_outcome(cell, value, knobs),
        _rule("V17", not cell.conflicts, {"conflicts": str(cell.conflicts)}, "0"),
    ]
    off = replace(_OFF, description=f"off in version {knobs.rule_set_version} of the rule set")
    told = [replace(off, rule=one.rule, name=one.name) if one.rule in knobs.off else one for one in outcomes]
    return [*told, *_estimation(cell, knobs)]


_OFF = RuleOutcome("", "", passed=True, applicable=False)


_SOURCES = {0: "none", 1: "interval channel", 2: "registers"}


def _faulty(cell: Cell, bit: Quality) -> bool:
    return bool((cell.quality | cell.register.fault) & bit)


def _observed(cell: Cell, value: str) -> dict[str, str]:
    if cell.register.fault:
        return {"value": value, "register_difference": decimal_text(cell.register.observed)}
    return {"value": value}


def _rule(
    rule: str,
    passed: bool,  # noqa: FBT001 - the outcome itself
    inputs: Mapping[str, str],
    threshold: str = "",
    *,
    applicable: bool = True,
    why: str = "",
) -> RuleOutcome:
    known = rules.RULES[rule]
    said = "" if passed else known.on_fail
    return RuleOutcome(
        rule,
        known.name,
        passed or not applicable,
        applicable,
        inputs,
        threshold,
        said if applicable else why,
    )


def _step_outcome(cell: Cell, value: str, knobs: rules.Knobs) -> RuleOutcome:
    failed = cell.stepped_from is not None
    inputs = {"value": value, "before": decimal_text(cell.stepped_from or 0)} if failed else {"value": value}
    return _rule("V14", not failed, inputs, f"{knobs.step_per_mille / 10:g} %")


def _sum_outcome(cell: Cell, knobs: rules.Knobs) -> RuleOutcome:
    applicable = cell.covered and cell.source == 1
    inputs = {"registers_of_the_interval": decimal_text(cell.counted)} if cell.covered else {}
    if cell.mismatch:
        inputs = {"intervals": decimal_text(cell.mismatch[0]), "registers": decimal_text(cell.mismatch[1])}
    return _rule(
        "V10",
        cell.mismatch is None,
        inputs,
        f"{knobs.sum_per_mille / 10:g} %, at least {knobs.sum_least_per_mille / 1000:g} units of the dial",
        applicable=applicable or cell.mismatch is not None,
        why="no intervals and registers side by side",
    )


def _spike_outcome(cell: Cell, day: Sequence[Cell], knobs: rules.Knobs) -> RuleOutcome:
    whole = len(day) == cell.day_cells
    verdict = rules.spike([one.value or 0 for one in day if not one.need], knobs) if whole else None
    if verdict is None or not verdict.applicable:
        why = "the day is not over" if verdict is None else verdict.reason
        return _rule("V11", passed=True, inputs={}, applicable=False, why=why)
    inputs = {"peak1": decimal_text(verdict.peak1), "peak3": decimal_text(verdict.peak3)}
    return _rule("V11", cell.spiked is None, inputs, f"{knobs.spike_per_mille / 10:g} %")


def _estimation(cell: Cell, knobs: rules.Knobs) -> list[RuleOutcome]:
    unused = "" if cell.need else "the value was measured and trusted"
    made = "" if cell.estimate is None else decimal_text(cell.estimate)
    names = {
        Method.LINEAR: (
            "E04",
            "Linear interpolation",
            f"gap of at most {knobs.linear_ms / rules.HOUR_MS:g} h",
        ),
        Method.NEAREST_DAYS: ("E05", "Mean of the nearest like days", f"{knobs.reference_days} days"),
        Method.LIKE_DAYS: ("E06", "Like days of two weeks", ""),
        Method.AVERAGE_LOAD: ("E09", "Average daily load", f"of {knobs.average_days} days"),
        Method.FLAT_TO_REGISTER: ("E09", "Register difference spread evenly", ""),
        Method.ZERO: ("E10", "Zero in a confirmed outage", ""),
    }
    outcomes = [
        RuleOutcome(
            rule,
            name,
            passed=cell.method is not method,
            applicable=cell.need and cell.method is method,
            inputs={"estimate": made} if cell.method is method else {},
            threshold=bound,
            description="estimated" if cell.method is method else unused or "another method was used",
        )
        for method, (rule, name, bound) in names.items()
    ]
    outcomes.append(
        RuleOutcome(
            "S",
            "Scaling to the registers",
            passed=not cell.is_scaled,
            applicable=cell.is_scaled,
            inputs={"from": from_ms(cell.window).isoformat()} if cell.is_scaled else {},
            description="scaled" if cell.is_scaled else unused or "no registers around",
        )
    )
    return outcomes
