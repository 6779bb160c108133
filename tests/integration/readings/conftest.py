"""Readings with their own parts: real engines, the directory of devices in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
import pytest_asyncio

from server.main import build
from server.migrations.run import migrate
from server.platform.caller import acting_as
from server.platform.platform import Platform, open_platform
from server.readings.ingest.batches import Batches
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.raw_store import RawStore
from server.readings.rule_sets.app import RuleSets
from server.readings.vee.ruling import Ruling
from server.readings.vee.runner import Runner
from tests.support.engines import Engines
from tests.support.platform import RunningServer, fresh_settings, make_tenant, running_server
from tests.support.readings import Devices


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lone_platform(engines: Engines) -> AsyncIterator[Platform]:
    """A platform on databases of its own: no worker takes the readings of these tests up."""
    settings = fresh_settings(engines)
    await asyncio.to_thread(migrate, settings)
    async with open_platform(settings) as platform:
        yield platform


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lone_server(lone_platform: Platform) -> AsyncIterator[RunningServer]:
    """Every capability on those databases, served."""
    async with running_server(build(lone_platform)) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def devices(lone_platform: Platform) -> Devices:
    """The devices of a tenant of the test's own."""
    made = await make_tenant(lone_platform)
    return Devices(made.caller.tenant_id, made.caller)


@pytest.fixture
def owner(devices: Devices) -> Iterator[UUID]:
    """That tenant; its caller is the current one."""
    with acting_as(devices.caller):
        yield devices.tenant_id


@pytest_asyncio.fixture(loop_scope="session")
async def pipeline(lone_platform: Platform, devices: Devices) -> AsyncIterator[Pipeline]:
    """An ingest pipeline of its own."""
    platform = lone_platform
    instance = Instance(platform.engine)
    batches = Batches(
        platform.uow, RawStore(platform.store), KnownChannels(devices), instance, platform.clock
    )
    made = Pipeline(batches)
    yield made
    await made.close()
    await instance.close()


@pytest.fixture
def runner(lone_platform: Platform, devices: Devices) -> Runner:
    """Validation with the test's devices."""
    platform = lone_platform
    ruling = Ruling(RuleSets(platform.uow, devices), devices, platform.store)
    return Runner(platform.uow, platform.store, platform.engine, devices, platform.clock, ruling)
