"""What is remembered in Valkey: first come, first kept; commands go forward only."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest_asyncio
import redis.asyncio as redis

from adapters.chirpstack.events import Device, Uplink
from adapters.chirpstack.memory import Memory
from adapters.chirpstack.open_commands import OpenCommand, Stage
from tests.support.engines import Engines

NOW = datetime.now(UTC).replace(microsecond=0)
DEVICE = Device("0018b20000000001", "app")


@pytest_asyncio.fixture(loop_scope="session")
async def client(engines: Engines) -> AsyncIterator[redis.Redis]:
    made = redis.from_url(engines.redis_url())
    yield made
    await made.aclose()


def uplink(deduplication_id: str, **changed) -> Uplink:
    first = Uplink(DEVICE, deduplication_id, NOW, "01ab", 7, 10, b"\x01")
    return replace(first, **changed)


def command(number: int, **changed) -> OpenCommand:
    expires = int((NOW + timedelta(hours=1)).timestamp() * 1000)
    made = OpenCommand(f"0{number}", 1, DEVICE.dev_eui, "disconnect", f"link-{number}", expires)
    return replace(made, **changed)


async def test_the_first_name_of_a_frame_stays(client):
    memory = Memory(client)
    names = await asyncio.gather(*(memory.recall(uplink(name)) for name in ("a", "b", "c")))
    assert len({one.identity for one in names}) == 1
    (first,) = {one.identity for one in names}
    assert (await Memory(client).recall(uplink("d"))).identity == first
    others = [
        uplink("e", f_cnt=8),
        uplink("f", f_port=11),
        uplink("g", data=b"\x02"),
        uplink("h", dev_addr="02"),
        uplink("i", device=Device("0018b20000000002", "app")),
    ]
    for other in others:
        assert (await memory.recall(other)).identity == other.deduplication_id


async def test_a_new_session_forgets_frames(client):
    memory = Memory(client)
    assert (await memory.recall(uplink("before"))).identity == "before"
    await memory.new_session(DEVICE.dev_eui, "join-1")
    assert (await memory.recall(uplink("after"))).identity == "after"
    await memory.new_session(DEVICE.dev_eui, "join-1")
    assert (await memory.recall(uplink("again"))).identity == "after"


async def test_a_frame_without_a_name_gets_one(client):
    memory = Memory(client)
    first = await memory.recall(uplink("", f_cnt=1))
    second = await memory.recall(uplink("", f_cnt=2))
    assert first.identity
    assert first.identity != second.identity
    assert (await memory.recall(uplink("", f_cnt=1))).identity == first.identity


async def test_commands_are_recalled_with_the_uplink_and_only_go_forward(client):
    memory = Memory(client)
    one, two = command(1, trace={"traceparent": "00-x"}), command(2)
    await memory.remember(two)
    await memory.remember(one)
    assert (await memory.recall(uplink("x"))).commands == (one, two)
    assert await memory.advance(one, Stage.SENT, NOW)
    assert not await memory.advance(one, Stage.QUEUED, NOW)
    assert not await memory.advance(one, Stage.SENT, NOW + timedelta(seconds=1))
    assert not await memory.advance(command(9), Stage.SENT, NOW)
    first, second = await memory.commands(DEVICE.dev_eui)
    assert (first.stage, first.stage_time) == (Stage.SENT, NOW)
    assert second.stage is Stage.PREPARED
    # The next attempt begins anew.
    await memory.remember(command(1, attempt=2))
    first, _ = await memory.commands(DEVICE.dev_eui)
    assert (first.attempt, first.stage) == (2, Stage.PREPARED)


async def test_everything_expires_by_itself(client):
    memory = Memory(client)
    await memory.recall(uplink("x"))
    await memory.new_session(DEVICE.dev_eui, "join")
    await memory.remember(command(1))
    long = command(2, expires_ms=int((NOW + timedelta(days=20)).timestamp() * 1000))
    await memory.remember(long)
    await memory.remember(command(3))
    ages = {key: await client.ttl(key) for key in await client.keys("simba:chirpstack:*")}
    assert len(ages) == 3
    assert all(age > 0 for age in ages.values())
    commands = next(age for key, age in ages.items() if b"commands" in key)
    assert commands > 20 * 86_400
