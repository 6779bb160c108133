"""The event log: numbered in commit order, without gaps, once each."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.events import tables
from server.events.append import EventLog
from server.events.archive import EventArchive
from server.events.domain import Filter
from server.events.history import EventHistory
from server.platform.caller import acting_as, system_caller
from server.platform.errors import Unavailable
from server.platform.hints import Hints
from server.platform.outbox import OutboxEvent, OutboxRow
from server.platform.relay import Relay, event_relay
from server.platform.uow import Tx
from simba.devices.v1 import events_pb2 as devices_pb
from tests.support.stage import Client, Stage, working


def event(subject: str = "meters/1", text: str = "", **others) -> OutboxEvent:
    values = {"type": "device.updated", "payload": devices_pb.MeterArchived(meter_id=text)}
    return OutboxEvent(subject=subject, **(values | others))


async def emit(stage: Stage, tenant_id: UUID, *events: OutboxEvent, fail: bool = False) -> None:
    """One transaction that states some events."""
    with acting_as(system_caller(tenant_id)):
        async with stage.platform.uow() as tx:
            for one in events:
                await tx.emit(one)
                await asyncio.sleep(0)
            if fail:
                raise ZeroDivisionError


async def logged(stage: Stage, tenant_id: UUID) -> list[sa.RowMapping]:
    async with stage.platform.uow.system() as tx:
        query = sa.select(tables.event_log).where(tables.event_log.c.tenant_id == tenant_id)
        return list((await tx.conn.execute(query.order_by(tables.event_log.c.sequence))).mappings())


def relay_of(stage: Stage) -> Relay:
    sink = EventLog(Hints(stage.platform.redis, "events"))
    return event_relay(stage.platform.uow, [sink], stage.platform.settings)


async def drain(relay: Relay) -> None:
    while await relay.round():
        pass


def archive_of(stage: Stage, keep: timedelta = timedelta()) -> EventArchive:
    """An archive whose clock is a little ahead, so that everything may be pruned."""
    return EventArchive(
        stage.platform.uow,
        EventHistory(stage.platform.store),
        lambda: datetime.now(UTC) + timedelta(seconds=1),
        keep=keep,
    )


async def test_concurrent_emitters_leave_no_gap_and_keep_their_order(stage: Stage, client: Client):
    async def emitter(number: int) -> None:
        for count in range(8):
            one = event(f"meters/{number}", str(count))
            failing = (number + count) % 5 == 0
            try:
                await emit(stage, client.tenant_id, one, event(f"meters/{number}", f"{count}b"), fail=failing)
            except ZeroDivisionError:
                continue

    async with working(stage):
        await asyncio.gather(*(emitter(number) for number in range(10)))
    await drain(relay_of(stage))
    rows = await logged(stage, client.tenant_id)
    expected = sum(2 for number in range(10) for count in range(8) if (number + count) % 5)
    assert [row["sequence"] for row in rows] == list(range(1, expected + 1))
    by_subject: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_subject[row["subject"]].append(devices_pb.MeterArchived.FromString(row["payload"]).meter_id)
    for told in by_subject.values():
        assert told == sorted(told)


async def test_tenants_are_numbered_each_for_itself(stage: Stage, client: Client, stranger: Client):
    for tenant_id in (client.tenant_id, stranger.tenant_id, client.tenant_id):
        await emit(stage, tenant_id, event())
    await drain(relay_of(stage))
    assert [row["sequence"] for row in await logged(stage, client.tenant_id)] == [1, 2]
    assert [row["sequence"] for row in await logged(stage, stranger.tenant_id)] == [1]


async def test_a_relay_that_dies_before_its_commit_repeats_nothing(stage: Stage, client: Client):
    await emit(stage, client.tenant_id, event(text="a"), event(text="b"))
    relay = relay_of(stage)
    deliver = relay.deliver

    async def dies(tx: Tx, rows: Sequence[OutboxRow]) -> None:
        await deliver(tx, rows)
        raise Unavailable("killed after appending")

    with pytest.raises(Unavailable):
        await replace(relay, deliver=dies).round()
    assert await logged(stage, client.tenant_id) == []
    await drain(relay)
    assert [row["sequence"] for row in await logged(stage, client.tenant_id)] == [1, 2]


async def test_rows_that_come_again_are_known(stage: Stage, client: Client):
    seen: list[OutboxRow] = []
    relay = relay_of(stage)
    deliver = relay.deliver

    async def remembers(tx: Tx, rows: Sequence[OutboxRow]) -> None:
        seen.extend(row for row in rows if row.tenant_id == client.tenant_id)
        await deliver(tx, rows)

    await emit(stage, client.tenant_id, event(text="a"), event(text="b"))
    await drain(replace(relay, deliver=remembers))
    assert len(seen) == 2
    sink = EventLog(Hints(stage.platform.redis, "events"))
    async with stage.platform.uow.system() as tx:
        await sink.append(tx, [*seen, *seen])
    await emit(stage, client.tenant_id, event(text="c"))
    await drain(relay)
    assert [row["sequence"] for row in await logged(stage, client.tenant_id)] == [1, 2, 3]


async def test_appenders_at_once_wait_for_one_another(stage: Stage, client: Client):
    """Even without the relay's own lock, numbers have no gap and no repeat."""
    await emit(stage, client.tenant_id, *(event(text=str(number)) for number in range(40)))
    seen: list[OutboxRow] = []

    async def only_looks(_: Tx, rows: Sequence[OutboxRow]) -> None:
        seen.extend(row for row in rows if row.tenant_id == client.tenant_id)

    await drain(replace(relay_of(stage), deliver=only_looks))
    sink = EventLog(Hints(stage.platform.redis, "events"))

    async def append(rows: Sequence[OutboxRow]) -> None:
        async with stage.platform.uow.system() as tx:
            await sink.append(tx, rows)

    await asyncio.gather(*(append(seen[start : start + 8]) for start in range(0, 36, 4)))
    rows = await logged(stage, client.tenant_id)
    assert [row["sequence"] for row in rows] == list(range(1, 41))
    assert len({row["event_id"] for row in rows}) == 40


async def test_the_history_has_everything_once_and_postgresql_is_pruned(stage: Stage, client: Client):
    await emit(stage, client.tenant_id, *(event(text=f"é{number}") for number in range(25)))
    await drain(relay_of(stage))
    before = await logged(stage, client.tenant_id)
    archive, twin = archive_of(stage), archive_of(stage)
    await asyncio.gather(archive.copy(), twin.copy())
    await archive_of(stage, keep=timedelta(hours=1)).work()
    assert len(await logged(stage, client.tenant_id)) == 25
    await archive.work()
    assert await logged(stage, client.tenant_id) == []
    rows = await stage.platform.store.rows(
        "SELECT sequence, toString(event_id), base64Encode(payload) FROM event_history FINAL"
        " WHERE tenant_id = {tenant:UUID} ORDER BY sequence",
        {"tenant": str(client.tenant_id)},
    )
    assert [row[0] for row in rows] == list(range(1, 26))
    assert [row[1] for row in rows] == [str(row["event_id"]) for row in before]
    async with stage.platform.uow.system() as tx:
        marks = (
            (
                await tx.conn.execute(
                    sa.select(tables.event_counter).where(
                        tables.event_counter.c.tenant_id == client.tenant_id
                    )
                )
            )
            .mappings()
            .one()
        )
    assert (marks["last"], marks["copied"], marks["pruned"], marks["floor"]) == (25, 25, 25, 0)


async def test_a_copy_that_dies_before_its_mark_is_repeated_without_harm(stage: Stage, client: Client):
    await emit(stage, client.tenant_id, *(event(text=str(number)) for number in range(3)))
    await drain(relay_of(stage))
    archive = archive_of(stage)
    await archive.copy()
    async with stage.platform.uow.system() as tx:
        await tx.conn.execute(
            sa.update(tables.event_counter)
            .where(tables.event_counter.c.tenant_id == client.tenant_id)
            .values(copied=1)
        )
    assert await archive.copy() == 2
    events = await EventHistory(stage.platform.store).after(
        client.tenant_id, 0, Filter(), 100, upto=3, last=3
    )
    assert [one.sequence for one in events.events] == [1, 2, 3]
