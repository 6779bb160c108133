"""Values that people set, laid over final data as a new version."""

from uuid import UUID

import numpy as np
import pyarrow as pa
from sqlalchemy.ext.asyncio import AsyncEngine

from server.platform.caller import acting_as, system_caller
from server.platform.ids import new_id
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings.vee import sql_results, sql_tables, versions
from server.readings.vee.announcing import Announcer
from server.readings.vee.run import SETTINGS

DAY_MS = 86_400_000

CHANGES = pa.schema(
    [
        ("series", pa.uint64()),
        ("ms", pa.int64()),
        ("micro", pa.int64()),
        ("state", pa.uint8()),
        ("quality", pa.uint32()),
        ("method", pa.uint8()),
        ("rule", pa.string()),
    ]
)
"""What an overlay takes: starts of intervals of series, and what they are to be. Each interval once."""


class Overlay:
    """Writes values over final ones; one at a time for each tenant, and never beside a run of the rules."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: TelemetryStore,
        announcer: Announcer,
        engine: AsyncEngine,
    ) -> None:
        self._uow = uow
        self._store = store
        self._announcer = announcer
        self._engine = engine

    async def write(self, tenant_id: UUID, changes: pa.Table) -> int:
        """Stores changes (:data:`CHANGES`) as a new version, and returns it; 0 where nothing differs.

        Values change where there is an interval, missing or not; others are left out. What had been final
        is announced as corrected. Repeating a call whose end was not seen is safe.
        """
        run_id = new_id()
        p = f"{sql_tables.prefix_of(tenant_id)}{run_id.hex}_0"
        changes = changes.select(CHANGES.names).cast(CHANGES)
        low, high = (int(edge) for edge in _edges(changes))
        params = {
            "tenant": str(tenant_id),
            "run": str(run_id),
            "first_day": max(low // DAY_MS - 1, 0),
            "last_day": high // DAY_MS + 1,
        }
        async with versions.alone(self._engine, tenant_id, wait=True):
            try:
                for statement in sql_tables.create_tables(p, ("vector", "change")):
                    await self._store.command(statement)
                await self._store.insert(f"{p}_change", changes)
                for step in (
                    sql_results.old(p, of="change"),
                    sql_results.edited(p),
                    sql_results.standing(p, edits_stand=False),
                ):
                    await self._store.command(step, params, settings=SETTINGS)
                ((count,),) = await self._store.rows(f"SELECT count() FROM {p}_standing")
                if not count:
                    return 0
                with acting_as(system_caller(tenant_id)):
                    async with self._uow() as tx:
                        version = await versions.begin(tx, run_id)
                    await self._store.command(
                        sql_results.insert_days(p), {**params, "version": version}, settings=SETTINGS
                    )
                    await self._announcer.end(tenant_id, version, {"edited": int(count)})
                return version
            finally:
                await self._store.command(sql_tables.drop_tables(p))


def _edges(changes: pa.Table) -> tuple[np.int64, np.int64]:
    times = changes.column("ms").to_numpy()
    return times.min(), times.max()
