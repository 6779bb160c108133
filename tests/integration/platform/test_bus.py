"""The bus on a real Valkey."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct

from kernel.bus import Bus, BusMessage
from kernel.bus.message import WrongType
from tests.support.platform import eventually


@pytest.fixture
def stream() -> str:
    return f"test.{uuid4().hex}"


@pytest.fixture
def bus(platform) -> Bus:
    return Bus(platform.redis)


def numbered(number: int) -> Struct:
    made = Struct()
    made["n"] = number
    return made


def number_of(message: BusMessage) -> int:
    return int(message.decode(Struct)["n"])


@asynccontextmanager
async def consuming(bus: Bus, stream: str, handler, *, name: str = "c", **options):
    stop = asyncio.Event()
    task = asyncio.create_task(bus.consume(stream, "group", name, handler, stop=stop, **options))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def test_messages_come_in_order_to_one_consumer_of_the_group(bus, stream):
    got: dict[str, list[int]] = {"a": [], "b": []}

    def handler(name):
        async def handle(message: BusMessage) -> None:
            got[name].append(number_of(message))

        return handle

    for number in range(20):
        await bus.publish(stream, numbered(number), tenant_id="t")
    async with consuming(bus, stream, handler("a"), name="a"), consuming(bus, stream, handler("b"), name="b"):
        await eventually(lambda: len(got["a"]) + len(got["b"]) == 20)
    assert sorted(got["a"] + got["b"]) == list(range(20))
    assert got["a"] == sorted(got["a"])


async def test_a_message_that_raises_comes_again_and_then_goes_to_the_dead(bus, stream, platform):
    deliveries = []

    async def handle(message: BusMessage) -> None:
        deliveries.append(message.deliveries)
        raise ValueError("no meter")

    await bus.publish(stream, numbered(1), message_id="m-1")
    options = {"claim_after_seconds": 0.05, "max_deliveries": 3}
    async with consuming(bus, stream, handle, **options):
        await eventually(lambda: len(deliveries) == 3, 15)
        dead = await eventually(lambda: platform.redis.xrange(bus.key(f"{stream}.dead")))
    assert deliveries == [1, 2, 3]
    assert dead[0][1][b"error"] == b"ValueError: no meter"
    assert BusMessage.from_entry("0-0", dead[0][1]).message_id == "m-1"
    pending = await platform.redis.xpending(bus.key(stream), "group")
    assert pending["pending"] == 0


async def test_what_a_dead_consumer_took_is_handed_to_another(bus, stream):
    stuck, got = asyncio.Event(), []

    async def hang(message: BusMessage) -> None:
        stuck.set()
        await asyncio.sleep(60)

    async def handle(message: BusMessage) -> None:
        got.append((number_of(message), message.deliveries))

    await bus.publish(stream, numbered(1))
    stop = asyncio.Event()
    dying = asyncio.create_task(bus.consume(stream, "group", "dying", hang, stop=stop))
    await asyncio.wait_for(stuck.wait(), 5)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    async with consuming(bus, stream, handle, claim_after_seconds=0.1):
        await eventually(lambda: got)
    assert got == [(1, 2)]


async def test_a_lost_stream_is_made_again(bus, stream, platform):
    got = []

    async def handle(message: BusMessage) -> None:
        got.append(number_of(message))

    async with consuming(bus, stream, handle):
        await bus.publish(stream, numbered(1))
        await eventually(lambda: got == [1])
        await platform.redis.delete(bus.key(stream))
        await bus.publish(stream, numbered(2))
        await eventually(lambda: got == [1, 2])


async def test_concurrent_handling_is_bounded(bus, stream):
    active, most, done = [0], [0], []

    async def handle(message: BusMessage) -> None:
        active[0] += 1
        most[0] = max(most[0], active[0])
        await asyncio.sleep(0.01)
        active[0] -= 1
        done.append(1)

    for number in range(20):
        await bus.publish(stream, numbered(number))
    async with consuming(bus, stream, handle, concurrency=4):
        await eventually(lambda: len(done) == 20)
    assert 2 <= most[0] <= 4


async def test_streams_are_trimmed(platform, stream):
    bus = Bus(platform.redis, keep=100)
    message = BusMessage("m", "t", b"")
    await bus.publish_all([(stream, message)] * 2000)
    assert await platform.redis.xlen(bus.key(stream)) < 400


async def test_every_listener_gets_everything_from_now_on(bus, stream):
    await bus.publish(stream, numbered(0))
    stop = asyncio.Event()
    got: list[list[int]] = [[], []]

    async def listening(mine: list[int]) -> None:
        mine.extend([number_of(message) async for message in _until(bus.tail(stream, stop=stop), 3)])

    tasks = [asyncio.create_task(listening(mine)) for mine in got]
    await asyncio.sleep(0.1)
    for number in (1, 2, 3):
        await bus.publish(stream, numbered(number))
    await asyncio.wait_for(asyncio.gather(*tasks), 10)
    assert got == [[1, 2, 3], [1, 2, 3]]


async def _until(messages, count: int):
    async for message in messages:
        yield message
        count -= 1
        if not count:
            return


async def test_a_message_of_another_type_is_refused():
    with pytest.raises(WrongType, match=r"google\.protobuf\.Empty"):
        BusMessage("m", "google.protobuf.Empty", Empty().SerializeToString()).decode(Struct)
