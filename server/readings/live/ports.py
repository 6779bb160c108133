"""What subscriptions need of devices; wired in ``server/main.py``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from server.readings.ports import ChannelDirectory


class Stay(Protocol):
    """That a meter is, or was, at a usage point."""

    @property
    def meter_id(self) -> UUID:
        """The meter."""
        ...

    @property
    def start(self) -> datetime:
        """First instant inside."""
        ...

    @property
    def end(self) -> datetime | None:
        """First instant outside; None while it lasts."""
        ...


class LiveDirectory(ChannelDirectory, Protocol):
    """What devices know of channels and of where meters are. What is out of scope does not exist."""

    async def stays_at(self, tenant_id: UUID, usage_point_ids: Sequence[UUID]) -> Sequence[Stay]:
        """Which meters the usage points have had, and when; unknown usage points had none."""
        ...

    async def stays_of(self, tenant_id: UUID, meter_ids: Sequence[UUID]) -> Sequence[Stay]:
        """Where the meters have been, and when."""
        ...

    async def usage_points_under(self, tenant_id: UUID, node_id: UUID) -> Sequence[UUID]:
        """Usage points in a node of either hierarchy, or below it."""
        ...

    async def visible_usage_points(self, tenant_id: UUID) -> Sequence[UUID]:
        """Those that the current caller may see."""
        ...

    async def series_of_quantities(self, tenant_id: UUID, quantities: Sequence[str]) -> Sequence[int]:
        """Numbers of all series of these quantities."""
        ...
