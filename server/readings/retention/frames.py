"""Frames that are over: few rows in PostgreSQL, looked at one by one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.platform.uow import UnitOfWork
from server.readings.retention import store
from server.readings.retention.domain import FRAMES, TableRows
from server.readings.retention.ports import FrameDevice, RetentionDirectory
from server.readings.retention.scope import TenantScope

FRAMES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Looked:
    """Some frames that policies are about: those that are over, and how many are held."""

    over: tuple[UUID, ...]
    held: int


@dataclass(frozen=True, slots=True)
class OldFrames:
    """Finds and deletes frames."""

    uow: UnitOfWork
    directory: RetentionDirectory

    async def look(self, scope: TenantScope, now: datetime) -> AsyncIterator[Looked]:
        """The frames whose time is over, some at a time, oldest first."""
        days = [one.keep_days for one in scope.policies.rows if one.data_class == FRAMES and one.keep_days]
        if not days:
            return
        before = now - timedelta(days=min(days))
        after: tuple[datetime, UUID] | None = None
        while True:
            async with self.uow.system() as tx:
                rows = await store.old_frames(tx, scope.tenant_id, before, after, FRAMES_AT_ONCE)
            if not rows:
                return
            after = rows[-1][2], rows[-1][0]
            wanted = sorted({dev_eui for _, dev_eui, _ in rows})
            known = {one.dev_eui: one for one in await self.directory.devices_of(scope.tenant_id, wanted)}
            over, held = [], 0
            for frame_id, dev_eui, kept_since in rows:
                device = known.get(dev_eui)
                keep = scope.policies.keep_days(FRAMES, device.commodity if device else "")
                if not keep or kept_since >= now - timedelta(days=keep):
                    continue
                if _is_held(scope, device):
                    held += 1
                else:
                    over.append(frame_id)
            yield Looked(tuple(over), held)

    async def rows(self, scope: TenantScope, now: datetime) -> TableRows:
        """What there is of frames."""
        over = held = 0
        async for some in self.look(scope, now):
            over, held = over + len(some.over), held + some.held
        async with self.uow.system() as tx:
            total, oldest = await store.frame_totals(tx, scope.tenant_id)
        return TableRows(FRAMES, "frame", over, held, total, oldest)

    async def delete(self, scope: TenantScope, some: Looked) -> None:
        """Deletes frames that are over."""
        async with self.uow.system() as tx:
            await store.delete_frames(tx, scope.tenant_id, some.over)


def _is_held(scope: TenantScope, device: FrameDevice | None) -> bool:
    held = scope.held
    if held.everything:
        return True
    if device is None:
        return False
    return device.meter_id in held.meter_ids or bool(set(device.usage_point_ids) & set(held.usage_point_ids))
