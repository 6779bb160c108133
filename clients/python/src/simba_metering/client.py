"""The clients."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from simba_metering._connect import Token, connection, from_environment
from simba_metering._generated.services.clients import AsyncServices, Services
from simba_metering._ingest import AsyncReadings, Readings
from simba_metering._transport import AsyncTransport, Transport

__all__ = ["AsyncSimbaClient", "SimbaClient"]

TIMEOUT_SECONDS = 90.0


class SimbaClient(Services):
    """SiMBA's services, synchronous. One client serves many threads.

        with SimbaClient("https://simba.example:8443", api_key=key) as client:
            meter = client.meters.get_meter(meter_id)

    Args:
        target: `host:port`, or `https://host:port` (TLS) or `http://host:port` (plain text). The ports of the
            edge and of a server itself both do.
        api_key: An API key. Or:
        token: A bearer token, or a function that gives a fresh one for every call.
        ca: PEM file (or its bytes) of the CA of the server's certificate; none: the usual ones.
        insecure: True sends the credential to another machine in plain text.
        timeout: Seconds that a call may take unless it says otherwise; None: no limit. Streams have none.
        channel_options: More options of the gRPC channel.
    """

    readings: Readings
    """`simba.readings.v1.ReadingService`, and `ingest` for bulk."""

    def __init__(
        self,
        target: str,
        *,
        api_key: str | None = None,
        token: Token | None = None,
        ca: str | Path | bytes | None = None,
        insecure: bool | None = None,
        timeout: float | None = TIMEOUT_SECONDS,
        channel_options: Mapping[str, int | str] | None = None,
    ) -> None:
        chosen = connection(target, api_key=api_key, token=token, ca=ca, insecure=insecure)
        self.transport = Transport(chosen, timeout, channel_options or {})
        """The calls beneath, for what the services do not show."""
        super().__init__(self.transport)
        self.readings = Readings(self.transport)

    @classmethod
    def from_env(cls) -> Self:
        """A client made from `SIMBA_TARGET`, `SIMBA_API_KEY` and `SIMBA_CA`."""
        found = from_environment(os.environ)
        return cls(str(found["target"]), api_key=found["api_key"], ca=found["ca"])

    def close(self) -> None:
        """End all calls and the connection."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class AsyncSimbaClient(AsyncServices):
    """SiMBA's services, asynchronous. Belongs to the event loop of its first call.

        async with AsyncSimbaClient("https://simba.example:8443", api_key=key) as client:
            meter = await client.meters.get_meter(meter_id)

    The arguments are those of `SimbaClient`.
    """

    readings: AsyncReadings
    """`simba.readings.v1.ReadingService`, and `ingest` for bulk."""

    def __init__(
        self,
        target: str,
        *,
        api_key: str | None = None,
        token: Token | None = None,
        ca: str | Path | bytes | None = None,
        insecure: bool | None = None,
        timeout: float | None = TIMEOUT_SECONDS,
        channel_options: Mapping[str, int | str] | None = None,
    ) -> None:
        chosen = connection(target, api_key=api_key, token=token, ca=ca, insecure=insecure)
        self.transport = AsyncTransport(chosen, timeout, channel_options or {})
        """The calls beneath, for what the services do not show."""
        super().__init__(self.transport)
        self.readings = AsyncReadings(self.transport)

    @classmethod
    def from_env(cls) -> Self:
        """A client made from `SIMBA_TARGET`, `SIMBA_API_KEY` and `SIMBA_CA`."""
        found = from_environment(os.environ)
        return cls(str(found["target"]), api_key=found["api_key"], ca=found["ca"])

    async def close(self) -> None:
        """End all calls and the connection."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()
