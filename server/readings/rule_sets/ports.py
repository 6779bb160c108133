"""What rule sets need of devices; wired in ``server/main.py``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from server.readings.ports import SeriesInfo


class Fed(Protocol):
    """That a channel feeds a series for a while."""

    @property
    def channel(self) -> int:
        """Number of the channel."""
        ...

    @property
    def start(self) -> datetime:
        """First instant inside."""
        ...

    @property
    def end(self) -> datetime | None:
        """First instant outside; None while it lasts."""
        ...


class Point(Protocol):
    """A usage point."""

    @property
    def usage_point_id(self) -> UUID:
        """Its id."""
        ...

    @property
    def commodity(self) -> str:
        """Name of a ``simba.common.v1.Commodity`` without its prefix."""
        ...


class Subjects(Protocol):
    """What devices know of whom a rule set can be assigned to. What another tenant owns does not exist."""

    async def series(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[SeriesInfo]:
        """The series with these numbers; unknown ones are left out."""
        ...

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[SeriesInfo]:
        """All series of the usage points."""
        ...

    async def usage_points(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[Point]:
        """The usage points with these ids; unknown ones are left out."""
        ...

    async def installations_of_series(self, tenant_id: UUID, series: NDArray[np.uint64]) -> Sequence[Fed]:
        """All installations that have fed these series."""
        ...

    async def models_of_channels(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Mapping[int, UUID]:
        """The device model of each of these channels; unknown ones are left out."""
        ...

    async def has_model(self, tenant_id: UUID, device_model_id: UUID) -> bool:
        """Whether there is such a device model."""
        ...
