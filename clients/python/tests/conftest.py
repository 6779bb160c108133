"""The SDK against its own fake server, as users test with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from simba_metering import AsyncSimbaClient, SimbaClient
from simba_metering.testing import FakeServer


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def client(fake: FakeServer) -> Iterator[SimbaClient]:
    with fake.client() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def async_client(fake: FakeServer) -> AsyncIterator[AsyncSimbaClient]:
    async with fake.async_client() as client:
        yield client
