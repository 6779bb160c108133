"""What readings need from other capabilities; wired in ``server/main.py``."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

REGISTER = "REGISTER"
INTERVAL = "INTERVAL"
INSTANTANEOUS = "INSTANTANEOUS"


class ChannelInfo(Protocol):
    """One quantity of one meter."""

    @property
    def channel(self) -> int:
        """Its number."""
        ...

    @property
    def code(self) -> str:
        """Code of the channel template in the meter's model."""
        ...

    @property
    def meter_id(self) -> UUID:
        """The meter."""
        ...

    @property
    def kind(self) -> str:
        """Name of a ``simba.common.v1.MeasurementKind`` without its prefix: REGISTER, INTERVAL, …."""
        ...

    @property
    def commodity(self) -> str:
        """Name of a ``simba.common.v1.Commodity`` without its prefix."""
        ...

    @property
    def quantity(self) -> str:
        """Name of a ``simba.common.v1.Quantity`` without its prefix."""
        ...

    @property
    def unit(self) -> str:
        """Unit of stored values; a template's own multiplier has been applied when a value is stored."""
        ...

    @property
    def dials(self) -> int | None:
        """Digits before the decimal point of a register, which rolls over at 10^dials; None: it does not."""
        ...

    @property
    def interval_seconds(self) -> int | None:
        """Length of an interval; of a register, how often it is sent. None: irregular."""
        ...

    @property
    def max_per_hour_micro(self) -> int | None:
        """The most that can plausibly be used in an hour, in 10^-6 of the unit; None: no bound."""
        ...

    @property
    def negative_allowed(self) -> bool:
        """Whether values may be negative, or a register may run backwards."""
        ...


class Installation(Protocol):
    """That a channel feeds a series for a while. Periods of one channel do not overlap."""

    @property
    def channel(self) -> int:
        """Number of the channel."""
        ...

    @property
    def series(self) -> int:
        """Number of the series."""
        ...

    @property
    def usage_point_id(self) -> UUID:
        """Where the meter is."""
        ...

    @property
    def start(self) -> datetime:
        """First instant inside."""
        ...

    @property
    def end(self) -> datetime | None:
        """First instant outside; None while it lasts."""
        ...

    @property
    def multiplier(self) -> Decimal:
        """What the channel's values are multiplied by: current times voltage transformer ratio."""
        ...

    @property
    def tz(self) -> str:
        """Zone of the usage point's days, an IANA name."""
        ...

    @property
    def capacity_micro(self) -> int | None:
        """What the service can let through in an hour, in 10^-6 of the series' unit; None: not known."""
        ...


class SeriesInfo(Protocol):
    """One quantity of one usage point."""

    @property
    def usage_point_id(self) -> UUID:
        """The usage point."""
        ...

    @property
    def series(self) -> int:
        """Number of the series."""
        ...

    @property
    def quantity(self) -> str:
        """Name of a ``simba.common.v1.Quantity`` without its prefix."""
        ...

    @property
    def unit(self) -> str:
        """Unit of its values."""
        ...

    @property
    def commodity(self) -> str:
        """Name of a ``simba.common.v1.Commodity`` without its prefix."""
        ...

    @property
    def interval_seconds(self) -> int | None:
        """Length of its intervals; None: irregular."""
        ...

    @property
    def tz(self) -> str:
        """Zone of the usage point's days, an IANA name."""
        ...


class Lanes(Protocol):
    """Series that one interval channel feeds, all on their own: columns of equal length, ordered by channel.

    One installation, one multiplier all along, intervals of an hour at most, and nothing else ever fed them.
    """

    @property
    def channel(self) -> NDArray[np.int64]:
        """Numbers of the channels."""
        ...

    @property
    def series(self) -> NDArray[np.int64]:
        """Numbers of the series."""
        ...

    @property
    def usage_point_id(self) -> NDArray[np.void]:
        """16 bytes each."""
        ...

    @property
    def time_zone(self) -> NDArray[np.object_]:
        """IANA names."""
        ...

    @property
    def interval_seconds(self) -> NDArray[np.int32]:
        """Length of the intervals."""
        ...

    @property
    def multiplier(self) -> NDArray[np.int64]:
        """In 10^-9."""
        ...

    @property
    def max_per_hour(self) -> NDArray[np.int64]:
        """In 10^-6 of the unit; -1: no bound."""
        ...

    @property
    def negative_allowed(self) -> NDArray[np.bool_]:
        """Whether values may be negative."""
        ...

    @property
    def valid_from(self) -> NDArray[np.int64]:
        """Start of the installation, milliseconds since 1970."""
        ...

    @property
    def valid_to(self) -> NDArray[np.int64]:
        """Its end; 2100-01-01 while it lasts."""
        ...


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

    async def lanes(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Lanes:
        """The lanes among the channels with these numbers."""
        ...

    async def series(self, tenant_id: UUID, numbers: NDArray[np.uint64]) -> Sequence[SeriesInfo]:
        """The series with these numbers; unknown ones are left out."""
        ...

    async def series_of(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[SeriesInfo]:
        """All series of the usage points; usage points of another tenant have none."""
        ...


class BilledSpan(Protocol):
    """Days of a usage point that were billed, and which version of final data the bill was made of."""

    @property
    def usage_point_id(self) -> UUID:
        """The usage point."""
        ...

    @property
    def start(self) -> datetime:
        """First instant of the days."""
        ...

    @property
    def end(self) -> datetime:
        """First instant behind them."""
        ...

    @property
    def snapshot(self) -> int:
        """The version, see :mod:`server.readings.vee.versions`."""
        ...


class BilledSnapshots(Protocol):
    """What billing has seen of readings."""

    async def snapshots(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> Sequence[BilledSpan]:
        """Bills in force of these usage points with an instant in ``[start, end)``."""
        ...


class Members(Protocol):
    """Who belongs to a node, and when: columns of equal length, ordered by series, stay and installation.

    A row for each series, stay in a group, and installation of a meter within. Stays of a series never
    overlap.
    """

    @property
    def series(self) -> NDArray[np.int64]:
        """Numbers of the series."""
        ...

    @property
    def usage_point_id(self) -> NDArray[np.void]:
        """16 bytes each."""
        ...

    @property
    def child_id(self) -> NDArray[np.void]:
        """The node right below the one that was asked for; zeros: none."""
        ...

    @property
    def facts(self) -> NDArray[np.object_]:
        r"""Phases (``ABC``; empty: unknown), quantity, unit and time zone, with ``\x1f`` between them."""
        ...

    @property
    def interval_seconds(self) -> NDArray[np.int32]:
        """Length of the intervals; 0: irregular."""
        ...

    @property
    def low(self) -> NDArray[np.int64]:
        """Start of the stay, milliseconds since 1970."""
        ...

    @property
    def high(self) -> NDArray[np.int64]:
        """First millisecond behind it."""
        ...

    @property
    def expect_low(self) -> NDArray[np.int64]:
        """Start of the part of the stay in which a meter was installed."""
        ...

    @property
    def expect_high(self) -> NDArray[np.int64]:
        """First millisecond behind it; where none was installed, ``expect_low``."""
        ...


class Membership(Protocol):
    """What devices know of the trees. What lies outside of the caller's scope does not exist."""

    async def hierarchy_of(self, tenant_id: UUID, node_id: UUID) -> str | None:
        """PLACE or GRID; None: there is no such node."""
        ...

    async def of_tree(
        self,
        tenant_id: UUID,
        hierarchy: str,
        node_id: UUID | None,
        start: datetime,
        end: datetime,
        quantities: Sequence[str],
    ) -> Members:
        """The members of a node, or of a whole tree (None), at any time in ``[start, end)``."""
        ...

    async def of_points(
        self,
        tenant_id: UUID,
        usage_point_ids: Sequence[UUID],
        start: datetime,
        end: datetime,
        quantities: Sequence[str],
    ) -> Members:
        """The same for some usage points, wherever they are."""
        ...

    async def channels_now(
        self,
        tenant_id: UUID,
        *,
        usage_point_ids: Sequence[UUID] = (),
        node_id: UUID | None = None,
        quantities: Sequence[str] = (),
        after: int = 0,
        limit: int,
    ) -> Sequence[int]:
        """Channels of what is installed now at usage points, or at or below a node, in order."""
        ...
