"""What the client knows of one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import betterproto2

Request = TypeVar("Request", bound=betterproto2.Message)
Response = TypeVar("Response", bound=betterproto2.Message)


@dataclass(frozen=True, slots=True)
class Method(Generic[Request, Response]):
    """One call of the contract."""

    service: str
    name: str
    request: type[Request]
    response: type[Response]
    client_streaming: bool = False
    server_streaming: bool = False
    repeatable: bool = False
    """It changes nothing, or carries a `request_id`: trying again does no harm."""

    @property
    def path(self) -> str:
        """The path of the gRPC call."""
        return f"/{self.service}/{self.name}"

    @property
    def key(self) -> str:
        """`MeterService/GetMeter`, as people say it."""
        return f"{self.service.rpartition('.')[2]}/{self.name}"
