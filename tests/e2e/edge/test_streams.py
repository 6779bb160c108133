"""Streams over REST and gRPC."""

from __future__ import annotations

import asyncio
import json

import grpc
import httpx
import pytest

from simba.commands.v1 import command_service_pb2, command_service_pb2_grpc
from simba.readings.v1 import ingest_service_pb2, ingest_service_pb2_grpc, reading_block_pb2
from tests.e2e.edge import upstream


async def test_a_stream_is_lines_of_json(rest: httpx.AsyncClient) -> None:
    async with rest.stream("GET", f"/v1/commands/{upstream.METER_ID}:watch") as response:
        lines = [json.loads(line) async for line in response.aiter_lines()]
    assert response.headers["content-type"] == "application/json"
    assert [line["command"]["state"] for line in lines] == ["COMMAND_STATE_ACCEPTED", "COMMAND_STATE_SENT"]


async def test_what_is_said_arrives_at_once_and_silence_does_not_end_it(
    rest: httpx.AsyncClient, seen: upstream.Seen
) -> None:
    """The unary limit of this edge is two seconds; compression was offered and would hold lines back."""
    started = upstream.now_ms()
    path = f"/v1/commands/{upstream.METER_ID}:watch?resumeToken=hold"
    async with rest.stream("GET", path, headers={"accept-encoding": "gzip, br"}) as response:
        lines = response.aiter_lines()
        assert json.loads(await anext(lines))["resumeToken"] == "0"
        assert json.loads(await anext(lines))["resumeToken"] == "1"
        assert upstream.now_ms() - started < 1500
        nothing = asyncio.ensure_future(anext(lines))
        done, _ = await asyncio.wait([nothing], timeout=3)
        assert not done
        nothing.cancel()
    await asyncio.wait_for(seen.cancelled.wait(), 5)


async def test_an_error_in_the_middle_ends_the_stream_after_what_was_said(rest: httpx.AsyncClient) -> None:
    async with rest.stream("GET", f"/v1/commands/{upstream.METER_ID}:watch?resumeToken=fail") as response:
        lines = [line async for line in response.aiter_lines()]
    assert response.status_code == 200
    assert [json.loads(line)["resumeToken"] for line in lines] == ["0", "1"]


async def test_blocks_pass_both_ways(channel: grpc.aio.Channel) -> None:
    stub = ingest_service_pb2_grpc.IngestServiceStub(channel)
    rows = 200_000
    block = reading_block_pb2.ReadingBlock(
        source="t", channel=[1] * rows, time_ms=[2] * rows, value_micro=[3] * rows
    )
    stream = stub.IngestReadings()
    for sequence in range(3):
        block.sequence = sequence
        await stream.write(ingest_service_pb2.IngestReadingsRequest(blocks=[block]))
        answer = await stream.read()
        assert (answer.acks[0].sequence, answer.acks[0].stored) == (sequence, rows)
    await stream.done_writing()
    assert await stream.read() == grpc.aio.EOF


async def test_a_grpc_stream_ends_with_its_error(channel: grpc.aio.Channel) -> None:
    stub = command_service_pb2_grpc.CommandServiceStub(channel)
    call = stub.WatchCommand(
        command_service_pb2.WatchCommandRequest(command_id=upstream.METER_ID, resume_token="fail")
    )
    assert [(await call.read()).resume_token for _ in range(2)] == ["0", "1"]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call.read()
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "grpc-status-details-bin" in dict(refused.value.trailing_metadata() or ())
