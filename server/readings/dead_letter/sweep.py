"""Replays by itself what became known: looks when devices changed, and after readings came in."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from server.platform.caller import acting_as, system_caller
from server.platform.outbox import OutboxRow
from server.platform.uow import Tx, UnitOfWork
from server.readings.dead_letter import jobs_store
from server.readings.dead_letter.app import begin
from server.readings.dead_letter.box import woken
from server.readings.dead_letter.domain import UNKNOWN_CHANNEL, Action, Selector
from server.readings.dead_letter.store import DeadLetterStore
from server.readings.dead_letter.tables import dead_letter
from server.readings.ports import ChannelDirectory

_log = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 1.0
"""How often it is looked whose dead letter has to be looked at."""
CHANNELS_AT_ONCE = 10_000
"""Channels that one automatic job takes up; the next one takes the rest."""
CHANNELS_LOOKED_AT = 200_000
_REST = timedelta(seconds=10)
"""While garbage keeps coming, a tenant's dead letter is looked at so often."""


class DeviceChanges:
    """The event sink that notes whose devices changed."""

    async def append(self, tx: Tx, events: Sequence[OutboxRow]) -> None:
        """Notes it in the transaction in which the event log takes the events."""
        tenants = sorted({event.tenant_id for event in events if event.topic.startswith("device.")})
        if tenants:
            await tx.conn.execute(woken(tenants, tx.now))

    async def announce(self, events: Sequence[OutboxRow]) -> None:
        """The loop looks by itself."""


class Sweep:
    """Begins a replay where readings wait for channels that exist by now."""

    def __init__(self, uow: UnitOfWork, store: DeadLetterStore, directory: ChannelDirectory) -> None:
        self._uow = uow
        self._store = store
        self._directory = directory

    async def run(self) -> int:
        """Looks at every tenant that is due; returns how many jobs it began."""
        begun = 0
        for tenant_id in await self._due():
            with acting_as(system_caller(tenant_id)):
                begun += await self._look(tenant_id)
        return begun

    async def _due(self) -> list[UUID]:
        column = dead_letter.c
        async with self._uow.system() as tx:
            rested = sa.or_(column.sweep_time.is_(None), column.sweep_time <= tx.now - _REST)
            came = sa.or_(column.sweep_time.is_(None), column.kept_time >= column.sweep_time)
            rows = await tx.conn.execute(
                sa.select(column.tenant_id).where(
                    sa.or_(column.wake_time >= column.sweep_time, sa.and_(came, rested))
                )
            )
            return [tenant_id for (tenant_id,) in rows]

    async def _look(self, tenant_id: UUID) -> bool:
        """Whether a job was begun. Two workers that look at once begin one job."""
        async with self._uow() as tx:
            if await jobs_store.automatic_open(tx):
                return False
            # Before looking: what changes meanwhile is looked at again.
            looked = tx.now
        selector = await self._known_now(tenant_id)
        async with self._uow() as tx:
            mine = dead_letter.c.tenant_id == tenant_id
            await tx.conn.execute(sa.select(dead_letter.c.tenant_id).where(mine).with_for_update())
            if await jobs_store.automatic_open(tx):
                return False
            if len(selector.channels) < CHANNELS_AT_ONCE and len(selector.meters) < CHANNELS_AT_ONCE:
                # Else it stays due: what one job could not take is seen once it is over. A moment later than
                # what was seen, so that the same moment does not count twice.
                done = looked + timedelta(microseconds=1)
                await tx.conn.execute(sa.update(dead_letter).where(mine).values(sweep_time=done))
            if selector.empty:
                return False
            await begin(tx, Action.REPLAY, selector, automatic=True)
        return True

    async def _known_now(self, tenant_id: UUID) -> Selector:
        """The channels that readings wait for and that exist; an empty selector where there are none."""
        numbers, names = await self._store.unknown(tenant_id, UNKNOWN_CHANNEL, CHANNELS_LOOKED_AT)
        channels = await self._directory.channels(tenant_id, numbers) if len(numbers) else ()
        known = sorted(info.channel for info in channels)[:CHANNELS_AT_ONCE]
        wanted = sorted({meter for meter, _ in names})
        of_meters = await self._directory.channels_of_meters(tenant_id, wanted) if wanted else ()
        there = {(info.meter_id, info.code) for info in of_meters}
        meters = sorted({meter for meter, code in names if (meter, code) in there})[:CHANNELS_AT_ONCE]
        if not known and not meters:
            return Selector()
        return Selector(reason=UNKNOWN_CHANNEL, channels=tuple(known), meters=tuple(meters))
