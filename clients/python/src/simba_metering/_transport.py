"""Calls over a gRPC channel, synchronous and asynchronous: credentials, time limits, typed errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

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


class Transport:
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

    def _with(self, time_limit: float | None, metadata: Metadata) -> dict[str, Any]:
        return {"timeout": time_limit, "metadata": [*self._connection.metadata(), *metadata]}


class AsyncTransport:
    """Asynchronous calls, on the event loop of the first one."""

    def __init__(
        self, connection: Connection, time_limit: float | None, extra: Mapping[str, int | str]
    ) -> None:
        self._connection = connection
        self._time_limit = time_limit
        self._options = options(extra)
        self._channel: grpc.aio.Channel | None = None
        self._calls: _Calls | None = None

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
        if self._channel is not None:
            await self._channel.close()

    def _of(self, method: Method[Any, Any], *, raw: bool = False) -> Any:
        if self._calls is None:
            # Not before: a channel belongs to the loop on which it is made.
            target, credentials = self._connection.target, self._connection.credentials
            if credentials is None:
                self._channel = grpc.aio.insecure_channel(target, self._options)
            else:
                self._channel = grpc.aio.secure_channel(target, credentials, self._options)
            self._calls = _Calls(self._channel)
        return self._calls.of(method, raw=raw)

    def _with(self, time_limit: float | None, metadata: Metadata) -> dict[str, Any]:
        return {"timeout": time_limit, "metadata": [*self._connection.metadata(), *metadata]}
