"""Use case of the log of operations: looking calls up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.rpc.methods import INSPECT
from server.system.domain import PLATFORM, Operation, OperationFilter
from server.system.store import OperationStore

_DAY = timedelta(days=1)


class Operations:
    """Reads the tenant's operations."""

    def __init__(self, store: OperationStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def since(self, start: datetime | None, end: datetime | None) -> datetime:
        """From when on to look: as asked, else the last day."""
        return start if start is not None else (end or self._clock()) - _DAY

    async def page(
        self, which: OperationFilter, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Operation]:
        """Operations, newest first.

        They are the tenant's; who runs the installation (``system.server.inspect``) also sees the calls of
        nobody whom the server knows.
        """
        caller = current_caller()
        tenants = [caller.tenant_id, PLATFORM] if caller.may(INSPECT) else [caller.tenant_id]
        return await self._store.newest(tenants, which, after=after, limit=limit)
