"""``simba bench query``: how long a caller waits for a series' values and for sums over a tree.

The ceiling is the same question put to ClickHouse directly, by a client that is already connected.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

import grpc.aio
import uvloop

from bench.awake import awake
from bench.fleet import INTERVAL_SECONDS, LAST_DAY, credentials, make_home
from bench.inventory import Inventory, fill
from bench.report import Options, Report
from bench.stage import Stage, stage
from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import local_day
from server.readings.domain import Quality
from server.readings.final import interval_rows
from simba.devices.v1 import node_pb2
from simba.readings.v1 import aggregation_service_pb2, reading_pb2, reading_service_pb2
from simba.readings.v1.aggregation_service_pb2_grpc import AggregationServiceStub
from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub

POINTS = 200_000
"""Usage points in both trees, with a series each; a transformer has a thousandth of them."""
HALF_MS = INTERVAL_SECONDS * 1000
DAYS = 365
ZONE = "Europe/London"
CHILD = aggregation_service_pb2.AGGREGATE_GROUPING_CHILD
_DAY_MS = 86_400_000
_SOME = "cityHash64(series, number) % 997"
_TOTALS_SQL = """
SELECT day, sum(total) FROM measurement_day
WHERE tenant_id = {tenant:UUID} AND series BETWEEN {low:UInt64} AND {high:UInt64}
  AND day BETWEEN toDate({first:Int32}) AND toDate({last:Int32})
GROUP BY day
"""
_DAY_SQL = f"SELECT ms, micro, state, quality FROM {interval_rows()} ORDER BY ms"
_HOURS_SQL = f"""
SELECT intDiv(ms, 3600000) AS hour, sum(micro) FROM {interval_rows(columns=("micro",))}
GROUP BY hour ORDER BY hour
"""


def run(options: Options) -> Report:
    """Runs the benchmark."""
    report = Report("query")
    options.say("starting engines and server")
    with stage(servers=options.servers) as where:
        inventory = fill(where, int(POINTS * options.scale), options.say)
        with awake():
            uvloop.run(_run(where, inventory, options, report))
    return report


async def _run(where: Stage, inventory: Inventory, options: Options, report: Report) -> None:
    store = TelemetryStore(where.clickhouse)
    async with grpc.aio.insecure_channel(where.grpc) as channel:
        home = await make_home(channel, where.api_key)
        options.say("filling a year")
        first, count = inventory.series[0], len(inventory.series)
        await _fill_days(store, where.tenant_id, f"SELECT {home.series} AS series", DAYS)
        await _fill_days(
            store, where.tenant_id, f"SELECT {first} + number AS series FROM numbers({count})", 1
        )
        members = f"SELECT arrayJoin({inventory.of_transformer()}) AS series"
        await _fill_days(store, where.tenant_id, members, LAST_DAY.day)
        stub: Any = ReadingServiceStub(channel)
        day = local_day(ZONE, LAST_DAY)
        january, december = local_day(ZONE, LAST_DAY.replace(month=1, day=1)), day.start_ms
        spans = {
            "series_day_p50": (day.start_ms, day.end_ms, reading_pb2.RESOLUTION_NATIVE, _DAY_SQL),
            "series_year_of_hours_p50": (
                january.start_ms,
                december,
                reading_pb2.RESOLUTION_HOUR,
                _HOURS_SQL,
            ),
        }
        for name, (start, end, resolution, sql) in spans.items():
            options.say(name)
            request = reading_service_pb2.QueryIntervalsRequest(
                series=[home.series], resolution=resolution, page_size=10_000
            )
            request.start_time.FromMilliseconds(start)
            request.end_time.FromMilliseconds(end)
            asked = await _median(options.seconds / 4, _pages(stub, request, where.api_key))
            params = {
                "tenant": str(where.tenant_id),
                "series": [home.series],
                "start": start,
                "end": end,
                "watermark": 0,
            }
            direct = await _median(options.seconds / 4, partial(store.rows, sql, params))
            report.add(name, asked * 1000, "ms", direct * 1000, lower_is_better=True)
        async for name, wait, direct in _sums(where, channel, store, inventory, options):
            report.add(name, wait * 1000, "ms", direct * 1000, lower_is_better=True)
    await store.close()


def _pages(
    stub: Any, request: reading_service_pb2.QueryIntervalsRequest, api_key: str
) -> Callable[[], Awaitable[None]]:
    async def ask() -> None:
        page = reading_service_pb2.QueryIntervalsRequest()
        page.CopyFrom(request)
        while True:
            answer = await stub.QueryIntervals(page, metadata=credentials(api_key))
            assert answer.intervals
            if not answer.next_page_token:
                return
            page.page_token = answer.next_page_token

    return ask


async def _median(seconds: float, ask: Callable[[], Awaitable[Any]]) -> float:
    """The median of the waits, after one that does not count."""
    await ask()
    waits: list[float] = []
    end = time.perf_counter() + seconds
    while len(waits) < 5 or time.perf_counter() < end:
        began = time.perf_counter()
        await ask()
        waits.append(time.perf_counter() - began)
    return median(waits)


async def _sums(
    where: Stage, channel: grpc.aio.Channel, store: TelemetryStore, inventory: Inventory, options: Options
) -> AsyncIterator[tuple[str, float, float]]:
    """Name, wait and ceiling of each question for a sum over a tree."""
    stub: Any = AggregationServiceStub(channel)
    day = local_day(ZONE, LAST_DAY)
    month = local_day(ZONE, LAST_DAY.replace(day=1)).start_ms
    members = inventory.of_transformer()
    questions: dict[str, tuple[dict[str, Any], int, list[int]]] = {
        f"sum_of_{inventory.meters}_series_day": (
            {"hierarchy": node_pb2.HIERARCHY_PLACE, "grouping": CHILD},
            day.start_ms,
            list(inventory.series),
        ),
        f"sum_of_{len(members)}_series_month": (
            {"node_id": str(inventory.transformer), "resolution": reading_pb2.RESOLUTION_DAY},
            month,
            members,
        ),
    }
    for name, (asked, start, series) in questions.items():
        options.say(name)
        request = aggregation_service_pb2.AggregateRequest(page_size=1000, **asked)
        request.start_time.FromMilliseconds(start)
        request.end_time.FromMilliseconds(day.end_ms)

        async def ask(request: Any = request) -> None:
            answer = await stub.Aggregate(request, metadata=credentials(where.api_key))
            assert answer.aggregates

        wait = await _median(options.seconds / 4, ask)
        params = {
            "tenant": str(where.tenant_id),
            "low": series[0],
            "high": series[-1],
            "first": start // _DAY_MS,
            "last": day.end_ms // _DAY_MS,
        }
        yield name, wait, await _median(options.seconds / 4, partial(store.rows, _TOTALS_SQL, params))


async def _fill_days(store: TelemetryStore, tenant: UUID, series: str, days: int) -> None:
    """Days of half hours up to the last one, of the series that a subquery names: their arrays are alike."""
    values = f"arrayMap(i -> toInt64(({_SOME} + i) % 997) * 1000, range(cells))"
    begin = f"toDateTime64(toDateTime(toDate({{last:Int32}} - number), '{ZONE}'), 3, 'UTC')"
    following = f"toDateTime64(toDateTime(toDate({{last:Int32}} - number) + 1, '{ZONE}'), 3, 'UTC')"
    await store.command(
        f"""
        INSERT INTO measurement_day
            (tenant_id, series, day, generation, version, start, until, interval_ms, cells, total, valid,
             suspect, estimated, edited, missing, qualities, micro, run_id)
        WITH {begin} AS begun, {following} AS ended,
            toUInt32(dateDiff('minute', begun, ended) / 30) AS cells, {values} AS micro
        SELECT {{tenant:UUID}}, series, toDate({{last:Int32}} - number), 0, 0, begun, ended, {HALF_MS}, cells,
            toDecimal128(arraySum(micro), 6) / 1000000, cells, 0, 0, 0, 0, {int(Quality.VALID)}, micro,
            generateUUIDv4()
        FROM ({series}) AS s CROSS JOIN (SELECT number FROM numbers({{days:UInt64}})) AS n""",
        {"tenant": str(tenant), "last": (LAST_DAY - date(1970, 1, 1)).days, "days": days},
    )
