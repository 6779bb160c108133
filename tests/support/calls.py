"""A gRPC server whose handlers a test writes itself, behind everything that real calls pass through."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from server.access import capability as access_capability
from server.main import Application
from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    CreateApiKeyResponse,
    GetApiKeyRequest,
    GetApiKeyResponse,
    RevokeApiKeyRequest,
    RevokeApiKeyResponse,
)
from simba.access.v1.principal_service_pb2_grpc import (
    PrincipalServiceServicer,
    add_PrincipalServiceServicer_to_server,
)
from simba.commands.v1.command_service_pb2_grpc import (
    CommandServiceServicer,
    add_CommandServiceServicer_to_server,
)
from simba.readings.v1.ingest_service_pb2_grpc import (
    IngestServiceServicer,
    add_IngestServiceServicer_to_server,
)
from tests.support.platform import RunningServer, running_server

Unary = Callable[[Any, Any], Awaitable[Any]]


class Probe(PrincipalServiceServicer):
    """Unary methods with replaceable bodies. ``GetApiKey`` is a read, the others carry a request_id."""

    def __init__(self) -> None:
        self.get: Unary = _default(GetApiKeyResponse())
        self.create: Unary = _default(CreateApiKeyResponse())
        self.revoke: Unary = _default(RevokeApiKeyResponse())

    async def GetApiKey(self, request: GetApiKeyRequest, context: Any) -> GetApiKeyResponse:
        return await self.get(request, context)

    async def CreateApiKey(self, request: CreateApiKeyRequest, context: Any) -> CreateApiKeyResponse:
        return await self.create(request, context)

    async def RevokeApiKey(self, request: RevokeApiKeyRequest, context: Any) -> RevokeApiKeyResponse:
        return await self.revoke(request, context)


class StreamProbe(CommandServiceServicer):
    """A server stream with a replaceable body."""

    def __init__(self) -> None:
        self.watch: Callable[[Any, Any], AsyncIterator[Any]] = None

    def WatchCommand(self, request: Any, context: Any) -> AsyncIterator[Any]:
        return self.watch(request, context)


class BidiProbe(IngestServiceServicer):
    """A stream both ways with a replaceable body."""

    def __init__(self) -> None:
        self.ingest: Callable[[Any, Any], AsyncIterator[Any]] = None

    def IngestReadings(self, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        return self.ingest(request_iterator, context)


class Probes:
    """The three probes and the server that they run in."""

    def __init__(self, unary: Probe, stream: StreamProbe, bidi: BidiProbe, server: RunningServer) -> None:
        self.unary = unary
        self.stream = stream
        self.bidi = bidi
        self.server = server


@asynccontextmanager
async def probe_server(platform: Platform) -> AsyncIterator[Probes]:
    """Serves the probes with the real authenticator."""
    unary, stream, bidi = Probe(), StreamProbe(), BidiProbe()
    services = [
        Service("simba.access.v1.PrincipalService", add_PrincipalServiceServicer_to_server, unary),
        Service("simba.commands.v1.CommandService", add_CommandServiceServicer_to_server, stream),
        Service("simba.readings.v1.IngestService", add_IngestServiceServicer_to_server, bidi),
    ]
    authenticator = access_capability.build(platform).authenticator
    application = Application(platform, authenticator, (Capability("probe", services),))
    async with running_server(application) as running:
        yield Probes(unary, stream, bidi, running)


def _default(response: Any) -> Unary:
    async def answer(request: Any, context: Any) -> Any:
        return response

    return answer
