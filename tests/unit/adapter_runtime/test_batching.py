import asyncio
from itertools import chain

import pytest

from adapters.runtime.batching import Batcher
from kernel.telemetry import attached, inject


async def test_what_comes_while_a_call_runs_goes_together():
    batches, gate = [], asyncio.Event()

    async def send(items):
        batches.append(list(items))
        await gate.wait()
        return [item * 10 for item in items]

    batcher = Batcher(send, limit=4)
    tasks = [asyncio.create_task(batcher.submit(n)) for n in range(10)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*tasks) == [n * 10 for n in range(10)]
    assert list(chain(*batches)) == list(range(10))
    assert all(len(batch) <= 4 for batch in batches)


async def test_a_bad_item_hurts_nobody_else():
    async def send(items):
        if 3 in items:
            raise ValueError(f"3 is in {items}")
        return list(items)

    batcher = Batcher(send)
    results = await asyncio.gather(*(batcher.submit(n) for n in range(6)), return_exceptions=True)
    assert [one for n, one in enumerate(results) if n != 3] == [0, 1, 2, 4, 5]
    assert isinstance(results[3], ValueError)
    assert await batcher.submit(7) == 7


async def test_who_gives_up_waiting_leaves_the_others_alone():
    gate = asyncio.Event()

    async def send(items):
        await gate.wait()
        return list(items)

    batcher = Batcher(send)
    first, second = asyncio.create_task(batcher.submit(1)), asyncio.create_task(batcher.submit(2))
    await asyncio.sleep(0)
    first.cancel()
    gate.set()
    assert await second == 2
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_batch_goes_out_in_the_trace_of_its_first_item():
    seen = []

    async def send(items):
        seen.append(inject())
        return list(items)

    batcher = Batcher(send)
    for number in ("1", "2"):
        trace = {"traceparent": f"00-{number * 32}-{number * 16}-01"}
        with attached(trace):
            await batcher.submit(number)
        assert seen[-1] == trace
