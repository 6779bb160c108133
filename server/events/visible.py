"""Which events a caller whose rights end somewhere may see: those of usage points within."""

from dataclasses import replace

from server.events.domain import Filter
from server.platform.scope import Visible
from server.platform.uow import UnitOfWork


class SeenByCaller:
    """Narrows filters to the scope of the caller, as it is now."""

    def __init__(self, uow: UnitOfWork, visible_points: Visible | None) -> None:
        self._uow = uow
        self._visible_points = visible_points

    async def __call__(self, which: Filter) -> Filter:
        """The filter, with the usage points that lie within the scope; without a scope as it is."""
        if self._visible_points is None:
            return which
        async with self._uow() as tx:
            visible = self._visible_points(tx)
            if visible is None:
                return which
            points = await tx.conn.scalars(visible)
            return replace(which, within=frozenset(map(str, points)))
