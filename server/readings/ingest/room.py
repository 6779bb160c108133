"""Room for rows that are on their way: bounded memory, and a share for everybody."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

from server.platform.errors import ResourceExhausted

_RETRY_AFTER = timedelta(seconds=2)


class Room:
    """Counts rows that were taken in and not acknowledged yet.

    ``admit`` waits while there is no room; so a stream that brings more than can be stored is slowed down
    by its own flow control. One tenant may fill half of the room.
    """

    def __init__(self, rows: int, *, patience: float = 30.0) -> None:
        self._rows = rows
        self._patience = patience
        self._taken: Counter[UUID] = Counter()
        self._changed = asyncio.Condition()

    @property
    def taken(self) -> int:
        """Rows on their way."""
        return self._taken.total()

    async def admit(self, tenant_id: UUID, rows: int) -> None:
        """Takes room for rows; more than there ever is are let in alone.

        Raises ResourceExhausted with a delay when there was no room for too long.
        """
        if self._fits(tenant_id, rows):
            self._taken[tenant_id] += rows
            return
        try:
            async with asyncio.timeout(self._patience), self._changed:
                await self._changed.wait_for(lambda: self._fits(tenant_id, rows))
        except TimeoutError:
            raise ResourceExhausted(
                f"{self.taken} readings wait to be stored; {rows} more have no room now",
                retry_after=_RETRY_AFTER,
            ) from None
        self._taken[tenant_id] += rows

    async def leave(self, tenant_id: UUID, rows: int) -> None:
        """Gives room back."""
        self._taken[tenant_id] -= rows
        if self._taken[tenant_id] <= 0:
            del self._taken[tenant_id]
        async with self._changed:
            self._changed.notify_all()

    def _fits(self, tenant_id: UUID, rows: int) -> bool:
        mine, all_taken = self._taken[tenant_id], self.taken
        return (mine == 0 or mine + rows <= self._rows // 2) and (
            all_taken == 0 or all_taken + rows <= self._rows
        )
