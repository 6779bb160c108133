"""Readings that no channel takes: kept, shown, replayed by themselves and on request, discarded; bounded."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import pytest_asyncio

from server.platform.caller import acting_as
from server.platform.hints import Hints
from server.platform.ids import new_id
from server.platform.outbox import OutboxRow
from server.platform.rates import Rates
from server.readings.create import CreateReadings, NewReading
from server.readings.dead_letter import job as dead_letter_job
from server.readings.dead_letter import jobs_store
from server.readings.dead_letter.app import DeadLetter
from server.readings.dead_letter.box import DeadLetterBox
from server.readings.dead_letter.domain import Selector
from server.readings.dead_letter.errors import DiscardOfEverything
from server.readings.dead_letter.job import RunDeadLetter
from server.readings.dead_letter.store import DeadLetterStore
from server.readings.dead_letter.sweep import DeviceChanges, Sweep
from server.readings.ingest.batches import Batches
from server.readings.ingest.instance import Instance
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.raw_store import RawStore
from tests.support.readings import block

NOON = 1_750_000_000_000 // 86_400_000 * 86_400_000
HALF_HOUR = 1_800_000
STRANGE = 77_000_000


class Room:
    """A dead letter of its own, with everything that works on it."""

    def __init__(self, platform, devices, *, limit: int) -> None:
        self.platform = platform
        self.devices = devices
        self.store = DeadLetterStore(platform.store)
        self.box = DeadLetterBox(platform.uow, self.store, platform.clock, limit=limit)
        self.instance = Instance(platform.engine)
        self.pipeline = Pipeline(
            Batches(
                platform.uow,
                RawStore(platform.store),
                KnownChannels(devices),
                self.instance,
                platform.clock,
                self.box,
            )
        )
        hints = Hints(platform.redis, "dead-letter")
        self.app = DeadLetter(platform.uow, self.store, hints)
        self.run = RunDeadLetter(platform.uow, self.store, devices, self.pipeline, hints, platform.clock)
        self.sweep = Sweep(platform.uow, self.store, devices)
        self.create = CreateReadings(self.pipeline, devices, Rates(platform.redis), self.box)

    async def count(self) -> int:
        return await self.store.count(self.devices.tenant_id)

    async def replayed(self, selector: Selector = Selector()):  # noqa: B008 - frozen
        """The job of a replay, after its end."""
        job = await self.app.replay(selector)
        await self.run(str(job.job_id))
        return await self.app.job(job.job_id)

    async def stored(self) -> list[tuple]:
        rows = await self.platform.store.rows(
            "SELECT channel, toUnixTimestamp64Milli(ts), toString(value), source FROM raw_reading"
            " WHERE tenant_id = {tenant:UUID} ORDER BY channel, ts, source",
            {"tenant": str(self.devices.tenant_id)},
        )
        return [tuple(row) for row in rows]

    async def close(self) -> None:
        await self.pipeline.close()
        await self.instance.close()


@pytest_asyncio.fixture(loop_scope="session")
async def room(lone_platform, devices):
    made = Room(lone_platform, devices, limit=1000)
    with acting_as(devices.caller):
        yield made
    await made.close()


def reading(channel: int = 0, value: str = "1", **others) -> NewReading:
    made = NewReading(channel, None, "", datetime.fromtimestamp(NOON / 1000, UTC), value, "", 0)
    return replace(made, **others)


async def test_unknown_channels_are_told_and_kept(room, owner):
    (known,) = room.devices.add()
    one = block("cis:1", 2**64 - 3, [known, STRANGE, STRANGE + 1], [NOON] * 3, [1, -2_500_000, 3], [0, 16, 0])
    ack = await room.pipeline.store(owner, one)
    assert (ack.stored, ack.rejected_count, ack.dead_lettered) == (1, 2, 2)
    assert [(r.row, r.reason) for r in ack.rejected] == [(1, "UNKNOWN_CHANNEL"), (2, "UNKNOWN_CHANNEL")]
    (first, second) = await room.app.page(Selector(), after=None, limit=10)
    assert (first.source, first.sequence, first.row) == ("cis:1", 2**64 - 3, 1)
    assert (first.channel, first.ms, first.micro, first.quality) == (STRANGE, NOON, -2_500_000, 16)
    assert first.description == f"no channel has the number {STRANGE}"
    assert second.channel == STRANGE + 1
    assert await room.app.page(Selector(), after=first.key, limit=10) == [second]
    again = await room.pipeline.store(owner, one)
    assert (again.duplicate, again.stored, again.dead_lettered) == (True, 1, 2)
    assert await room.count() == 2


async def test_a_block_of_nothing_but_unknown_channels_is_kept_once(room, owner):
    one = block("cis", 1, [STRANGE], [NOON], [1])
    acks = [await room.pipeline.store(owner, one) for _ in range(3)]
    assert [(ack.stored, ack.dead_lettered, ack.duplicate) for ack in acks] == [
        (0, 1, False),
        (0, 1, True),
        (0, 1, True),
    ]
    assert await room.count() == 1


async def test_what_can_never_be_stored_is_not_kept(room, owner):
    years = 10 * 366 * 86_400_000
    future = int(room.platform.clock().timestamp() * 1000) + years
    ack = await room.pipeline.store(
        owner, block("cis", 1, [STRANGE] * 3, [future, -(2**62), NOON], [1, 1, 10**18])
    )
    assert (ack.stored, ack.rejected_count, ack.dead_lettered) == (0, 3, 0)
    assert await room.count() == 0


async def test_a_replay_stores_what_became_known_and_leaves_the_rest(room, owner):
    await room.pipeline.store(owner, block("a", 1, [STRANGE, STRANGE + 5], [NOON, NOON], [7, 8]))
    await room.pipeline.store(owner, block("b", 1, [STRANGE, STRANGE], [NOON, NOON + HALF_HOUR], [7, 9]))
    assert (await room.replayed()).counts.failed == 4
    room.devices.known[STRANGE] = replace(
        room.devices.known[room.devices.add()[0]], channel=STRANGE, unit="kWh"
    )
    job = await room.replayed()
    # The same reading of two senders is stored once.
    assert (job.state, job.counts.total, job.counts.done) == ("SUCCEEDED", 4, 4)
    assert (job.counts.stored, job.counts.duplicates, job.counts.failed) == (2, 1, 1)
    assert await room.stored() == [
        (STRANGE, NOON, "0.000007", "replay:a"),
        (STRANGE, NOON + HALF_HOUR, "0.000009", "replay:b"),
    ]
    (left,) = await room.app.page(Selector(), after=None, limit=10)
    assert left.channel == STRANGE + 5
    again = await room.replayed()
    assert (again.counts.stored, again.counts.failed) == (0, 1)
    assert len(await room.stored()) == 2


async def test_a_reading_that_is_too_large_for_its_channel_says_so_after_a_replay(room, owner):
    await room.pipeline.store(owner, block("a", 1, [STRANGE], [NOON], [10_000 * 1_000_000]))
    (other,) = room.devices.add(kind="REGISTER", dials=3)
    room.devices.known[STRANGE] = replace(room.devices.known[other], channel=STRANGE)
    job = await room.replayed()
    assert (job.counts.stored, job.counts.failed) == (0, 1)
    (left,) = await room.app.page(Selector(), after=None, limit=10)
    assert left.reason == "VALUE_OUT_OF_RANGE"


async def test_a_replay_that_is_killed_goes_on(room, owner, monkeypatch):
    monkeypatch.setattr(dead_letter_job, "PORTION", 10)
    await room.pipeline.store(
        owner, block("a", 1, [STRANGE] * 35, [NOON + n * HALF_HOUR for n in range(35)], range(35))
    )
    room.devices.known[STRANGE] = replace(room.devices.known[room.devices.add()[0]], channel=STRANGE)
    job = await room.app.replay(Selector(channel=STRANGE))
    change, calls = room.store.change, []

    async def dies(*args, **named):
        calls.append(args)
        if len(calls) == 3:
            raise ConnectionError
        await change(*args, **named)

    monkeypatch.setattr(room.store, "change", dies)
    with pytest.raises(ConnectionError):
        await room.run(str(job.job_id))
    assert 0 < (await room.app.job(job.job_id)).counts.done < 35
    monkeypatch.setattr(room.store, "change", change)
    await room.run(str(job.job_id))
    over = await room.app.job(job.job_id)
    assert (over.state, over.counts.done, over.counts.failed) == ("SUCCEEDED", 35, 0)
    assert len(await room.stored()) == 35
    assert await room.count() == 0


async def test_discard_and_cancel(room, owner):
    await room.pipeline.store(owner, block("a", 1, [STRANGE, STRANGE + 1], [NOON, NOON], [7, 8]))
    with pytest.raises(DiscardOfEverything):
        await room.app.discard(Selector())
    job = await room.app.discard(Selector(channel=STRANGE))
    await room.run(str(job.job_id))
    assert (await room.app.job(job.job_id)).counts.discarded == 1
    cancelled = await room.app.discard(Selector(source="a"))
    assert (await room.app.cancel(cancelled.job_id)).state == "CANCELLED"
    await room.run(str(cancelled.job_id))
    groups, total = await room.app.summary(Selector())
    assert [(one.source, one.channel, one.reason, one.count) for one in groups] == [
        ("a", STRANGE + 1, "UNKNOWN_CHANNEL", 1)
    ]
    assert total == 1
    steps = [step.state async for step in room.app.watch(job.job_id)]
    assert steps == ["SUCCEEDED"]


async def test_a_tenant_cannot_fill_the_disk(lone_platform, devices, owner):
    room = Room(lone_platform, devices, limit=5)
    first = await room.pipeline.store(
        owner, block("a", 1, [STRANGE] * 4, [NOON + n for n in range(4)], [1] * 4)
    )
    second = await room.pipeline.store(owner, block("a", 2, [STRANGE] * 2, [NOON, NOON + 1], [1] * 2))
    third = await room.pipeline.store(owner, block("a", 3, [STRANGE], [NOON], [1]))
    assert [ack.dead_lettered for ack in (first, second, third)] == [4, 0, 1]
    # What was neither stored nor kept is not remembered either: it may come again.
    assert not (await room.pipeline.store(owner, block("a", 2, [STRANGE] * 2, [NOON] * 2, [2] * 2))).duplicate
    assert await room.count() == 5
    await room.close()


async def test_callers_with_a_few_state_unit_and_multiplier(room, owner):
    (known,) = room.devices.add()
    room.devices.install(known, multiplier="40")
    meter = room.devices.known[known].meter_id
    made = await room.create.create(
        [
            reading(known, "1", unit="kWh", multiplier="40.0"),
            reading(known, "2", unit="Wh"),
            reading(known, "3", multiplier="1"),
            reading(known, "4", multiplier="forty"),
            reading(STRANGE, "5"),
            reading(0, "6", meter_id=meter, code="gas"),
            reading(known, "many"),
        ],
        "app",
    )
    assert (made.stored, made.dead_lettered) == (1, 5)
    assert [(one.row, one.field, one.reason) for one in made.rejected] == [
        (1, "unit", "UNIT_MISMATCH"),
        (2, "multiplier", "MULTIPLIER_MISMATCH"),
        (3, "multiplier", "MULTIPLIER_MISMATCH"),
        (4, "channel", "UNKNOWN_CHANNEL"),
        (5, "channel_name", "UNKNOWN_CHANNEL"),
        (6, "value", "NOT_A_NUMBER"),
    ]
    assert "40" in made.rejected[1].description
    kept = await room.app.page(Selector(), after=None, limit=10)
    assert sorted(one.description for one in kept) == sorted(
        [
            f"'Wh' is not the unit of channel {known}",
            f"1 is not the multiplier of channel {known} at the time of the reading",
            f"forty is not the multiplier of channel {known} at the time of the reading",
            f"no channel has the number {STRANGE}",
            f"meter {meter} has no channel 'gas'",
        ]
    )
    # The devices are mended, and a replay stores four of the five.
    room.devices.known[known] = replace(room.devices.known[known], unit="Wh")
    room.devices.links[-1] = replace(room.devices.links[-1], multiplier=Decimal(1))
    room.devices.known[STRANGE] = replace(room.devices.known[known], channel=STRANGE, meter_id=new_id())
    gas = room.devices.add()[0]
    room.devices.known[gas] = replace(room.devices.known[gas], meter_id=meter, code="gas")
    job = await room.replayed()
    assert (job.counts.stored, job.counts.failed) == (4, 1)
    assert {(row[0], row[2]) for row in await room.stored()} == {
        (known, "1"),
        (known, "2"),
        (known, "3"),
        (STRANGE, "5"),
        (gas, "6"),
    }


async def test_the_server_replays_by_itself_what_became_known(room, owner, lone_platform):
    await room.pipeline.store(owner, block("a", 1, [STRANGE, STRANGE + 1], [NOON, NOON], [7, 8]))
    # Nothing is known yet: it looks once, and not again before something changes.
    await room.sweep.run()
    assert not await room.sweep._look(owner)
    await jobs(room, 0)
    room.devices.known[STRANGE] = replace(room.devices.known[room.devices.add()[0]], channel=STRANGE)
    async with lone_platform.uow.system() as tx:
        await DeviceChanges().append(tx, [event(owner, tx.now)])
    assert owner in await room.sweep._due()
    assert await room.sweep._look(owner)
    # Another worker that looks at the same time begins no second one.
    assert not await room.sweep._look(owner)
    (job,) = await jobs(room, 1)
    assert job.automatic
    await room.run(str(job.job_id))
    assert (await room.app.job(job.job_id)).counts.stored == 1
    assert await room.count() == 1
    await room.sweep._look(owner)
    assert owner not in await room.sweep._due()
    await jobs(room, 1)


async def test_the_server_replays_readings_that_were_named_by_meter_and_code(room, owner):
    meter = new_id()
    made = await room.create.create([reading(0, "6", meter_id=meter, code="gas")], "app")
    assert made.dead_lettered == 1
    (gas,) = room.devices.add()
    room.devices.known[gas] = replace(room.devices.known[gas], meter_id=meter, code="gas")
    assert await room.sweep._look(owner)
    (job,) = await jobs(room, 1)
    await room.run(str(job.job_id))
    assert [(row[0], row[2]) for row in await room.stored()] == [(gas, "6")]
    # Nothing is left to do, and nothing is begun.
    assert not await room.sweep._look(owner)


async def jobs(room: Room, count: int) -> list:
    found = list(await room.app.jobs(before=None, limit=10))
    assert len(found) == count
    return found


def event(owner: UUID, now: datetime) -> OutboxRow:
    names = dict.fromkeys(OutboxRow.__dataclass_fields__)
    return OutboxRow(**{**names, "tenant_id": owner, "topic": "device.created"})


async def test_two_replays_at_once_store_once(room, owner):
    await room.pipeline.store(
        owner, block("a", 1, [STRANGE] * 50, [NOON + n * HALF_HOUR for n in range(50)], range(50))
    )
    room.devices.known[STRANGE] = replace(room.devices.known[room.devices.add()[0]], channel=STRANGE)
    begun = [await room.app.replay(Selector()) for _ in range(2)]
    # The queue runs them one after another; even where it did not, the block's number tells.
    await asyncio.gather(*(room.run(str(job.job_id)) for job in begun))
    assert len(await room.stored()) == 50
    async with room.platform.uow() as tx:
        assert [one.state for one in await jobs_store.page(tx, before=None, limit=9)] == ["SUCCEEDED"] * 2
