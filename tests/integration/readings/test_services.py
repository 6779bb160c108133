"""The services through gRPC, with devices of the devices capability."""

import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import grpc
import numpy as np
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from server.readings.calendar import local_day
from simba.common.v1 import types_pb2 as common
from simba.common.v1.error_reason_pb2 import ErrorReason
from simba.readings.v1 import reading_pb2, reading_service_pb2, vee_service_pb2
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.support.platform import error_of, make_tenant
from tests.support.proxy import Cable
from tests.support.readings_api import Caller, day_block, intervals, make_home, stamp, starts, validated


@pytest.fixture
async def caller_stubs(lone_platform, lone_server) -> Caller:
    """Where no worker validates before the test does."""
    made = await make_tenant(lone_platform)
    caller = Caller(lone_server.channel(made.secret))
    caller.secret, caller.tenant_id = made.secret, made.caller.tenant_id
    return caller


@pytest.fixture
async def home(caller_stubs: Caller):
    return await make_home(caller_stubs)


async def test_a_stream_stores_and_acknowledges(caller_stubs, home):
    api = caller_stubs
    acks = await api.send(day_block(home, 1, [1_000_000] * 46), day_block(home, 2, [5], date(2025, 4, 2)))
    assert sorted((ack.sequence, ack.stored, ack.duplicate) for ack in acks) == [
        (1, 46, False),
        (2, 1, False),
    ]
    again = await api.send(day_block(home, 1, [1_000_000] * 46))
    assert [(ack.stored, ack.duplicate) for ack in again] == [(46, True)]


async def test_a_bad_block_is_told_and_the_stream_goes_on(caller_stubs, home):
    bad = ReadingBlock(source="test", sequence=1, channel=[home.energy] * 2, time_ms=[1], value_micro=[1, 2])
    mixed = ReadingBlock(
        source="test",
        sequence=2,
        channel=[home.energy, 1 << 60, home.energy],
        time_ms=[starts()[0], starts()[0], 4_000_000_000_000],
        value_micro=[1, 1, 1],
    )
    acks = {ack.sequence: ack for ack in await caller_stubs.send(bad, mixed)}
    assert acks[1].stored == 0
    assert acks[1].rejected[0].reason == ErrorReason.ERROR_REASON_COLUMN_LENGTH_MISMATCH
    assert acks[1].rejected[0].field == "time_ms"
    assert (acks[2].stored, acks[2].rejected_count) == (1, 2)
    assert [(row.row, row.field, row.reason) for row in acks[2].rejected] == [
        (1, "channel", ErrorReason.ERROR_REASON_UNKNOWN_CHANNEL),
        (2, "time_ms", ErrorReason.ERROR_REASON_TIME_OUT_OF_RANGE),
    ]


async def test_channels_of_another_tenant_do_not_exist(lone_platform, lone_server, caller_stubs, home):
    stranger = Caller(lone_server.channel((await make_tenant(lone_platform)).secret))
    acks = await stranger.send(day_block(home, 1, [1_000_000]))
    assert acks[0].stored == 0
    assert acks[0].rejected[0].reason == ErrorReason.ERROR_REASON_UNKNOWN_CHANNEL
    period = common.TimeInterval(start=stamp(starts()[0]), end=stamp(starts()[1]))
    for call, reason in (
        (
            stranger.readings.QueryReadings(reading_service_pb2.QueryReadingsRequest(channels=[home.energy])),
            "UNKNOWN_CHANNEL",
        ),
        (
            stranger.readings.GetLatestReadings(
                reading_service_pb2.GetLatestReadingsRequest(meter_id=home.meter.meter_id)
            ),
            "METER_NOT_FOUND",
        ),
        (
            stranger.readings.QueryIntervals(reading_service_pb2.QueryIntervalsRequest(series=[home.series])),
            "RESOURCE_NOT_FOUND",
        ),
        (
            stranger.vee.ExplainReading(
                vee_service_pb2.ExplainReadingRequest(series=home.series, time=stamp(starts()[0]))
            ),
            "RESOURCE_NOT_FOUND",
        ),
        (
            stranger.vee.RunVee(vee_service_pb2.RunVeeRequest(series=[home.series], period=period)),
            "RESOURCE_NOT_FOUND",
        ),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() == grpc.StatusCode.NOT_FOUND
        assert error_of(caught.value)[0] == reason


async def test_a_stream_needs_its_source(caller_stubs, home):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await caller_stubs.send(ReadingBlock(sequence=1, channel=[home.energy], time_ms=[1], value_micro=[1]))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error_of(caught.value)[2][0][0] == "blocks[0].source"


async def test_a_stream_that_stops_in_the_middle_of_a_block_stores_nothing_of_it(
    lone_platform, lone_server, home, caller_stubs
):
    rows = 300_000
    times = np.arange(rows, dtype=np.int64) * 1000 + starts()[0]
    columns = {"channel": [home.voltage] * rows, "time_ms": times, "value_micro": [1] * rows}
    whole = ReadingBlock(source="cut", sequence=1, **columns)
    cable = Cable(f"http://{lone_server.address}")
    await cable.plug()
    cable.cut_after = whole.ByteSize() // 2
    async with grpc.aio.insecure_channel(
        f"127.0.0.1:{cable.port}", options=[("grpc.max_send_message_length", 64 << 20)]
    ) as broken:
        call = IngestServiceStub(broken).IngestReadings(
            iter([IngestReadingsRequest(blocks=[whole])]),
            metadata=(("authorization", f"Bearer {caller_stubs.secret}"),),
        )
        with pytest.raises(grpc.aio.AioRpcError):
            [ack async for ack in call]
    assert 0 < cable.carried < whole.ByteSize()
    count = "SELECT count() FROM raw_reading WHERE tenant_id = {tenant:UUID} AND source = 'cut'"
    tenant = {"tenant": str(caller_stubs.tenant_id)}
    assert (await lone_platform.store.rows(count, tenant))[0][0] == 0
    (ack,) = await caller_stubs.send(whole)
    assert (ack.stored, ack.duplicate) == (rows, False)
    assert (await lone_platform.store.rows(count, tenant))[0][0] == rows


async def test_the_acknowledgement_tells_what_is_in_the_dead_letter(caller_stubs, home):
    columns = {"channel": [home.energy, 1 << 60], "time_ms": [starts()[0]] * 2, "value_micro": [1, 2]}
    (ack,) = await caller_stubs.send(ReadingBlock(source="test", sequence=77, **columns))
    assert (ack.stored, ack.rejected_count, ack.dead_lettered) == (1, 1, 1)


async def test_some_readings_without_a_stream(caller_stubs, home):
    api = caller_stubs
    at = stamp(starts()[3])
    name = reading_service_pb2.ChannelName(meter_id=home.meter.meter_id, code="voltage")
    request = reading_service_pb2.CreateReadingsRequest(
        readings=[
            reading_service_pb2.NewReading(channel=home.energy, time=at, value="0.25", unit="kWh"),
            reading_service_pb2.NewReading(channel=home.energy, time=at, value="a quarter"),
            reading_service_pb2.NewReading(channel_name=name, time=at, value="230.4"),
            reading_service_pb2.NewReading(channel=home.energy, time=at, value="1", unit="Wh"),
            reading_service_pb2.NewReading(channel=1 << 50, time=at, value="1"),
            reading_service_pb2.NewReading(channel=home.energy, time=at, value="1e30"),
            reading_service_pb2.NewReading(
                channel_name=reading_service_pb2.ChannelName(meter_id=home.meter.meter_id, code="x"),
                time=at,
                value="1",
            ),
        ],
        request_id=str(uuid4()),
    )
    answer = await api.readings.CreateReadings(request)
    assert answer.stored == 2
    assert [(row.row, row.field, row.value, ErrorReason.Name(row.reason)) for row in answer.rejected] == [
        (1, "value", "a quarter", "ERROR_REASON_NOT_A_NUMBER"),
        (3, "unit", "Wh", "ERROR_REASON_UNIT_MISMATCH"),
        (4, "channel", str(1 << 50), "ERROR_REASON_UNKNOWN_CHANNEL"),
        (5, "value", "1e30", "ERROR_REASON_VALUE_OUT_OF_RANGE"),
        (6, "channel_name", "x", "ERROR_REASON_UNKNOWN_CHANNEL"),
    ]
    again = reading_service_pb2.CreateReadingsRequest(readings=[request.readings[0], request.readings[2]])
    assert (await api.readings.CreateReadings(again)).stored == 2
    found = await api.readings.QueryReadings(
        reading_service_pb2.QueryReadingsRequest(meter_id=home.meter.meter_id)
    )
    assert [(one.channel, one.value, one.unit) for one in found.readings] == [
        (home.energy, "0.25", "kWh"),
        (home.voltage, "230.4", "V"),
    ]
    latest = await api.readings.GetLatestReadings(
        reading_service_pb2.GetLatestReadingsRequest(usage_point_id=home.point.usage_point_id)
    )
    assert {one.channel: one.value for one in latest.readings} == {home.energy: "0.25", home.voltage: "230.4"}


async def test_raw_readings_in_pages(caller_stubs, home):
    api = caller_stubs
    await api.send(day_block(home, 1, range(46)))
    await api.send(
        ReadingBlock(
            source="again", sequence=1, channel=[home.energy] * 2, time_ms=starts()[:2], value_micro=[0, 1]
        )
    )
    seen, token = [], ""
    while True:
        request = reading_service_pb2.QueryReadingsRequest(
            usage_point_id=home.point.usage_point_id, page_size=7, page_token=token
        )
        page = await api.readings.QueryReadings(request)
        seen += [(one.time.ToMilliseconds(), one.value, one.source) for one in page.readings]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 48
    assert [time for time, *_ in seen] == sorted([*starts(), *starts()[:2]])


async def test_intervals_in_every_resolution(caller_stubs, home):
    api = caller_stubs
    await api.send(day_block(home, 1, [1_000_000 + n for n in range(46)]))
    await api.send(day_block(home, 2, [2_000_000] * 48, date(2025, 4, 1)))
    ran = await validated(api, home)
    assert (ran.intervals, ran.missing) == (46, 0)
    await validated(api, home, date(2025, 4, 1))
    bounds = {
        "start_time": stamp(starts()[0]),
        "end_time": stamp(local_day("Europe/London", date(2025, 4, 1)).end_ms),
    }
    native = await intervals(api, home, **bounds)
    assert len(native) == 94
    assert native[0].value == "1"
    assert native[0].state == reading_pb2.READING_STATE_VALIDATED
    assert native[0].version == 1
    assert native[0].unit == "kWh"
    days = await intervals(api, home, resolution=reading_pb2.RESOLUTION_DAY, **bounds)
    assert [(day.value, day.interval_count, day.expected_count, day.missing_count) for day in days] == [
        ("46.001035", 46, 46, 0),
        ("96", 48, 48, 0),
    ]
    assert days[0].period.end.ToMilliseconds() - days[0].period.start.ToMilliseconds() == 23 * 3_600_000
    hours = await intervals(api, home, resolution=reading_pb2.RESOLUTION_HOUR, **bounds)
    assert len(hours) == 23 + 24
    months = await intervals(api, home, resolution=reading_pb2.RESOLUTION_MONTH, **bounds)
    assert [month.value for month in months] == ["46.001035", "96"]
    # 31 March has no readings: of the two days of March that were asked for, 48 intervals are missing.
    assert [(month.expected_count, month.missing_count) for month in months] == [(94, 48), (48, 0)]
    seen, token = [], ""
    while True:
        request = reading_service_pb2.QueryIntervalsRequest(
            series=[home.series],
            page_size=5,
            page_token=token,
            resolution=reading_pb2.RESOLUTION_HOUR,
            **bounds,
        )
        page = await api.readings.QueryIntervals(request)
        seen += [one.period.start.ToMilliseconds() for one in page.intervals]
        token = page.next_page_token
        if not token:
            break
    assert seen == [hour.period.start.ToMilliseconds() for hour in hours]


async def test_as_of_gives_what_was_seen_then(caller_stubs, home):
    api = caller_stubs
    times = starts()
    gap = ReadingBlock(
        source="test",
        sequence=1,
        channel=[home.energy] * 45,
        time_ms=times[:10] + times[11:],
        value_micro=[1_000_000] * 45,
    )
    await api.send(gap)
    await validated(api, home)
    then = Timestamp()
    then.FromDatetime(datetime.now(UTC))
    await asyncio.sleep(0.02)
    late = ReadingBlock(
        source="test", sequence=2, channel=[home.energy], time_ms=[times[10]], value_micro=[7_000_000]
    )
    await api.send(late)
    await validated(api, home)
    one = {"start_time": stamp(times[10]), "end_time": stamp(times[11])}
    now = (await intervals(api, home, **one))[0]
    before = (await intervals(api, home, as_of=then, **one))[0]
    assert (now.value, now.version, now.state) == ("7", 2, reading_pb2.READING_STATE_SUSPECT)
    assert (before.value, before.version, before.state) == ("1", 1, reading_pb2.READING_STATE_ESTIMATED)
    assert before.method == reading_pb2.ESTIMATION_METHOD_LINEAR
    versions = await api.readings.ListReadingVersions(
        reading_service_pb2.ListReadingVersionsRequest(series=home.series, time=stamp(times[10]))
    )
    assert [(v.value, v.version) for v in versions.versions] == [("1", 1), ("7", 2)]


async def test_findings_and_explanations(caller_stubs, home):
    api = caller_stubs
    values = [1_000_000] * 46
    values[12], values[20] = -5, 9_000_000
    await api.send(day_block(home, 1, values))
    dry = await api.vee.RunVee(
        vee_service_pb2.RunVeeRequest(
            usage_point_id=home.point.usage_point_id,
            period=common.TimeInterval(start=stamp(starts()[0]), end=stamp(starts()[1])),
            validate_only=True,
            request_id=str(uuid4()),
        )
    )
    assert dry.changed == 46
    assert not await intervals(api, home)
    ran = await validated(api, home)
    assert (ran.changed, ran.estimated, ran.exceptions) == (46, 1, 2)
    listed = await api.vee.ListVeeExceptions(
        vee_service_pb2.ListVeeExceptionsRequest(usage_point_id=home.point.usage_point_id, page_size=1)
    )
    second = await api.vee.ListVeeExceptions(
        vee_service_pb2.ListVeeExceptionsRequest(
            usage_point_id=home.point.usage_point_id, page_size=1, page_token=listed.next_page_token
        )
    )
    found = {one.rule: one for one in (*listed.exceptions, *second.exceptions)}
    assert set(found) == {"V08", "V11"}
    assert not second.next_page_token
    assert "9 kWh" in found["V11"].description
    assert found["V11"].run_id == ran.run_id
    assert found["V08"].period.start.ToMilliseconds() == starts()[12]
    told = await api.vee.ExplainReading(
        vee_service_pb2.ExplainReadingRequest(series=home.series, time=stamp(starts()[20]))
    )
    outcomes = {one.rule: one for one in told.outcomes}
    assert not outcomes["V11"].passed
    assert dict(outcomes["V11"].inputs) == {"peak1": "9", "peak3": "1"}
    assert outcomes["V11"].threshold == "180 %"
    assert [(one.channel, one.value) for one in told.inputs] == [(home.energy, "9")]
    estimated = await api.vee.ExplainReading(
        vee_service_pb2.ExplainReadingRequest(series=home.series, time=stamp(starts()[12]))
    )
    outcomes = {one.rule: one for one in estimated.outcomes}
    assert not outcomes["V08"].passed
    assert outcomes["E04"].applicable
    assert outcomes["E04"].inputs["estimate"] == "1"


async def test_queries_say_what_they_need(caller_stubs, home):
    api = caller_stubs
    for call in (
        api.readings.QueryReadings(reading_service_pb2.QueryReadingsRequest()),
        api.readings.QueryIntervals(reading_service_pb2.QueryIntervalsRequest()),
        api.readings.QueryIntervals(
            reading_service_pb2.QueryIntervalsRequest(series=[home.series], time_zone="Mars/Olympus")
        ),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_the_worker_validates_by_itself(channel, worker):
    api = Caller(channel)
    home = await make_home(api)
    await api.send(day_block(home, 1, [1_000_000] * 46))
    for _ in range(100):
        found = await intervals(api, home)
        if found:
            break
        await asyncio.sleep(0.1)
    assert len(found) == 46
    assert np.isclose(sum(float(one.value) for one in found), 46)
