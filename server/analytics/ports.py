"""What analytics needs of others; wired in ``server.main``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import pyarrow as pa


class SeriesInfo(Protocol):
    """One quantity of one usage point."""

    @property
    def usage_point_id(self) -> UUID:
        """The usage point."""

    @property
    def series(self) -> int:
        """Number of the series."""

    @property
    def quantity(self) -> str:
        """Name of a ``simba.common.v1.Quantity`` without its prefix."""

    @property
    def unit(self) -> str:
        """Unit of its values."""

    @property
    def interval_seconds(self) -> int | None:
        """Length of its intervals; None: irregular."""

    @property
    def tz(self) -> str:
        """Zone of its days, an IANA name."""


class SeriesDirectory(Protocol):
    """Which series usage points have."""

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[SeriesInfo]:
        """All series of these usage points; unknown ones have none."""

    async def usage_points_under(self, tenant_id: UUID, node_id: UUID) -> Sequence[UUID]:
        """Usage points in a node of either hierarchy, or below it."""


class IntervalSource(Protocol):
    """Final values of series."""

    async def intervals(
        self,
        tenant_id: UUID,
        series: Sequence[int],
        start: datetime,
        end: datetime,
    ) -> pa.Table:
        """Values with start <= ts < end, as known now.

        Columns ``series`` uint64, ``ts`` timestamp[ms, UTC], ``value`` decimal (null where missing),
        ``state``.
        """
