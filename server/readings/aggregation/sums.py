"""Sums of final data by key and span: whole local days from their sums, the rest value by value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.platform.telemetry_store import TelemetryStore
from server.readings.aggregation.domain import Plan, Segments, counted, days_apart, expected
from server.readings.domain import Int64s, State
from server.readings.final import day_rows, interval_rows
from server.readings.queries.spans import DAY, starts_of

_STATES = (State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.EDITED)
_NAMES = ("valid", "suspect", "estimated", "edited")
_MEMBERS = "members"
_SERIES = f"(SELECT series FROM {_MEMBERS})"


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of an answer."""

    edges: Int64s
    """Where they begin, and the end of the last one."""
    zone: str
    of_days: bool
    """Whether they begin and end with local days of the zone, but for the ends of the period."""

    def __len__(self) -> int:
        return len(self.edges) - 1

    def part(self, first: int, last: int) -> "Spans":
        """Those from one place to before another."""
        return Spans(self.edges[first : last + 1], self.zone, self.of_days)


@dataclass(frozen=True, slots=True)
class Sums:
    """What was found: arrays of keys by spans."""

    micro: NDArray[np.object_]
    """Python's integers, which know no bounds."""
    counts: Int64s
    """Of validated, suspect, estimated and edited intervals: a further, first axis."""
    quality: Int64s
    expected: Int64s
    missing: Int64s
    series: Int64s

    @property
    def having(self) -> Int64s:
        """Intervals with a value."""
        total: Int64s = self.counts.sum(axis=0)
        return total


class Summing:
    """Asks the engine."""

    def __init__(self, store: TelemetryStore) -> None:
        self._store = store

    async def of(self, tenant_id: UUID, plan: Plan, spans: Spans, watermark: int, now_ms: int) -> Sums:
        """The sums of a plan up to a version; what begins at ``now_ms`` or later is not missing yet."""
        shape = len(plan.keys), len(spans)
        micro: NDArray[np.object_] = np.zeros(shape, object)
        counts, quality = np.zeros((len(_STATES), *shape), np.int64), np.zeros(shape, np.int64)
        start, end = int(spans.edges[0]), int(spans.edges[-1])
        within = _within(plan.stays, start, end)
        stays, zone = plan.stays.only(within), plan.zone[within]
        stays = Segments(stays.series, stays.key, np.maximum(stays.low, start), np.minimum(stays.high, end))
        whole, rest = stays.only(np.zeros(len(stays), np.bool_)), stays
        if spans.of_days:
            fits = np.array([one == spans.zone for one in plan.zones], np.bool_)[zone]
            days = np.append(starts_of(DAY, spans.zone, start, end), _end_of_days(spans.zone, end))
            whole, rest = days_apart(stays, days, fits)
        for segments, sql in ((whole, _DAYS), (rest, _INTERVALS)):
            if not len(segments):
                continue
            table = await self._ask(tenant_id, segments, spans, watermark, sql)
            place = table["key"].to_numpy().astype(np.int64), table["span"].to_numpy().astype(np.int64)
            # A key and span may have both: whole days and the rest of one that was cut.
            micro[place] += np.array([int(one) for one in table["micro"].to_pylist()], object)
            for number, name in enumerate(_NAMES):
                counts[(number, *place)] += table[name].to_numpy().astype(np.int64)
            quality[place] |= table["quality"].to_numpy().astype(np.int64)
        due = expected(plan, spans.edges, now_ms)
        having = counts.sum(axis=0)
        return Sums(
            micro,
            counts,
            quality,
            np.maximum(expected(plan, spans.edges, end), having),
            np.maximum(due - having, 0),
            counted(plan, spans.edges),
        )

    async def _ask(
        self,
        tenant_id: UUID,
        segments: Segments,
        spans: Spans,
        watermark: int,
        sql: "Callable[[str, str], str]",
    ) -> pa.Table:
        low, high = int(segments.low.min()), int(segments.high.max())
        columns: dict[str, Any] = {"series": pa.array(segments.series.astype(np.uint64))}
        structure = "series UInt64"
        alike = bool((segments.low == low).all() and (segments.high == high).all())
        one_key = bool((segments.key == segments.key[0]).all())
        key, join = str(int(segments.key[0])), ""
        if not (alike and one_key):
            columns["key"] = pa.array(segments.key.astype(np.uint32))
            structure += ", key UInt32"
            key, join = "m.key", f"INNER JOIN {_MEMBERS} AS m ON m.series = d.series"
        if not alike:
            columns |= {"low": pa.array(segments.low), "high": pa.array(segments.high)}
            structure += ", low Int64, high Int64"
            join += " WHERE d.ms >= m.low AND d.ms < m.high"
        params: dict[str, Any] = {
            "tenant": str(tenant_id),
            "start": low,
            "end": high,
            "watermark": watermark,
        }
        span = _span_sql(spans.edges, params)
        statement = f"SELECT {key} AS key, {span} AS span, {sql(_SERIES, join)} GROUP BY key, span"
        return await self._store.query(statement, params, tables={_MEMBERS: (pa.table(columns), structure)})


def _DAYS(series: str, join: str) -> str:  # noqa: N802 - one of two kinds of statements
    counts = ", ".join(f"sum(d.{name}) AS {name}" for name in _NAMES)
    return f"""toString(sum(d.micro)) AS micro, {counts}, groupBitOr(d.quality) AS quality
        FROM (SELECT *, start_ms AS ms FROM {day_rows(series)}) AS d {join}"""


def _INTERVALS(series: str, join: str) -> str:  # noqa: N802 - the other one
    counts = ", ".join(
        f"countIf(d.state = {int(state)}) AS {name}" for name, state in zip(_NAMES, _STATES, strict=True)
    )
    there = f"d.state != {int(State.MISSING)}"
    return f"""toString(sumIf(toInt128(d.micro), {there})) AS micro, {counts},
        groupBitOrIf(d.quality, {there}) AS quality
        FROM {interval_rows(series, columns=("micro", "state", "quality"))} AS d {join}"""


def _span_sql(edges: Int64s, params: dict[str, Any]) -> str:
    """SQL of the place of the span in which ``d.ms`` lies; adds what it needs to the parameters."""
    if len(edges) == 2:  # noqa: PLR2004 - begin and end
        return "0"
    steps = np.diff(edges[:-1])
    step = int(steps[0]) if len(steps) else 0
    if (steps == step).all() and edges[-1] - edges[-2] <= step:
        params |= {"first": int(edges[0]), "step": step}
        return "intDiv(d.ms - {first:Int64}, {step:Int64})"
    params["edges"] = edges.tolist()
    return "indexOf({edges:Array(Int64)}, roundDown(d.ms, {edges:Array(Int64)})) - 1"


def _within(stays: Segments, start: int, end: int) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (stays.low < end) & (stays.high > start)
    return found


def _end_of_days(zone: str, end: int) -> int:
    """The end of the local day that has the last instant before ``end``."""
    return int(starts_of(DAY, zone, end - 1, end + 3 * 86_400_000)[1])
