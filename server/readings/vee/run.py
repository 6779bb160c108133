"""One run: the SQL steps in order, in tables of their own."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from server.platform.telemetry_store import TelemetryStore
from server.readings.domain import Method
from server.readings.vee import (
    scope,
    sql_cells,
    sql_estimates,
    sql_lanes,
    sql_registers,
    sql_results,
    sql_tables,
)
from server.readings.vee.rules import DEFAULT, Knobs
from server.readings.vee.scope import SeriesScope, day_at

SETTINGS = {
    "join_use_nulls": 0,
    "max_execution_time": 600,
    "compile_expressions": 0,
    "max_partitions_per_insert_block": 0,
    # Rows of one key are merged in the background as well; doing it before storing costs half of the insert.
    "optimize_on_insert": 0,
}
"""Of the statements of a run."""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run found."""

    intervals: int = 0
    changed: int = 0
    estimated: int = 0
    missing: int = 0
    exceptions: int = 0
    other_changes: int = 0
    """Findings that differ from what is stored."""
    corrected: int = 0
    """Intervals that had another value before."""

    @property
    def nothing_new(self) -> bool:
        """Whether all of it is stored already."""
        return not self.changed and not self.other_changes

    def plus(self, other: "RunCounts") -> "RunCounts":
        """Both together."""
        return RunCounts(
            self.intervals + other.intervals,
            self.changed + other.changed,
            self.estimated + other.estimated,
            self.missing + other.missing,
            self.exceptions + other.exceptions,
            self.other_changes + other.other_changes,
            self.corrected + other.corrected,
        )


class Run:
    """The rules over some series of one tenant; made by :func:`prepared` and :func:`prepared_lanes`."""

    def __init__(self, store: TelemetryStore, prefix: str, params: Mapping[str, Any], plan: "Plan") -> None:
        self._store = store
        self._prefix = prefix
        self._params = dict(params)
        self._plan = plan

    async def compute(self) -> RunCounts:
        """Runs the rules; nothing is stored yet."""
        for step in self._plan.steps(self._prefix):
            if isinstance(step, str):
                await self._do(step)
            elif await self._store.rows(step.asked):
                await self._do(step.statement)
        row = (await self._store.rows(sql_results.counts(self._prefix)))[0]
        return RunCounts(*(int(n or 0) for n in row))

    async def store(self, version: int) -> None:
        """Stores what differs, as this version."""
        for statement in self._plan.stores(self._prefix):
            await self._do(statement, version=version)

    async def finals(self) -> list[tuple[Any, ...]]:
        """Series, start, value, state, quality, method and rule of every interval of the days to write."""
        return await self._store.rows(sql_results.finals(self._prefix))

    async def left(self) -> list[tuple[int, int, int]]:
        """What lanes have left for the other steps: channel, and from when to when, milliseconds."""
        rows = await self._store.rows(f"SELECT channel, low, high FROM {self._prefix}_hard")
        return [(int(channel), int(low), int(high)) for channel, low, high in rows]

    async def _do(self, statement: str, **more: int) -> None:
        await self._store.command(statement, {**self._params, **more}, settings=SETTINGS)


@dataclass(frozen=True, slots=True)
class Step:
    """SQL that is left out where nobody asks for what it makes."""

    statement: str
    asked: str
    """SQL that gives a row where it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which SQL a run consists of, by the prefix of its tables."""

    tables: tuple[str, ...]
    steps: Callable[[str], Sequence["str | Step"]]
    stores: Callable[[str], Sequence[str]]


def _methods(p: str) -> Iterator["Step"]:
    """The methods of estimation; each learns only where it is wanted, for most runs nowhere."""
    yield Step(sql_estimates.known_at_once(p), f"SELECT 1 FROM {p}_gap LIMIT 1")
    learning = (
        (Method.NEAREST_DAYS, sql_estimates.nearest_days, sql_estimates.means),
        (Method.LIKE_DAYS, sql_estimates.like_days, sql_estimates.means),
        (Method.AVERAGE_LOAD, sql_estimates.days_before, sql_estimates.averages),
    )
    for method, look, learn in learning:
        yield Step(look(p), f"SELECT 1 FROM ({sql_estimates.wanted(p, method)}) LIMIT 1")
        yield Step(learn(p, method), f"SELECT 1 FROM {p}_reference WHERE method = {int(method)} LIMIT 1")


SERIES = Plan(
    sql_tables.RUN_TABLES,
    lambda p: (
        sql_tables.grid(p),
        sql_tables.bounds(p),
        sql_registers.readings(p),
        sql_registers.judged_readings(p),
        sql_registers.pairs(p),
        sql_registers.stretches(p),
        sql_cells.given(p),
        sql_cells.cells(p),
        sql_estimates.spikes(p),
        sql_estimates.steps(p),
        sql_estimates.gaps(p),
        *_methods(p),
        sql_estimates.windows(p),
        sql_estimates.estimates(p),
        sql_estimates.mismatches(p),
        sql_estimates.finals(p),
        sql_results.vectors(p),
        sql_results.old(p),
        sql_results.standing(p),
        sql_results.findings(p, sql_results.found(p), sql_results.looked_at(p)),
    ),
    lambda p: (
        sql_results.insert_days(p),
        sql_results.insert_findings(p),
        sql_results.insert_scope(p),
    ),
)
"""Any series: registers and intervals, gaps of any length."""

LANES = Plan(
    sql_tables.LANE_TABLES,
    lambda p: (
        sql_lanes.read(p),
        sql_lanes.dense(p),
        sql_lanes.judged(p),
        sql_lanes.mended(p),
        sql_results.old(p, of="lane"),
        sql_lanes.opened(p),
        sql_lanes.hard(p),
        sql_lanes.vector(p),
        sql_results.standing(p),
        sql_results.findings(p, sql_lanes.found(p), sql_lanes.looked_at(p), of="lane"),
    ),
    lambda p: (sql_results.insert_days(p), sql_results.insert_findings(p, of="lane")),
)
"""Series that one interval channel feeds, day by day; see ``sql_lanes``."""


@asynccontextmanager
async def prepared(
    store: TelemetryStore, tenant_id: UUID, run_id: UUID, scopes: Sequence[SeriesScope], portion: int = 0
) -> AsyncIterator[Run]:
    """A portion of a run with its tables made and filled; they are dropped at the end of the block."""
    filled = {
        "severity": scope.severity_table({s.knobs for s in scopes}),
        "method": scope.method_table({s.knobs for s in scopes}),
        "series": scope.series_table(scopes),
        "feed": scope.feed_table(scopes),
        "day": scope.day_table(scopes),
    }
    params = {
        **_span(
            [s.tz for s in scopes],
            [(s.first_day, s.last_day) for s in scopes],
            max(s.knobs.reach_days for s in scopes),
        ),
        "learn": max(s.knobs.learns_from for s in scopes),
        "load_from": min(s.load_from for s in scopes),
        "load_to": max(s.load_to for s in scopes),
    }
    async with _tables(store, tenant_id, run_id, f"s{portion}", SERIES, filled, params) as run:
        yield run


@asynccontextmanager
async def prepared_lanes(
    store: TelemetryStore,
    tenant_id: UUID,
    run_id: UUID,
    lanes: pa.Table,
    portion: int = 0,
    knobs: Collection[Knobs] = (DEFAULT,),
) -> AsyncIterator[Run]:
    """A portion of a run of lanes (:data:`server.readings.vee.lanes.LANES`), all of one zone; as above.

    ``knobs`` are those of all versions of rule sets that the lanes name.
    """
    tz = lanes.column("tz")[0].as_py()
    first, last = pc.min(lanes.column("first_day")).as_py(), pc.max(lanes.column("last_day")).as_py()
    params = {
        **_span([tz], [(first, last)], 0),
        "tz": tz,
        "load_from": day_at(tz, first).start_ms,
        "load_to": day_at(tz, last).end_ms,
    }
    filled = {
        "lane": lanes.drop_columns("tz"),
        "knobs": scope.knobs_table(knobs),
        "severity": scope.severity_table(knobs),
        "day": scope.days_between(tz, first, last),
    }
    async with _tables(store, tenant_id, run_id, f"l{portion}", LANES, filled, params) as run:
        yield run


def _span(zones: Iterable[str], days: Iterable[tuple[int, int]], reach: int) -> dict[str, int]:
    """Parameters of which days a run looks at, and may learn from."""
    firsts, lasts = zip(*days, strict=True)
    first, last = min(firsts), max(lasts)
    learn = [(day_at(tz, first - reach), day_at(tz, last + reach)) for tz in set(zones)]
    return {
        "first_day": first,
        "last_day": last,
        "reach": reach,
        "learn_from": min(begin.start_ms for begin, _ in learn),
        "learn_to": max(end.end_ms for _, end in learn),
    }


@asynccontextmanager
async def _tables(
    store: TelemetryStore,
    tenant_id: UUID,
    run_id: UUID,
    name: str,
    plan: Plan,
    filled: Mapping[str, pa.Table],
    params: Mapping[str, Any],
) -> AsyncIterator[Run]:
    prefix = f"{sql_tables.prefix_of(tenant_id)}{run_id.hex}_{name}"
    try:
        for statement in sql_tables.create_tables(prefix, plan.tables):
            await store.command(statement)
        for table, rows in filled.items():
            await store.insert(f"{prefix}_{table}", rows)
        yield Run(store, prefix, {**params, "tenant": str(tenant_id), "run": str(run_id)}, plan)
    finally:
        await store.command(sql_tables.drop_tables(prefix))


async def sweep(store: TelemetryStore, tenant_id: UUID) -> None:
    """Drops what runs of a tenant have left whose process died; for who holds the tenant's right to run."""
    found = await store.rows(
        "SELECT name FROM system.tables"
        " WHERE database = currentDatabase() AND startsWith(name, {prefix:String})",
        {"prefix": sql_tables.prefix_of(tenant_id)},
    )
    if found:
        await store.command(f"DROP TABLE IF EXISTS {', '.join(name for (name,) in found)}")
