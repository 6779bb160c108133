"""Calls over a gRPC channel, synchronous and asynchronous: credentials, time limits, typed errors."""

from __future__ import annotations

import copy
import string
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote

import betterproto2
import grpc
import grpc.aio

from simba_metering._connect import Connection, options
from simba_metering._method import Method
from simba_metering._status import from_rpc_error

Metadata = Sequence[tuple[str, str | bytes]]
"""More headers for one call."""
Request = TypeVar("Request", bound=betterproto2.Message)
Response = TypeVar("Response", bound=betterproto2.Message)
_Parse = Callable[[bytes], Any]
_PLAIN = " " + string.punctuation.replace("%", "")


def context_metadata(reason: str, correlation_id: str) -> list[tuple[str, str]]:
    """The headers that say why, and what belongs together."""
    headers = []
    if reason:
        # Headers are ASCII; the server decodes.
        headers.append(("x-simba-reason", quote(reason, safe=_PLAIN)))
    if correlation_id:
        headers.append(("x-correlation-id", correlation_id))
    return headers


class _Calls:
    """The callables of a channel, made once."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._made: dict[str, Any] = {}

    def of(self, method: Method[Any, Any], *, raw: bool = False) -> Any:
        """The callable of a method; `raw` sends requests that are serialized already."""
        key = f"{method.path}{'#raw' if raw else ''}"
        if key not in self._made:
            many = ("unary", "stream")
            kind = f"{many[method.client_streaming]}_{many[method.server_streaming]}"
            parse: _Parse = method.response.parse
            self._made[key] = getattr(self._channel, kind)(
                method.path, request_serializer=None if raw else bytes, response_deserializer=parse
            )
        return self._made[key]


class _Headers:
    """What every call carries."""

    _connection: Connection
    _context: Metadata = ()

    def with_metadata(self, metadata: Metadata) -> Self:
        """The same connection, whose calls carry these headers besides."""
        made = copy.copy(self)
        made._context = (*self._context, *metadata)  # noqa: SLF001 - its own class
        return made

    def _with(self, time_limit: float | None, metadata: Metadata) -> dict[str, Any]:
        headers = [*self._connection.metadata(), *self._context, *metadata]
        return {"timeout": time_limit, "metadata": headers}


class Transport(_Headers):
    """Synchronous calls."""

    def __init__(
        self, connection: Connection, time_limit: float | None, extra: Mapping[str, int | str]
    ) -> None:
        self._connection = connection
        self._time_limit = time_limit
        chosen = options(extra)
        if connection.credentials is None:
            self._channel = grpc.insecure_channel(connection.target, chosen)
        else:
            self._channel = grpc.secure_channel(connection.target, connection.credentials, chosen)
        self._calls = _Calls(self._channel)

    def unary(
        self,
        method: Method[Request, Response],
        request: Request,
        time_limit: float | None,
        metadata: Metadata,
    ) -> Response:
        """One request, one answer."""
        try:
            answer = self._calls.of(method)(request, **self._with(time_limit or self._time_limit, metadata))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return cast("Response", answer)

    def start(
        self,
        method: Method[Request, Response],
        request: Request,
        time_limit: float | None,
        metadata: Metadata,
    ) -> Any:
        """One request, many answers; gRPC's own call."""
        return self._calls.of(method)(request, **self._with(time_limit, metadata))

    def start_raw(
        self,
        method: Method[Any, Any],
        requests: Iterator[bytes],
        time_limit: float | None,
        metadata: Metadata,
    ) -> Any:
        """Many serialized requests; gRPC's own call."""
        return self._calls.of(method, raw=True)(requests, **self._with(time_limit, metadata))

    def stream_unary(
        self,
        method: Method[Request, Response],
        requests: Iterator[Request],
        time_limit: float | None,
        metadata: Metadata,
    ) -> Response:
        """Many requests, one answer."""
        try:
            answer = self._calls.of(method)(requests, **self._with(time_limit, metadata))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return cast("Response", answer)

    def stream_stream(
        self,
        method: Method[Request, Response],
        requests: Iterator[Request],
        time_limit: float | None,
        metadata: Metadata,
    ) -> Iterator[Response]:
        """Many requests, many answers."""
        try:
            yield from self._calls.of(method)(requests, **self._with(time_limit, metadata))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def close(self) -> None:
        """End all calls and the connection."""
        self._channel.close()


class _LateChannel:
    """A channel that is made on the loop of its first call, to which it belongs from then on."""

    def __init__(self, connection: Connection, extra: Mapping[str, int | str]) -> None:
        self._connection = connection
        self._options = options(extra)
        self._channel: grpc.aio.Channel | None = None
        self._calls: _Calls | None = None

    def calls(self) -> _Calls:
        """Its callables."""
        if self._calls is None:
            target, credentials = self._connection.target, self._connection.credentials
            if credentials is None:
                self._channel = grpc.aio.insecure_channel(target, self._options)
            else:
                self._channel = grpc.aio.secure_channel(target, credentials, self._options)
            self._calls = _Calls(self._channel)
        return self._calls

    async def close(self) -> None:
        """End all calls and the connection."""
        if self._channel is not None:
            await self._channel.close()


class AsyncTransport(_Headers):
    """Asynchronous calls, on the event loop of the first one."""

    def __init__(
        self, connection: Connection, time_limit: float | None, extra: Mapping[str, int | str]
    ) -> None:
        self._connection = connection
        self._time_limit = time_limit
        self._channel = _LateChannel(connection, extra)

    async def unary(
        self,
        method: Method[Request, Response],
        request: Request,
        time_limit: float | None,
        metadata: Metadata,
    ) -> Response:
        """One request, one answer."""
        try:
            answer = await self._of(method)(request, **self._with(time_limit or self._time_limit, metadata))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return cast("Response", answer)

    def start(
        self,
        method: Method[Request, Response],
        request: Request,
        time_limit: float | None,
        metadata: Metadata,
    ) -> Any:
        """One request, many answers; gRPC's own call."""
        return self._of(method)(request, **self._with(time_limit, metadata))

    def start_raw(
        self,
        method: Method[Any, Any],
        requests: AsyncIterator[bytes],
        time_limit: float | None,
        metadata: Metadata,
    ) -> Any:
        """Many serialized requests; gRPC's own call."""
        return self._of(method, raw=True)(requests, **self._with(time_limit, metadata))

    async def stream_unary(
        self,
        method: Method[Request, Response],
        requests: AsyncIterator[Request],
        time_limit: float | None,
        metadata: Metadata,
    ) -> Response:
        """Many requests, one answer."""
        try:
            answer = await self._of(method)(requests, **self._with(time_limit, metadata))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return cast("Response", answer)

    async def stream_stream(
        self,
        method: Method[Request, Response],
        requests: AsyncIterator[Request],
        time_limit: float | None,
        metadata: Metadata,
    ) -> AsyncIterator[Response]:
        """Many requests, many answers."""
        try:
            async for answer in self._of(method)(requests, **self._with(time_limit, metadata)):
                yield answer
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    async def close(self) -> None:
        """End all calls and the connection."""
        await self._channel.close()

    def _of(self, method: Method[Any, Any], *, raw: bool = False) -> Any:
        return self._channel.calls().of(method, raw=raw)
