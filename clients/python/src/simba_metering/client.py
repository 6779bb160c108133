"""The clients."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from simba_metering._connect import Token, connection, from_environment
from simba_metering._generated.services.clients import AsyncServices, Services
from simba_metering._ingest import AsyncReadings, Readings
from simba_metering._transport import AsyncTransport, Transport, context_metadata

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
        self._use(Transport(chosen, timeout, channel_options or {}))

    def _use(self, transport: Transport) -> None:
        self.transport = transport
        """The calls beneath, for what the services do not show."""
        super().__init__(transport)
        self.readings = Readings(transport)

    def with_context(self, *, reason: str = "", correlation_id: str = "") -> Self:
        """The same client, whose calls say why they are made and what they belong to.

        Both are kept with every change that the calls make, and `correlation_id` with every operation too. It
        shares the connection: close the client that it was made from.

            client.with_context(reason="moved by crew 7").meters.update_meter(meter)

        Args:
            reason: Why, at most 1,000 characters.
            correlation_id: What belongs together, at most 128 printable ASCII characters.
        """
        made = copy.copy(self)
        made._use(  # noqa: SLF001 - its own class
            self.transport.with_metadata(context_metadata(reason, correlation_id))
        )
        return made

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
        self._use(AsyncTransport(chosen, timeout, channel_options or {}))

    def _use(self, transport: AsyncTransport) -> None:
        self.transport = transport
        """The calls beneath, for what the services do not show."""
        super().__init__(transport)
        self.readings = AsyncReadings(transport)

    def with_context(self, *, reason: str = "", correlation_id: str = "") -> Self:
        """The same client, whose calls say why they are made and what they belong to.

        Both are kept with every change that the calls make, and `correlation_id` with every operation too. It
        shares the connection: close the client that it was made from.

            client.with_context(reason="moved by crew 7").meters.update_meter(meter)

        Args:
            reason: Why, at most 1,000 characters.
            correlation_id: What belongs together, at most 128 printable ASCII characters.
        """
        made = copy.copy(self)
        made._use(  # noqa: SLF001 - its own class
            self.transport.with_metadata(context_metadata(reason, correlation_id))
        )
        return made

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
