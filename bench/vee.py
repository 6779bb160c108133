"""``simba bench vee``: intervals a second through the default set of rules, stored.

The ceiling is a bare pass of window functions over the same raw readings, of what the rules need to know of
each value: the ones before and after it, the highest and the sum of its local day. ``neighbours_per_second``
is a pass that looks at the value before and at nothing else. Medians of five; each time nothing is stored
yet.
"""

import asyncio
import time
from collections.abc import Sequence
from statistics import median
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

SERIES = 1_000_000
REPEATS = 5
HOURS = 24
HOUR_MS = 3_600_000
DAY = 20_249
TZ = "Europe/London"
_OVER_TIME = "PARTITION BY channel ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
_WINDOWS = f"""
SELECT sum(before), sum(behind), sum(peak), sum(total) FROM (
    SELECT micro - lagInFrame(micro) OVER near AS before, leadInFrame(ts) OVER near - ts AS behind,
        max(micro) OVER days AS peak, sum(micro) OVER days AS total
    FROM (
        SELECT channel, toUnixTimestamp64Milli(ts) AS ts, toDate(raw_reading.ts, '{TZ}') AS day,
            reinterpretAsInt64(value) AS micro
        FROM raw_reading WHERE tenant_id = {{tenant:UUID}})
    WINDOW near AS ({_OVER_TIME}), days AS (PARTITION BY channel, day))
"""
_NEIGHBOUR = f"""
SELECT sum(before) FROM (
    SELECT reinterpretAsInt64(value) - lagInFrame(reinterpretAsInt64(value)) OVER ({_OVER_TIME}) AS before
    FROM raw_reading WHERE tenant_id = {{tenant:UUID}})
"""
_ANEW = """
INSERT INTO raw_reading
SELECT {tenant:UUID}, channel, ts, value, quality, source, sequence, received
FROM raw_reading WHERE tenant_id = {from:UUID}
"""


def run(options: Options) -> Report:
    """Runs the benchmark, for a hundredth, a tenth, and the whole of the series."""
    report = Report("vee")
    options.say("starting engines")
    with stage(servers=0) as where:
        asyncio.run(_run(where.clickhouse, options, report))
    return report


async def _run(url: str, options: Options, report: Report) -> None:
    store = TelemetryStore(url)
    for part, name in (
        (0.01, "intervals_per_second_hundredth"),
        (0.1, "intervals_per_second_tenth"),
        (1.0, "intervals_per_second"),
    ):
        count = max(int(SERIES * options.scale * part), 100)
        tenant = new_id()
        options.say(f"{count} series of {HOURS} hours")
        await _fill(store, tenant, count)
        await _measured(store, tenant, count)
        took, windows, neighbour = [], [], []
        for number in range(REPEATS):
            options.say(f"{count} series of {HOURS} hours: {number + 1} of {REPEATS}")
            tenant = await _anew(store, tenant)
            windows.append(await _timed(store, tenant, _WINDOWS))
            neighbour.append(await _timed(store, tenant, _NEIGHBOUR))
            took.append(await _measured(store, tenant, count))
        cells = count * HOURS
        report.add(name, cells / median(took), "intervals/s", cells / median(windows))
    report.add("neighbours_per_second", cells / median(neighbour), "intervals/s")
    ((size,),) = await store.rows(
        "SELECT sum(bytes_on_disk) / sum(rows) FROM system.parts WHERE table = 'measurement_day' AND active"
    )
    report.add("final_bytes_per_interval", size / HOURS, "bytes")
    await store.close()


async def _anew(store: TelemetryStore, tenant: UUID) -> UUID:
    """The same readings for another tenant, of whom nothing is stored yet."""
    fresh = new_id()
    await store.command(_ANEW, {"tenant": str(fresh), "from": str(tenant)})
    return fresh


async def _timed(store: TelemetryStore, tenant: UUID, query: str) -> float:
    began = time.perf_counter()
    await store.rows(query, {"tenant": str(tenant)})
    return time.perf_counter() - began


async def _measured(store: TelemetryStore, tenant: UUID, count: int) -> float:
    """Seconds that the rules take, with what they store."""
    began = time.perf_counter()
    left = await _run_lanes(store, tenant, count)
    for number, scopes in enumerate(split(_scopes(left), CELLS_AT_ONCE)):
        async with prepared(store, tenant, new_id(), scopes, number) as one:
            counts = await one.compute()
            await one.store(2)
        assert counts.changed == len(scopes) * HOURS, counts
    return time.perf_counter() - began


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
        "before_ms": 0,
        "after_ms": 0,
        "rule_set_version": 0,
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
