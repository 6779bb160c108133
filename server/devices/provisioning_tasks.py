"""The adapters' side of provisioning: what is to be done for a device, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa

from server.devices.device_keys import DeviceKeys
from server.devices.domain import DeviceModel
from server.devices.errors import ProvisioningTaskNotFound
from server.devices.provisioning import change, locked, read, tell
from server.devices.provisioning_rules import (
    ACTIVE,
    FAILED,
    REMOVED,
    UNDER_WAY,
    Report,
    Task,
    after,
    settled,
)
from server.devices.provisioning_tables import provisioning
from server.devices.stores import device_models
from server.platform.errors import InvalidField
from server.platform.uow import Tx, UnitOfWork

_row = provisioning.c


class KeyReader(Protocol):
    """Gives the keys of a device in the clear."""

    async def get(self, tx: Tx, device_id: UUID) -> DeviceKeys:
        """All that are kept; empty where none is."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task with all that is needed to do it."""

    task: Task
    model: DeviceModel | None
    keys: DeviceKeys | None


class ProvisioningTasks:
    """Hands tasks out and takes reports. An adapter that says nothing for ``lease`` is told again."""

    def __init__(self, uow: UnitOfWork, keys: KeyReader, *, lease: timedelta) -> None:
        self._uow = uow
        self._keys = keys
        self._lease = lease

    async def take(self, task_id: UUID) -> Assignment | None:
        """A task to be done, its keys included; None: nothing is to be done any more.

        Raises ProvisioningTaskNotFound.
        """
        async with self._uow() as tx:
            task = await self._held(tx, task_id)
            if task.state not in UNDER_WAY:
                return None
            task = replace(task, attempts=task.attempts + 1, next_attempt_time=tx.now + self._lease)
            taken = {"attempts": task.attempts, "told": 0, "next_attempt_time": task.next_attempt_time}
            await change(tx, task.device_id, taken)
            keys = await self._keys.get(tx, task.device_id) if task.present else None
            model = await device_models.get(tx, task.device_model_id) if task.device_model_id else None
        return Assignment(task, model, keys)

    async def report(self, task_id: UUID, report: Report) -> bool:
        """Takes a report; whether it changed something. Raises ProvisioningTaskNotFound, InvalidField."""
        async with self._uow() as tx:
            task = await self._held(tx, task_id)
            if report.generation > task.generation:
                raise InvalidField(
                    "generation",
                    f"{report.generation} is not there yet, the task is at {task.generation}",
                    "generation.known",
                )
            mine = report.generation == task.generation
            if mine and report.state in {ACTIVE, REMOVED} and report.state != settled(present=task.present):
                raise InvalidField(
                    "state", f"{report.state} is not what generation {task.generation} is to be", "state.fits"
                )
            values = after(task, report, tx.now, self._lease)
            if values is None:
                return False
            await change(tx, task.device_id, values)
            await _tell_history(tx, task, values)
            if not mine:
                await tell(tx, [(task.adapter, task.provisioning_task_id)])
            return mine

    async def managed(self, adapter: str, kind: str, *, after_id: UUID | None, limit: int) -> Sequence[Task]:
        """Devices that the adapter's network server should know, by id; ``kind`` empty: all."""
        async with self._uow() as tx:
            query = sa.select(provisioning).where(
                _row.tenant_id == tx.tenant_id, _row.adapter == adapter, _row.present
            )
            if kind:
                query = query.where(_row.kind == kind)
            if after_id is not None:
                query = query.where(_row.device_id > after_id)
            rows = await tx.conn.execute(query.order_by(_row.device_id).limit(limit))
            return [read(row) for row in rows.mappings()]

    @staticmethod
    async def _held(tx: Tx, task_id: UUID) -> Task:
        task = await locked(tx, _row.provisioning_task_id == task_id)
        if task is None:
            raise ProvisioningTaskNotFound(task_id)
        return task


async def _tell_history(tx: Tx, task: Task, values: Mapping[str, Any]) -> None:
    """The device's history tells when the network server knows it, and when it will not."""
    action = _TOLD.get(values.get("state", ""))
    if action is not None:
        await tx.changed(
            kind=task.kind.lower(),
            resource_id=task.device_id,
            action=action,
            before={"provisioning.state": task.state},
            after={
                "provisioning.state": values["state"],
                "provisioning.description": values["description"],
            },
        )


_TOLD: Final = {ACTIVE: "provisioned", FAILED: "provisioning_failed"}
