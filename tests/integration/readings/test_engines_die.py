"""``kill -9`` of ClickHouse and of PostgreSQL under ingest: senders repeat, every reading is there once."""

import asyncio

import pytest

from server.migrations.run import migrate
from server.platform.errors import SimbaError
from server.platform.platform import open_platform
from server.readings.ingest.batches import Ack, Batches
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.raw_store import RawStore
from tests.support.platform import fresh_settings, make_tenant
from tests.support.readings import Devices, block

MONTH = 31 * 86_400_000
FIRST = 1_735_689_600_000
BLOCKS = 60
ROWS = 5_000


async def persistently(pipeline: Pipeline, tenant, one) -> Ack:
    """Sends a block until it is acknowledged, as an adapter does."""
    while True:
        try:
            return await pipeline.store(tenant, one)
        except SimbaError:
            await asyncio.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["clickhouse", "postgres"])
async def test_nothing_is_lost_and_nothing_is_twice(private_engines, engine):
    settings = fresh_settings(private_engines)
    await asyncio.to_thread(migrate, settings)
    async with open_platform(settings) as platform:
        made = await make_tenant(platform)
        tenant = made.caller.tenant_id
        devices = Devices(tenant, made.caller)
        (number,) = devices.add()
        instance = Instance(platform.engine)
        batches = Batches(
            platform.uow, RawStore(platform.store), KnownChannels(devices), instance, platform.clock
        )
        pipeline = Pipeline(batches, batch_rows=4 * ROWS)

        async def send(sequence: int) -> Ack:
            await asyncio.sleep(sequence * 0.02)
            times = [FIRST + (sequence * ROWS + row) * 100 + row % 2 * MONTH for row in range(ROWS)]
            return await persistently(
                pipeline, tenant, block("adapter", sequence, [number] * ROWS, times, range(ROWS))
            )

        sending = [asyncio.create_task(send(sequence)) for sequence in range(BLOCKS)]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(private_engines.kill, engine)
        acks = await asyncio.gather(*sending)
        assert all(ack.stored == ROWS for ack in acks)
        rows = await platform.store.rows(
            "SELECT count(), uniqExact(channel, ts, value) FROM raw_reading WHERE tenant_id = {tenant:UUID}",
            {"tenant": str(tenant)},
        )
        assert [tuple(row) for row in rows] == [(BLOCKS * ROWS, BLOCKS * ROWS)]
        await pipeline.close()
        await instance.close()
