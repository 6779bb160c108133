"""``simba bench ingest``: readings a second, acknowledged after storage, with the client on the same cores.

The ceiling is what the engine takes of the same rows, in a table of the same shape, through the same HTTP
interface, before and after: with ``insert_arrow`` of ``clickhouse-connect``, and with the insert that the
server itself uses, one after another; the quicker of the two counts.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from uuid import UUID, uuid4

import clickhouse_connect
import grpc.aio
import numpy as np
import psutil
import pyarrow as pa
import uvloop
from clickhouse_connect.driver.client import Client

from bench.fleet import credentials, make_channels
from bench.report import Options, Report
from bench.stage import Stage, stage
from bench.wire import request_bytes
from server.platform.telemetry_store import TelemetryStore
from server.readings.ingest.raw_store import Rows, raw_table
from simba.readings.v1.ingest_service_pb2 import IngestReadingsResponse

STREAMS = 4
BLOCK_ROWS = 50_000
INSERT_ROWS = 500_000
"""Rows of one insert of the ceiling; the server gathers about as many."""
SIZES = (1, 10, 100)
"""Fleets, relative to the smallest: the speed must not depend on how many channels there are."""
SMALLEST_FLEET = 5_000
INTERVALS_A_DAY = 48
FIRST_DAY_MS = 1_704_067_200_000
DAY_MS = 86_400_000
IN_FLIGHT = 8
"""Blocks that a stream has under way before it waits for acknowledgements."""
_METHOD = "/simba.readings.v1.IngestService/IngestReadings"


@dataclass(slots=True)
class Fleet:
    """What the streams send: days of half hours, channel by channel."""

    channels: np.ndarray[tuple[int], np.dtype[np.uint64]]
    values: np.ndarray[tuple[int], np.dtype[np.int64]]

    @classmethod
    def of(cls, numbers: list[int]) -> "Fleet":
        """Values as households have them: a gamma distribution in Wh."""
        random = np.random.default_rng(7)
        values = (random.gamma(2.0, 0.15, 1 << 20) * 1000).astype(np.int64) * 1000
        return cls(np.array(numbers, np.uint64), values)

    def rows(self, number: int, source: str) -> Rows:
        """The block of a number: some channels, one day; every number has other rows."""
        a_block = min(BLOCK_ROWS // INTERVALS_A_DAY, len(self.channels))
        blocks_a_day = len(self.channels) // a_block
        day, place = divmod(number, blocks_a_day)
        mine = self.channels[place * a_block : (place + 1) * a_block]
        starts = FIRST_DAY_MS + day * DAY_MS + np.arange(INTERVALS_A_DAY, dtype=np.int64) * 1_800_000
        size = len(mine) * INTERVALS_A_DAY
        at = number * 7919 % (len(self.values) - size)
        return Rows(
            source,
            number,
            np.repeat(mine, INTERVALS_A_DAY),
            np.tile(starts, len(mine)),
            self.values[at : at + size],
            np.zeros(size, np.uint32),
        )


@dataclass(slots=True)
class Sent:
    """What the streams have done."""

    rows: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from sending a block to its acknowledgement."""


def run(options: Options) -> Report:
    """Runs the benchmark."""
    report = Report("ingest")
    options.say("starting engines and server")
    with stage(servers=options.servers) as where:
        uvloop.run(_run(where, options, report))
    return report


async def _run(where: Stage, options: Options, report: Report) -> None:
    channels = [
        grpc.aio.insecure_channel(
            where.grpc, options=[("grpc.max_send_message_length", 64 << 20), ("bench.connection", n)]
        )
        for n in range(STREAMS)
    ]
    options.say("making meters")
    counts = [max(int(size * SMALLEST_FLEET * options.scale), 1) for size in SIZES]
    numbers = await make_channels(channels[0], where.api_key, counts[-1])
    # The one in the middle is measured for long, the others for their growth.
    fleet = Fleet.of(numbers[: counts[1]])
    client = clickhouse_connect.get_client(dsn=where.clickhouse, autogenerate_session_id=False)
    store = TelemetryStore(where.clickhouse)
    options.say("raw inserts, before")
    before = await _ceilings(client, store, fleet, options.seconds / 3)
    options.say("warming up")
    await _send(channels, where.api_key, fleet, "warm", options.seconds / 5)
    options.say(f"ingest over {STREAMS} streams")
    memory = Memory(where)
    began = time.perf_counter()
    async with memory.watched():
        sent = await _send(channels, where.api_key, fleet, "bench", options.seconds)
    speed = sent.rows / (time.perf_counter() - began)
    _check(client, "bench", sent)
    size = client.query(
        "SELECT sum(data_compressed_bytes) / sum(rows) FROM system.parts"
        " WHERE table = 'raw_reading' AND active AND database = currentDatabase()"
    ).result_rows[0][0]
    options.say("raw inserts, after")
    after = await _ceilings(client, store, fleet, options.seconds / 3)
    report.add("readings_per_second", speed, "readings/s", (max(before) + max(after)) / 2)
    report.add("insert_arrow", (before[0] + after[0]) / 2, "readings/s")
    cuts = quantiles(sent.waits, n=100)
    report.add("acknowledgement_p50", cuts[49] * 1000, "ms")
    report.add("acknowledgement_p99", cuts[98] * 1000, "ms")
    report.add("bytes_per_reading", size, "bytes")
    report.add("server_memory", memory.most("server") / 1e6, "MB")
    report.add("server_memory_growth", memory.growth("server") / 1e6, "MB")
    report.add("engine_memory", memory.most("clickhouse") / 1e6, "MB")
    report.add("engine_memory_growth", memory.growth("clickhouse") / 1e6, "MB")
    for size_of, count in zip(SIZES, counts, strict=True):
        options.say(f"a fleet of {count} channels")
        grown = Fleet.of(numbers[:count])
        await _learn(channels[0], where.api_key, grown, f"known-{size_of}")
        began = time.perf_counter()
        sent = await _send(channels, where.api_key, grown, f"x{size_of}", options.seconds / 3)
        report.add(f"readings_per_second_x{size_of}", sent.rows / (time.perf_counter() - began), "readings/s")
        _check(client, f"x{size_of}", sent)
    await store.close()
    for channel in channels:
        await channel.close()


def _check(client: Client, source: str, sent: "Sent") -> None:
    stored = client.query(
        "SELECT count() FROM raw_reading WHERE startsWith(source, {source:String})",
        parameters={"source": f"{source}:"},
    ).result_rows[0][0]
    assert stored == sent.rows, f"{sent.rows} readings were acknowledged, {stored} are stored"


async def _send(
    channels: list[grpc.aio.Channel], api_key: str, fleet: Fleet, source: str, seconds: float
) -> Sent:
    """Sends blocks over all streams for so long, and waits for the last acknowledgement."""
    sent = Sent()
    end = time.perf_counter() + seconds
    numbers = iter(range(1 << 40))
    await asyncio.gather(
        *(
            _stream(channel, api_key, fleet, f"{source}:{n}", numbers, end, sent)
            for n, channel in enumerate(channels)
        )
    )
    return sent


async def _learn(channel: grpc.aio.Channel, api_key: str, fleet: Fleet, source: str) -> None:
    """Sends one reading of each channel: what the server looks up once a channel is not what is measured."""

    async def blocks() -> AsyncIterator[bytes]:
        for number, start in enumerate(range(0, len(fleet.channels), BLOCK_ROWS)):
            mine = fleet.channels[start : start + BLOCK_ROWS]
            times = np.full(len(mine), FIRST_DAY_MS - DAY_MS, np.int64)
            yield request_bytes(source, number, mine, times, np.zeros(len(mine), np.int64))

    method: Any = channel.stream_stream(
        _METHOD, request_serializer=None, response_deserializer=IngestReadingsResponse.FromString
    )
    call = method(blocks(), metadata=credentials(api_key))
    async for _ in call:
        pass


async def _stream(
    channel: grpc.aio.Channel,
    api_key: str,
    fleet: Fleet,
    source: str,
    numbers: Iterator[int],
    end: float,
    sent: Sent,
) -> None:
    call: Any = channel.stream_stream(
        _METHOD, request_serializer=None, response_deserializer=IngestReadingsResponse.FromString
    )(metadata=credentials(api_key))
    under_way: dict[int, float] = {}
    room = asyncio.Semaphore(IN_FLIGHT)

    async def write() -> None:
        while time.perf_counter() < end:
            await room.acquire()
            rows = fleet.rows(next(numbers), source)
            under_way[rows.sequence] = time.perf_counter()
            await call.write(
                request_bytes(source, rows.sequence, rows.channel, rows.time_ms, rows.value_micro)
            )
        await call.done_writing()

    writer = asyncio.create_task(write())
    async for response in call:
        now = time.perf_counter()
        for ack in response.acks:
            assert not ack.rejected_count, ack
            sent.rows += ack.stored
            sent.waits.append(now - under_way.pop(ack.sequence))
            room.release()
    await writer


async def _ceilings(
    client: Client, store: TelemetryStore, fleet: Fleet, seconds: float
) -> tuple[float, float]:
    """Rows a second of the same rows: with plain ``insert_arrow``, and with the server's own insert."""
    client.command("CREATE OR REPLACE TABLE ceiling AS raw_reading")
    tenant: UUID = uuid4()
    blocks = INSERT_ROWS // BLOCK_ROWS
    # Made beforehand: the ceiling is the engine's, not that of numpy.
    tables = [
        raw_table(tenant, [fleet.rows(n * blocks + k, "ceiling") for k in range(blocks)], FIRST_DAY_MS)
        for n in range(6)
    ]

    async def plain(table: pa.Table) -> None:
        await asyncio.to_thread(client.insert_arrow, "ceiling", table)

    async def own(table: pa.Table) -> None:
        await store.insert("ceiling", table)

    speeds = []
    for insert in (plain, own):
        await insert(tables[0])
        rows, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds / 2:
            for table in tables:
                await insert(table)
                rows += table.num_rows
        speeds.append(rows / (time.perf_counter() - began))
    client.command("DROP TABLE ceiling")
    return speeds[0], speeds[1]


class Memory:
    """Resident bytes of the processes while something goes on."""

    def __init__(self, where: Stage) -> None:
        self._pids = where.pids
        self._seen: list[dict[str, int]] = []

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Looks every half second while the block runs."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            self._look()

    def most(self, kind: str) -> int:
        """The most that the processes of a kind had together."""
        return max(seen[kind] for seen in self._seen)

    def growth(self, kind: str) -> int:
        """How much more than in the beginning they ever had."""
        return self.most(kind) - self._seen[0][kind]

    async def _watch(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(0.5)

    def _look(self) -> None:
        seen = dict.fromkeys(("server", "clickhouse"), 0)
        for name, pid in self._pids.items():
            for kind in seen:
                if name.startswith(kind):
                    seen[kind] += psutil.Process(pid).memory_info().rss
        self._seen.append(seen)
