"""Readings with their own parts: real engines, the directory of devices in memory."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio

from server.platform.platform import Platform
from server.readings.ingest.batches import Batches
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.raw_store import RawStore
from server.readings.vee.runner import Runner
from tests.support.readings import Devices


@pytest.fixture
def devices(tenant: UUID) -> Devices:
    """The devices of the test's tenant."""
    return Devices(tenant)


@pytest_asyncio.fixture(loop_scope="session")
async def pipeline(platform: Platform, devices: Devices) -> AsyncIterator[Pipeline]:
    """An ingest pipeline of its own."""
    instance = Instance(platform.engine)
    batches = Batches(
        platform.uow, RawStore(platform.store), KnownChannels(devices), instance, platform.clock
    )
    made = Pipeline(batches)
    yield made
    await made.close()
    await instance.close()


@pytest.fixture
def runner(platform: Platform, devices: Devices) -> Runner:
    """Validation with the test's devices."""
    return Runner(platform.uow, platform.store, platform.engine, devices, platform.clock)
