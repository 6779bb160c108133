"""``kill -9`` of the server in the middle of ingest: every acknowledged reading is there once, none twice."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import grpc
import pytest

from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.support.processes import process
from tests.support.readings_api import Caller, make_home

MONTH = 31 * 86_400_000
FIRST = 1_735_689_600_000
BLOCKS = 150
ROWS = 10_000


def blocks(home) -> list[ReadingBlock]:
    """Blocks that lie in two months each: an insert of two parts."""
    made = []
    for sequence in range(BLOCKS):
        times = [FIRST + (sequence * ROWS + row) * 1000 + (row % 2) * MONTH for row in range(ROWS)]
        made.append(
            ReadingBlock(
                source="adapter",
                sequence=sequence,
                channel=[home.energy] * ROWS,
                time_ms=times,
                value_micro=range(ROWS),
            )
        )
    return made


async def send(
    target: str,
    secret: str,
    wanted: dict[int, ReadingBlock],
    acknowledged: set[int],
    kill: Callable[[], None] | None,
) -> None:
    """Sends what is not acknowledged; ends when all is, or raises when the stream breaks.

    Kills the server when it has acknowledged some and has others under way.
    """
    first = len(acknowledged)
    async with grpc.aio.insecure_channel(target) as channel:
        stub = IngestServiceStub(channel)
        call = stub.IngestReadings(metadata=(("authorization", f"Bearer {secret}"),))

        async def write() -> None:
            for block in list(wanted.values()):
                await call.write(IngestReadingsRequest(blocks=[block]))
            await call.done_writing()

        writer = asyncio.create_task(write())
        try:
            async for response in call:
                for ack in response.acks:
                    acknowledged.add(ack.sequence)
                    wanted.pop(ack.sequence, None)
                if kill is not None and len(acknowledged) > first:
                    kill()
        finally:
            writer.cancel()
            with suppress(asyncio.CancelledError, grpc.aio.AioRpcError, asyncio.InvalidStateError):
                await writer


@pytest.mark.slow
async def test_nothing_is_lost_and_nothing_is_twice(platform, settings, own_tenant, channel):
    home = await make_home(Caller(channel))
    wanted = {block.sequence: block for block in blocks(home)}
    acknowledged: set[int] = set()
    deaths = 0
    while wanted:
        async with process("serve", settings) as (server, port):
            kill = server.kill if deaths < 2 else None
            with suppress(grpc.aio.AioRpcError):
                await send(f"127.0.0.1:{port}", own_tenant.secret, wanted, acknowledged, kill)
            deaths += kill is not None
    assert deaths == 2
    assert acknowledged == set(range(BLOCKS))
    rows = await platform.store.rows(
        "SELECT count(), uniqExact(channel, ts, value) FROM raw_reading WHERE tenant_id = {tenant:UUID}",
        {"tenant": str(own_tenant.caller.tenant_id)},
    )
    assert [tuple(row) for row in rows] == [(BLOCKS * ROWS, BLOCKS * ROWS)]
