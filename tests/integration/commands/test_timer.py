"""What happens to commands by themselves: time passes, the bus forgets, processes die."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from server.commands import tables
from server.commands.bus_guard import MARKER, BusGuard
from server.commands.timer import CommandTimer
from server.platform.errors import Unavailable
from server.platform.outbox import OutboxRow
from server.platform.relay import message_relay
from server.platform.uow import Tx
from simba.commands.v1 import command_pb2, device_command_pb2
from simba.commands.v1 import command_service_pb2 as pb
from tests.support.platform import eventually
from tests.support.stage import (
    Client,
    Stage,
    adapter,
    entries,
    progress,
    soon,
    state_name,
    working,
)

READ = command_pb2.COMMAND_ACTION_ON_DEMAND_READ


def timer_in(stage: Stage, ahead: timedelta = timedelta()) -> CommandTimer:
    """A timer whose clock runs ahead."""
    return CommandTimer(stage.platform.uow, lambda: datetime.now(UTC) + ahead)


async def until_over(client: Client, command: command_pb2.Command) -> command_pb2.Command:
    request = pb.WaitCommandRequest(command_id=command.command_id)
    answer = await client.commands.WaitCommand(request)
    assert answer.done
    return answer.command


async def test_every_command_ends_by_its_expiry(stage: Stage, client: Client):
    """Three commands that nobody answers, ended by a worker's timer on the wall clock."""
    expiry = soon(1.5)
    waiting = await client.submit(client.meter(), expire_time=expiry)
    switch = await client.submit(client.meter(), expire_time=expiry)
    read = await client.submit(client.meter(), READ, expire_time=expiry)
    await client.report(switch, "SENT")
    await client.report(read, "DELIVERED")
    async with working(stage):
        ended = [await until_over(client, command) for command in (waiting, switch, read)]
        late = datetime.now(UTC) - expiry.ToDatetime(tzinfo=UTC)
    assert [state_name(command) for command in ended] == ["EXPIRED", "UNKNOWN_OUTCOME", "EXPIRED"]
    assert late < timedelta(seconds=4)
    assert all(command.error == "no final answer in time" for command in ended)


async def test_a_report_of_the_last_moment_still_counts(stage: Stage, client: Client):
    """Expiry is over, the grace is not: what was sent just in time must not end as if nothing had been."""
    command = await client.submit(client.meter(), expire_time=soon(0.3))
    await asyncio.sleep(0.4)
    await timer_in(stage).round()
    assert (await client.report(command, "SENT")).applied == [True]
    await timer_in(stage, timedelta(seconds=5)).round()
    assert state_name(await client.get(command.command_id)) == "UNKNOWN_OUTCOME"


async def test_a_command_waits_for_its_time(stage: Stage, client: Client):
    meter = client.meter()
    command = await client.submit(meter, not_before=soon(1.2))
    async with working(stage):
        await asyncio.sleep(0.6)
        assert await entries(stage, meter) == []
        (message,) = await eventually(lambda: entries(stage, meter))
    assert message.decode(device_command_pb2.DeviceCommand).command_id == command.command_id


async def test_timers_of_several_workers_act_once(stage: Stage, client: Client):
    commands = [await client.submit(client.meter(), expire_time=soon(5)) for _ in range(20)]
    timers = [timer_in(stage, timedelta(seconds=10)) for _ in range(4)]
    await asyncio.gather(*(timer.round() for timer in timers))
    for command in commands:
        states = [state_name(step) for step in (await client.get(command.command_id)).transitions]
        assert states == ["ACCEPTED", "EXPIRED"]


async def test_silence_of_the_adapter_publishes_again_until_it_speaks(stage: Stage, client: Client):
    meter = client.meter()
    command = await client.submit(meter)
    for ahead in (31, 100, 300):
        await timer_in(stage, timedelta(seconds=ahead)).round()
    async with working(stage):
        await eventually(lambda: has(stage, meter, 4))
        await client.report(command, "QUEUED")
        await timer_in(stage, timedelta(hours=2)).round()
        await asyncio.sleep(0.7)
    messages = await entries(stage, meter)
    assert len(messages) == 4
    assert len({message.message_id for message in messages}) == 1, "adapters drop repeats by it"


async def test_a_bus_that_forgot_is_told_again(stage: Stage, client: Client):
    """Valkey is flushed: unsent commands are published again, sent ones are not, and each acts once."""
    meter, sent_meter, new_meter = (client.meter() for _ in range(3))
    queued, sent = await client.submit(meter), await client.submit(sent_meter)
    async with working(stage):
        await eventually(lambda: has(stage, meter, 1))
        await eventually(lambda: has(stage, sent_meter, 1))
        await client.report(queued, "AWAITING_CONTACT")
        await client.report(sent, "SENT")
        await eventually(lambda: stage.platform.redis.exists(MARKER))
        await stage.platform.redis.flushdb()
        await eventually(lambda: has(stage, meter, 1))
        late = await client.submit(new_meter)
        await eventually(lambda: has(stage, new_meter, 1))
        assert await entries(stage, sent_meter) == []
        async with adapter(client, meter.adapter, verifies) as simulated:
            assert state_name(await until_over(client, queued)) == "VERIFIED"
        assert len(simulated.effects) == 1
    assert state_name(await client.get(late.command_id)) == "ACCEPTED"


async def test_a_bus_that_remembers_is_left_alone(stage: Stage, client: Client):
    guard = BusGuard(stage.platform.uow, stage.platform.redis, lambda: datetime.now(UTC))
    await client.submit(client.meter())
    await stage.platform.redis.delete(MARKER)
    assert await guard.check() >= 1
    assert await guard.check() == 0


async def test_a_relay_that_dies_between_publishing_and_marking_has_one_effect(stage: Stage, client: Client):
    meter = client.meter()
    command = await client.submit(meter)
    relay = message_relay(stage.platform.uow, stage.platform.bus, stage.platform.settings)
    deliver = relay.deliver

    async def dies(tx: Tx, rows: Sequence[OutboxRow]) -> None:
        await deliver(tx, rows)
        raise Unavailable("killed after publishing")

    with pytest.raises(Unavailable):
        await replace(relay, deliver=dies).round()
    while await relay.round():
        pass
    first, second = await entries(stage, meter)
    assert first.message_id == second.message_id

    async with adapter(client, meter.adapter, verifies) as simulated:
        assert state_name(await until_over(client, command)) == "VERIFIED"
        await eventually(lambda: len(simulated.received) == 2)
    assert len(simulated.effects) == 1
    states = [state_name(step) for step in (await client.get(command.command_id)).transitions]
    assert states == ["ACCEPTED", "SENT", "EXECUTED", "VERIFIED"]


async def test_a_restarted_worker_goes_on(stage: Stage, client: Client):
    """The agenda is in the database: a worker that never saw the submit ends the command."""
    command = await client.submit(client.meter(), expire_time=soon(0.5))
    async with working(stage):
        pass
    await asyncio.sleep(1.6)
    async with working(stage):
        assert state_name(await until_over(client, command)) == "EXPIRED"


async def test_what_is_over_is_no_longer_on_the_agenda(stage: Stage, client: Client):
    command = await client.submit(client.meter())
    await client.report(command, "FAILED")
    async with stage.platform.uow.system() as tx:
        query = sa.select(tables.command.c.wake_time).where(
            tables.command.c.command_id == sa.cast(command.command_id, sa.UUID)
        )
        assert (await tx.conn.execute(query)).scalar_one() is None


def verifies(command: device_command_pb2.DeviceCommand) -> list[object]:
    return [progress(command.command_id, state, attempt=command.attempt) for state in ("SENT", "VERIFIED")]


async def has(stage: Stage, meter, count: int) -> bool:
    return len(await entries(stage, meter)) >= count
