"""``simba bench ingest``: readings a second, acknowledged after storage, with the client on the same cores.

The ceiling is one ``clickhouse-connect`` client that inserts the same rows into a table of the same shape
with ``insert_arrow``, through the same HTTP interface, before and after.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from uuid import UUID, uuid4

import clickhouse_connect
import grpc.aio
import numpy as np
import psutil
import uvloop
from clickhouse_connect.driver.client import Client

from bench.fleet import credentials, make_channels
from bench.report import Options, Report
from bench.stage import Stage, stage
from bench.wire import request_bytes
from server.readings.ingest.raw_store import Rows, raw_table
from simba.readings.v1.ingest_service_pb2 import IngestReadingsResponse

STREAMS = 4
BLOCK_ROWS = 50_000
INSERT_ROWS = 500_000
"""Rows of one insert of the ceiling; the server gathers as many."""
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
        a_block = BLOCK_ROWS // INTERVALS_A_DAY
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
    fleet = Fleet.of(await make_channels(channels[0], where.api_key, int(50_000 * options.scale)))
    client = clickhouse_connect.get_client(dsn=where.clickhouse, autogenerate_session_id=False)
    options.say("raw insert_arrow, before")
    before = await asyncio.to_thread(_ceiling, client, fleet, options.seconds / 3)
    options.say("warming up")
    await _send(channels, where.api_key, fleet, "warm", options.seconds / 5)
    options.say(f"ingest over {STREAMS} streams")
    memory = _memory(where)
    began = time.perf_counter()
    sent = await _send(channels, where.api_key, fleet, "bench", options.seconds)
    speed = sent.rows / (time.perf_counter() - began)
    grown = _memory(where)
    stored = client.query("SELECT count() FROM raw_reading WHERE source LIKE 'bench:%'").result_rows[0][0]
    assert stored == sent.rows, f"{sent.rows} readings were acknowledged, {stored} are stored"
    size = client.query(
        "SELECT sum(data_compressed_bytes) / sum(rows) FROM system.parts"
        " WHERE table = 'raw_reading' AND active AND database = currentDatabase()"
    ).result_rows[0][0]
    options.say("raw insert_arrow, after")
    after = await asyncio.to_thread(_ceiling, client, fleet, options.seconds / 3)
    for channel in channels:
        await channel.close()
    report.add("readings_per_second", speed, "readings/s", (before + after) / 2)
    cuts = quantiles(sent.waits, n=100)
    report.add("acknowledgement_p50", cuts[49] * 1000, "ms")
    report.add("acknowledgement_p99", cuts[98] * 1000, "ms")
    report.add("bytes_per_reading", size, "bytes")
    report.add("server_memory", max(memory, grown) / 1e6, "MB")
    report.add("server_memory_growth", max(grown - memory, 0) / 1e6, "MB")


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


def _ceiling(client: Client, fleet: Fleet, seconds: float) -> float:
    """Rows a second of plain ``insert_arrow`` of the same rows."""
    client.command("CREATE OR REPLACE TABLE ceiling AS raw_reading")
    tenant: UUID = uuid4()
    blocks = INSERT_ROWS // BLOCK_ROWS
    # Made beforehand: the ceiling is the engine's, not that of numpy.
    tables = [
        raw_table(tenant, [fleet.rows(n * blocks + k, "ceiling") for k in range(blocks)], FIRST_DAY_MS)
        for n in range(6)
    ]
    client.insert_arrow("ceiling", tables[0])
    rows, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for table in tables:
            client.insert_arrow("ceiling", table)
            rows += table.num_rows
    speed = rows / (time.perf_counter() - began)
    client.command("DROP TABLE ceiling")
    return speed


def _memory(where: Stage) -> int:
    """Resident bytes of the servers."""
    return sum(
        psutil.Process(pid).memory_info().rss for name, pid in where.pids.items() if name.startswith("server")
    )
