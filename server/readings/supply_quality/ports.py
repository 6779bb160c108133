"""What quality of supply needs from devices; wired in ``server/main.py``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from server.readings.ports import ChannelInfo


class SupplyChannelInfo(ChannelInfo, Protocol):
    """A channel, and what is to be known of it beside."""

    @property
    def reading_type(self) -> str:
        """IEC 61968-9 reading type, 18 numbers joined by dots; empty: none."""
        ...


class Stay(Protocol):
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
        """First instant there."""
        ...

    @property
    def end(self) -> datetime | None:
        """First instant no longer there; None while it is."""
        ...

    @property
    def tz(self) -> str:
        """Zone of the usage point's days, an IANA name."""
        ...


class UsagePointZone(Protocol):
    """A usage point and its zone."""

    @property
    def usage_point_id(self) -> UUID:
        """The usage point."""
        ...

    @property
    def tz(self) -> str:
        """Zone of its days, an IANA name."""
        ...


class SupplyDirectory(Protocol):
    """What devices know of meters and where they are. What the caller may not see does not exist."""

    async def channels_of_meters(
        self, tenant_id: UUID, meter_ids: Sequence[UUID]
    ) -> Sequence[SupplyChannelInfo]:
        """All channels of the meters; unknown meters have none."""
        ...

    async def stays_at(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[Stay]:
        """Which meters the usage points have had, and when."""
        ...

    async def stays_of(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Sequence[Stay]:
        """Where the meters have been, and when."""
        ...

    async def usage_points(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID]
    ) -> Sequence[UsagePointZone]:
        """The usage points with these ids, archived ones too; unknown ones are left out."""
        ...
