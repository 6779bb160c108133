"""``simba bench vee``: intervals a second through the default set of rules, stored.

The ceiling is a bare pass of window functions over the same raw readings: the least that any rule needs.
"""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pyarrow as pa

from bench.report import Options, Report
from bench.stage import stage
from server.platform.ids import new_id
from server.platform.telemetry_store import TelemetryStore
from server.readings.ingest.raw_store import Rows, raw_table
from server.readings.vee.lanes import LANES, portions
from server.readings.vee.rules import NANO
from server.readings.vee.run import prepared, prepared_lanes
from server.readings.vee.runner import CELLS_AT_ONCE, LANE_CELLS_AT_ONCE
from server.readings.vee.scope import FOREVER, Feed, SeriesScope, day_at
from server.readings.vee.scoping import split

SERIES = 50_000
HOURS = 24
HOUR_MS = 3_600_000
DAY = 20_249
TZ = "Europe/London"
_WINDOWS = """
SELECT sum(step) FROM (
    SELECT reinterpretAsInt64(value) - lagInFrame(reinterpretAsInt64(value)) OVER
        (PARTITION BY channel ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS step
    FROM raw_reading WHERE tenant_id = {tenant:UUID})
"""


def run(options: Options) -> Report:
    """Runs the benchmark, for a tenth, and for the whole of the series."""
    report = Report("vee")
    options.say("starting engines")
    with stage(servers=0) as where:
        asyncio.run(_run(where.clickhouse, options, report))
    return report


async def _run(url: str, options: Options, report: Report) -> None:
    store = TelemetryStore(url)
    for part, name in ((0.1, "intervals_per_second_tenth"), (1.0, "intervals_per_second")):
        count = max(int(SERIES * options.scale * part), 100)
        tenant = new_id()
        options.say(f"{count} series of {HOURS} hours")
        await _fill(store, tenant, count)
        bare = await _bare(store, tenant, count)
        began = time.perf_counter()
        left = await _run_lanes(store, tenant, count)
        options.say(f"{len(left)} days for the steps of any series")
        for number, scopes in enumerate(split(_scopes(left), CELLS_AT_ONCE)):
            async with prepared(store, tenant, new_id(), scopes, number) as one:
                counts = await one.compute()
                await one.store(2)
            assert counts.changed == len(scopes) * HOURS, counts
        speed = count * HOURS / (time.perf_counter() - began)
        report.add(name, speed, "intervals/s", bare)
    await store.close()


async def _run_lanes(store: TelemetryStore, tenant: UUID, count: int) -> list[int]:
    """The lanes; returns the series that want more."""
    left = []
    for number, lanes in enumerate(portions(_lanes(count), LANE_CELLS_AT_ONCE)):
        async with prepared_lanes(store, tenant, new_id(), lanes, number) as one:
            await one.compute()
            await one.store(1)
            left += [channel for channel, _, _ in await one.left()]
    return sorted(left)


def _lanes(count: int) -> pa.Table:
    """One whole day of each series, with a channel of the same number."""
    numbers = np.arange(1, count + 1, dtype=np.uint64)
    ids = np.zeros((count, 2), dtype=">u8")
    ids[:, 1] = numbers
    day = day_at(TZ, DAY)
    whole = {
        "interval_ms": HOUR_MS,
        "first_day": DAY,
        "last_day": DAY,
        "expect_from": day.start_ms,
        "expect_to": day.end_ms,
        "mult": NANO,
        "max_hour": 10_000_000,
        "neg": 0,
        "valid_from": 0,
        "valid_to": FOREVER,
    }
    columns = {
        "series": pa.array(numbers),
        "channel": pa.array(numbers),
        "usage_point_id": pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(16), count, [None, pa.py_buffer(ids)]
        ),
        "tz": pa.array([TZ] * count, pa.string()),
        **{name: pa.array(np.full(count, value), LANES.field(name).type) for name, value in whole.items()},
    }
    return pa.table(columns, LANES)


def _scopes(numbers: Sequence[int]) -> list[SeriesScope]:
    """The same as scopes."""
    day = day_at(TZ, DAY)
    feeds = (
        (
            Feed(
                number,
                register=False,
                tenure_from=0,
                tenure_to=FOREVER,
                valid_from=0,
                valid_to=FOREVER,
                multiplier=NANO,
                max_per_hour=10_000_000,
            ),
        )
        for number in numbers
    )
    return [
        SeriesScope(number, UUID(int=number), TZ, HOUR_MS, DAY, DAY, DAY, DAY, day.start_ms, day.end_ms, feed)
        for number, feed in zip(numbers, feeds, strict=True)
    ]


async def _fill(store: TelemetryStore, tenant: UUID, count: int) -> None:
    """A day of hours with some gaps, negative values and spikes, as real meters have them."""
    random = np.random.default_rng(3)
    start = day_at(TZ, DAY).start_ms
    for first in range(1, count + 1, 20_000):
        channels = np.arange(first, min(first + 20_000, count + 1), dtype=np.uint64)
        channel = np.repeat(channels, HOURS)
        times = np.tile(start + np.arange(HOURS, dtype=np.int64) * HOUR_MS, len(channels))
        values = (random.gamma(2.0, 0.3, len(channel)) * 1000).astype(np.int64) * 1000
        fate = random.random(len(channel))
        values[fate < 0.0005] *= -1
        values[fate > 0.9995] *= 12
        keep = (fate < 0.4) | (fate > 0.403)
        rows = Rows(
            "bench", first, channel[keep], times[keep], values[keep], np.zeros(int(keep.sum()), np.uint32)
        )
        await store.insert("raw_reading", raw_table(tenant, [rows], start))


async def _bare(store: TelemetryStore, tenant: UUID, count: int) -> float:
    began = time.perf_counter()
    await store.rows(_WINDOWS, {"tenant": str(tenant)})
    return count * HOURS / (time.perf_counter() - began)
