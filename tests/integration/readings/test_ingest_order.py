"""Any splitting into blocks, any order, any repeats: the same readings are stored, each once."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.platform.ids import new_id
from server.readings.domain import Block
from tests.support.readings import block

FIRST = 1_743_292_800_000
"""29 March 2025 in London: the readings go over the change to summer time."""
HALF_HOUR = 1_800_000
COUNT = 96
EXAMPLES = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def sendings(draw: st.DrawFn) -> list[tuple[int, slice]]:
    """Cuts of the readings into numbered blocks, in some order, some of them several times."""
    cuts = sorted(draw(st.sets(st.integers(1, COUNT - 1), max_size=12)))
    blocks = list(enumerate(slice(a, b) for a, b in zip([0, *cuts], [*cuts, COUNT], strict=True)))
    repeats = draw(st.lists(st.sampled_from(blocks), max_size=10))
    return draw(st.permutations([*blocks, *repeats]))


async def readings(platform, owner, source: str) -> list[tuple]:
    rows = await platform.store.rows(
        "SELECT channel, toUnixTimestamp64Milli(ts), toString(value), quality FROM raw_reading"
        " WHERE tenant_id = {tenant:UUID} AND source = {source:String} ORDER BY channel, ts, value",
        {"tenant": str(owner), "source": source},
    )
    return [tuple(row) for row in rows]


@EXAMPLES
@given(sent=sendings(), order=st.permutations(range(COUNT)), at_once=st.booleans())
async def test_any_way_of_sending_stores_the_same(
    lone_platform, owner, devices, pipeline, sent, order, at_once
):
    channels = devices.add(2)
    # Late, out of order and interleaved, as one likes: the rows themselves are shuffled too.
    whole = block(
        str(new_id()),
        0,
        [channels[n % 2] for n in order],
        [FIRST + n // 2 * HALF_HOUR for n in order],
        [n * 1_000 for n in order],
        [n % 3 for n in order],
    )
    blocks = [part(whole, number, rows) for number, rows in sent]
    if at_once:
        futures = [await pipeline.put(owner, one) for one in blocks]
        acks = [await one for one in futures]
    else:
        acks = [await pipeline.store(owner, one) for one in blocks]
    assert all(ack.stored == len(one) and not ack.rejected for ack, one in zip(acks, blocks, strict=True))
    assert sum(not ack.duplicate for ack in acks) == len({number for number, _ in sent})
    assert await readings(lone_platform, owner, whole.source) == sorted(
        (channels[n % 2], FIRST + n // 2 * HALF_HOUR, text(n), n % 3) for n in range(COUNT)
    )


@EXAMPLES
@given(sent=sendings(), again=sendings())
async def test_callers_with_a_few_may_split_anew(lone_platform, owner, devices, pipeline, sent, again):
    (channel,) = devices.add()
    times = [FIRST + n * HALF_HOUR for n in range(COUNT)]
    source = str(new_id())
    whole = block(source, 0, [channel] * COUNT, times, range(COUNT), [0] * COUNT)
    # Other cuts have other numbers: only looking at what is stored tells that the readings are the same.
    for number, (_, rows) in enumerate([*sent, *again]):
        await pipeline.store(owner, part(whole, number, rows), only_new=True)
    assert await readings(lone_platform, owner, source) == [
        (channel, at, micro_text(n), 0) for n, at in enumerate(times)
    ]


def part(whole: Block, number: int, rows: slice) -> Block:
    """Some rows of a block, as a block of their own."""
    return replace(
        whole,
        sequence=number,
        channel=np.ascontiguousarray(whole.channel[rows]),
        time_ms=np.ascontiguousarray(whole.time_ms[rows]),
        value_micro=np.ascontiguousarray(whole.value_micro[rows]),
        quality=np.ascontiguousarray(whole.quality[rows]),
    )


def text(n: int) -> str:
    """The value of row n, as ClickHouse writes it."""
    return micro_text(n * 1_000)


def micro_text(micro: int) -> str:
    return f"{micro / 1_000_000:.6f}".rstrip("0").rstrip(".")
