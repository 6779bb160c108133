"""What retention needs from devices; wired in ``server/main.py``."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID


class FrameDevice(Protocol):
    """A device that frames come from."""

    @property
    def dev_eui(self) -> str:
        """LoRaWAN DevEUI."""
        ...

    @property
    def commodity(self) -> str:
        """Name of a ``simba.common.v1.Commodity`` without its prefix."""
        ...

    @property
    def meter_id(self) -> UUID:
        """The meter."""
        ...

    @property
    def usage_point_ids(self) -> Sequence[UUID]:
        """Where it is, and was."""
        ...


class RetentionDirectory(Protocol):
    """What devices know of a tenant's numbers, for the server itself: scopes do not matter."""

    async def channels_by_commodity(self, tenant_id: UUID) -> Mapping[str, Sequence[int]]:
        """All channels of a tenant, ascending, by the commodity of their model."""
        ...

    async def series_by_commodity(self, tenant_id: UUID) -> Mapping[str, Sequence[int]]:
        """All series of a tenant, ascending, by the commodity of their usage point."""
        ...

    async def channels_about(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], meter_ids: Sequence[UUID]
    ) -> Sequence[int]:
        """Channels of the meters, and of all meters and modules that the usage points have had."""
        ...

    async def series_about(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], meter_ids: Sequence[UUID]
    ) -> Sequence[int]:
        """Series of the usage points, and of all usage points that the meters have been at."""
        ...

    async def devices_of(self, tenant_id: UUID, dev_euis: Sequence[str]) -> Sequence[FrameDevice]:
        """The devices with these DevEUIs; unknown ones are left out."""
        ...

    async def has_meter(self, tenant_id: UUID, meter_id: UUID) -> bool:
        """Whether there is such a meter, archived or not."""
        ...

    async def has_usage_point(self, tenant_id: UUID, usage_point_id: UUID) -> bool:
        """Whether there is such a usage point, archived or not."""
        ...
