"""A SiMBA for your own tests: a real gRPC server in this process that answers from memory.

    with FakeServer() as fake:
        client = fake.client()
        meter = client.meters.create_meter(Meter(serial_number="1", device_model_id=model_id))
        fake.fail("CommandService/SubmitCommand", Unavailable("the bus is away"))
        fake.reply("InvoiceService/GetInvoice", GetInvoiceResponse(invoice=Invoice(total_amount="12.00")))

Standard calls (create, get, list, update, archive) work by themselves, with ids, etags, pages, `request_id`
and the server's error reasons; readings sent with `ingest` are in `blocks`. Everything else answers what you
tell it to. It checks nothing that only the real server can know: for that, run `simba up`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import betterproto2
import grpc

from simba_metering._fake_store import Store
from simba_metering._generated import methods
from simba_metering._generated.simba.readings.v1 import IngestAck, IngestReadingsResponse, ReadingBlock
from simba_metering._method import Method
from simba_metering._status import DETAILS, pack
from simba_metering.client import AsyncSimbaClient, SimbaClient
from simba_metering.errors import SimbaError, Unauthenticated, Unimplemented

__all__ = ["Call", "FakeServer"]

Answer = betterproto2.Message | Iterable[betterproto2.Message]
Reply = Answer | Callable[[Any], Answer]
"""An answer, or what makes it from the request; many answers for a stream."""
_BY_KEY = {method.key: method for method in methods.ALL}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that arrived."""

    method: str
    """`MeterService/GetMeter`."""
    request: Any
    metadata: dict[str, str | bytes]


class FakeServer:
    """The server. Use it as a context manager, or call `start` and `stop`.

    api_key: if given, calls without this key are refused as the real server does.
    """

    def __init__(self, api_key: str = "") -> None:
        self.api_key = api_key
        self.calls: list[Call] = []
        """What arrived, in order."""
        self.blocks: list[ReadingBlock] = []
        """What was ingested, each block once."""
        self.port = 0
        """Where it is heard, on 127.0.0.1."""
        self._store = Store()
        self._replies: dict[str, Reply] = {}
        self._failures: dict[str, list[SimbaError]] = {}
        self._lock = threading.Lock()
        self._server: grpc.Server | None = None

    @property
    def target(self) -> str:
        """What a client is given as its target."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Begin to listen; on the same port as before, if it ran before."""
        server = grpc.server(ThreadPoolExecutor(max_workers=16), options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers((_Handlers(self),))
        self.port = server.add_insecure_port(f"127.0.0.1:{self.port}")
        server.start()
        self._server = server
        return self

    def stop(self) -> None:
        """Break all connections and stop. What it knows it keeps, for another `start`."""
        if self._server is not None:
            self._server.stop(None).wait()
            self._server = None

    def client(self) -> SimbaClient:
        """A client of this server."""
        return SimbaClient(self.target, api_key=self.api_key or "test", channel_options=_SEPARATE)

    def async_client(self) -> AsyncSimbaClient:
        """An asynchronous client of this server."""
        return AsyncSimbaClient(self.target, api_key=self.api_key or "test", channel_options=_SEPARATE)

    def put(self, resource: Any) -> Any:
        """Let a resource exist: `fake.put(Meter(serial_number="1"))`. Gives it back with an id."""
        return self._store.put(resource)

    def reply(self, method: str, reply: Reply) -> None:
        """Answer a call (`MeterService/GetMeter`) with this, or with what this function makes of it."""
        self._replies[_known(method)] = reply

    def fail(self, method: str, error: SimbaError, *, times: int = 1) -> None:
        """Refuse the next calls of a method."""
        self._failures.setdefault(_known(method), []).extend([error] * times)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == _known(method)]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def note(self, method: Method[Any, Any], request: Any, context: grpc.ServicerContext) -> None:
        """Write a call down; raises what it is to fail with."""
        metadata = {str(key): value for key, value in context.invocation_metadata()}
        with self._lock:
            self.calls.append(Call(method.key, request, metadata))
            failures = self._failures.get(method.key)
            if failures:
                raise failures.pop(0)
        if self.api_key and metadata.get("x-api-key") != self.api_key:
            raise Unauthenticated("no valid credential", reason="CREDENTIAL_INVALID")

    def answer(self, method: Method[Any, Any], request: Any) -> Any:
        """What a call is answered."""
        with self._lock:
            reply = self._replies.get(method.key) or self._store.handler(method)
            if reply is None:
                raise Unimplemented(
                    f"the fake server has no answer to {method.key}: give one with reply()",
                    reason="UNIMPLEMENTED",
                )
            return reply(request) if callable(reply) else reply

    def acknowledge(self, requests: Iterator[Any]) -> Iterator[IngestReadingsResponse]:
        """Take blocks, each once."""
        for request in requests:
            acks = []
            for block in request.blocks:
                with self._lock:
                    key = (block.source, block.sequence)
                    repeated = any((known.source, known.sequence) == key for known in self.blocks)
                    if not repeated:
                        self.blocks.append(block)
                rows = 0 if repeated else len(block.channel)
                acks.append(
                    IngestAck(source=block.source, sequence=block.sequence, stored=rows, duplicate=repeated)
                )
            yield IngestReadingsResponse(acks=acks)


_SEPARATE: dict[str, int | str] = {
    # Every client its own connection, and soon back after a restart.
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.min_reconnect_backoff_ms": 50,
    "grpc.max_reconnect_backoff_ms": 200,
}


class _Handlers(grpc.GenericRpcHandler):
    """Gives every call of the contract to the fake."""

    def __init__(self, fake: FakeServer) -> None:
        self._fake = fake

    def service(self, handler_call_details: Any) -> grpc.RpcMethodHandler[Any, Any] | None:
        method = next((known for known in methods.ALL if known.path == handler_call_details.method), None)
        if method is None:
            return None
        make, act = {
            (False, False): (grpc.unary_unary_rpc_method_handler, self._one_to_one),
            (False, True): (grpc.unary_stream_rpc_method_handler, self._one_to_many),
            (True, False): (grpc.stream_unary_rpc_method_handler, self._many_to_one),
            (True, True): (grpc.stream_stream_rpc_method_handler, self._many_to_many),
        }[method.client_streaming, method.server_streaming]
        return make(act(method), method.request.parse, bytes)

    def _one_to_one(self, method: Method[Any, Any]) -> Any:
        def act(request: Any, context: grpc.ServicerContext) -> Any:
            with _refusing(context):
                self._fake.note(method, request, context)
                return self._fake.answer(method, request)

        return act

    def _many_to_one(self, method: Method[Any, Any]) -> Any:
        def act(requests: Iterator[Any], context: grpc.ServicerContext) -> Any:
            with _refusing(context):
                received = list(requests)
                self._fake.note(method, received, context)
                return self._fake.answer(method, received)

        return act

    def _one_to_many(self, method: Method[Any, Any]) -> Any:
        def act(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            with _refusing(context):
                self._fake.note(method, request, context)
                yield from self._fake.answer(method, request)

        return act

    def _many_to_many(self, method: Method[Any, Any]) -> Any:
        def act(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
            with _refusing(context):
                self._fake.note(method, None, context)
                yield from self._fake.acknowledge(requests)

        return act


@contextmanager
def _refusing(context: grpc.ServicerContext) -> Iterator[None]:
    """Turn a `SimbaError` into the status that the real server sends."""
    try:
        yield
    except SimbaError as error:
        context.set_trailing_metadata(((DETAILS, pack(error)),))
        context.abort(error.code, error.message)


def _known(method: str) -> str:
    if method not in _BY_KEY:
        raise ValueError(f"there is no call {method!r}; write it like MeterService/GetMeter")
    return method
