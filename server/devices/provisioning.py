"""What network servers are to know of devices: written down by whoever changes a device, in its transaction.

The task of a device says what is to be (``present``, ``desired``), counted by its generation. The adapter is
told over the bus, works, and reports (:mod:`server.devices.provisioning_tasks`); one that says nothing is
told again (:mod:`server.devices.provisioning_timer`), so nothing depends on a message or a process.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices.provisioning_rules import FAILED, UNDER_WAY, Managed, Task, again
from server.devices.provisioning_tables import provisioning
from server.platform.ids import new_id
from server.platform.sql import among, recordset
from server.platform.uow import Tx
from simba.devices.v1.provisioning_service_pb2 import ProvisioningMessage

_row = provisioning.c


async def want(tx: Tx, device: Managed, *, present: bool, rekeyed: bool = False) -> None:
    """Writes down that a device is to be known as it is given, or (``present`` false) not to be known.

    Call it in the transaction that changes the device; a call that changes nothing leaves no task, unless
    its keys are new (``rekeyed``). A device that was never managed and is not to be is left alone.
    """
    await want_many(tx, [device], present=present, rekeyed=rekeyed)


async def want_many(tx: Tx, devices: Sequence[Managed], *, present: bool, rekeyed: bool = False) -> None:
    """:func:`want` for many, by one statement."""
    if not devices:
        return
    rows = [_new(tx, one, present=present) for one in devices]
    changed = await (_put(tx, rows, rekeyed=rekeyed) if present else _drop(tx, rows))
    await tell(tx, changed)


async def retry(tx: Tx, device_id: UUID) -> None:
    """Begins anew what failed or waits for its next try; otherwise nothing is to be done."""
    task = await locked(tx, _row.device_id == device_id)
    if task is not None and task.state in UNDER_WAY | {FAILED}:
        await change(tx, task.device_id, again(tx.now, present=task.present))
        await tell(tx, [(task.adapter, task.provisioning_task_id)])


async def model_changed(tx: Tx, device_model_id: UUID) -> None:
    """A model's profile in the network server is to follow: any device of it takes it along."""
    one = (
        sa.select(_row.device_id)
        .where(_row.tenant_id == tx.tenant_id, _row.device_model_id == device_model_id, _row.present)
        .order_by(_row.device_id)
        .limit(1)
    )
    changed = await tx.conn.execute(
        sa.update(provisioning)
        .where(_row.tenant_id == tx.tenant_id, _row.device_id.in_(one))
        .values(generation=_row.generation + 1, **again(tx.now, present=True))
        .returning(_row.adapter, _row.provisioning_task_id)
    )
    await tell(tx, [(row.adapter, row.provisioning_task_id) for row in changed])


async def of_devices(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Task]:
    """How far devices are, by id; those that are not managed are left out."""
    query = sa.select(provisioning).where(_row.tenant_id == tx.tenant_id, among(_row.device_id, ids))
    return {row["device_id"]: read(row) for row in (await tx.conn.execute(query)).mappings()}


def in_state(tx: Tx, kind: str, state: str) -> sa.Select[tuple[UUID]]:
    """Ids of devices of a kind that are in a state, for filters of lists."""
    return sa.select(_row.device_id).where(
        _row.tenant_id == tx.tenant_id, _row.kind == kind, _row.state == state
    )


async def tell(tx: Tx, tasks: Iterable[tuple[str, UUID]]) -> None:
    """Tells adapters of tasks; each is the adapter and the task's id."""
    for adapter, task_id in tasks:
        message = ProvisioningMessage(provisioning_task_id=str(task_id))
        await tx.send(f"adapter.{adapter}", message)


async def locked(tx: Tx, which: sa.ColumnElement[bool]) -> Task | None:
    """One task, held until the transaction ends."""
    query = sa.select(provisioning).where(_row.tenant_id == tx.tenant_id, which).with_for_update()
    row = (await tx.conn.execute(query)).mappings().one_or_none()
    return None if row is None else read(row)


async def change(tx: Tx, device_id: UUID, values: Mapping[str, Any]) -> None:
    """Changes columns of one task."""
    await tx.conn.execute(
        sa.update(provisioning)
        .where(_row.tenant_id == tx.tenant_id, _row.device_id == device_id)
        .values(**values)
    )


def read(row: Mapping[Any, Any]) -> Task:
    """A task from its row."""
    values = {name: row[name] for name in Task.__dataclass_fields__}
    return Task(**{**values, "former_addresses": tuple(row["former_addresses"])})


def _new(tx: Tx, device: Managed, *, present: bool) -> dict[str, Any]:
    return {
        "tenant_id": tx.tenant_id,
        "device_id": device.device_id,
        "provisioning_task_id": new_id(),
        "kind": device.kind,
        "adapter": device.adapter,
        "address": device.address,
        "former_addresses": [],
        "device_model_id": device.device_model_id,
        "present": present,
        "desired": device.desired,
        "generation": 1,
        "network_ids": {},
        **again(tx.now, present=present),
    }


async def _put(tx: Tx, rows: list[dict[str, Any]], *, rekeyed: bool) -> list[tuple[str, UUID]]:
    insert = pg.insert(provisioning).from_select(list(rows[0]), recordset(provisioning, rows))
    new, old = insert.excluded, _row
    known = ("address", "device_model_id", "desired", "present")
    differs = sa.or_(sa.literal(rekeyed), *(old[name].is_distinct_from(new[name]) for name in known))
    moved = sa.case(
        (old.address != new.address, old.former_addresses.op("||")(sa.func.to_jsonb(old.address))),
        else_=old.former_addresses,
    )
    values = {name: new[name] for name in (*known, *again(tx.now, present=True))}
    query = insert.on_conflict_do_update(
        index_elements=["tenant_id", "device_id"],
        set_={**values, "former_addresses": moved, "generation": old.generation + 1},
        where=differs,
    ).returning(old.adapter, old.provisioning_task_id)
    return [(row[0], row[1]) for row in await tx.conn.execute(query)]


async def _drop(tx: Tx, rows: list[dict[str, Any]]) -> list[tuple[str, UUID]]:
    query = (
        sa.update(provisioning)
        .where(
            _row.tenant_id == tx.tenant_id,
            among(_row.device_id, [row["device_id"] for row in rows]),
            _row.present,
        )
        .values(present=False, generation=_row.generation + 1, **again(tx.now, present=False))
        .returning(_row.adapter, _row.provisioning_task_id)
    )
    return [(row[0], row[1]) for row in await tx.conn.execute(query)]
