"""A real household's half hours over three changes of the clock: every anomaly in them is told."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import grpc
import pytest

from simba.common.v1 import error_reason_pb2, types_pb2
from simba.readings.v1 import exchange_service_pb2 as pb
from simba.readings.v1 import exchange_service_pb2_grpc as rpc
from simba.readings.v1 import import_job_pb2, vee_service_pb2
from simba.readings.v1 import vee_service_pb2_grpc as vee_rpc
from tests.support.inventory import Inventory

REPOSITORY = Path(__file__).parents[3]
REAL = REPOSITORY / "stack" / "demo" / "data" / "uk_electricity_halfhourly.csv.gz"
PAGE = REPOSITORY / "docs" / "anomalies.md"
LONDON = ZoneInfo("Europe/London")
HALF = timedelta(minutes=30)
OF_INTERVALS = {"V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V13", "V17"}


def read() -> tuple[list[tuple[datetime, int]], list[datetime]]:
    """The rows of the file as instants, in Wh, and the local times that tell no instant; by plain arithmetic.

    A time within the hour that is skipped in March is an hour later; one within the hour that occurs twice in
    October and stands there once tells nothing.
    """
    with gzip.open(REAL, "rt") as file:
        given = [
            (datetime.fromisoformat(at), int(Decimal(value) * 1000))
            for at, value in list(csv.reader(file))[1:]
        ]
    rows, unclear = [], []
    for naive, value in given:
        early, late = (naive.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
        exists = early.astimezone(LONDON).replace(tzinfo=None) == naive
        if exists and early != late:
            unclear.append(naive)
        else:
            rows.append((early, value))
    return rows, unclear


def expected() -> dict[tuple[date, str], int]:
    """Local day and rule → number of half hours concerned; from the definitions of the rules."""
    rows, _ = read()
    given: dict[datetime, list[int]] = defaultdict(list)
    for at, value in rows:
        given[at].append(value)
    found: dict[tuple[date, str], int] = defaultdict(int)
    at, end = min(given), max(given)
    first_day = at.astimezone(LONDON).date()
    at = datetime(first_day.year, first_day.month, first_day.day, tzinfo=LONDON).astimezone(UTC)
    days: dict[date, list[int]] = defaultdict(list)
    lengths: dict[date, int] = defaultdict(int)
    while at.astimezone(LONDON).date() <= end.astimezone(LONDON).date():
        day = at.astimezone(LONDON).date()
        lengths[day] += 1
        values = given.get(at, [])
        if not values:
            found[day, "V06"] += 1
        else:
            days[day].append(values[-1])
        # The same value for the same time does not leave the file, see `repeats`.
        if len(set(values)) > 1:
            found[day, "V05"] += 1
            found[day, "V17"] += 1
        at += HALF
    for day, values in days.items():
        top = sorted(values, reverse=True)[:3]
        if (
            day != end.astimezone(LONDON).date()
            and len(values) >= 20
            and (top[0] - top[2]) * 100 > 180 * top[2] > 0
        ):
            found[day, "V11"] += 1
    return {key: count for key, count in found.items() if count}


def repeats() -> int:
    """Rows that say what an earlier row has said."""
    rows, _ = read()
    return len(rows) - len(set(rows))


def on_the_page() -> dict[tuple[date, str], int]:
    """What the page says: the rows of its table."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| 20"):
            for rule in cells[1].split(", "):
                name, _, count = rule.partition(" \u00d7 ")
                found[date.fromisoformat(cells[0]), name] = int(count or 1)
    return found


@pytest.mark.timeout(180)
async def test_every_anomaly_of_a_real_year_is_told(channel: grpc.aio.Channel, worker: None) -> None:
    inventory = Inventory(channel)
    meter = await inventory.meter((await inventory.model()).device_model_id)
    number = next(one.channel for one in meter.channels if one.kind == types_pb2.MEASUREMENT_KIND_INTERVAL)
    point = await inventory.point(time_zone="Europe/London")
    await inventory.install(point.usage_point_id, meter.meter_id, datetime(2012, 10, 1, tzinfo=UTC))
    exchange = rpc.ExchangeServiceStub(channel)
    job = import_job_pb2.ImportJob(
        file_name=REAL.name,
        csv=import_job_pb2.CsvFormat(
            time_column="start",
            value_column="value",
            channel=number,
            time_zone="Europe/London",
            missing_hour=import_job_pb2.MISSING_HOUR_RULE_SHIFT,
        ),
    )
    made = await exchange.CreateImport(pb.CreateImportRequest(import_job=job, content=REAL.read_bytes()))
    async for step in exchange.WatchImport(pb.WatchImportRequest(import_id=made.import_job.import_id)):
        job = step.import_job
    _, unclear = read()
    assert (job.state, job.rejected) == (types_pb2.WORK_STATE_SUCCEEDED, len(unclear))
    assert job.duplicates == repeats()
    told = await exchange.ListImportErrors(pb.ListImportErrorsRequest(import_id=job.import_id))
    assert {one.reason for one in told.errors} == {error_reason_pb2.ERROR_REASON_AMBIGUOUS_LOCAL_TIME}
    assert [one.value for one in told.errors] == [str(naive) for naive in unclear]

    vee = vee_rpc.VeeServiceStub(channel)
    run = vee_service_pb2.RunVeeRequest(usage_point_id=point.usage_point_id)
    run.period.start.FromDatetime(datetime(2012, 10, 11, 23, tzinfo=UTC))
    run.period.end.FromDatetime(datetime(2014, 1, 26, tzinfo=UTC))
    await vee.RunVee(run)
    found = {}
    request = vee_service_pb2.ListVeeExceptionsRequest(usage_point_id=point.usage_point_id, page_size=1000)
    while True:
        page = await vee.ListVeeExceptions(request)
        for one in page.exceptions:
            if one.rule in OF_INTERVALS:
                day = one.period.start.ToDatetime(tzinfo=UTC).astimezone(LONDON).date()
                found[day, one.rule] = one.interval_count
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == expected()
    assert found == on_the_page()
