"""Readings in bulk: what goes over the wire, and what happens when it breaks."""

from __future__ import annotations

from array import array
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simba_metering import AsyncSimbaClient, Block, SimbaClient
from simba_metering.errors import PermissionDenied, Unavailable
from simba_metering.readings import IngestAck, IngestReadingsRequest, ReadingBlock
from simba_metering.testing import FakeServer

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
NOON_MS = 1_769_860_800_000


def on_the_wire(block: Block) -> ReadingBlock:
    [message] = IngestReadingsRequest.parse(block.to_wire()).blocks
    return message


@given(
    st.text(min_size=1, max_size=40),
    st.integers(0, 2**64 - 1),
    st.lists(
        st.tuples(
            st.integers(0, 2**64 - 1),
            st.integers(-(2**62), 2**62),
            st.integers(-(2**63), 2**63 - 1),
            st.integers(0, 2**31),
        )
    ),
    st.booleans(),
)
def test_a_block_is_written_as_any_protobuf_writer_does(
    source: str,
    sequence: int,
    rows: list[tuple[int, int, int, int]],
    backfill: bool,  # noqa: FBT001 - given by place
) -> None:
    channel, time_ms, value, quality = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    )
    columns = {"channel": channel, "value_micro": value, "quality": quality}
    block = Block(source, sequence, time=time_ms, backfill=backfill, **columns)
    expected = ReadingBlock(source=source, sequence=sequence, time_ms=time_ms, backfill=backfill, **columns)
    assert on_the_wire(block) == expected
    arrays = Block(
        source,
        sequence,
        channel=np.array(channel, dtype=np.uint64),
        time=np.array(time_ms, dtype=np.int64),
        value_micro=np.array(value, dtype=np.int64),
        quality=np.array(quality, dtype=np.uint32),
        backfill=backfill,
    )
    assert arrays.to_wire() == block.to_wire()
    assert len(block) == len(rows)


def test_times_are_instants_however_they_are_given() -> None:
    berlin = timezone(timedelta(hours=1))
    for time in (
        [NOON],
        [NOON.astimezone(berlin)],
        [NOON_MS],
        array("q", [NOON_MS]),
        np.array(["2026-01-31T12:00"], dtype="datetime64[s]"),
    ):
        assert on_the_wire(Block("s", 1, channel=[1], time=time, value=["1"])).time_ms == [NOON_MS]
    with pytest.raises(ValueError, match="no time zone"):
        Block("s", 1, channel=[1], time=[NOON.replace(tzinfo=None)], value=["1"])


def test_values_are_exact() -> None:
    for value in ([Decimal("0.1"), "-7"], ["0.100000", Decimal(-7)], [0.1, -7.0], np.array([0.1, -7.0])):
        block = Block("s", 1, channel=[1, 1], time=[0, 1], value=value)
        assert on_the_wire(block).value_micro == [100_000, -7_000_000]
    with pytest.raises(ValueError, match=r"0\.0000001 has more than six decimal places"):
        Block("s", 1, channel=[1], time=[0], value=["0.0000001"])
    with pytest.raises(ValueError, match="'much' is not a number"):
        Block("s", 1, channel=[1], time=[0], value=["much"])


def test_columns_of_unequal_length_are_refused_here() -> None:
    with pytest.raises(ValueError, match=r"columns differ in length: .*'channel': 2.*'value': 1"):
        Block("s", 1, channel=[1, 2], time=[0, 1], value=["1"])
    with pytest.raises(ValueError, match="whole numbers"):
        Block("s", 1, channel=["x"], time=[0], value=["1"])


def blocks(count: int) -> Iterator[Block]:
    for sequence in range(count):
        yield Block("sdk", sequence, channel=[1, 2], time=[NOON, NOON], value=["1", "2"])


def test_blocks_are_stored_and_told(fake: FakeServer, client: SimbaClient) -> None:
    seen: list[IngestAck] = []
    summary = client.readings.ingest(blocks(20), window=3, on_ack=seen.append)
    assert (summary.blocks, summary.stored, summary.duplicates, summary.rejected) == (20, 40, 0, 0)
    assert len(seen) == 20
    assert [block.sequence for block in fake.blocks] == list(range(20))
    again = client.readings.ingest(blocks(20))
    assert (again.blocks, again.stored, again.duplicates) == (20, 0, 20)


async def test_blocks_made_on_the_way_asynchronously(
    fake: FakeServer, async_client: AsyncSimbaClient
) -> None:
    async def made() -> AsyncIterator[Block]:
        for block in blocks(5):
            yield block

    assert (await async_client.readings.ingest(made(), window=2)).stored == 10
    assert (await async_client.readings.ingest(blocks(7))).stored == 4
    assert len(fake.blocks) == 7


def test_nothing_to_send_is_no_call(fake: FakeServer, client: SimbaClient) -> None:
    assert client.readings.ingest([]).blocks == 0
    assert not fake.calls


def test_what_was_not_acknowledged_is_sent_again(fake: FakeServer, client: SimbaClient) -> None:
    fake.fail("IngestService/IngestReadings", Unavailable("starting"), times=2)
    broken = []

    def restart(ack: IngestAck) -> None:
        if ack.sequence == 10 and not broken:
            broken.append(True)
            fake.stop()
            fake.start()

    summary = client.readings.ingest(blocks(30), on_ack=restart)
    assert summary.blocks == 30
    assert sorted(block.sequence for block in fake.blocks) == list(range(30))


async def test_what_was_not_acknowledged_is_sent_again_asynchronously(
    fake: FakeServer, async_client: AsyncSimbaClient
) -> None:
    fake.fail("IngestService/IngestReadings", Unavailable("starting"), times=2)
    assert (await async_client.readings.ingest(blocks(3))).stored == 6


def test_an_error_that_will_not_pass_is_raised(fake: FakeServer, client: SimbaClient) -> None:
    fake.fail("IngestService/IngestReadings", PermissionDenied("no", reason="PERMISSION_MISSING"))
    with pytest.raises(PermissionDenied):
        client.readings.ingest(blocks(3))


def test_two_blocks_of_one_name_are_a_mistake(client: SimbaClient) -> None:
    twice = [next(blocks(1)), next(blocks(1))]
    with pytest.raises(ValueError, match="give each its own sequence"):
        client.readings.ingest(twice)
