"""``simba bench query``: how long a caller waits for a series' day and for its year of hours, through gRPC.

The ceiling is the same question put to ClickHouse directly, by a client that is already connected.
"""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

import grpc.aio
import numpy as np
import uvloop

from bench.fleet import INTERVAL_SECONDS, credentials, make_home
from bench.report import Options, Report
from bench.stage import Stage, stage
from server.platform.telemetry_store import TelemetryStore
from server.readings.calendar import local_day
from server.readings.domain import Quality, State
from server.readings.final import interval_rows
from simba.readings.v1 import reading_pb2, reading_service_pb2
from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub

NEIGHBOURS = 20_000
"""Series beside the one that is asked for."""
HALF_MS = INTERVAL_SECONDS * 1000
YEAR = 2025
DAYS = 365
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
        uvloop.run(_run(where, options, report))
    return report


async def _run(where: Stage, options: Options, report: Report) -> None:
    store = TelemetryStore(where.clickhouse)
    async with grpc.aio.insecure_channel(where.grpc) as channel:
        home = await make_home(channel, where.api_key)
        options.say("filling a year")
        await _fill(store, where.tenant_id, home.series, int(NEIGHBOURS * options.scale))
        stub: Any = ReadingServiceStub(channel)
        day = local_day("UTC", home.day)
        january, december = local_day("UTC", home.day.replace(month=1, day=1)), day.start_ms
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
                series=[home.series], resolution=resolution, page_size=1000
            )
            request.start_time.FromMilliseconds(start)
            request.end_time.FromMilliseconds(end)
            asked = await _median(options.seconds / 4, _pages(stub, request, where.api_key))
            params = {"tenant": str(where.tenant_id), "series": home.series, "start": start, "end": end}
            direct = await _median(options.seconds / 4, partial(store.rows, sql, params))
            report.add(name, asked * 1000, "ms", direct * 1000, lower_is_better=True)
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


async def _fill(store: TelemetryStore, tenant: UUID, series: int, neighbours: int) -> None:
    """A year of the series, and a day of its neighbours."""
    columns = (
        "INSERT INTO measurement"
        " (tenant_id, series, ts, version, value, interval_ms, state, quality, method, rule, run_id)"
        " SELECT {tenant:UUID}, {one},"
        " fromUnixTimestamp64Milli({start:Int64} + {place} * {step:Int64}, 'UTC'),"
        " 0, toDecimal64(number % 997, 3) / 1000, {step:Int64}, {state:UInt8}, {quality:UInt32}, 0, '',"
        " generateUUIDv4() FROM numbers({count:UInt64})"
    )
    start = int(np.datetime64(f"{YEAR}-01-01", "ms").astype(np.int64))
    common = {
        "tenant": str(tenant),
        "start": start,
        "step": HALF_MS,
        "state": int(State.VALIDATED),
        "quality": int(Quality.VALID),
    }
    year = columns.replace("{one}", str(series)).replace("{place}", "number")
    await store.command(year, {**common, "count": DAYS * 48})
    others = columns.replace("{one}", f"{series} + 1 + intDiv(number, 48)").replace("{place}", "number % 48")
    await store.command(others, {**common, "count": neighbours * 48})
