"""Relays: everything that was committed, once in the log, in order, and on the bus."""

import asyncio
import random
from collections import defaultdict
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from google.protobuf.struct_pb2 import Struct

from kernel.bus import Bus, BusMessage
from server.migrations.run import migrate
from server.platform.caller import acting_as, system_caller
from server.platform.engine_errors import unavailable
from server.platform.outbox import OutboxEvent
from server.platform.platform import Platform, open_platform
from server.platform.relay import Relay, event_relay, listen, message_relay, put_back
from server.platform.tables import outbox, outbox_dead
from tests.support.platform import eventually, fresh_settings


class Log:
    """An event log in a list; refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.rows = []
        self.announced = []
        self.refused: set[str] = set()
        self.away = False

    async def append(self, tx, rows) -> None:
        if self.away:
            raise unavailable("somewhere")
        for row in rows:
            if row.attributes["subject"] in self.refused:
                raise ValueError(f"cannot store {row.attributes['subject']}")
        await tx.conn.execute(
            sa.text("INSERT INTO seen (message_id, subject) VALUES (:m, :s)"),
            [{"m": row.message_id, "s": row.attributes["subject"]} for row in rows],
        )

    async def announce(self, rows) -> None:
        self.announced += [row.attributes["subject"] for row in rows]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def apart(engines):
    """A platform of its own, so that no other test's relay takes the rows."""
    settings = fresh_settings(engines, relay_poll_seconds=5.0)
    await asyncio.to_thread(migrate, settings)
    async with open_platform(settings) as platform:
        async with platform.engine.begin() as conn:
            await conn.execute(
                sa.text("CREATE TABLE seen (n bigserial, message_id uuid PRIMARY KEY, subject text)")
            )
            await conn.execute(sa.text("GRANT ALL ON seen, seen_n_seq TO simba_system"))
        yield platform


@pytest_asyncio.fixture(loop_scope="session")
async def platform(apart: Platform):
    async with apart.engine.begin() as conn:
        await conn.execute(sa.text("TRUNCATE outbox, outbox_dead, seen"))
    return apart


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def relay(platform, log) -> Relay:
    return event_relay(platform.uow, [log], platform.settings)


async def emit(platform: Platform, tenant_id: UUID, *subjects: str) -> None:
    with acting_as(system_caller(tenant_id)):
        async with platform.uow() as tx:
            for subject in subjects:
                await tx.emit(OutboxEvent(type="test.happened", subject=subject, payload=Struct()))


async def seen(platform: Platform) -> list[str]:
    async with platform.engine.connect() as conn:
        return list((await conn.execute(sa.text("SELECT subject FROM seen ORDER BY n"))).scalars())


async def left(platform: Platform) -> int:
    async with platform.uow.system() as tx:
        return (await tx.conn.execute(sa.select(sa.func.count()).select_from(outbox))).scalar_one()


async def drain(relay: Relay) -> None:
    while await relay.round():
        pass


async def test_order_of_a_subject_is_the_order_of_commits(platform, relay, log):
    """Many writers, rows with numbers that commit late, and two relays that run meanwhile."""
    tenant_id, counters = uuid4(), [f"c{n}" for n in range(5)]
    async with platform.engine.begin() as conn:
        await conn.execute(
            sa.text("CREATE TABLE counter (name text PRIMARY KEY, value int NOT NULL DEFAULT 0)")
        )
        await conn.execute(sa.text("GRANT ALL ON counter TO simba_app"))
        await conn.execute(sa.text("INSERT INTO counter SELECT 'c' || n FROM generate_series(0, 4) n"))
    randomness = random.Random(7)

    async def writer() -> None:
        for _ in range(20):
            name = randomness.choice(counters)
            with acting_as(system_caller(tenant_id)):
                async with platform.uow() as tx:
                    value = await tx.conn.execute(
                        sa.text("UPDATE counter SET value = value + 1 WHERE name = :n RETURNING value"),
                        {"n": name},
                    )
                    subject = f"{name}/{value.scalar_one()}"
                    await tx.emit(OutboxEvent(type="test.counted", subject=subject, payload=Struct()))
                    await asyncio.sleep(randomness.random() * 0.01)

    done = asyncio.Event()

    async def relaying() -> None:
        while not done.is_set():
            await relay.round()
            await asyncio.sleep(0.002)

    relays = [asyncio.create_task(relaying()) for _ in range(2)]
    await asyncio.gather(*(writer() for _ in range(10)))
    done.set()
    await asyncio.gather(*relays)
    await drain(relay)
    by_counter = defaultdict(list)
    for subject in await seen(platform):
        name, value = subject.split("/")
        by_counter[name].append(int(value))
    assert sum(map(len, by_counter.values())) == 200
    for values in by_counter.values():
        assert values == list(range(1, len(values) + 1))
    assert sorted(log.announced) == sorted(await seen(platform))


async def test_a_transaction_that_commits_late_is_not_skipped(platform, relay):
    tenant_id, other = uuid4(), uuid4()
    late, go = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with platform.uow.system() as tx:
            await tx.conn.execute(
                sa.insert(outbox).values(
                    tenant_id=tenant_id,
                    kind="event",
                    message_id=uuid4(),
                    topic="test.happened",
                    payload_type="google.protobuf.Struct",
                    payload=b"",
                    attributes={"subject": "late"},
                    trace={},
                    event_time=sa.func.now(),
                    create_time=sa.func.now(),
                )
            )
            late.set()
            await go.wait()

    task = asyncio.create_task(slow())
    await late.wait()
    await emit(platform, other, "early")
    await drain(relay)
    assert await seen(platform) == ["early"]
    go.set()
    await task
    await drain(relay)
    assert await seen(platform) == ["early", "late"]


async def test_what_was_rolled_back_is_never_told(platform, relay):
    with pytest.raises(ZeroDivisionError), acting_as(system_caller(uuid4())):
        async with platform.uow() as tx:
            await tx.emit(OutboxEvent(type="test.happened", subject="x", payload=Struct()))
            raise ZeroDivisionError
    await drain(relay)
    assert await seen(platform) == []


async def test_a_poisoned_row_holds_back_its_tenant_only_and_is_put_aside(platform, relay, log):
    tenant_id, other = uuid4(), uuid4()
    await emit(platform, tenant_id, "a1", "bad", "a2")
    await emit(platform, other, "b1")
    log.refused = {"bad"}
    await relay.round()
    assert await seen(platform) == ["a1", "b1"]
    for _ in range(9):
        await relay.round()
    assert await seen(platform) == ["a1", "b1", "a2"]
    async with platform.uow.system() as tx:
        dead = (await tx.conn.execute(sa.select(outbox_dead))).one()
    assert dead.attributes["subject"] == "bad"
    assert dead.error == "ValueError: cannot store bad"
    assert dead.attempts == 10
    assert await left(platform) == 0
    log.refused = set()
    assert await put_back(platform.uow) == 1
    await drain(relay)
    assert await seen(platform) == ["a1", "b1", "a2", "bad"]
    assert await put_back(platform.uow) == 0


async def test_an_engine_that_is_away_costs_no_attempts(platform, relay, log):
    await emit(platform, uuid4(), "x")
    log.away = True
    for _ in range(12):
        with pytest.raises(Exception, match="somewhere"):
            await relay.round()
    log.away = False
    await drain(relay)
    assert await seen(platform) == ["x"]


async def test_an_event_is_delivered_within_milliseconds_of_its_commit(platform, relay, log):
    stop, wake = asyncio.Event(), asyncio.Event()
    clock = asyncio.get_running_loop().time
    tasks = [
        asyncio.create_task(relay.run(wake, stop)),
        asyncio.create_task(listen(platform.settings, [wake], stop)),
    ]
    await emit(platform, uuid4(), "first")
    await eventually(lambda: len(log.announced) == 1)
    slowest = 0.0
    for n in range(5):
        await asyncio.sleep(0.05)
        await emit(platform, uuid4(), f"s{n}")
        start = clock()
        await eventually(lambda n=n: len(log.announced) == n + 2)
        slowest = max(slowest, clock() - start)
    # The poll is at 5 s: only notifications can be this quick.
    assert slowest < 1.0
    stop.set()
    wake.set()
    await asyncio.gather(*tasks)


async def test_messages_reach_the_bus_with_their_ids_and_traces(platform):
    from opentelemetry import trace
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

    tenant_id, message_id, stream = uuid4(), uuid4(), f"test.{uuid4().hex}"
    span = NonRecordingSpan(SpanContext(0xABC, 0xDEF, is_remote=False, trace_flags=TraceFlags(1)))
    payload = Struct()
    payload["hello"] = "meter"
    with acting_as(system_caller(tenant_id)), trace.use_span(span):
        async with platform.uow() as tx:
            await tx.send(stream, payload, message_id=message_id)
            await tx.send(stream, Struct())
    relay = message_relay(platform.uow, platform.bus, platform.settings)
    await drain(relay)
    assert await left(platform) == 0
    got: list[BusMessage] = []
    stop = asyncio.Event()

    async def handler(message: BusMessage) -> None:
        got.append(message)
        if len(got) == 2:
            stop.set()

    bus = Bus(platform.redis)
    await asyncio.wait_for(bus.consume(stream, "g", "c", handler, stop=stop), 10)
    assert got[0].message_id == str(message_id)
    assert got[0].tenant_id == str(tenant_id)
    assert got[0].decode(Struct)["hello"] == "meter"
    assert got[0].trace["traceparent"] == f"00-{0xABC:032x}-{0xDEF:016x}-01"


async def test_messages_wait_for_a_bus_that_is_away(platform):
    from redis.asyncio import Redis

    nowhere = Bus(Redis.from_url("redis://127.0.0.1:1"))
    with acting_as(system_caller(uuid4())):
        async with platform.uow() as tx:
            await tx.send("x", Struct())
    relay = message_relay(platform.uow, nowhere, platform.settings)
    with pytest.raises(Exception, match="valkey"):
        await relay.round()
    assert await left(platform) == 1
