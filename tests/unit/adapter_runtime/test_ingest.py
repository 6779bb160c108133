"""The ingest client against a server that breaks its streams in every way that a real one may."""

import asyncio
from contextlib import asynccontextmanager

import grpc
import pytest

from adapters.runtime.ingest import BlockRefusedError, IngestClient
from adapters.runtime.server import ServerLink
from simba.readings.v1.ingest_service_pb2 import IngestReadingsResponse
from simba.readings.v1.ingest_service_pb2_grpc import (
    IngestServiceServicer,
    add_IngestServiceServicer_to_server,
)
from simba.readings.v1.reading_block_pb2 import IngestAck, ReadingBlock


class BreakingServer(IngestServiceServicer):
    """Stores blocks once; what it does beside that is a script, one entry a stream."""

    def __init__(self, *streams):
        self.streams = list(streams)
        self.stored = []
        self.duplicates = 0
        self.keys = []

    async def IngestReadings(self, requests, context):
        plan = self.streams.pop(0) if self.streams else {}
        self.keys.append(dict(context.invocation_metadata()).get("authorization"))
        if "abort" in plan:
            await context.abort(plan["abort"], "by the script")
        answered = 0
        async for request in requests:
            for block in request.blocks:
                if len(block.channel) != len(block.value_micro):
                    await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "columns differ in length")
                key = (block.source, block.sequence)
                known = key in self.stored
                self.duplicates += known
                if not known:
                    self.stored.append(key)
                if answered == plan.get("acks", -1):
                    # Stored, and the acknowledgement is lost.
                    await context.abort(grpc.StatusCode.UNAVAILABLE, "by the script")
                answered += 1
                ack = IngestAck(source=key[0], sequence=key[1], stored=1, duplicate=known)
                yield IngestReadingsResponse(acks=[ack])


@asynccontextmanager
async def client_of(servicer):
    server = grpc.aio.server()
    add_IngestServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    link = ServerLink(f"127.0.0.1:{port}", "the-key")
    client = IngestClient(link)
    running = asyncio.create_task(client.run())
    try:
        yield client, link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await link.close()
        await server.stop(0)


def block(sequence, *, values=(1,), source="s"):
    return ReadingBlock(source=source, sequence=sequence, channel=[1], time_ms=[0], value_micro=values)


async def test_every_block_is_stored_once_through_broken_streams():
    servicer = BreakingServer(
        {"abort": grpc.StatusCode.UNAVAILABLE},
        {"acks": 3},
        {"abort": grpc.StatusCode.CANCELLED},
        {"acks": 0},
        {"abort": grpc.StatusCode.UNAUTHENTICATED},
    )
    async with client_of(servicer) as (client, link):
        acks = await asyncio.gather(*(client.send(block(n)) for n in range(20)))
        assert client.waiting == 0
        assert link.detail == ""
    assert [ack.sequence for ack in acks] == list(range(20))
    assert sorted(servicer.stored) == [("s", n) for n in range(20)]
    assert servicer.duplicates >= 2
    assert set(servicer.keys) == {"Bearer the-key"}


async def test_the_same_block_twice_is_one():
    servicer = BreakingServer()
    async with client_of(servicer) as (client, _):
        first, second = await asyncio.gather(client.send(block(5)), client.send(block(5)))
        again = await client.send(block(5))
    assert first == second
    assert again.duplicate
    assert servicer.stored == [("s", 5)]


async def test_a_block_that_is_refused_holds_up_nobody_else():
    servicer = BreakingServer()
    async with client_of(servicer) as (client, _):
        blocks = [block(n, values=(1, 2) if n == 3 else (1,)) for n in range(6)]
        results = await asyncio.gather(*(client.send(one) for one in blocks), return_exceptions=True)
    assert [one.sequence for n, one in enumerate(results) if n != 3] == [0, 1, 2, 4, 5]
    with pytest.raises(BlockRefusedError, match="block 3 of s is refused: columns differ in length"):
        raise results[3]


async def test_giving_up_waiting_does_not_take_a_block_back():
    servicer = BreakingServer({"abort": grpc.StatusCode.UNAVAILABLE})
    async with client_of(servicer) as (client, _):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.send(block(1)), 0.001)
        await client.send(block(2))
        async with asyncio.timeout(5):
            while client.waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert sorted(servicer.stored) == [("s", 1), ("s", 2)]
