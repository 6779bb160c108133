"""Operations: calls, as the log keeps them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PLATFORM = UUID(int=0)
"""Stands for the tenant of calls by nobody whom the server knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call."""

    tenant_id: UUID
    operation_id: UUID
    time: datetime
    """When it began."""
    principal_id: str
    """Empty: nobody whom the server knows."""
    method: str
    """``simba.devices.v1.MeterService/GetMeter``."""
    resource_id: str
    status: str
    """Name of the gRPC status."""
    reason: str
    duration_us: int
    trace_id: str
    correlation_id: str
    peer: str

    @property
    def key(self) -> tuple[datetime, UUID]:
        """Sort key."""
        return self.time, self.operation_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFilter:
    """Which operations; empty texts do not narrow."""

    start: datetime
    end: datetime | None = None
    principal_id: str = ""
    method: str = ""
    """Begins so."""
    resource_id: str = ""
    status: str = ""
    correlation_id: str = ""
    trace_id: str = ""
