"""What derived series need from devices; wired in ``server/main.py``."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from server.readings.ports import ChannelDirectory


class DerivedDirectory(ChannelDirectory, Protocol):
    """What devices know of series and of who is where. What the caller may not see does not exist."""

    async def usage_points_under(self, tenant_id: UUID, node_id: UUID) -> Sequence[UUID]:
        """Usage points that are now in a node of either hierarchy, or below it."""
        ...
