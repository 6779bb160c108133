"""A server whose handlers the tests write."""

from collections.abc import AsyncIterator

import grpc
import pytest
import pytest_asyncio
import sqlalchemy as sa

from server.platform.platform import Platform
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.commands.v1.command_service_pb2_grpc import CommandServiceStub
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from tests.support.calls import Probes, probe_server


@pytest_asyncio.fixture(loop_scope="session")
async def probes(platform: Platform) -> AsyncIterator[Probes]:
    async with probe_server(platform) as made:
        yield made


@pytest.fixture
def probe_channel(probes: Probes, api_key: str) -> grpc.aio.Channel:
    return probes.server.channel(api_key)


@pytest.fixture
def unary_stub(probe_channel: grpc.aio.Channel) -> PrincipalServiceStub:
    return PrincipalServiceStub(probe_channel)


@pytest.fixture
def stream_stub(probe_channel: grpc.aio.Channel) -> CommandServiceStub:
    return CommandServiceStub(probe_channel)


@pytest.fixture
def bidi_stub(probe_channel: grpc.aio.Channel) -> IngestServiceStub:
    return IngestServiceStub(probe_channel)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def notes(platform: Platform) -> sa.Table:
    """A tenant's table for tests, with row-level security like any other."""
    from server.platform.tables import enable_rls, metadata

    table = sa.Table(
        "test_note",
        metadata,
        sa.Column("tenant_id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False, server_default="0"),
        keep_existing=True,
    )
    async with platform.engine.begin() as conn:
        await conn.run_sync(table.create)
        await conn.run_sync(lambda plain: enable_rls(_Executor(plain), "test_note"))
    return table


class _Executor:
    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn

    def execute(self, sqltext: str) -> None:
        self._conn.execute(sa.text(sqltext))
