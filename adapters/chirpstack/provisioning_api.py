"""ChirpStack's own gRPC API: one channel, its key on every call, and what its errors mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import grpc
import grpc.aio
from chirpstack_api import api

_AWAY: Final = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
    }
)
_BROKEN: Final = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN})
_DENIED: Final = frozenset({grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED})


class ChirpStackError(Exception):
    """ChirpStack did not do what it was asked to; the text holds its own words."""


class AwayError(ChirpStackError):
    """It cannot be reached, or does not answer in time. It may have done the work all the same."""


class BrokenError(ChirpStackError):
    """It failed inside: its database, say; or it takes a value for one of ours that it cannot read."""


class DeniedError(ChirpStackError):
    """It does not take our key, or not for this; or there is no such thing.

    A key of a tenant is told so, too, when a device or a gateway does not exist.
    """


class RefusedError(ChirpStackError):
    """It will not do that, however often it is asked."""


class NotThereError(RefusedError):
    """There is no such thing."""


class ExistsError(RefusedError):
    """There is such a thing already."""


class ChirpStackApi:
    """Stubs of the services that provisioning needs."""

    def __init__(self, url: str, token: str, *, seconds: float, ca_file: Path | None = None) -> None:
        """`url` is `http://host:port`, `https://host:port`, or a gRPC target (no TLS)."""
        scheme, _, rest = url.rpartition("://")
        target = rest.rstrip("/")
        if scheme == "https":
            roots = ca_file.read_bytes() if ca_file is not None else None
            credentials = grpc.ssl_channel_credentials(root_certificates=roots)
            self._channel = grpc.aio.secure_channel(target, credentials, options=_OPTIONS)
        else:
            self._channel = grpc.aio.insecure_channel(target, options=_OPTIONS)
        self._metadata = (("authorization", f"Bearer {token}"),)
        self._seconds = seconds
        self.applications: Any = api.ApplicationServiceStub(self._channel)
        self.profiles: Any = api.DeviceProfileServiceStub(self._channel)
        self.devices: Any = api.DeviceServiceStub(self._channel)
        self.gateways: Any = api.GatewayServiceStub(self._channel)

    async def close(self) -> None:
        """Ends the channel."""
        await self._channel.close()

    async def call(self, method: Any, request: Any) -> Any:
        """Calls once. Raises a :class:`ChirpStackError` that says what another call may bring."""
        try:
            return await method(request, metadata=self._metadata, timeout=self._seconds)
        except grpc.aio.AioRpcError as error:
            raise _meant(error) from None


def _meant(error: grpc.aio.AioRpcError) -> ChirpStackError:
    code = error.code()
    text = f"ChirpStack: {code.name}: {error.details() or 'no details'}"
    if code in _AWAY:
        return AwayError(text)
    if code in _BROKEN:
        return BrokenError(text)
    if code in _DENIED:
        return DeniedError(text)
    if code is grpc.StatusCode.NOT_FOUND:
        return NotThereError(text)
    if code is grpc.StatusCode.ALREADY_EXISTS:
        return ExistsError(text)
    return RefusedError(text)


_OPTIONS: Final[tuple[tuple[str, Any], ...]] = (
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
)
