"""Streams that go on where they broke off."""

from __future__ import annotations

import asyncio
import copy
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, Self, TypeVar

import grpc

from simba_metering._method import Method
from simba_metering._status import from_rpc_error, is_passing, wait_before_retry
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering.errors import DeadlineExceeded, SimbaError

Item = TypeVar("Item")
PATIENCE_SECONDS = 300.0
"""How long a stream that once ran tries to begin again before it gives up."""


class _Resumption(Generic[Item]):
    """What both forms share: what was said, where to begin again, when to give up."""

    def __init__(
        self,
        method: Method[Any, Any],
        request: Any,
        items: Callable[[Any], Sequence[Item]],
        timeout: float | None,
        metadata: Metadata,
    ) -> None:
        self._method = method
        self._request = request
        self._items = items
        self._metadata = metadata
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._waiting: deque[Item] = deque()
        self._attempt = 0
        self._heard: float | None = None
        self._closed = False
        self.resume_token: str = getattr(request, "resume_token", "")
        """Resumes right after what was given out last; keep it with what you did about it."""
        self._token_ahead = self.resume_token

    def _next_request(self) -> Any:
        request = copy.copy(self._request)
        if hasattr(request, "resume_token"):
            request.resume_token = self._token_ahead
        return request

    def _take(self, said: Any) -> None:
        self._attempt = 0
        self._heard = time.monotonic()
        items = () if getattr(said, "heartbeat", False) else self._items(said)
        self._waiting.extend(items)
        newest = getattr(items[-1], "resume_token", "") if items else ""
        self._token_ahead = getattr(said, "resume_token", "") or newest or self._token_ahead
        if not self._waiting:
            self.resume_token = self._token_ahead

    def _give(self) -> Item:
        item = self._waiting.popleft()
        # An event names its own place; of other messages only the last item has reached the message's.
        own = getattr(item, "resume_token", "")
        self.resume_token = own or (self.resume_token if self._waiting else self._token_ahead)
        return item

    def _seconds_left(self) -> float | None:
        if self._deadline is None:
            return None
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded("the stream's time is up")
        return left

    def _pause_after(self, error: SimbaError) -> float:
        """Seconds before the next try; raises the error where there is no next try."""
        never_ran = self._heard is None
        given_up = self._heard is not None and time.monotonic() - self._heard > PATIENCE_SECONDS
        if not is_passing(error) or never_ran or given_up:
            raise error
        pause = wait_before_retry(self._attempt, error)
        self._attempt += 1
        return pause


class Stream(_Resumption[Item]):
    """What happens, as it happens. Iterate; leave with `close` or as a context manager.

    When the connection breaks the stream begins again right after the last message, so that nothing is lost
    or told twice. Heartbeats are not shown.
    """

    def __init__(self, transport: Transport, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._transport = transport
        self._call: Any = None
        self._end = threading.Event()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        while not self._waiting:
            if self._closed:
                raise StopIteration
            try:
                if self._call is None:
                    request, left = self._next_request(), self._seconds_left()
                    self._call = self._transport.start(self._method, request, left, self._metadata)
                self._take(next(self._call))
            except StopIteration:
                self._closed = True
            except grpc.RpcError as error:
                self._call = None
                if self._closed:
                    raise StopIteration from None
                self._end.wait(self._pause_after(from_rpc_error(error)))
        return self._give()

    def close(self) -> None:
        """End the stream; also from another thread."""
        self._closed = True
        self._end.set()
        call = self._call
        if call is not None:
            call.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class AsyncStream(_Resumption[Item]):
    """What happens, as it happens. Iterate; leave with `close` or as a context manager.

    When the connection breaks the stream begins again right after the last message, so that nothing is lost
    or told twice. Heartbeats are not shown.
    """

    def __init__(self, transport: AsyncTransport, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._transport = transport
        self._call: Any = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            try:
                if self._call is None:
                    request, left = self._next_request(), self._seconds_left()
                    self._call = self._transport.start(self._method, request, left, self._metadata)
                said = await self._call.read()
                if said is grpc.aio.EOF:
                    self._closed = True
                else:
                    self._take(said)
            except asyncio.CancelledError:
                if self._closed:  # by ourselves, not by who waits for us
                    raise StopAsyncIteration from None
                raise
            except grpc.RpcError as error:
                self._call = None
                if self._closed:
                    raise StopAsyncIteration from None
                await asyncio.sleep(self._pause_after(from_rpc_error(error)))
        return self._give()

    def close(self) -> None:
        """End the stream."""
        self._closed = True
        if self._call is not None:
            self._call.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self.close()
