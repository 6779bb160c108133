"""Subscriptions: every reading once, in the order of storing, whatever breaks and whoever is slow."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import grpc
import numpy as np
import pytest
import sqlalchemy as sa

from server.devices.directory import Directory
from server.platform.caller import Scope, acting_as
from server.platform.hints import Hints
from server.readings.calendar import local_day
from server.readings.final import interval_rows
from server.readings.live import log as log_module
from server.readings.live import subscription as subscription_module
from server.readings.live import tail as tail_module
from server.readings.live.domain import Finals, Gap, RawPart, Start
from server.readings.live.errors import ResumeTokenInvalid
from server.readings.live.log import LiveLog
from server.readings.live.selection import Pieces, Wish
from server.readings.live.subscription import Subscriptions
from server.readings.live.tail import Tails
from server.readings.tables import ingest_batch
from simba.readings.v1 import live_reading_pb2, reading_service_pb2
from tests.support.platform import error_of, make_tenant
from tests.support.readings import block
from tests.support.readings_api import Caller, day_block, make_home, starts, validated

T0 = local_day("Europe/London", datetime(2025, 3, 30, tzinfo=UTC).date()).start_ms
HALF = 1_800_000


@pytest.fixture
async def live(lone_platform, devices):
    """Subscriptions of the test's own, which look often."""
    platform = lone_platform
    log = LiveLog(platform.uow, platform.store, platform.clock)
    tails = Tails(log, Hints(platform.redis, "test-readings"))
    return Subscriptions(
        log, tails, devices, platform.pages, platform.clock, heartbeat=timedelta(seconds=0.3)
    )


async def gather(live, token, wanted, *, wish=None, stage="RAW", cut_after=None):
    """Rows of a stream until there are so many, and the last token."""
    rows, asked = [], "asked"
    stream = live.stream(wish or Wish(), stage, token, asked)
    count = 0
    async with aclosing(stream) as messages, asyncio.timeout(20):
        async for message in messages:
            token = live.token(message.position, asked)
            if isinstance(message.content, RawPart):
                part = message.content.rows
                columns = (part.channel, part.time_ms, part.value_micro)
                rows += zip(*(column.tolist() for column in columns), strict=True)
            if isinstance(message.content, Finals):
                part = message.content
                columns = (part.series, part.time_ms, part.value_micro, part.revision)
                rows += zip(*(column.tolist() for column in columns), strict=True)
            count += 1
            if len(rows) >= wanted or (cut_after is not None and count >= cut_after):
                break
    return rows, token


async def begin(live, **others):
    """A token of now."""
    return (await gather(live, "", 0, **others))[1]


def three(sequence, channel, values):
    return block(
        "live", sequence, [channel] * len(values), [T0 + n * HALF for n in range(len(values))], values
    )


async def test_the_first_message_comes_at_once_and_heartbeats_follow(live, owner):
    async with aclosing(live.stream(Wish(), "RAW", "", "x")) as messages, asyncio.timeout(5):
        first = await anext(messages)
        assert isinstance(first.content, Start)
        assert not first.content.resumed
        second = await anext(messages)
        assert second.content is None
        assert second.caught_up


async def test_what_is_stored_comes_live_and_in_order(live, owner, devices, pipeline):
    (channel,) = devices.add()
    token = await begin(live)
    waiting = asyncio.create_task(gather(live, token, 6))
    await asyncio.sleep(0.2)
    for sequence in range(3):
        await pipeline.store(owner, three(sequence, channel, [sequence * 10, sequence * 10 + 1]))
    rows, _ = await waiting
    assert rows == [(channel, T0 + n * HALF, s * 10 + n) for s in range(3) for n in range(2)]


@pytest.mark.parametrize("small", [False, True])
async def test_resuming_anywhere_leaves_no_hole_and_repeats_nothing(
    live, owner, devices, pipeline, monkeypatch, small
):
    if small:
        # Everything is cut: messages, batches that are read together, tails.
        monkeypatch.setattr(subscription_module, "MESSAGE_ROWS", 7)
        monkeypatch.setattr(subscription_module, "_JOIN_ROWS", 20)
        monkeypatch.setattr(tail_module, "READ_ROWS", 9)
    channels = devices.add(3)
    token = await begin(live)
    expected = []
    for sequence in range(12):
        count = 1 + sequence * 5 % 31
        times = [T0 + (n // 3) * HALF for n in range(count)]
        numbers = [channels[n % 3] for n in range(count)]
        values = [sequence * 1000 + n for n in range(count)]
        await pipeline.store(owner, block("live", sequence, numbers, times, values))
        expected += sorted(zip(numbers, times, values, strict=True))
    got = []
    while len(got) < len(expected):
        rows, token = await gather(live, token, 1_000_000, cut_after=2)
        got += rows
    assert got == expected
    rows, _ = await gather(live, token, 1, cut_after=3)
    assert rows == []


async def test_two_values_of_one_time_in_a_message_that_is_full(live, owner, devices, pipeline, monkeypatch):
    monkeypatch.setattr(subscription_module, "MESSAGE_ROWS", 2)
    monkeypatch.setattr(subscription_module, "_JOIN_ROWS", 1)
    (channel,) = devices.add()
    token = await begin(live)
    await pipeline.store(
        owner, block("live", 1, [channel] * 5, [T0, T0, T0, T0 + HALF, T0 + HALF], [1, 1, 2, 3, 4])
    )
    got = []
    while len(got) < 5:
        rows, token = await gather(live, token, 100, cut_after=2)
        got += rows
    assert got == [
        (channel, T0, 1),
        (channel, T0, 1),
        (channel, T0, 2),
        (channel, T0 + HALF, 3),
        (channel, T0 + HALF, 4),
    ]


async def test_batches_that_end_out_of_order_are_all_told(live, owner, devices, pipeline, lone_platform):
    """A batch that was claimed first and marked last has the later position."""
    (channel,) = devices.add()
    token = await begin(live)
    async with lone_platform.uow() as tx:
        held = await tx.conn.scalar(
            sa.insert(ingest_batch)
            .values(tenant_id=owner, instance=1, months=[202503], row_count=1, claim_time=tx.now)
            .returning(ingest_batch.c.batch_id)
        )
    await pipeline.store(owner, three(1, channel, [5]))
    rows, token = await gather(live, token, 1)
    assert len(rows) == 1
    async with lone_platform.uow() as tx:
        await tx.conn.execute(
            sa.update(ingest_batch).where(ingest_batch.c.batch_id == held).values(store_time=tx.now)
        )
    await pipeline.store(owner, three(2, channel, [6]))
    rows, _ = await gather(live, token, 1)
    assert [row[2] for row in rows] == [6]
    async with lone_platform.uow() as tx:
        positions = (
            await tx.conn.execute(
                sa.select(ingest_batch.c.batch_id, ingest_batch.c.position).order_by(ingest_batch.c.position)
            )
        ).all()
    assert [row.position for row in positions] == [1, 2, 3]
    assert positions[1].batch_id == held


async def test_a_filter_lets_through_what_was_there_while_it_was_there(live, owner, devices, pipeline):
    one, two, other = devices.add(3)
    noon = datetime(2025, 3, 30, 12, tzinfo=UTC)
    series = devices.install(one, end=noon)
    devices.install(two, series=series, start=noon)
    devices.install(other)
    token = await begin(live)
    times = [T0 + n * HALF for n in range(46)]
    for sequence, channel in enumerate((one, two, other)):
        await pipeline.store(owner, block("live", sequence, [channel] * 46, times, range(46)))
    rows, _ = await gather(live, token, 46, wish=Wish(series=(series.series,)))
    change = int(noon.timestamp() * 1000)
    expected = [(one, t, n) for n, t in enumerate(times) if t < change]
    expected += [(two, t, n) for n, t in enumerate(times) if t >= change]
    assert rows == expected
    named, _ = await gather(live, token, 92, wish=Wish(channels=(one, other)))
    assert named == [(channel, t, n) for channel in (one, other) for n, t in enumerate(times)]


async def test_final_values_come_when_their_run_ends_and_again_when_they_change(
    live, owner, devices, pipeline, runner, lone_platform
):
    (channel,) = devices.add()
    series = devices.install(channel)
    quiet = devices.install(*devices.add())
    token = await begin(live, stage="FINAL")
    times = [T0 + n * HALF for n in range(46)]
    await pipeline.store(owner, block("live", 1, [channel] * 46, times, range(1000, 1046)))
    await runner.run_touched()
    rows, token = await gather(
        live, token, 46, stage="FINAL", wish=Wish(series=(series.series, quiet.series))
    )
    assert [row[:3] for row in rows] == [(series.series, t, 1000 + n) for n, t in enumerate(times)]
    await pipeline.store(owner, block("live", 2, [channel], [times[3]], [7777]))
    await runner.run_touched()
    rows, token = await gather(live, token, 1, stage="FINAL", wish=Wish(series=(series.series, quiet.series)))
    assert rows == [(series.series, times[3], 7777, 2)]
    await runner.run_touched()
    rows, _ = await gather(
        live, token, 1, stage="FINAL", cut_after=3, wish=Wish(series=(series.series, quiet.series))
    )
    assert rows == []


async def test_final_values_in_small_messages(
    live, owner, devices, pipeline, runner, monkeypatch, lone_platform
):
    monkeypatch.setattr(subscription_module, "MESSAGE_ROWS", 60)
    channels = devices.add(5)
    numbers = [devices.install(channel).series for channel in channels]
    token = await begin(live, stage="FINAL")
    times = [T0 + n * HALF for n in range(46)]
    for run in range(2):
        for place, channel in enumerate(channels[run * 2 :]):
            await pipeline.store(
                owner,
                block(f"live-{run}", place, [channel] * 46, times, range(run * 500 + 100, run * 500 + 146)),
            )
        await runner.run_touched()
    got = []
    for _ in range(40):
        rows, token = await gather(live, token, 10_000, stage="FINAL", cut_after=2)
        got += rows
    params = {"tenant": str(owner), "series": numbers, "start": 0, "end": 2**42, "watermark": 2**63}
    final = await lone_platform.store.rows(
        f"SELECT series, ms, micro, revision FROM {interval_rows()} ORDER BY series, ms", params
    )
    newest = {(series, ms): (micro, revision) for series, ms, micro, revision in got}
    assert sorted((*key, *value) for key, value in newest.items()) == [tuple(map(int, row)) for row in final]
    assert len(set(got)) == len(got)


async def test_what_is_too_old_is_a_gap(live, owner, devices, pipeline, lone_platform):
    (channel,) = devices.add()
    token = await begin(live)
    for sequence in range(5):
        await pipeline.store(owner, three(sequence, channel, [sequence]))
    old = lone_platform.clock() - log_module.KEPT - timedelta(days=1)
    async with lone_platform.uow() as tx:
        await tx.conn.execute(
            sa.update(ingest_batch).where(ingest_batch.c.position <= 3).values(store_time=old)
        )
    async with aclosing(live.stream(Wish(), "RAW", token, "asked")) as messages, asyncio.timeout(10):
        found = [await anext(messages) for _ in range(3)]
    assert isinstance(found[1].content, Gap)
    assert found[1].content.start == old
    assert found[2].content.rows.value_micro.tolist() == [3, 4]


async def test_a_token_of_another_request_is_refused(live, owner):
    token = await begin(live)
    for bad, asked in ((token, "other"), (token[:-3] + "abc", "asked")):
        with pytest.raises(ResumeTokenInvalid):
            async with aclosing(live.stream(Wish(), "RAW", bad, asked)) as messages:
                await anext(messages)
    position = replace((await anext(live.stream(Wish(), "RAW", token, "asked"))).position, batch=10**9)
    with pytest.raises(ResumeTokenInvalid):
        await anext(live.stream(Wish(), "RAW", live.token(position, "asked"), "asked"))


def test_pieces_of_a_channel_that_overlap_are_one():
    pieces = Pieces.of({7: [(0, 10), (5, 20), (30, 40)], 9: [(0, 5)]})
    assert list(zip(pieces.channel, pieces.low, pieces.high, strict=True)) == [
        (7, 0, 20),
        (7, 30, 40),
        (9, 0, 5),
    ]
    none = np.empty(0, np.int64)
    assert not len(Pieces.of({}).channels)
    assert pieces.most == 2
    assert not pieces.has(log_module.Rows(none, none, none, none.astype(np.uint32))).any()


@pytest.fixture
async def caller_stubs(lone_platform, lone_server) -> Caller:
    made = await make_tenant(lone_platform)
    caller = Caller(lone_server.channel(made.secret))
    caller.secret, caller.tenant = made.secret, made
    return caller


async def test_through_grpc_with_scope(lone_platform, lone_server, caller_stubs):
    """A caller whose rights end at one usage point gets its readings and no others."""
    api = caller_stubs
    mine, theirs = await make_home(api), await make_home(api)
    whole = api.readings.SubscribeReadings(live_reading_pb2.SubscribeReadingsRequest(stage=3))
    first = await whole.read()
    assert first.WhichOneof("content") == "start"
    scoped = replace(
        api.tenant.caller,
        scope=Scope(usage_point_ids=frozenset({UUID(mine.point.usage_point_id)})),
    )
    await api.send(day_block(mine, 1, [1000] * 46), day_block(theirs, 2, [2000] * 46))
    seen: dict[int, int] = {}
    async with asyncio.timeout(10):
        while sum(seen.values()) < 92:
            message = await whole.read()
            for channel in message.raw.channel:
                seen[channel] = seen.get(channel, 0) + 1
    assert seen == {mine.energy: 46, theirs.energy: 46}
    await validated(api, mine)
    async with asyncio.timeout(10):
        while not (message := await whole.read()).final.series:
            pass
    assert set(message.final.series) == {mine.series}
    assert list(message.final.time_ms) == starts()
    whole.cancel()
    log = LiveLog(lone_platform.uow, lone_platform.store, lone_platform.clock)
    subscriptions = Subscriptions(
        log,
        Tails(log, Hints(lone_platform.redis, "x")),
        Directory(lone_platform.uow),
        lone_platform.pages,
        lone_platform.clock,
    )
    with acting_as(scoped):
        token = (await gather(subscriptions, "", 0))[1]
    await api.send(day_block(mine, 3, [1001] * 46), day_block(theirs, 4, [2001] * 46))
    with acting_as(scoped):
        rows, _ = await gather(subscriptions, token, 46)
        named, _ = await gather(subscriptions, token, 46, wish=Wish(channels=(mine.energy, theirs.energy)))
    assert {row[0] for row in rows} == {row[0] for row in named} == {mine.energy}


async def test_an_unknown_node_is_told(caller_stubs):
    node = "01900000-0000-7000-8000-000000000000"
    for call in (
        caller_stubs.readings.GetLatestReadings(reading_service_pb2.GetLatestReadingsRequest(node_id=node)),
        caller_stubs.readings.SubscribeReadings(
            live_reading_pb2.SubscribeReadingsRequest(node_id=node)
        ).read(),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() == grpc.StatusCode.NOT_FOUND
        assert error_of(caught.value)[0] == "NODE_NOT_FOUND"
