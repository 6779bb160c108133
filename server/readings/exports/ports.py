"""What exports need of devices."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from server.readings.ports import ChannelDirectory


class PointInfo(Protocol):
    """A usage point."""

    @property
    def usage_point_id(self) -> UUID:
        """Its id."""
        ...

    @property
    def code(self) -> str:
        """Its number for people."""
        ...


class MeterStay(Protocol):
    """That a meter is, or was, at a usage point."""

    @property
    def meter_id(self) -> UUID:
        """The meter."""
        ...

    @property
    def usage_point_id(self) -> UUID:
        """The usage point."""
        ...

    @property
    def start(self) -> datetime:
        """First instant inside."""
        ...

    @property
    def end(self) -> datetime | None:
        """First instant outside; None while it lasts."""
        ...


class ExportDirectory(ChannelDirectory, Protocol):
    """What devices know. What is out of the caller's scope does not exist."""

    async def visible_usage_points(self, tenant_id: UUID) -> Sequence[UUID]:
        """All usage points."""
        ...

    async def usage_points_under(self, tenant_id: UUID, node_id: UUID) -> Sequence[UUID]:
        """Usage points in a node of either tree, or below it, as the trees are now."""
        ...

    async def usage_points(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[PointInfo]:
        """The usage points with these ids; unknown ones are left out."""
        ...

    async def stays_at(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[MeterStay]:
        """Which meters the usage points have had, and when."""
        ...

    async def reading_types(self, tenant_id: UUID, series: NDArray[np.uint64]) -> Mapping[int, str]:
        """What the values of series are, as IEC 61968-9 clause C says it; empty: the unit has no code."""
        ...

    async def serial_numbers(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """Serial numbers of meters; unknown meters have none."""
        ...
