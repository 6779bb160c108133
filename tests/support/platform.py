"""The platform on real engines: a fresh migrated database per run, a fresh tenant per test."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import pytest_asyncio
from google.rpc import error_details_pb2, status_pb2
from pydantic import SecretStr

from server.access import store
from server.access.api_keys import issue_key
from server.access.domain import Tenant
from server.main import Application, build, grpc_server, worker_loops
from server.migrations.run import migrate
from server.platform.caller import Caller, acting_as
from server.platform.ids import new_id
from server.platform.loops import run_all
from server.platform.platform import Platform, open_platform
from server.platform.rpc.methods import permission_catalogue
from server.platform.settings import Settings
from tests.support.engines import Engines


def fresh_settings(engines: Engines, **changed: Any) -> Settings:
    """Settings for empty databases."""
    quick = {
        "grpc_listen": "127.0.0.1:0",
        "log_format": "text",
        "key_cache_seconds": 0.5,
        "stream_check_seconds": 0.3,
        "relay_poll_seconds": 0.5,
        "job_stalled_seconds": 2.0,
        "drain_seconds": 3.0,
        "secrets_key": SecretStr(os.urandom(32).hex()),
        "provisioning_lease_seconds": 2.0,
    }
    return Settings(
        postgres_dsn=engines.postgres_dsn(),
        clickhouse_url=engines.clickhouse_url(),
        redis_url=engines.redis_url(),
        **{**quick, **changed},
    )


@pytest.fixture(scope="session")
def settings(engines: Engines) -> Settings:
    """Settings for databases of this run's own, migrated."""
    made = fresh_settings(engines)
    migrate(made)
    return made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform(settings: Settings) -> AsyncIterator[Platform]:
    """The platform on those databases."""
    async with open_platform(settings) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class TestTenant:
    """A tenant made for one test, and a key that may do everything within it."""

    __test__ = False

    caller: Caller
    secret: str


async def make_tenant(
    platform: Platform, *, time_zone: str = "UTC", roles: tuple[str, ...] = ()
) -> TestTenant:
    """A fresh tenant with one key; by default an administrator of tenant and platform."""
    chosen = roles or ("admin", "platform-admin")
    async with platform.uow.system() as tx:
        made = Tenant(new_id(), f"t{uuid4().hex}", "Test", time_zone, True, 1, tx.now)
        await store.insert_tenant(tx, made)
        key, secret = await issue_key(tx.of(made.tenant_id), "Test", chosen)
    caller = Caller(made.tenant_id, f"api-keys/{key.api_key_id}", "Test", permission_catalogue())
    return TestTenant(caller, secret)


@pytest_asyncio.fixture(loop_scope="session")
async def own_tenant(platform: Platform) -> TestTenant:
    """The test's own tenant."""
    return await make_tenant(platform)


@pytest.fixture
def caller(own_tenant: TestTenant) -> Iterator[Caller]:
    """The caller of the test, already the current one."""
    with acting_as(own_tenant.caller) as set_caller:
        yield set_caller


@pytest.fixture
def tenant(caller: Caller) -> UUID:
    """The id of the test's own tenant, whose caller is the current one."""
    return caller.tenant_id


@pytest.fixture
def api_key(own_tenant: TestTenant) -> str:
    """The secret of a key that may do everything."""
    return own_tenant.secret


@dataclass(slots=True)
class RunningServer:
    """A real gRPC server in this process."""

    application: Application
    address: str
    _channels: list[grpc.aio.Channel] = field(default_factory=list)

    def channel(self, secret: str = "") -> grpc.aio.Channel:
        """A channel that sends the key with each call; closed with the server."""
        opened = grpc.aio.insecure_channel(
            self.address,
            interceptors=[made(secret) for made in _INTERCEPTORS] if secret else None,
            options=[
                ("grpc.max_receive_message_length", 64 << 20),
                ("grpc.max_send_message_length", 64 << 20),
            ],
        )
        self._channels.append(opened)
        return opened

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close()


@asynccontextmanager
async def running_server(application: Application) -> AsyncIterator[RunningServer]:
    """Serves an application on a free port, with its loops."""
    server = grpc_server(application)
    await server.start()
    stop = asyncio.Event()
    loops = [loop for part in application.capabilities for loop in part.server_loops]
    running = asyncio.create_task(run_all(loops, stop, 2.0))
    made = RunningServer(application, f"127.0.0.1:{server.port}")
    try:
        yield made
    finally:
        await made.close()
        await server.stop(1.0)
        stop.set()
        await running


@pytest.fixture(scope="session")
def application(platform: Platform) -> Application:
    """Every capability, wired as in production."""
    return build(platform)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(application: Application) -> AsyncIterator[RunningServer]:
    """A real gRPC server with every capability."""
    async with running_server(application) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def channel(server: RunningServer, api_key: str) -> grpc.aio.Channel:
    """A channel to the server, with the tenant's key; gRPC takes the loop that runs."""
    return server.channel(api_key)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worker(application: Application) -> AsyncIterator[None]:
    """Jobs, relays and loops, as a worker runs them."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_all(worker_loops(application), stop, 3.0))
    yield
    stop.set()
    await running


def error_of(error: grpc.aio.AioRpcError) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    """Reason, metadata and (field, description) violations of an error, as a client reads them."""
    status = status_of(error)
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    found = 0
    for detail in status.details:
        found += detail.Unpack(info)
        detail.Unpack(bad)
    assert found == 1, "exactly one ErrorInfo"
    assert info.domain == "simba"
    return info.reason, dict(info.metadata), [(each.field, each.description) for each in bad.field_violations]


def status_of(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    """The status in the trailing metadata."""
    raw = dict(error.trailing_metadata() or ())["grpc-status-details-bin"]
    return status_pb2.Status.FromString(raw)


async def eventually(check: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Waits until ``check`` (plain or async) gives something true; returns it."""
    end = asyncio.get_running_loop().time() + seconds
    while True:
        got = check()
        if asyncio.iscoroutine(got):
            got = await got
        if got:
            return got
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"not within {seconds} s: {check}")
        await asyncio.sleep(0.02)


class _Keyed:
    def __init__(self, secret: str) -> None:
        self._entry = ("authorization", f"Bearer {secret}")

    async def _with_key(self, continuation: Any, details: Any, request: Any) -> Any:
        metadata = [*(details.metadata or ()), self._entry]
        return await continuation(details._replace(metadata=grpc.aio.Metadata(*metadata)), request)


class _UnaryUnary(_Keyed, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(self, continuation, client_call_details, request):
        return await self._with_key(continuation, client_call_details, request)


class _UnaryStream(_Keyed, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(self, continuation, client_call_details, request):
        return await self._with_key(continuation, client_call_details, request)


class _StreamUnary(_Keyed, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(self, continuation, client_call_details, request_iterator):
        return await self._with_key(continuation, client_call_details, request_iterator)


class _StreamStream(_Keyed, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(self, continuation, client_call_details, request_iterator):
        return await self._with_key(continuation, client_call_details, request_iterator)


_INTERCEPTORS = (_UnaryUnary, _UnaryStream, _StreamUnary, _StreamStream)
