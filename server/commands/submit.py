"""Submit: accept a command or refuse it at once."""

from dataclasses import replace
from uuid import UUID

from server.commands import store
from server.commands.actions import TRAITS
from server.commands.domain import Command, ConflictPolicy, NewCommand
from server.commands.errors import (
    CapabilityUnsupported,
    CommandConflict,
    DeviceUnreachable,
    MeterArchived,
    MeterNotFound,
)
from server.commands.evolution import accepted
from server.commands.ports import DeviceTargets, Target
from server.commands.states import State
from server.commands.telling import tell
from server.platform.caller import current_caller
from server.platform.ids import new_id
from server.platform.uow import Tx, UnitOfWork

_CONFLICT_TRIES = 3
NOT_STORED = UUID(int=0)
"""Stands for the id of a command that was only checked."""


class SubmitCommand:
    """Checks a command against its meter, and stores it, its event and its bus message in one transaction."""

    def __init__(self, uow: UnitOfWork, targets: DeviceTargets) -> None:
        self._uow = uow
        self._targets = targets

    async def submit(
        self,
        asked: NewCommand,
        *,
        policy: ConflictPolicy = ConflictPolicy.REJECT,
        validate_only: bool = False,
    ) -> Command:
        """The accepted command, or with COALESCE the one that is under way already.

        Raises MeterNotFound, MeterArchived, CapabilityUnsupported, DeviceUnreachable, CommandConflict,
        ExpiryInPast and InvalidField. With ``validate_only`` nothing is stored.
        """
        caller = current_caller()
        target = await self._target(caller.tenant_id, asked)
        async with self._uow() as tx:
            command = _command(asked, target, tx, caller.principal_id)
            change = accepted(command, tx.now)
            for _ in range(_CONFLICT_TRIES):
                if not validate_only and await store.insert(tx, change):
                    await tell(tx, change)
                    await tx.changed(
                        kind="command",
                        resource_id=command.command_id,
                        action="submitted",
                        after=_told(command),
                    )
                    return replace(
                        change.command, transitions=tuple(step.transition for step in change.steps)
                    )
                other = await store.active_command(tx, asked.meter_id, asked.action)
                if other is not None:
                    return await self._conflict(tx, asked, other, policy)
                if validate_only:
                    return replace(change.command, command_id=NOT_STORED)
                # The other one has just ended: there is room now.
            raise CommandConflict(asked.meter_id, asked.action, command.command_id)

    async def _target(self, tenant_id: UUID, asked: NewCommand) -> Target:
        target = await self._targets.target(tenant_id, asked.meter_id)
        if target is None:
            raise MeterNotFound(asked.meter_id)
        if target.state == "ARCHIVED":
            raise MeterArchived(asked.meter_id)
        if asked.action not in target.actions:
            raise CapabilityUnsupported(asked.meter_id, asked.action, target.actions)
        if not target.adapter:
            raise DeviceUnreachable(asked.meter_id, "its model names no adapter")
        return target

    async def _conflict(self, tx: Tx, asked: NewCommand, other: UUID, policy: ConflictPolicy) -> Command:
        under_way = await store.get(tx, other) if policy is ConflictPolicy.COALESCE else None
        if under_way is None:
            raise CommandConflict(asked.meter_id, asked.action, other)
        return under_way


def _told(command: Command) -> dict[str, object]:
    return {
        "meter_id": command.meter_id,
        "action": command.action.value,
        "not_before": command.not_before,
        "expires_at": command.expires_at,
        "priority": command.priority,
        "reason": command.reason,
        "issuer_tracking_id": command.issuer_tracking_id,
    }


def _command(asked: NewCommand, target: Target, tx: Tx, principal: str) -> Command:
    start, end = asked.window(tx.now)
    return Command(
        command_id=new_id(),
        meter_id=asked.meter_id,
        usage_point_id=target.usage_point_id,
        adapter=target.adapter,
        dev_eui=target.dev_eui,
        action=asked.action,
        state=State.ACCEPTED,
        accept_time=tx.now,
        update_time=tx.now,
        not_before=start,
        expires_at=end,
        max_attempts=TRAITS[asked.action].max_attempts,
        priority=asked.priority,
        reason=asked.reason,
        issuer_id=asked.issuer_id,
        issuer_tracking_id=asked.issuer_tracking_id,
        request_id=asked.request_id,
        created_by=principal,
    )
