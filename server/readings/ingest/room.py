"""Room for rows that are on their way: bounded memory, and a share for everybody."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.platform.errors import ResourceExhausted

_RETRY_AFTER = timedelta(seconds=2)


@dataclass(slots=True, eq=False)
class _Waiter:
    tenant_id: UUID
    rows: int
    backfill: bool
    admitted: "asyncio.Future[None]"


class Room:
    """Counts rows that were taken in and not acknowledged yet.

    ``admit`` waits while there is no room; so a stream that brings more than can be stored is slowed down
    by its own flow control. Each of n tenants that bring something may fill 1/(n + 1) of the room, so that
    one more always finds some; backfill may fill half of that. However many streams a tenant has, they share.
    """

    def __init__(self, rows: int, *, patience: float = 30.0) -> None:
        self._rows = rows
        self._patience = patience
        self._taken: Counter[UUID] = Counter()
        self._backfill: Counter[UUID] = Counter()
        self._waiting: list[_Waiter] = []

    @property
    def taken(self) -> int:
        """Rows on their way."""
        return self._taken.total()

    async def admit(self, tenant_id: UUID, rows: int, *, backfill: bool = False) -> None:
        """Takes room for rows; more than a tenant's share are let in when it has nothing else under way.

        Raises ResourceExhausted with a delay when there was no room for too long.
        """
        waiter = _Waiter(tenant_id, rows, backfill, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._let_in()
        if waiter.admitted.done():
            return
        try:
            await asyncio.wait_for(waiter.admitted, self._patience)
        except TimeoutError:
            raise ResourceExhausted(
                f"{self.taken} readings wait to be stored; {rows} more have no room now",
                retry_after=_RETRY_AFTER,
            ) from None
        except asyncio.CancelledError:
            if waiter.admitted.done() and not waiter.admitted.cancelled():
                self.leave(tenant_id, rows, backfill=backfill)
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                # Whoever stood behind it may fit.
                self._let_in()

    def leave(self, tenant_id: UUID, rows: int, *, backfill: bool = False) -> None:
        """Gives room back."""
        for taken in (self._taken, self._backfill) if backfill else (self._taken,):
            taken[tenant_id] -= rows
            if taken[tenant_id] <= 0:
                del taken[tenant_id]
        self._let_in()

    def _let_in(self) -> None:
        """Admits whoever fits: live data first, then in the order of coming."""
        for waiter in sorted(self._waiting, key=lambda one: one.backfill):
            if waiter.admitted.done() or not self._within_share(waiter):
                continue
            if self.taken and self.taken + waiter.rows > self._rows:
                # It is its turn; those behind it do not overtake it for being smaller.
                return
            self._taken[waiter.tenant_id] += waiter.rows
            if waiter.backfill:
                self._backfill[waiter.tenant_id] += waiter.rows
            self._waiting.remove(waiter)
            waiter.admitted.set_result(None)

    def _within_share(self, waiter: _Waiter) -> bool:
        tenants = self._taken.keys() | {one.tenant_id for one in self._waiting}
        share = self._rows // (len(tenants) + 1)
        mine = self._taken[waiter.tenant_id]
        # Who has something under way leaves one share free, for whoever comes next.
        if mine and (mine + waiter.rows > share or self.taken + waiter.rows > self._rows - share):
            return False
        past = self._backfill[waiter.tenant_id]
        return not waiter.backfill or not past or past + waiter.rows <= share // 2
