"""Blocks in: checked row by row, stored once, whatever dies in between."""

import asyncio
from uuid import UUID

import numpy as np
import pytest

from server.platform.caller import acting_as, system_caller
from server.readings.ingest.batches import Batches
from server.readings.ingest.checks import months
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.raw_store import RawStore
from tests.support.readings import block

NOON = 1_750_000_000_000 // 86_400_000 * 86_400_000
HALF_HOUR = 1_800_000


async def stored(lone_platform, owner: UUID) -> list[tuple]:
    rows = await lone_platform.store.rows(
        "SELECT channel, toUnixTimestamp64Milli(ts), toString(value), quality, source, sequence"
        " FROM raw_reading WHERE tenant_id = {tenant:UUID} ORDER BY channel, ts, source, sequence",
        {"tenant": str(owner)},
    )
    return [tuple(row) for row in rows]


async def test_a_block_is_stored_as_it_came(lone_platform, owner, devices, pipeline):
    a, b = devices.add(2)
    ack = await pipeline.store(
        owner, block("cis", 1, [a, b], [NOON, NOON + HALF_HOUR], [1_500_000, -1], [0, 4096])
    )
    assert (ack.stored, ack.duplicate, ack.rejected_count) == (2, False, 0)
    assert await stored(lone_platform, owner) == [
        (a, NOON, "1.5", 0, "cis", 1),
        (b, NOON + HALF_HOUR, "-0.000001", 4096, "cis", 1),
    ]


async def test_bad_rows_are_told_and_good_ones_stored(lone_platform, owner, devices, pipeline):
    (number,) = devices.add(kind="REGISTER", dials=5)
    future = NOON + 400 * 365 * 86_400_000
    ack = await pipeline.store(
        owner,
        block(
            "cis",
            7,
            [number, number + 99, number, number, number, number],
            [NOON, NOON, future, 0, NOON + 1000, NOON + 2000],
            [1_000_000, 1, 2, 3, 100_000 * 1_000_000, 99_999_999_999],
        ),
    )
    assert (ack.stored, ack.rejected_count) == (2, 4)
    assert [(r.row, r.field, r.value, r.reason) for r in ack.rejected] == [
        (1, "channel", str(number + 99), "UNKNOWN_CHANNEL"),
        (2, "time_ms", str(future), "TIME_OUT_OF_RANGE"),
        (3, "time_ms", "0", "TIME_OUT_OF_RANGE"),
        (4, "value_micro", str(100_000 * 1_000_000), "VALUE_OUT_OF_RANGE"),
    ]
    assert "99999.999999" in ack.rejected[3].description
    assert len(await stored(lone_platform, owner)) == 2


async def test_columns_of_unequal_length_are_refused_as_a_whole(lone_platform, owner, devices, pipeline):
    (number,) = devices.add()
    ack = await pipeline.store(owner, block("cis", 1, [number] * 3, [NOON] * 2, [1] * 3))
    assert ack.stored == 0
    assert [(r.field, r.value, r.reason) for r in ack.rejected] == [
        ("time_ms", "2", "COLUMN_LENGTH_MISMATCH")
    ]
    mended = await pipeline.store(owner, block("cis", 1, [number] * 3, [NOON, NOON + 1, NOON + 2], [1] * 3))
    assert (mended.stored, mended.duplicate) == (3, False)


async def test_a_repeated_block_is_stored_once_and_acknowledged_again(
    lone_platform, owner, devices, pipeline
):
    (number,) = devices.add()
    one = block("cis", 2**64 - 1, [number, number + 1], [NOON, NOON], [5, 6])
    first = await pipeline.store(owner, one)
    again = await asyncio.gather(*(pipeline.store(owner, one) for _ in range(5)))
    assert (first.stored, first.duplicate) == (1, False)
    assert {(ack.stored, ack.duplicate, ack.rejected_count) for ack in again} == {(1, True, 1)}
    assert again[0].rejected == first.rejected
    assert len(await stored(lone_platform, owner)) == 1


async def test_the_same_block_many_times_at_once(lone_platform, owner, devices, pipeline):
    (number,) = devices.add()
    one = block("cis", 3, [number], [NOON], [5])
    acks = await asyncio.gather(*(pipeline.store(owner, one) for _ in range(8)))
    assert sorted(ack.duplicate for ack in acks) == [False] + [True] * 7
    assert len(await stored(lone_platform, owner)) == 1


async def test_a_sequence_with_other_content_is_refused(lone_platform, owner, devices, pipeline):
    (number,) = devices.add()
    await pipeline.store(owner, block("cis", 1, [number], [NOON], [5]))
    ack = await pipeline.store(owner, block("cis", 1, [number], [NOON], [6]))
    assert (ack.stored, ack.rejected_count, ack.rejected[0].reason) == (0, 1, "SEQUENCE_REUSED")
    assert [row[2] for row in await stored(lone_platform, owner)] == ["0.000005"]
    other = await pipeline.store(owner, block("adapter", 1, [number], [NOON], [6]))
    assert (other.stored, other.duplicate) == (1, False)


async def test_two_servers_get_the_same_block(lone_platform, owner, devices, pipeline):
    (number,) = devices.add()
    instance = Instance(lone_platform.engine)
    other = Pipeline(
        Batches(
            lone_platform.uow,
            RawStore(lone_platform.store),
            KnownChannels(devices),
            instance,
            lone_platform.clock,
        )
    )
    blocks = [block("cis", n, [number], [NOON + n], [n]) for n in range(40)]
    acks = await asyncio.gather(*(server.store(owner, one) for one in blocks for server in (pipeline, other)))
    await other.close()
    await instance.close()
    assert sum(not ack.duplicate for ack in acks) == 40
    assert len(await stored(lone_platform, owner)) == 40


class _Dies(RawStore):
    """A server that dies before its insert, after it, or after the first months of it."""

    def __init__(self, store, months: int) -> None:
        super().__init__(store)
        self.months = months

    async def insert(self, batch_id, table):
        stamps = table["ts"].to_numpy().astype("datetime64[M]")
        keep = np.isin(stamps, np.unique(stamps)[: self.months])
        part = table.filter(keep).combine_chunks()
        if part.num_rows:
            await super().insert(batch_id, part)
        raise _Killed


class _Killed(BaseException):
    """The end of a process, as far as one process can show it."""


@pytest.mark.parametrize("months", [0, 1, 2])
async def test_a_server_dies_between_insert_and_ledger(lone_platform, owner, devices, pipeline, months):
    numbers = devices.add(50)
    month = 31 * 86_400_000
    one = block("cis", 9, numbers * 2, [NOON] * 50 + [NOON + month] * 50, range(100))
    instance = Instance(lone_platform.engine)
    doomed = Batches(
        lone_platform.uow,
        _Dies(lone_platform.store, months),
        KnownChannels(devices),
        instance,
        lone_platform.clock,
    )
    from server.readings.ingest.batches import Delivery

    with acting_as(system_caller(owner)), pytest.raises(_Killed):
        await doomed.store(owner, [Delivery(one)])
    await instance.close()
    assert len(await stored(lone_platform, owner)) == 50 * months
    ack = await pipeline.store(owner, one)
    assert (ack.stored, ack.duplicate) == (100, False)
    assert len(await stored(lone_platform, owner)) == 100
    again = await pipeline.store(owner, one)
    assert (again.stored, again.duplicate) == (100, True)
    assert len(await stored(lone_platform, owner)) == 100


async def test_an_insert_that_lands_late_is_dropped(lone_platform, owner, devices, pipeline):
    numbers = devices.add(10)
    one = block("cis", 4, numbers, [NOON] * 10, range(10))
    late: list = []

    class Slow(RawStore):
        async def insert(self, batch_id, table):
            late.append((batch_id, table))
            raise _Killed

    instance = Instance(lone_platform.engine)
    doomed = Batches(
        lone_platform.uow, Slow(lone_platform.store), KnownChannels(devices), instance, lone_platform.clock
    )
    from server.readings.ingest.batches import Delivery

    with acting_as(system_caller(owner)), pytest.raises(_Killed):
        await doomed.store(owner, [Delivery(one)])
    await instance.close()
    await pipeline.store(owner, one)
    # The dead server's insert was still on its way to ClickHouse.
    await RawStore(lone_platform.store).insert(*late[0])
    assert len(await stored(lone_platform, owner)) == 10


async def test_four_hundred_days_in_one_block(lone_platform, owner, devices, pipeline):
    numbers = devices.add(20)
    days = [NOON - n * 86_400_000 for n in range(400)]
    one = block("cis", 1, [number for number in numbers for _ in days], days * 20, range(400 * 20))
    assert (await pipeline.store(owner, one)).stored == 400 * 20
    assert (await pipeline.store(owner, one)).duplicate
    months = await lone_platform.store.rows(
        "SELECT uniqExact(toYYYYMM(ts)), count() FROM raw_reading WHERE tenant_id = {tenant:UUID}",
        {"tenant": str(owner)},
    )
    assert [tuple(row) for row in months] == [(14, 8000)]


@pytest.mark.parametrize(
    ("years", "rule"), [(10, "is in the future"), (270, "is in the future"), (-25, "is too long ago")]
)
async def test_a_clock_that_is_years_off_is_refused(lone_platform, owner, devices, pipeline, years, rule):
    (number,) = devices.add()
    at = int(lone_platform.clock().timestamp() * 1000) + years * 366 * 86_400_000
    ack = await pipeline.store(owner, block("cis", 1, [number, number], [at, NOON], [1, 2]))
    assert (ack.stored, ack.dead_lettered) == (1, 0)
    (told,) = ack.rejected
    assert (told.row, told.field, told.value, told.reason) == (0, "time_ms", str(at), "TIME_OUT_OF_RANGE")
    assert rule in told.description


async def test_late_and_out_of_order_and_twice_is_ordinary(lone_platform, owner, devices, pipeline):
    (number,) = devices.add()
    times = [NOON, NOON - 30 * 86_400_000, NOON + HALF_HOUR, NOON]
    ack = await pipeline.store(owner, block("cis", 1, [number] * 4, times, [1, 2, 3, 4]))
    assert (ack.stored, ack.rejected_count) == (4, 0)
    # Both values of one time are kept as they came: which one counts is for validation to say.
    assert len(await stored(lone_platform, owner)) == 4


async def test_reads_after_an_acknowledgement_see_the_readings(lone_platform, owner, devices, pipeline):
    (number,) = devices.add()
    for sequence in range(25):
        await pipeline.store(owner, block("cis", sequence, [number], [NOON + sequence], [sequence]))
        assert len(await stored(lone_platform, owner)) == sequence + 1


async def test_callers_with_a_few_store_each_reading_once_even_at_the_same_time(
    lone_platform, owner, devices, pipeline
):
    (number,) = devices.add()
    # Other cuts of the same readings, and one of them twice in a block.
    blocks = [
        block("a", n, [number] * (n + 1), [NOON + k for k in [*range(n), 0]], [1] * (n + 1)) for n in range(8)
    ]
    acks = await asyncio.gather(*(pipeline.store(owner, one, only_new=True) for one in blocks))
    assert sum(ack.stored for ack in acks) == 7
    assert all(ack.stored + ack.repeated == len(one) for ack, one in zip(acks, blocks, strict=True))
    assert len(await stored(lone_platform, owner)) == 7


async def test_months_are_the_same_however_they_are_found():
    month = 30 * 86_400_000
    for times in ([NOON], [NOON, NOON + 1], [NOON + n * month for n in range(-30, 30)], [0, -1, NOON], []):
        found = {str(np.datetime64(at, "ms").astype("datetime64[M]")).replace("-", "") for at in times}
        assert months(np.array(times, np.int64)) == sorted(int(one) for one in found)
