"""Files of readings, from the call to what is stored."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from server.platform.platform import Platform
from simba.common.v1 import error_reason_pb2, types_pb2
from simba.readings.v1 import exchange_service_pb2 as pb
from simba.readings.v1 import exchange_service_pb2_grpc as rpc
from simba.readings.v1 import import_job_pb2, reading_export_pb2, reading_service_pb2
from simba.readings.v1 import reading_service_pb2_grpc as reading_rpc
from tests.support.inventory import Inventory
from tests.support.platform import RunningServer, error_of, make_tenant

REAL = Path(__file__).parents[3] / "stack" / "demo" / "data" / "uk_electricity_halfhourly.csv.gz"


class Exchange:
    """Imports of one channel."""

    def __init__(self, channel: grpc.aio.Channel, number: int) -> None:
        self.calls = rpc.ExchangeServiceStub(channel)
        self.number = number

    def csv(self, **changed: object) -> import_job_pb2.CsvFormat:
        values = {"time_column": "start", "value_column": "value", "channel": self.number, **changed}
        return import_job_pb2.CsvFormat(**values)

    async def bring(
        self, content: bytes, *, validate_only: bool = False, **csv: object
    ) -> import_job_pb2.ImportJob:
        job = import_job_pb2.ImportJob(file_name="f.csv", csv=self.csv(**csv), validate_only=validate_only)
        made = await self.calls.CreateImport(pb.CreateImportRequest(import_job=job, content=content))
        return await self.end(made.import_job.import_id)

    async def end(self, import_id: str) -> import_job_pb2.ImportJob:
        """The import when it is over, and every step on the way has gone forward."""
        done = 0
        async for step in self.calls.WatchImport(pb.WatchImportRequest(import_id=import_id)):
            assert step.import_job.progress.done >= done
            done = step.import_job.progress.done
        return step.import_job

    async def errors(self, job: import_job_pb2.ImportJob) -> list[import_job_pb2.ImportError]:
        found: list[import_job_pb2.ImportError] = []
        request = pb.ListImportErrorsRequest(import_id=job.import_id, page_size=2)
        while True:
            page = await self.calls.ListImportErrors(request)
            found += page.errors
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token


@pytest.fixture
async def exchange(channel: grpc.aio.Channel, worker: None) -> Exchange:
    inventory = Inventory(channel)
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    number = next(one.channel for one in meter.channels if one.kind == types_pb2.MEASUREMENT_KIND_INTERVAL)
    return Exchange(channel, number)


async def stored(channel: grpc.aio.Channel, number: int) -> list[tuple[int, str]]:
    calls = reading_rpc.ReadingServiceStub(channel)
    request = reading_service_pb2.QueryReadingsRequest(channels=[number], page_size=1000)
    found: list[tuple[int, str]] = []
    while True:
        page = await calls.QueryReadings(request)
        found += [(one.time.seconds, one.value) for one in page.readings]
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


async def test_good_rows_are_stored_beside_bad_ones_and_each_bad_one_is_told(
    exchange: Exchange, channel: grpc.aio.Channel
) -> None:
    job = await exchange.bring(
        b"start,value\n"
        b"2013-01-01 00:00:00,0.5\n"
        b"2013-01-01 00:30:00,oops\n"
        b"2013-01-01 01:00:00,1.25\n"
        b"2999-01-01 01:30:00,1\n"
        b"never,1\n"
        b"2013-01-01 02:00:00,0.75\n"
    )
    assert job.state == types_pb2.WORK_STATE_SUCCEEDED
    assert (job.stored, job.rejected, job.progress.done, job.progress.failed) == (3, 3, 6, 3)
    assert [value for _, value in await stored(channel, exchange.number)] == ["0.5", "1.25", "0.75"]
    told = {one.line: (one.column, one.value, one.reason) for one in await exchange.errors(job)}
    assert told[3] == ("value", "oops", error_reason_pb2.ERROR_REASON_NOT_A_NUMBER)
    assert told[5][0] == "start"
    assert told[5][2] == error_reason_pb2.ERROR_REASON_TIME_OUT_OF_RANGE
    assert told[6] == ("start", "never", error_reason_pb2.ERROR_REASON_NOT_A_NUMBER)


async def test_the_same_file_again_stores_nothing_again(
    exchange: Exchange, channel: grpc.aio.Channel
) -> None:
    content = b"start,value\n2013-01-01 00:00:00,0.5\n2013-01-01 00:30:00,0.5\n"
    first, again = await exchange.bring(content), await exchange.bring(content)
    assert (first.stored, first.duplicates) == (2, 0)
    assert (again.stored, again.duplicates) == (0, 2)
    assert first.sha256 == again.sha256
    packed = await exchange.bring(gzip.compress(content))
    assert (packed.stored, packed.duplicates) == (0, 2)
    assert len(await stored(channel, exchange.number)) == 2


async def test_nothing_is_stored_when_a_file_is_only_checked(
    exchange: Exchange, channel: grpc.aio.Channel
) -> None:
    job = await exchange.bring(b"start,value\n2013-01-01 00:00:00,0.5\n2013-01-01,x\n", validate_only=True)
    assert (job.state, job.rejected) == (types_pb2.WORK_STATE_SUCCEEDED, 1)
    assert await stored(channel, exchange.number) == []


async def test_the_whole_real_series_goes_in_over_both_changes_of_the_clock(
    exchange: Exchange, channel: grpc.aio.Channel
) -> None:
    async def parts() -> AsyncIterator[pb.UploadImportRequest]:
        job = import_job_pb2.ImportJob(file_name=REAL.name, csv=exchange.csv(time_zone="UTC"))
        yield pb.UploadImportRequest(import_job=job)
        content = REAL.read_bytes()
        for start in range(0, len(content), 20_000):
            yield pb.UploadImportRequest(chunk=content[start : start + 20_000])

    made = await exchange.calls.UploadImport(parts())
    job = await exchange.end(made.import_job.import_id)
    rows = len(gzip.decompress(REAL.read_bytes()).splitlines()) - 1
    assert (job.error, job.progress.done, job.rejected) == ("", rows, 0)
    found = await stored(channel, exchange.number)
    assert len(found) == job.stored == rows - job.duplicates
    assert len({time for time, _ in found}) == len(found)


async def test_as_local_times_the_hours_that_do_not_fit_are_refused_by_name(exchange: Exchange) -> None:
    job = await exchange.bring(REAL.read_bytes(), time_zone="Europe/London")
    told = await exchange.errors(job)
    assert {one.value for one in told} == {
        "2012-10-28 01:00:00",
        "2012-10-28 01:30:00",
        "2013-03-31 01:00:00",
        "2013-03-31 01:30:00",
        "2013-10-27 01:00:00",
        "2013-10-27 01:30:00",
    }
    assert {one.reason for one in told} == {error_reason_pb2.ERROR_REASON_AMBIGUOUS_LOCAL_TIME}


async def test_a_format_that_does_not_hold_together_is_refused_before_anything_is_kept(
    exchange: Exchange,
) -> None:
    bad = exchange.csv(time_zone="Mars/Olympus", unit="furlong", decimal_comma=True)
    job = import_job_pb2.ImportJob(csv=bad)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await exchange.calls.CreateImport(pb.CreateImportRequest(import_job=job, content=b"x"))
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert {field for field, _ in error_of(raised.value)[2]} == {
        "import_job.csv.time_zone",
        "import_job.csv.unit",
        "import_job.csv.delimiter",
    }
    wrong = import_job_pb2.ImportJob(csv=exchange.csv(unit="m3"))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await exchange.calls.CreateImport(pb.CreateImportRequest(import_job=wrong, content=b"x"))
    assert "does not convert" in raised.value.details()


async def test_a_file_that_is_none_fails_and_says_why(exchange: Exchange) -> None:
    job = await exchange.bring(b"\x1f\x8bnot gzip at all")
    assert job.state == types_pb2.WORK_STATE_FAILED
    assert "unpack" in job.error
    other = await exchange.bring(b"a,b\n1,2\n")
    assert "start" in other.error


async def test_another_tenants_channel_and_import_do_not_exist(
    exchange: Exchange, server: RunningServer, platform: Platform
) -> None:
    job = await exchange.bring(b"start,value\n2013-01-01,1\n")
    stranger = rpc.ExchangeServiceStub(server.channel((await make_tenant(platform)).secret))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stranger.GetImport(pb.GetImportRequest(import_id=job.import_id))
    assert raised.value.code() == grpc.StatusCode.NOT_FOUND
    wanted = import_job_pb2.ImportJob(csv=exchange.csv())
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stranger.CreateImport(pb.CreateImportRequest(import_job=wanted, content=b"x"))
    assert error_of(raised.value)[2] == [
        ("import_job.csv.channel", f"channel {exchange.number} does not exist")
    ]


async def test_rows_may_name_their_channels_by_number(exchange: Exchange, channel: grpc.aio.Channel) -> None:
    content = f"start,value,channel\n2013-01-01,1,{exchange.number}\n2013-01-02,2,999999999\n".encode()
    job = await exchange.bring(content, channel=0, channel_column="channel")
    assert (job.stored, job.rejected) == (1, 1)
    (error,) = await exchange.errors(job)
    assert (error.line, error.value) == (3, "999999999")


def stored_of(job: import_job_pb2.ImportJob) -> tuple[int, int, int, str]:
    return job.progress.done, job.stored, job.rejected, job.error


async def brought(exchange: Exchange, content: bytes, **wanted: object) -> import_job_pb2.ImportJob:
    job = import_job_pb2.ImportJob(file_name="f", **wanted)
    made = await exchange.calls.CreateImport(pb.CreateImportRequest(import_job=job, content=content))
    return await exchange.end(made.import_job.import_id)


async def test_a_nem12_file(exchange: Exchange, channel: grpc.aio.Channel) -> None:
    days = [
        f"300,202504{day:02d},{','.join(f'{day}.{n:03d}' for n in range(48))},A,,,20250410000000,"
        for day in (5, 6, 7)
    ]
    days[1] = days[1].replace("6.017", "6.0x7")
    lines = ["100,NEM12,202504100000,A,B", "200,6001234567,E1,1,E1,N1,M,kWh,30,", *days]
    lines += ["200,6001234567,B1,1,B1,N1,M,kWh,30,", days[0].replace("5.", "9."), "900"]
    content = "\r\n".join(lines).encode()
    job = await brought(
        exchange,
        gzip.compress(content),
        format=reading_export_pb2.READING_FORMAT_NEM12,
        channel_map={"6001234567/E1": exchange.number},
    )
    # A day with a broken value, and a stream that nobody said what it is.
    assert stored_of(job) == (2 * 48 + 48 + 1, 96, 49, "")
    errors = await exchange.errors(job)
    assert (errors[0].line, "'6.0x7' is not a number" in errors[0].description) == (4, True)
    assert (errors[1].line, errors[1].value) == (7, "6001234567/B1")
    rows = await stored(channel, exchange.number)
    # Midnight of the fifth in the east of Australia, whose summer time ends in the night after it.
    assert rows[0] == (1743775200, "5")
    assert len(rows) == 96
    again = await brought(
        exchange,
        gzip.compress(content),
        format=reading_export_pb2.READING_FORMAT_NEM12,
        channel_map={"6001234567/E1": exchange.number},
    )
    assert (again.stored, again.duplicates) == (0, 96)


async def test_json_with_members_of_its_own(exchange: Exchange, channel: grpc.aio.Channel) -> None:
    text = '[{"t": "2025-03-30 00:30", "kwh": 1.5}, {"t": "2025-03-30 01:30", "kwh": 2}, {"t": 5, "kwh": 2}]'
    job = await brought(
        exchange,
        text.encode(),
        format=reading_export_pb2.READING_FORMAT_JSON,
        csv=exchange.csv(time_column="t", value_column="kwh", time_zone="Europe/London"),
    )
    assert stored_of(job) == (3, 1, 2, "")
    reasons = [(one.line, one.column, one.reason) for one in await exchange.errors(job)]
    assert reasons == [
        (2, "t", error_reason_pb2.ERROR_REASON_AMBIGUOUS_LOCAL_TIME),
        (3, "t", error_reason_pb2.ERROR_REASON_NOT_A_NUMBER),
    ]
    assert await stored(channel, exchange.number) == [(1743294600, "1.5")]


@pytest.mark.parametrize(
    ("style", "content", "told"),
    [
        ("NEM12", b"start,value", "does not begin with 100,NEM12"),
        ("ESPI", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "entities or a document type"),
        ("CIM_XML", b"<MeterReadings>", "is no XML"),
    ],
)
async def test_what_cannot_be_read_says_why(
    exchange: Exchange, style: str, content: bytes, told: str
) -> None:
    named = reading_export_pb2.ReadingFormat.Value(f"READING_FORMAT_{style}")
    job = await brought(exchange, content, format=named, channel_map={"a": exchange.number})
    assert job.state == types_pb2.WORK_STATE_FAILED
    assert told in job.error


async def test_names_must_mean_something(exchange: Exchange) -> None:
    for names, field in (({}, "import_job.channel_map"), ({"a": 10**15}, "import_job.channel_map['a']")):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await brought(exchange, b"100", format=reading_export_pb2.READING_FORMAT_NEM12, channel_map=names)
        assert field in {name for name, _ in error_of(raised.value)[2]}
