"""What commands need from the capability that knows the meters; wired in ``server/main.py``."""

from typing import Protocol
from uuid import UUID


class Target(Protocol):
    """A meter as a command sees it."""

    @property
    def meter_id(self) -> UUID:
        """The meter."""

    @property
    def adapter(self) -> str:
        """The adapter that speaks with it, for example ``chirpstack``; empty: none."""

    @property
    def dev_eui(self) -> str:
        """Its address in the field, 16 hex digits; empty for other than LoRaWAN."""

    @property
    def state(self) -> str:
        """Its life-cycle state; ``ARCHIVED`` takes no commands."""

    @property
    def usage_point_id(self) -> UUID | None:
        """Where it is installed now."""

    @property
    def actions(self) -> frozenset[str]:
        """What its model can be told to do."""


class DeviceTargets(Protocol):
    """Looks meters up for commands."""

    async def target(self, tenant_id: UUID, meter_id: UUID) -> Target | None:
        """The meter; None, or the provider's own NotFound error, when the tenant has no such meter."""
