"""What kept frames need from the capability that knows the devices; wired in `server/main.py`."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID


class ModelDevices(Protocol):
    """Knows which devices are of a model."""

    async def dev_euis_of_model(self, tenant_id: UUID, device_model_id: UUID) -> Sequence[str]:
        """DevEUIs of the tenant's meters of the model; raises the provider's NotFound for no such model."""
