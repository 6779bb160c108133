"""What readings need from other capabilities; wired in ``server/main.py``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

REGISTER = "REGISTER"
INTERVAL = "INTERVAL"
INSTANTANEOUS = "INSTANTANEOUS"


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """One quantity of one meter."""

    channel: int
    code: str
    """Code of the channel template in the meter's model."""
    meter_id: UUID
    kind: str
    """Name of a ``simba.common.v1.MeasurementKind`` without its prefix: REGISTER, INTERVAL, INSTANTANEOUS."""
    commodity: str
    """Name of a ``simba.common.v1.Commodity`` without its prefix."""
    quantity: str
    """Name of a ``simba.common.v1.Quantity`` without its prefix."""
    unit: str
    """Unit of stored values; a template's own multiplier has been applied when a value is stored."""
    dials: int | None = None
    """Digits before the decimal point of a register, which rolls over at 10^dials; None: it does not."""
    interval_seconds: int | None = None
    """Length of an interval; of a register, how often it is sent. None: irregular."""
    max_per_hour_micro: int | None = None
    """The most that can plausibly be used in an hour, in 10^-6 of the unit; None: no bound."""
    negative_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Installation:
    """That a channel feeds a series for a while. Periods of one channel do not overlap."""

    channel: int
    series: int
    usage_point_id: UUID
    start: datetime
    end: datetime | None
    """First instant outside; None while it lasts."""
    multiplier: Decimal
    """What the channel's values are multiplied by: current times voltage transformer ratio."""
    tz: str
    """Zone of the usage point's days, an IANA name."""


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """One quantity of one usage point."""

    usage_point_id: UUID
    series: int
    quantity: str
    unit: str
    commodity: str
    interval_seconds: int | None
    tz: str


class ChannelDirectory(Protocol):
    """What devices know of channels, installations and series. What another tenant owns does not exist."""

    async def channels(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[ChannelInfo]:
        """The channels with these numbers; unknown ones are left out."""
        ...

    async def channels_of_meters(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Sequence[ChannelInfo]:
        """All channels of the meters; unknown meters have none."""
        ...

    async def channels_at(self, tenant_id: UUID, usage_point_id: UUID) -> Sequence[ChannelInfo]:
        """All channels of the meters that the usage point has had, the present one included."""
        ...

    async def installations(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[Installation]:
        """All installations of the channels with these numbers, past ones included.

        A change of the multiplier ends one period and begins the next.
        """
        ...

    async def installations_of_series(
        self, tenant_id: UUID, series: NDArray[np.uint64]
    ) -> Sequence[Installation]:
        """All installations that have fed these series."""
        ...

    async def series(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[SeriesInfo]:
        """The series with these numbers; unknown ones are left out."""
        ...

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[SeriesInfo]:
        """All series of the usage points; usage points of another tenant have none."""
        ...
