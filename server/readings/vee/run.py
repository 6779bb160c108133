"""One run: the SQL steps in order, in tables of their own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.platform.telemetry_store import TelemetryStore
from server.readings.vee import scope, sql_cells, sql_estimates, sql_registers, sql_results, sql_tables
from server.readings.vee.rules import REFERENCE_REACH_DAYS
from server.readings.vee.scope import SeriesScope, day_at

SETTINGS = {
    "join_use_nulls": 0,
    "max_execution_time": 600,
    "compile_expressions": 0,
    "max_partitions_per_insert_block": 0,
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
    """The rules over some series of one tenant; made by :func:`prepared`."""

    def __init__(
        self, store: TelemetryStore, tenant_id: UUID, run_id: UUID, prefix: str, scopes: Sequence[SeriesScope]
    ) -> None:
        self._store = store
        self._prefix = prefix
        days = [(day_at(s.tz, s.out_first), day_at(s.tz, s.out_last)) for s in scopes]
        first, last = min(s.first_day for s in scopes), max(s.last_day for s in scopes)
        learn = [
            (day_at(s.tz, first - REFERENCE_REACH_DAYS), day_at(s.tz, last + REFERENCE_REACH_DAYS))
            for s in {s.tz: s for s in scopes}.values()
        ]
        self._params: dict[str, Any] = {
            "tenant": str(tenant_id),
            "run": str(run_id),
            "load_from": min(s.load_from for s in scopes),
            "load_to": max(s.load_to for s in scopes),
            "out_from": min(begin.start_ms for begin, _ in days),
            "out_to": max(end.end_ms for _, end in days),
            "first_day": first,
            "last_day": last,
            "learn_from": min(begin.start_ms for begin, _ in learn),
            "learn_to": max(end.end_ms for _, end in learn),
        }

    async def compute(self) -> RunCounts:
        """Runs the rules; nothing is stored yet."""
        p = self._prefix
        for step in (
            sql_tables.grid,
            sql_tables.bounds,
            sql_registers.readings,
            sql_registers.judged_readings,
            sql_registers.pairs,
            sql_registers.stretches,
            sql_cells.given,
            sql_cells.cells,
            sql_estimates.spikes,
            sql_estimates.gaps,
            sql_estimates.references,
            sql_estimates.guesses,
            sql_estimates.windows,
            sql_estimates.estimates,
            sql_estimates.mismatches,
            sql_estimates.finals,
            sql_results.vectors,
            sql_results.old,
            sql_results.standing,
            sql_results.findings,
        ):
            await self._do(step(p))
        row = (await self._store.rows(sql_results.counts(p)))[0]
        return RunCounts(*(int(n or 0) for n in row))

    async def store(self, version: int) -> None:
        """Stores what differs, as this version."""
        for statement in (
            sql_results.insert_days(self._prefix),
            sql_results.insert_findings(self._prefix),
            sql_results.insert_scope(self._prefix),
        ):
            await self._do(statement, version=version)

    async def finals(self) -> list[tuple[Any, ...]]:
        """Series, start, value, state, quality, method and rule of every interval of the days to write."""
        return await self._store.rows(sql_results.finals(self._prefix))

    async def _do(self, statement: str, **more: int) -> None:
        await self._store.command(statement, {**self._params, **more}, settings=SETTINGS)


@asynccontextmanager
async def prepared(
    store: TelemetryStore, tenant_id: UUID, run_id: UUID, scopes: Sequence[SeriesScope], portion: int = 0
) -> AsyncIterator[Run]:
    """A portion of a run with its tables made and filled; they are dropped at the end of the block."""
    prefix = f"{sql_tables.prefix_of(tenant_id)}{run_id.hex}_{portion}"
    try:
        for statement in sql_tables.create_tables(prefix):
            await store.command(statement)
        await store.insert(f"{prefix}_series", scope.series_table(scopes))
        await store.insert(f"{prefix}_feed", scope.feed_table(scopes))
        await store.insert(f"{prefix}_day", scope.day_table(scopes))
        yield Run(store, tenant_id, run_id, prefix, scopes)
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
