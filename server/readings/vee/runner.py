"""Runs: by themselves on what was touched, and at once on request."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy.ext.asyncio import AsyncEngine

from server.platform.caller import acting_as, system_caller
from server.platform.ids import new_id
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings.calendar import to_ms
from server.readings.ports import ChannelDirectory
from server.readings.vee import versions
from server.readings.vee.announcing import Announcer
from server.readings.vee.lanes import lanes_of, portions
from server.readings.vee.pending import Pending
from server.readings.vee.rules import Knobs
from server.readings.vee.ruling import Ruling
from server.readings.vee.run import Run, RunCounts, prepared, prepared_lanes, sweep
from server.readings.vee.scope import SeriesScope
from server.readings.vee.scoping import Scoping, Touch, split

_log = logging.getLogger(__name__)

CELLS_AT_ONCE = 2_000_000
"""Intervals that one set of tables holds; larger runs are done in portions."""
LANE_CELLS_AT_ONCE = 8_000_000
"""The same for lanes, whose days are arrays."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did."""

    run_id: UUID
    counts: RunCounts


class Runner:
    """Runs validation and estimation, one run of a tenant at a time."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: TelemetryStore,
        engine: AsyncEngine,
        directory: ChannelDirectory,
        clock: Callable[[], datetime],
        ruling: Ruling,
    ) -> None:
        self._ruling = ruling
        self._uow = uow
        self._store = store
        self._engine = engine
        self._directory = directory
        self._clock = clock
        self._announcer = Announcer(uow, store, directory)
        self._pending = Pending(uow, store, directory)

    async def run_touched(self) -> int:
        """Runs every tenant's touched days; returns how much was taken up.

        A tenant whose turn another worker has is passed over.
        """
        done = 0
        for tenant_id in await self._pending.tenants():
            with acting_as(system_caller(tenant_id)):
                async with versions.alone(self._engine, tenant_id, wait=False) as mine:
                    if mine:
                        done += await self._run_touched(tenant_id)
        return done

    async def run_series(
        self, tenant_id: UUID, series: Sequence[int], start: datetime, end: datetime, *, dry_run: bool = False
    ) -> Outcome:
        """Runs the local days of series that have an instant in ``[start, end)``.

        With ``dry_run`` it tells what would change and stores nothing. Waits for a run that is under way.
        """
        run_id = new_id()
        if not dry_run:
            await self._tell(run_id, series, start, end)
        async with versions.alone(self._engine, tenant_id, wait=True):
            with acting_as(system_caller(tenant_id)):
                scoping = Scoping(self._store, self._directory, tenant_id, run_id)
                now = to_ms(self._clock())
                scopes = await scoping.asked(series, to_ms(start), to_ms(end), now)
                if dry_run:
                    await sweep(self._store, tenant_id)
                else:
                    await self._begin(tenant_id)
                counts = await self._run(tenant_id, run_id, scopes, dry_run=dry_run)
            return Outcome(run_id, counts)

    async def _tell(self, run_id: UUID, series: Sequence[int], start: datetime, end: datetime) -> None:
        """That somebody asked for a run; those that readings ask for are in the versions of the readings."""
        told = {"series": list(series), "start_time": start, "end_time": end}
        async with self._uow() as tx:
            await tx.changed(kind="vee_run", resource_id=run_id, action="requested", after=told)

    async def _run_touched(self, tenant_id: UUID) -> int:
        work = await self._pending.of(tenant_id)
        if len(work.touches) or work.moved:
            run_id = new_id()
            await self._begin(tenant_id)
            lanes, others = await lanes_of(self._directory, tenant_id, work.touches)
            lanes, out, knobs = await self._ruling.lanes(tenant_id, lanes)
            apart = work.touches.filter(pc.is_in(work.touches.column("channel"), value_set=out))
            counts, left = await self._run_lanes(tenant_id, run_id, lanes, knobs)
            scopes = await Scoping(self._store, self._directory, tenant_id, run_id).touched(
                [*_touches(others), *_touches(apart), *left, *work.moved]
            )
            counts = counts.plus(await self._run(tenant_id, run_id, scopes, dry_run=False))
            told = {"run_id": str(run_id), "lanes": len(lanes), "scopes": len(scopes), **asdict(counts)}
            _log.info("validated %d series", len(lanes) + len(scopes), extra=told)
        await self._pending.done(work)
        return len(work)

    async def _begin(self, tenant_id: UUID) -> None:
        """Clears away what runs have left whose process died."""
        await sweep(self._store, tenant_id)
        await self._close_abandoned(tenant_id)

    async def _run_lanes(
        self, tenant_id: UUID, run_id: UUID, lanes: pa.Table, knobs: Sequence[Knobs]
    ) -> tuple[RunCounts, list[Touch]]:
        """Runs lanes; returns what it did, and the days that want more than themselves."""
        total = RunCounts()
        left: list[Touch] = []
        for number, portion in enumerate(portions(lanes, LANE_CELLS_AT_ONCE)):
            async with prepared_lanes(self._store, tenant_id, run_id, portion, number, knobs) as run:
                total = total.plus(await self._computed(run_id, run, tenant_id, dry_run=False))
                left += [Touch(*row) for row in await run.left()]
        return total, left

    async def _run(
        self, tenant_id: UUID, run_id: UUID, scopes: Sequence[SeriesScope], *, dry_run: bool
    ) -> RunCounts:
        total = RunCounts()
        groups = await self._ruling.scopes(tenant_id, scopes)
        each = (portion for group in groups for portion in split(group, CELLS_AT_ONCE))
        for number, portion in enumerate(each):
            async with prepared(self._store, tenant_id, run_id, portion, number) as run:
                total = total.plus(await self._computed(run_id, run, tenant_id, dry_run=dry_run))
        return total

    async def _computed(self, run_id: UUID, run: Run, tenant_id: UUID, *, dry_run: bool) -> RunCounts:
        """Computes a portion, and stores it as a version of its own where it differs."""
        counts = await run.compute()
        if not dry_run and not counts.nothing_new:
            async with self._uow() as tx:
                version = await versions.begin(tx, run_id)
            await run.store(version)
            await self._announcer.end(tenant_id, version, asdict(counts))
        return counts

    async def _close_abandoned(self, tenant_id: UUID) -> None:
        """Ends runs whose process died while it stored: what it had stored stands, the rest is done anew."""
        async with self._uow() as tx:
            left = await versions.open_runs(tx)
        for version, run_id in left:
            _log.warning("run %s was abandoned", run_id, extra={"version": version})
            await self._announcer.end(tenant_id, version, {"abandoned": True})


def _touches(table: pa.Table) -> list[Touch]:
    columns = (table.column(name).to_pylist() for name in ("channel", "low", "high"))
    return [Touch(*row) for row in zip(*columns, strict=True)]
