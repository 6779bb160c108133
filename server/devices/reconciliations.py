"""Comparisons of the inventory with network servers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices.errors import ReconciliationNotFound
from server.devices.provisioning import change, locked
from server.devices.provisioning import tell as tell_tasks
from server.devices.provisioning_rules import FAILED, UNDER_WAY, again
from server.devices.provisioning_tables import provisioning, reconciliation, reconciliation_difference
from server.platform.ids import new_id
from server.platform.sql import recordset
from server.platform.uow import Tx, UnitOfWork
from simba.devices.v1.provisioning_service_pb2 import ProvisioningMessage

SHOWN = 1000
"""Differences that are shown of one comparison."""
MISSING_THERE, DIFFERENT = "MISSING_THERE", "DIFFERENT"
_FIRST_SILENCE = timedelta(seconds=30)
_row, _found = reconciliation.c, reconciliation_difference.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How the two sides differ on one device."""

    kind: str
    """MISSING_THERE, ORPHAN_THERE, DIFFERENT or FOREIGN."""
    address: str
    device_kind: str = ""
    device_id: UUID | None = None
    description: str = ""
    repaired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One comparison."""

    reconciliation_id: UUID
    adapter: str
    repair: bool
    state: str
    """PENDING, RUNNING, SUCCEEDED or FAILED."""
    compared: int
    error: str
    create_time: datetime
    end_time: datetime | None
    differences: tuple[Difference, ...] = ()
    """The first thousand; not in lists."""
    difference_count: int = 0
    repaired_count: int = 0


class Reconciliations:
    """Use cases of comparisons."""

    def __init__(self, uow: UnitOfWork, *, lease: timedelta) -> None:
        self._uow = uow
        self._lease = lease

    async def start(self, adapter: str, *, repair: bool) -> Reconciliation:
        """Begins one; the adapter is told."""
        async with self._uow() as tx:
            return await self._one(tx, await begin(tx, adapter, repair=repair))

    async def get(self, reconciliation_id: UUID) -> Reconciliation:
        """One. Raises ReconciliationNotFound."""
        async with self._uow() as tx:
            return await self._one(tx, reconciliation_id)

    async def page(self, adapter: str, *, before: UUID | None, limit: int) -> Sequence[Reconciliation]:
        """Many, newest first; ``adapter`` empty: of all."""
        async with self._uow() as tx:
            query = sa.select(reconciliation).where(_row.tenant_id == tx.tenant_id)
            if adapter:
                query = query.where(_row.adapter == adapter)
            if before is not None:
                query = query.where(_row.reconciliation_id < before)
            rows = await tx.conn.execute(query.order_by(_row.reconciliation_id.desc()).limit(limit))
            found = [_read(row) for row in rows.mappings()]
            return await _counted(tx, found)

    async def report(
        self,
        reconciliation_id: UUID,
        *,
        state: str,
        compared: int,
        differences: Sequence[Difference] = (),
        error: str = "",
    ) -> Reconciliation:
        """Keeps what an adapter found; the same difference again only says whether it is repaired.

        With ``repair``, tasks of devices that are missing or different there are begun anew. A comparison
        that has ended stays as it is. Raises ReconciliationNotFound.
        """
        async with self._uow() as tx:
            query = (
                sa.select(_row.state, _row.repair)
                .where(_row.tenant_id == tx.tenant_id, _row.reconciliation_id == reconciliation_id)
                .with_for_update()
            )
            now = (await tx.conn.execute(query)).one_or_none()
            if now is None:
                raise ReconciliationNotFound(reconciliation_id)
            if now.state not in {"SUCCEEDED", "FAILED"}:
                await _keep(tx, reconciliation_id, differences)
                if now.repair:
                    await _begin_anew(tx, differences)
                over = state in {"SUCCEEDED", "FAILED"}
                values = {
                    "state": state if over else "RUNNING",
                    "compared": compared,
                    "error": error,
                    "told": 0,
                    "end_time": tx.now if over else None,
                    "next_attempt_time": None if over else tx.now + self._lease,
                }
                await tx.conn.execute(
                    sa.update(reconciliation)
                    .where(_row.tenant_id == tx.tenant_id, _row.reconciliation_id == reconciliation_id)
                    .values(**values)
                )
            return await self._one(tx, reconciliation_id)

    @staticmethod
    async def _one(tx: Tx, reconciliation_id: UUID) -> Reconciliation:
        query = sa.select(reconciliation).where(
            _row.tenant_id == tx.tenant_id, _row.reconciliation_id == reconciliation_id
        )
        row = (await tx.conn.execute(query)).mappings().one_or_none()
        if row is None:
            raise ReconciliationNotFound(reconciliation_id)
        shown = (
            sa.select(reconciliation_difference)
            .where(_found.tenant_id == tx.tenant_id, _found.reconciliation_id == reconciliation_id)
            .order_by(_found.kind, _found.address)
            .limit(SHOWN)
        )
        found = (await tx.conn.execute(shown)).mappings()
        differences = tuple(_read_difference(one) for one in found)
        return (await _counted(tx, [_read(row, differences)]))[0]


async def begin(tx: Tx, adapter: str, *, repair: bool) -> UUID:
    """Writes a comparison down, and tells the adapter; gives its id."""
    made = new_id()
    await tx.conn.execute(
        sa.insert(reconciliation).values(
            tenant_id=tx.tenant_id,
            reconciliation_id=made,
            adapter=adapter,
            repair=repair,
            state="PENDING",
            compared=0,
            error="",
            told=0,
            create_time=tx.now,
            next_attempt_time=tx.now + _FIRST_SILENCE,
        )
    )
    await tell(tx, adapter, made)
    return made


async def tell(tx: Tx, adapter: str, reconciliation_id: UUID) -> None:
    """Tells the adapter of a comparison to run."""
    await tx.send(f"adapter.{adapter}", ProvisioningMessage(reconciliation_id=str(reconciliation_id)))


async def _keep(tx: Tx, reconciliation_id: UUID, differences: Sequence[Difference]) -> None:
    # The last word on each: one statement cannot write a row twice.
    rows = {
        (one.kind, one.address): {
            "tenant_id": tx.tenant_id,
            "reconciliation_id": reconciliation_id,
            "kind": one.kind,
            "address": one.address,
            "device_id": one.device_id,
            "device_kind": one.device_kind,
            "description": one.description,
            "repaired": one.repaired,
        }
        for one in differences
    }
    if not rows:
        return
    given = list(rows.values())
    insert = pg.insert(reconciliation_difference).from_select(
        list(given[0]), recordset(reconciliation_difference, given)
    )
    await tx.conn.execute(
        insert.on_conflict_do_update(
            index_elements=["tenant_id", "reconciliation_id", "kind", "address"],
            set_={"repaired": sa.or_(_found.repaired, insert.excluded.repaired)},
        )
    )


async def _begin_anew(tx: Tx, differences: Sequence[Difference]) -> None:
    """Tasks of what the network server does not have as it is here: to be done once more."""
    for one in differences:
        if one.repaired or one.device_id is None or one.kind not in {MISSING_THERE, DIFFERENT}:
            continue
        task = await locked(tx, provisioning.c.device_id == one.device_id)
        if task is not None and task.state not in UNDER_WAY | {FAILED}:
            await change(tx, task.device_id, again(tx.now, present=task.present))
            await tell_tasks(tx, [(task.adapter, task.provisioning_task_id)])


async def _counted(tx: Tx, found: Sequence[Reconciliation]) -> list[Reconciliation]:
    ids = [one.reconciliation_id for one in found]
    query = (
        sa.select(
            _found.reconciliation_id,
            sa.func.count().label("all"),
            sa.func.count().filter(_found.repaired).label("repaired"),
        )
        .where(_found.tenant_id == tx.tenant_id, _found.reconciliation_id.in_(ids))
        .group_by(_found.reconciliation_id)
    )
    counts = {row[0]: (row[1], row[2]) for row in await tx.conn.execute(query)}
    return [
        replace(
            one,
            difference_count=counts.get(one.reconciliation_id, (0, 0))[0],
            repaired_count=counts.get(one.reconciliation_id, (0, 0))[1],
        )
        for one in found
    ]


def _read(row: Mapping[Any, Any], differences: tuple[Difference, ...] = ()) -> Reconciliation:
    names = (
        "reconciliation_id",
        "adapter",
        "repair",
        "state",
        "compared",
        "error",
        "create_time",
        "end_time",
    )
    return Reconciliation(**{name: row[name] for name in names}, differences=differences)


def _read_difference(row: Mapping[Any, Any]) -> Difference:
    return Difference(**{name: row[name] for name in Difference.__dataclass_fields__})
