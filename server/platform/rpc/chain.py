"""The one gRPC interceptor: runs every call through the steps, validation and idempotency.

The steps are context managers in the task of the call, so what they put into context variables is seen by
the handler, and a cancelled call leaves them in order. Stream handlers are driven here, message by message,
for the same reason: a generator that gRPC drops would be closed somewhere else, some time later.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, contextmanager
from datetime import timedelta
from typing import Any

import grpc
from google.protobuf.message import DecodeError, Message

from server.platform.errors import InvalidArgument, Unavailable
from server.platform.history_context import request_id_of
from server.platform.rpc.call import Call, Step
from server.platform.rpc.idempotency import Idempotency
from server.platform.rpc.methods import MethodInfo, method_info
from server.platform.rpc.named import made_by, named_in
from server.platform.rpc.validation import validate

Handler = Any
Context = Any


class GoingDown(Unavailable):
    """The server ends; the same call succeeds elsewhere, or here in a moment."""

    def __init__(self) -> None:
        super().__init__("the server is going down", retry_after=timedelta(seconds=0.5), engine="server")


class Chain(grpc.aio.ServerInterceptor):
    """Wraps each handler once and keeps the wrapped one."""

    def __init__(self, steps: Sequence[Step], idempotency: Idempotency) -> None:
        self._steps = tuple(steps)
        self._idempotency = idempotency
        self._wrapped: dict[str, Handler] = {}
        self._streams: set[asyncio.Task[Any]] = set()
        self._ending = False

    def end_streams(self) -> None:
        """Ends open streams, which otherwise live for ever, so that their callers go to another server."""
        self._ending = True
        for task in self._streams:
            task.cancel()

    @contextmanager
    def _ended_with_the_server(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        try:
            yield
        except asyncio.CancelledError:
            if not self._ending:
                raise
            task.uncancel()
            raise GoingDown from None
        finally:
            self._streams.discard(task)

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Handler]], handler_call_details: Any
    ) -> Handler:
        """The handler of the method, with everything around it; None for an unknown method."""
        path: str = handler_call_details.method
        wrapped = self._wrapped.get(path)
        if wrapped is None:
            handler = await continuation(handler_call_details)
            if handler is None:
                return None
            wrapped = self._wrapped[path] = self._wrap(handler, method_info(path))
        return wrapped

    def _wrap(self, handler: Handler, method: MethodInfo) -> Handler:
        parse = _parser(handler.request_deserializer)
        write = _writer(handler.response_serializer)
        if handler.response_streaming:
            serve = self._stream(handler, method, parse)
            make = (
                grpc.stream_stream_rpc_method_handler
                if handler.request_streaming
                else grpc.unary_stream_rpc_method_handler
            )
        else:
            serve = self._unary(handler, method, parse)
            make = (
                grpc.stream_unary_rpc_method_handler
                if handler.request_streaming
                else grpc.unary_unary_rpc_method_handler
            )
        # Bytes come in as they are: a message that cannot be read is the caller's mistake, told as such.
        return make(serve, request_deserializer=None, response_serializer=write)

    async def _enter(self, stack: AsyncExitStack, call: Call) -> None:
        for step in self._steps:
            await stack.enter_async_context(step(call))

    def _unary(self, handler: Handler, method: MethodInfo, parse: Callable[[bytes], Message]) -> Any:
        behaviour = handler.stream_unary if handler.request_streaming else handler.unary_unary

        async def serve(request: Any, context: Context) -> Any:
            call = _call(method, context, streaming=handler.request_streaming)
            async with AsyncExitStack() as stack:
                await self._enter(stack, call)
                if handler.request_streaming:
                    response = await behaviour(_messages(request, call, parse), context)
                else:
                    call.received = 1
                    message = parse(request)
                    call.resource_id = named_in(method, message)
                    validate(message)
                    response = await self._idempotency.around(
                        call, message, lambda: behaviour(message, context)
                    )
                    call.resource_id = call.resource_id or made_by(method, response)
                call.sent = 1
            return response

        return serve

    def _stream(self, handler: Handler, method: MethodInfo, parse: Callable[[bytes], Message]) -> Any:
        behaviour = handler.stream_stream if handler.request_streaming else handler.unary_stream

        async def serve(request: Any, context: Context) -> None:
            call = _call(method, context, streaming=True)
            async with AsyncExitStack() as stack:
                await self._enter(stack, call)
                stack.enter_context(self._ended_with_the_server())
                if handler.request_streaming:
                    argument: Any = _messages(request, call, parse)
                else:
                    call.received = 1
                    argument = parse(request)
                    call.resource_id = named_in(method, argument)
                    validate(argument)
                answer = behaviour(argument, context)
                if inspect.isawaitable(answer):
                    await answer
                    return
                async with aclosing(answer) as responses:
                    async for response in responses:
                        call.sent += 1
                        await context.write(response)

        return serve


def _call(method: MethodInfo, context: Context, *, streaming: bool) -> Call:
    metadata: dict[str, str] = {}
    for key, value in context.invocation_metadata() or ():
        if isinstance(value, str):
            metadata.setdefault(key, value)
    call = Call(method, context, metadata, streaming)
    call.call_id = request_id_of(metadata)
    if not call.call_id:
        call.call_id = str(call.operation_id)
        call.answer_metadata = (("x-request-id", call.call_id),)
        context.set_trailing_metadata(call.answer_metadata)
    call.correlation_id = call.call_id
    return call


async def _messages(
    requests: AsyncIterator[bytes], call: Call, parse: Callable[[bytes], Message]
) -> AsyncIterator[Message]:
    async for raw in requests:
        call.received += 1
        message = parse(raw)
        validate(message)
        yield message


def _parser(deserializer: Callable[[bytes], Message]) -> Callable[[bytes], Message]:
    def parse(raw: bytes) -> Message:
        try:
            return deserializer(raw)
        except (DecodeError, ValueError) as error:
            raise InvalidArgument(f"the request is not a message of this method: {error}") from error

    return parse


def _writer(serializer: Callable[[Message], bytes]) -> Callable[[Message | bytes], bytes]:
    def write(response: Message | bytes) -> bytes:
        return response if isinstance(response, bytes) else serializer(response)

    return write
