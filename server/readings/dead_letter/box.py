"""Where ingest puts what it cannot give to a channel: bounded for each tenant."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.uow import Tx, UnitOfWork
from server.readings.calendar import to_ms
from server.readings.dead_letter.domain import DeadRows
from server.readings.dead_letter.store import DeadLetterStore
from server.readings.dead_letter.tables import dead_letter

_COUNTED_FOR_SECONDS = 10.0


class DeadLetterBox:
    """Keeps rows as long as the tenant has fewer than ``limit``.

    Each server counts now and then, and adds what it kept itself since; several servers together may go a
    little beyond the bound.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        store: DeadLetterStore,
        clock: Callable[[], datetime],
        *,
        limit: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limit = limit
        self._uow = uow
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._counted: dict[UUID, tuple[int, float]] = {}

    async def room(self, tenant_id: UUID) -> int:
        """How many rows may still be kept."""
        count, until = self._counted.get(tenant_id, (0, float("-inf")))
        now = self._monotonic()
        if until <= now:
            count = await self._store.count(tenant_id)
            self._counted[tenant_id] = count, now + _COUNTED_FOR_SECONDS
        return max(self.limit - count, 0)

    async def keep(self, tenant_id: UUID, parts: Sequence[DeadRows], token: str) -> None:
        """Keeps rows, in the order of their key; may be repeated. Raises Unavailable."""
        await self._store.keep(tenant_id, parts, to_ms(self._clock()), token)
        count, until = self._counted.get(tenant_id, (0, float("-inf")))
        self._counted[tenant_id] = count + sum(map(len, parts)), until

    async def note(self, tx: Tx) -> None:
        """Notes, in the transaction that answers for the rows, that the tenant has some."""
        new = pg.insert(dead_letter).values(tenant_id=tx.tenant_id, kept_time=tx.now)
        await tx.conn.execute(
            new.on_conflict_do_update(index_elements=["tenant_id"], set_={"kept_time": tx.now})
        )

    async def keep_alone(self, tenant_id: UUID, rows: DeadRows) -> int:
        """Keeps rows of a caller without a stream; returns how many, all or none."""
        if not len(rows) or await self.room(tenant_id) < len(rows):
            return 0
        await self.keep(tenant_id, [rows], f"dead-{rows.source}-{rows.sequence}-{to_ms(self._clock())}")
        async with self._uow() as tx:
            await self.note(tx)
        return len(rows)


def woken(tenants: Sequence[UUID], now: datetime) -> sa.Update:
    """Says that devices of tenants changed; of those that never had a dead letter there is nothing to say."""
    return sa.update(dead_letter).where(dead_letter.c.tenant_id.in_(tenants)).values(wake_time=now)
