import asyncio
from functools import partial

import pytest

from adapters.runtime.lanes import Lanes


async def test_a_lane_keeps_its_order_and_lanes_run_side_by_side():
    lanes, done = Lanes(100), []
    slow = asyncio.Event()

    async def work(name, wait, turn):
        if wait is not None:
            await wait.wait()
        done.append(name)

    await lanes.put("a", partial(work, "a1", slow))
    await lanes.put("a", partial(work, "a2", None))
    await lanes.put("b", partial(work, "b1", None))
    await lanes.put("b", partial(work, "b2", None))
    await asyncio.sleep(0.01)
    assert done == ["b1", "b2"]
    slow.set()
    await lanes.drain(5)
    assert done == ["b1", "b2", "a1", "a2"]
    assert lanes.busy == 0


async def test_a_turn_may_end_before_its_work():
    lanes, done, gate = Lanes(10), [], asyncio.Event()

    async def first(turn):
        done.append("ordered")
        turn.over()
        await gate.wait()
        done.append("first")

    async def second(turn):
        done.append("second")

    await lanes.put("a", first)
    await lanes.put("a", second)
    await asyncio.sleep(0.01)
    assert done == ["ordered", "second"]
    gate.set()
    await lanes.drain(5)
    assert done == ["ordered", "second", "first"]


async def test_the_limit_holds_those_who_put():
    lanes, gate, started = Lanes(2), asyncio.Event(), []

    async def work(n, turn):
        started.append(n)
        await gate.wait()

    await lanes.put("a", partial(work, 1))
    await lanes.put("b", partial(work, 2))
    third = asyncio.create_task(lanes.put("c", partial(work, 3)))
    await asyncio.sleep(0.01)
    assert started == [1, 2]
    assert not third.done()
    gate.set()
    await third
    await lanes.drain(5)
    assert started == [1, 2, 3]


async def test_what_is_not_done_in_time_is_cancelled():
    lanes, ended = Lanes(10), []

    async def never(name, turn):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(name)
            raise

    async def not_begun(turn):
        ended.append("begun")

    await lanes.put("a", partial(never, "a"))
    await lanes.put("a", not_begun)
    await asyncio.sleep(0)
    await lanes.drain(0.05)
    assert ended == ["a"]
    assert lanes.busy == 0


async def test_a_failure_is_told_and_stops_nobody():
    told, done = [], []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    try:
        lanes = Lanes(10)

        async def fails(turn):
            raise ValueError("no")

        async def works(turn):
            done.append(1)

        await lanes.put("a", fails)
        await lanes.put("a", works)
        await lanes.drain(5)
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(before)
    assert done == [1]
    with pytest.raises(ValueError, match="no"):
        raise told[0]
