"""Files of final readings: what they hold, at one version, and whole after a death."""

import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, date, datetime

import grpc
import pytest
import pytest_asyncio
from openpyxl import load_workbook

from simba.common.v1 import types_pb2 as common
from simba.readings.v1 import reading_export_pb2 as export_pb2
from simba.readings.v1 import reading_export_service_pb2 as pb
from simba.readings.v1 import vee_service_pb2
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.reading_export_service_pb2_grpc import ReadingExportServiceStub
from tests.support.platform import error_of
from tests.support.processes import process
from tests.support.readings_api import HALF, Caller, day_block, intervals, make_home, stamp, starts, validated

DAYS = [date(2025, 3, day) for day in (29, 30, 31)]
TIMES = [at for day in DAYS for at in starts(day)]
SUCCEEDED, FAILED, CANCELLED = (
    common.WORK_STATE_SUCCEEDED,
    common.WORK_STATE_FAILED,
    common.WORK_STATE_CANCELLED,
)
TEXT = [one for one in export_pb2.ReadingFormat.values() if one]


class Files(Caller):
    """Stubs, and short ways to a file."""

    def __init__(self, channel) -> None:
        super().__init__(channel)
        self.files = ReadingExportServiceStub(channel)

    async def create(self, format_: int, **wanted) -> export_pb2.ReadingExport:
        period = common.TimeInterval(start=stamp(TIMES[0]), end=stamp(TIMES[-1] + HALF))
        wish = export_pb2.ReadingExport(**{"format": format_, "period": period, **wanted})
        request = pb.CreateReadingExportRequest(reading_export=wish)
        return (await self.files.CreateReadingExport(request)).reading_export

    async def end(self, export) -> export_pb2.ReadingExport:
        """When it is over, and every step has gone forward."""
        request, done = pb.WatchReadingExportRequest(reading_export_id=export.reading_export_id), 0
        async for step in self.files.WatchReadingExport(request):
            assert step.reading_export.progress.done >= done
            done = step.reading_export.progress.done
        return step.reading_export

    async def content(self, export, offset: int = 0) -> bytes:
        request = pb.DownloadReadingExportRequest(reading_export_id=export.reading_export_id, offset=offset)
        return b"".join([one.chunk async for one in self.files.DownloadReadingExport(request)])

    async def file(self, format_: int, **wanted) -> bytes:
        over = await self.end(await self.create(format_, **wanted))
        assert over.state == SUCCEEDED, over
        content = await self.content(over)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (over.size, over.sha256)
        return content


@pytest.fixture
async def files(channel, worker) -> Files:
    return Files(channel)


@pytest_asyncio.fixture(loop_scope="session")
async def home(channel):
    api = Caller(channel)
    made = await make_home(api)
    for number, day in enumerate(DAYS):
        values = [1_000_000 + n * 1234 for n in range(len(starts(day)))]
        block = day_block(made, number + 1, values, day)
        if number == 1:
            for column in (block.channel, block.time_ms, block.value_micro):
                del column[20]
        await api.send(block)
    for day in DAYS:
        await validated(api, made, day)
    return made


@pytest.mark.parametrize("format_", TEXT)
async def test_every_format_has_every_interval(files, home, format_):
    name = export_pb2.ReadingFormat.Name(format_)
    wanted = {"series": [home.series]}
    if name.endswith("NEM12"):
        over = await files.end(
            await files.create(format_, from_participant="A", to_participant="B", **wanted)
        )
        # The code of this usage point is no NMI, which the file must not hide.
        assert (over.state, "an NMI has ten" in over.error) == (FAILED, True)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await files.content(over)
        assert error_of(raised.value)[0] == "EXPORT_NOT_READY"
        return
    content = await files.file(format_, **wanted)
    if name.endswith("XLSX"):
        rows = list(load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows())
        assert len(rows) == 1 + len(TIMES)
        return
    marks = {
        "CSV": b"VALIDATED",
        "TXT": b"VALIDATED",
        "JSON": b'"start"',
        "NDJSON": b'"start"',
        "XML": b"<Interval ",
        "ESPI": b"<IntervalReading>",
        "CIM_XML": b"<timeStamp>",
        "CIM_JSON": b'"timeStamp"',
    }
    count = content.count(marks[name.removeprefix("READING_FORMAT_")])
    # One half hour never came and was estimated.
    assert count == len(TIMES) - (name.endswith(("CSV", "TXT")))


async def test_a_file_says_what_a_query_says(files, home):
    text = (
        await files.file(export_pb2.READING_FORMAT_CSV, usage_point_ids=[home.point.usage_point_id])
    ).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    found = await intervals(files, home, start_time=stamp(TIMES[0]), end_time=stamp(TIMES[-1] + HALF))
    assert [(one["start"], one["value"], one["state"], int(one["quality"])) for one in rows] == [
        (
            one.period.start.ToJsonString(),
            one.value,
            {2: "VALIDATED", 4: "ESTIMATED"}[one.state],
            one.quality,
        )
        for one in found
    ]
    assert {one["meter"] for one in rows} == {home.meter.serial_number}
    assert {one["method"] for one in rows} == {"", "LINEAR"}


async def test_local_times_gzip_and_a_part_of_the_file(files, home):
    wanted = {"series": [home.series], "time_zone": "Europe/London"}
    plain = await files.file(export_pb2.READING_FORMAT_NDJSON, **wanted)
    lines = [json.loads(line) for line in plain.splitlines()]
    assert lines[48]["start"] == "2025-03-30T00:00:00+00:00"
    assert lines[50]["start"] == "2025-03-30T02:00:00+01:00"
    packed = await files.end(await files.create(export_pb2.READING_FORMAT_NDJSON, gzip=True, **wanted))
    content = await files.content(packed)
    assert gzip.decompress(content) == plain
    assert packed.file_name.endswith(".ndjson.gz")
    assert await files.content(packed, 100) == content[100:]
    assert await files.content(packed, packed.size) == b""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await files.content(packed, packed.size + 1)
    assert "offset" in str(error_of(raised.value)[2])


async def test_the_whole_file_is_of_the_version_when_it_was_asked_for(files, home, platform):
    asked = await files.create(export_pb2.READING_FORMAT_CSV, series=[home.series])
    await files.send(
        ReadingBlock(
            source="late", sequence=99, channel=[home.energy], time_ms=[TIMES[3]], value_micro=[7_777_777]
        )
    )
    await validated(files, home, DAYS[0])
    before = await files.content(await files.end(asked))
    after = await files.file(export_pb2.READING_FORMAT_CSV, series=[home.series])
    assert b",7.777777," not in before
    assert b",7.777777," in after


async def test_what_is_meant(files, home):
    node = await files.devices.node()
    other = await make_home(files)
    point = await files.devices.point(place_id=node.node_id)
    meter = await files.devices.meter(home.meter.device_model_id)
    installed = datetime(2025, 1, 1, tzinfo=UTC)
    await files.devices.install(point.usage_point_id, meter.meter_id, installed)
    below = await files.end(await files.create(export_pb2.READING_FORMAT_JSON, node_id=node.node_id))
    assert below.progress.total == 1
    everything = await files.end(await files.create(export_pb2.READING_FORMAT_JSON))
    assert everything.progress.total >= 3
    volume = await files.end(
        await files.create(export_pb2.READING_FORMAT_JSON, quantities=[common.QUANTITY_VOLUME])
    )
    assert json.loads(await files.content(volume)) == {"intervals": []}
    assert other.series != home.series


async def test_what_cannot_be_asked(files, home):
    async def refused(**wanted):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await files.create(wanted.pop("format_", export_pb2.READING_FORMAT_CSV), **wanted)
        reason, metadata, violations = error_of(raised.value)
        return reason, metadata, {field for field, _ in violations}

    backwards = common.TimeInterval(start=stamp(TIMES[1]), end=stamp(TIMES[0]))
    assert "reading_export.period" in (await refused(period=backwards))[2]
    assert "reading_export.time_zone" in (await refused(time_zone="Mars/Base"))[2]
    nobody = "0198c7a0-0000-7000-8000-000000000000"
    assert "reading_export.usage_point_ids[0]" in (await refused(usage_point_ids=[nobody]))[2]
    assert (await refused(node_id=nobody))[0] == "NODE_NOT_FOUND"
    assert (await refused(series=[10**15]))[0] == "RESOURCE_NOT_FOUND"
    both = await refused(series=[home.series], usage_point_ids=[home.point.usage_point_id])
    assert "reading_export.series" in both[2]
    nem = await refused(format_=export_pb2.READING_FORMAT_NEM12, series=[home.series])
    assert {"reading_export.from_participant", "reading_export.to_participant"} <= set(nem[2])


@pytest.mark.slow
async def test_a_killed_worker_is_followed_by_another(platform, settings, own_tenant, server):
    """Pieces and progress are one transaction: the file is that of a worker that lives."""
    files = Files(server.channel(own_tenant.secret))
    homes = [await make_home(files) for _ in range(12)]
    for n, one in enumerate(homes):
        times = [TIMES[0] + k * HALF for k in range(48 * 30)]
        await files.send(
            ReadingBlock(
                source=f"k{n}", sequence=1, channel=[one.energy] * len(times), time_ms=times,
                value_micro=[1_000_000 + n * 10_000 + k for k in range(len(times))],
            )
        )  # fmt: skip
        period = common.TimeInterval(start=stamp(times[0]), end=stamp(times[-1] + HALF))
        await files.vee.RunVee(vee_service_pb2.RunVeeRequest(series=[one.series], period=period))
    # Ten years, so that each step takes a single series.
    long = common.TimeInterval(
        start=stamp(TIMES[0]),
        end=stamp(int(datetime(2035, 3, 1, tzinfo=UTC).timestamp() * 1000)),
    )
    asked = await files.create(export_pb2.READING_FORMAT_CSV, period=long)
    deaths, done = 0, 0
    request = pb.GetReadingExportRequest(reading_export_id=asked.reading_export_id)
    while not (now := (await files.files.GetReadingExport(request)).reading_export).HasField("end_time"):
        async with process("work", settings) as (worker, _):
            while not now.HasField("end_time"):
                now = (await files.files.GetReadingExport(request)).reading_export
                if deaths < 2 and now.progress.done > done:
                    done = now.progress.done
                    worker.kill()
                    deaths += 1
                    break
    assert deaths
    content = await files.content(now)
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert len(rows) == now.rows
    # The last local day is not over: the rest of it is estimated.
    assert sum(one["state"] == "VALIDATED" for one in rows) == 12 * 48 * 30
    assert len({(one["series"], one["start"]) for one in rows}) == len(rows)
    assert hashlib.sha256(content).hexdigest() == now.sha256
