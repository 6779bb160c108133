"""Retention on real engines: what goes, what stays, who holds it, and who may not do it twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.duration_pb2 import Duration

from server.devices.directory import Directory
from server.platform.caller import acting_as
from server.platform.hints import Hints
from server.readings.retention.enforcing import Enforcer
from server.readings.retention.engine import RetentionEngine
from simba.access.v1 import audit_service_pb2
from simba.access.v1.audit_service_pb2_grpc import AuditServiceStub
from simba.common.v1 import types_pb2 as common
from simba.devices.v1 import device_model_pb2
from simba.readings.v1 import frame_pb2, frame_service_pb2, retention_pb2, vee_service_pb2
from simba.readings.v1 import retention_service_pb2 as pb
from simba.readings.v1.frame_service_pb2_grpc import FrameServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.retention_service_pb2_grpc import RetentionServiceStub
from tests.support.platform import error_of, make_tenant
from tests.support.processes import process
from tests.support.readings_api import INSTALLED, Caller, stamp

RAW, FINAL, FRAMES, FINDINGS = (
    retention_pb2.DATA_CLASS_RAW,
    retention_pb2.DATA_CLASS_FINAL,
    retention_pb2.DATA_CLASS_FRAMES,
    retention_pb2.DATA_CLASS_FINDINGS,
)
ELECTRICITY, WATER = common.COMMODITY_ELECTRICITY, common.COMMODITY_COLD_WATER
HALF = 1_800_000
SUCCEEDED, CANCELLED = common.WORK_STATE_SUCCEEDED, common.WORK_STATE_CANCELLED


def ms(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


class Kept(Caller):
    """Stubs, and homes with readings of two months."""

    def __init__(self, channel, tenant) -> None:
        super().__init__(channel)
        self.tenant_id = tenant.caller.tenant_id
        self.caller = tenant.caller
        self.retention = RetentionServiceStub(channel)
        self.frames = FrameServiceStub(channel)
        self.audit = AuditServiceStub(channel)

    async def home(self, commodity=ELECTRICITY, unit="kWh"):
        quantity = common.QUANTITY_VOLUME if commodity == WATER else common.QUANTITY_ACTIVE_ENERGY_IMPORT
        channel = device_model_pb2.ChannelTemplate(
            code="profile",
            quantity=quantity,
            kind=common.MEASUREMENT_KIND_INTERVAL,
            unit="m3" if commodity == WATER else unit,
            interval=Duration(seconds=1800),
        )
        model = await self.devices.model(channel_templates=[channel], commodity=commodity)
        meter = await self.devices.meter(model.device_model_id)
        point = await self.devices.point(commodity=commodity)
        await self.devices.install(point.usage_point_id, meter.meter_id, INSTALLED)
        return SimpleNamespace(
            point=point.usage_point_id,
            meter=meter.meter_id,
            dev_eui=meter.dev_eui,
            channel=meter.channels[0].channel,
        )

    async def store(self, home, start: int, count: int, sequence: int = 1):
        (ack,) = await self.send(
            ReadingBlock(
                source=f"r{home.channel}",
                sequence=sequence,
                channel=[home.channel] * count,
                time_ms=[start + n * HALF for n in range(count)],
                value_micro=[1000] * count,
            )
        )
        assert ack.stored == count, ack

    async def keep(self, data_class, days, commodity=0, cold=0):
        policy = retention_pb2.RetentionPolicy(
            data_class=data_class, commodity=commodity, keep_days=days, cold_after_days=cold
        )
        request = pb.SetRetentionPolicyRequest(retention_policy=policy)
        return (await self.retention.SetRetentionPolicy(request)).retention_policy

    async def hold(self, **about):
        hold = retention_pb2.LegalHold(reason="case 7", **about)
        return (await self.retention.CreateLegalHold(pb.CreateLegalHoldRequest(legal_hold=hold))).legal_hold

    async def preview(self):
        answer = await self.retention.PreviewRetention(pb.PreviewRetentionRequest())
        return {one.table: one for one in answer.tables}

    async def start(self):
        return (await self.retention.StartRetentionRun(pb.StartRetentionRunRequest())).retention_run

    async def run(self, run):
        request = pb.GetRetentionRunRequest(retention_run_id=run.retention_run_id)
        return (await self.retention.GetRetentionRun(request)).retention_run

    async def counts(self, platform, table="raw_reading", key="channel"):
        rows = await platform.store.rows(
            f"SELECT {key}, count() FROM {table} WHERE tenant_id = {{tenant:UUID}} GROUP BY {key}",
            {"tenant": str(self.tenant_id)},
        )
        return dict(rows)


@pytest.fixture
async def api(lone_platform, lone_server) -> Kept:
    tenant = await make_tenant(lone_platform)
    return Kept(lone_server.channel(tenant.secret), tenant)


def enforcer_of(platform, **changed) -> Enforcer:
    """A worker's, which does nothing but what was asked for."""
    settings = platform.settings.model_copy(update={"retention_hours": 0.0, "retention_load": 1.0, **changed})
    return Enforcer(
        platform.uow,
        platform.engine,
        RetentionEngine(platform.store),
        Directory(platform.uow),
        Hints(platform.redis, "retention"),
        settings,
        platform.clock,
    )


@pytest.fixture
def enforcer(lone_platform) -> Enforcer:
    return enforcer_of(lone_platform)


async def run_all(enforcer: Enforcer) -> int:
    return await enforcer.run_due(asyncio.Event())


async def test_a_run_deletes_what_is_over_of_a_commodity_and_keeps_what_is_held(lone_platform, api, enforcer):
    power, held, water = await api.home(), await api.home(), await api.home(WATER)
    for home in (power, held, water):
        await api.store(home, ms(2023, 12, 1), 100)
        await api.store(home, ms(2024, 1, 1), 50, sequence=2)
    recent = int(datetime.now(UTC).timestamp() * 1000) // HALF * HALF - 10 * HALF
    await api.store(power, recent, 3, sequence=3)
    await api.keep(RAW, 60, ELECTRICITY)
    await api.hold(usage_point_id=held.point)
    seen = (await api.preview())["raw_reading"]
    assert (seen.expired_rows, seen.held_rows, seen.rows) == (150, 150, 453)
    assert seen.oldest_time.ToMilliseconds() == ms(2023, 12, 1)
    run = await api.start()
    assert (await api.start()).retention_run_id == run.retention_run_id
    assert await run_all(enforcer) == 1
    over = await api.run(run)
    assert (over.state, over.deleted_rows) == (SUCCEEDED, 150)
    assert [(one.table, one.partition, one.rows, one.done) for one in over.steps] == [
        ("raw_reading", "202312", 100, True),
        ("raw_reading", "202401", 50, True),
    ]
    assert await api.counts(lone_platform) == {power.channel: 3, held.channel: 150, water.channel: 150}
    seen = (await api.preview())["raw_reading"]
    assert (seen.expired_rows, seen.held_rows) == (0, 150)


async def test_a_released_hold_lets_go(lone_platform, api, enforcer):
    home = await api.home()
    await api.store(home, ms(2023, 12, 1), 10)
    await api.keep(RAW, 31)
    hold = await api.hold()
    assert hold.active
    assert (await api.preview())["raw_reading"].held_rows == 10
    await api.start()
    await run_all(enforcer)
    assert await api.counts(lone_platform) == {home.channel: 10}
    release = pb.ReleaseLegalHoldRequest(legal_hold_id=hold.legal_hold_id)
    released = (await api.retention.ReleaseLegalHold(release)).legal_hold
    again = (await api.retention.ReleaseLegalHold(release)).legal_hold
    assert (released.active, released.released_by) == (False, again.released_by)
    assert released.release_time == again.release_time
    await api.start()
    await run_all(enforcer)
    assert await api.counts(lone_platform) == {}


async def test_final_data_findings_and_frames_go_by_their_own_policies(lone_platform, api, enforcer):
    home, kept = await api.home(), await api.home()
    for one in (home, kept):
        await api.store(one, ms(2023, 12, 10), 96)
        period = common.TimeInterval(start=stamp(ms(2023, 12, 10)), end=stamp(ms(2023, 12, 12)))
        await api.vee.RunVee(vee_service_pb2.RunVeeRequest(usage_point_id=one.point, period=period))
    before = await api.counts(lone_platform, "measurement_day", "series")
    assert len(before) == 2
    frames = [
        frame_pb2.Frame(adapter="chirpstack", dev_eui=eui, frame_key=uuid4().hex, event=b"x", reason=102)
        for eui in (home.dev_eui, kept.dev_eui, "00000000000000aa")
    ]
    await api.frames.StoreFrames(frame_service_pb2.StoreFramesRequest(frames=frames))
    async with lone_platform.uow.system() as tx:
        old = datetime.now(UTC) - timedelta(days=90)
        table = "UPDATE frame SET create_time = :old WHERE tenant_id = :tenant"
        await tx.conn.execute(sa.text(table), {"old": old, "tenant": api.tenant_id})
    await api.keep(FINAL, 365)
    await api.keep(FRAMES, 60, ELECTRICITY)
    await api.hold(meter_id=kept.meter)
    seen = await api.preview()
    assert (seen["frame"].expired_rows, seen["frame"].held_rows, seen["frame"].rows) == (1, 1, 3)
    days = seen["measurement_day"]
    assert days.expired_rows == days.held_rows > 0
    run = await api.start()
    await run_all(enforcer)
    assert {one.table for one in (await api.run(run)).steps} == {"measurement_day", "frame"}
    after = await api.counts(lone_platform, "measurement_day", "series")
    assert len(after) == 1
    assert after.items() <= before.items()
    found = (await api.frames.ListFrames(frame_service_pb2.ListFramesRequest())).frames
    assert {one.dev_eui for one in found} == {kept.dev_eui, "00000000000000aa"}
    # Nobody said anything of readings as they came.
    assert sum((await api.counts(lone_platform)).values()) == 192
    assert seen["vee_scope"].expired_rows == 0


async def partitions(platform, table="raw_reading"):
    rows = await platform.store.rows(
        "SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase()"
        f" AND table = '{table}' AND active"
    )
    return {name for (name,) in rows}


async def test_a_partition_goes_as_a_whole_when_it_is_over_for_all(lone_platform, lone_server, api, enforcer):
    tenant = await make_tenant(lone_platform)
    other = Kept(lone_server.channel(tenant.secret), tenant)
    mine, theirs = await api.home(), await other.home()
    for month in (2, 3, 4):
        await api.store(mine, ms(2012, month, 1), 20, sequence=month)
    await other.store(theirs, ms(2012, 3, 1), 30)
    await other.store(theirs, ms(2012, 4, 1), 40, sequence=2)
    await api.keep(RAW, 365)
    run = await api.start()
    await run_all(enforcer)
    steps = {one.partition: one for one in (await api.run(run)).steps}
    # February is theirs alone; the others have rows of somebody who wants to keep them.
    assert [steps[f"20120{n}"].dropped for n in (2, 3, 4)] == [True, False, False]
    assert "201202" not in await partitions(lone_platform)
    assert await other.counts(lone_platform) == {theirs.channel: 70}
    # Over for both, but in April a hold of the other's keeps rows.
    for month in (3, 4):
        await api.store(mine, ms(2012, month, 2), 20, sequence=10 + month)
    late = await other.home()
    await other.store(late, ms(2012, 4, 1), 5)
    await other.keep(RAW, 365)
    await other.hold(meter_id=late.meter)
    run = await api.start()
    await run_all(enforcer)
    steps = {one.partition: one for one in (await api.run(run)).steps}
    assert [(steps[name].dropped, steps[name].rows) for name in ("201203", "201204")] == [
        (True, 20),
        (False, 20),
    ]
    assert await other.counts(lone_platform) == {theirs.channel: 40, late.channel: 5}
    assert await api.counts(lone_platform) == {}


async def until_begun(api, run) -> None:
    """Waits until a run has begun its first step."""
    for _ in range(1000):
        if (await api.run(run)).steps:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the run did not begin")


async def test_a_hold_waits_for_the_step_under_way_and_stops_the_next(lone_platform, api, enforcer):
    home = await api.home()
    months = [(2013, month) for month in range(1, 13)] + [(2014, month) for month in range(1, 4)]
    for sequence, month in enumerate(months):
        await api.store(home, ms(*month, 1), 10, sequence=sequence)
    await api.keep(RAW, 365)
    run = await api.start()
    going = asyncio.create_task(run_all(enforcer))
    await until_begun(api, run)
    hold = await api.hold(usage_point_id=home.point)
    assert hold.active
    at_answer = await api.counts(lone_platform)
    await going
    # Twelve partitions are a step; the others were never begun.
    assert await api.counts(lone_platform) == at_answer == {home.channel: 30}
    assert (await api.run(run)).state == SUCCEEDED


async def test_one_worker_runs_and_the_other_passes_by(lone_platform, api):
    home = await api.home()
    for month in range(1, 5):
        await api.store(home, ms(2014, month, 1), 10, sequence=month)
    await api.keep(RAW, 365)
    run = await api.start()
    both = [enforcer_of(lone_platform), enforcer_of(lone_platform)]
    ended = await asyncio.gather(*(run_all(one) for one in both))
    assert sorted(ended) == [0, 1]
    over = await api.run(run)
    assert (over.state, over.deleted_rows, over.progress.done) == (SUCCEEDED, 40, 4)


async def test_a_run_can_be_cancelled_and_watched(lone_platform, api, enforcer):
    home = await api.home()
    await api.store(home, ms(2015, 1, 1), 10)
    await api.keep(RAW, 365)
    run = await api.start()
    states = []

    async def watch():
        request = pb.WatchRetentionRunRequest(retention_run_id=run.retention_run_id)
        states.extend([one.retention_run.state async for one in api.retention.WatchRetentionRun(request)])

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.3)
    cancel = pb.CancelRetentionRunRequest(retention_run_id=run.retention_run_id)
    assert (await api.retention.CancelRetentionRun(cancel)).retention_run.state == CANCELLED
    await asyncio.wait_for(watching, 10)
    assert states[-1] == CANCELLED
    assert await run_all(enforcer) == 0
    assert await api.counts(lone_platform) == {home.channel: 10}


async def test_the_schedule_runs_once_a_day(lone_platform, api):
    home = await api.home()
    await api.store(home, ms(2016, 1, 1), 10)
    daily = enforcer_of(lone_platform, retention_hours=24.0)
    await api.keep(RAW, 365)
    assert await run_all(daily) >= 1
    assert await run_all(daily) == 0
    answer = await api.retention.ListRetentionRuns(pb.ListRetentionRunsRequest())
    (run,) = answer.retention_runs
    assert (run.scheduled, run.deleted_rows) == (True, 10)
    status = await api.retention.GetRetentionStatus(pb.GetRetentionStatusRequest())
    assert status.last_run.retention_run_id == run.retention_run_id
    assert status.next_run_time.seconds - run.create_time.seconds == 86_400
    assert (status.active_holds, status.cold_volume) == (0, False)


async def changes_of(api, run, count):
    """What the history tells of a run, once workers have brought that much there, in whatever order."""
    request = audit_service_pb2.ListChangesRequest(
        resource_kind="retention_run", resource_id=run.retention_run_id, page_size=100
    )
    for _ in range(200):
        found = (await api.audit.ListChanges(request)).changes
        if len(found) >= count:
            break
        await asyncio.sleep(0.1)
    for one in found:
        yield one


@pytest.mark.slow
async def test_a_killed_worker_is_followed_by_another(platform, settings, own_tenant, channel):
    """The run goes on where it was; what was deleted is counted once."""
    api = Kept(channel, own_tenant)
    home, held = await api.home(), await api.home()
    months = [(2017, month) for month in range(1, 7)]
    for sequence, month in enumerate(months):
        for one in (home, held):
            await api.store(one, ms(*month, 1), 100, sequence=sequence)
    await api.hold(meter_id=held.meter)
    await api.keep(RAW, 365)
    run = await api.start()
    deaths = 0
    while not (now := await api.run(run)).HasField("end_time"):
        async with process("work", settings, retention_hours="0", retention_load="1") as (worker, _):
            done = now.progress.done
            while not now.HasField("end_time"):
                now = await api.run(run)
                at_work = any(not one.done for one in now.steps)
                if deaths < 2 and at_work and (deaths == 0 or now.progress.done > done):
                    worker.kill()
                    deaths += 1
                    break
                await asyncio.sleep(0.01)
    assert deaths == 2
    over = await api.run(run)
    assert (over.state, over.deleted_rows, len(over.steps)) == (SUCCEEDED, 600, 6)
    assert await api.counts(platform) == {held.channel: 600}
    # The history tells each partition once.
    told = [one async for one in changes_of(api, run, 8)]
    assert sorted(one.action for one in told) == ["deleted"] * 6 + ["ended", "requested"]


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"keep_days": 30}, "retention_policy.keep_days"),
        ({"keep_days": 100, "cold_after_days": 100}, "retention_policy.cold_after_days"),
        ({"keep_days": 40_000}, "retention_policy.keep_days"),
        ({"data_class": 0}, "retention_policy.data_class"),
    ],
)
async def test_policies_that_make_no_sense(api, policy, field):
    wanted = retention_pb2.RetentionPolicy(**{"data_class": RAW, **policy})
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.retention.SetRetentionPolicy(pb.SetRetentionPolicyRequest(retention_policy=wanted))
    assert error_of(caught.value)[2][0][0] == field


async def test_policies_are_set_listed_and_taken_away(api):
    await api.keep(RAW, 100)
    await api.keep(RAW, 200)
    await api.keep(RAW, 0, WATER)
    found = (await api.retention.ListRetentionPolicies(pb.ListRetentionPoliciesRequest())).retention_policies
    assert [(one.data_class, one.commodity, one.keep_days) for one in found] == [
        (RAW, 0, 200),
        (RAW, WATER, 0),
    ]
    assert found[0].updated_by
    request = pb.DeleteRetentionPolicyRequest(data_class=RAW)
    await api.retention.DeleteRetentionPolicy(request)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.retention.DeleteRetentionPolicy(request)
    assert error_of(caught.value)[0] == "RETENTION_POLICY_NOT_FOUND"


async def test_holds_about_what_is_not_there(api):
    home = await api.home()
    for about, reason in (
        ({"usage_point_id": str(uuid4())}, "RESOURCE_NOT_FOUND"),
        ({"meter_id": str(uuid4())}, "RESOURCE_NOT_FOUND"),
        ({"meter_id": home.meter, "usage_point_id": home.point}, "INVALID_FIELD"),
        ({"end_time": stamp(1000)}, "INVALID_FIELD"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await api.hold(**about)
        assert error_of(caught.value)[0] == reason


async def test_orphans_of_a_tenant_are_ended_with_a_hold(lone_platform, api):
    """What a dead worker has left in the engine does not outlive the order to keep."""
    home = await api.home()
    await api.store(home, ms(2018, 1, 1), 10)
    with acting_as(api.caller):
        store = lone_platform.store
        await store.command("SYSTEM STOP MERGES raw_reading")
        try:
            await store.command(
                "ALTER TABLE raw_reading DELETE IN PARTITION ID '201801'"
                " WHERE tenant_id = {tenant:UUID} AND (1)",
                {"tenant": str(api.tenant_id)},
                settings={"mutations_sync": 0},
            )
            await api.hold()
        finally:
            await store.command("SYSTEM START MERGES raw_reading")
        await RetentionEngine(store).settled()
    assert await api.counts(lone_platform) == {home.channel: 10}
