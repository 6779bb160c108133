"""``simba bench devices``: an inventory of a million meters, asked for and added to through the API.

The ceiling of each is the same question put to PostgreSQL directly, by a client that is already connected.
"""

import asyncio
import http.client
import random
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import psycopg
import uvloop

from bench.awake import awake
from bench.edge import edge
from bench.fleet import credentials
from bench.inventory import Inventory, fill
from bench.listings import Listing, listings
from bench.report import Options, Report
from bench.stage import Stage, stage
from server.platform.paging import LARGEST_PAGE, Pages
from server.platform.settings import Settings
from simba.devices.v1 import (
    hierarchy_service_pb2,
    meter_service_pb2,
)
from simba.devices.v1.hierarchy_service_pb2_grpc import HierarchyServiceStub
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub

METERS = 1_000_000
PAGE = 100
BATCH = 1000
SERVERS = 2
"""At least: a batch is work for one core."""
_AT_ONCE = 4
_OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]
_LEAST = 20
_METER = "SELECT * FROM meter WHERE tenant_id = %(tenant)s AND meter_id = %(id)s"
_SUBTREE = """
    SELECT n.* FROM node_closure c JOIN node n USING (tenant_id, node_id)
     WHERE c.tenant_id = %(tenant)s AND c.ancestor_id = %(node)s AND c.valid @> now()
"""
_BARE = """
    INSERT INTO meter (tenant_id, meter_id, device_model_id, manufacturer, serial_number, dev_eui,
                       display_name, tags, archived, create_time, update_time, version)
    SELECT %(tenant)s, uuidv7(), %(model)s, 'Bench', s, left(md5(s), 16), '', '{}', false, now(), now(), 1
      FROM unnest(%(serials)s::text[]) s
"""
Ask = Callable[[], Awaitable[Any]]


def run(options: Options) -> Report:
    """Runs the benchmark."""
    report = Report("devices")
    options.say("starting engines and server")
    with stage(servers=max(options.servers, SERVERS)) as where:
        inventory = fill(where, int(METERS * options.scale), options.say)
        report.add("fill_rows_per_second", inventory.rows / inventory.seconds, "rows/s")
        with edge(where) as port, psycopg.connect(where.postgres, autocommit=True) as direct:
            uvloop.run(_run(where, port, direct, inventory, options, report))
    return report


async def _run(
    where: Stage,
    port: int,
    direct: psycopg.Connection[Any],
    inventory: Inventory,
    options: Options,
    report: Report,
) -> None:
    async with grpc.aio.insecure_channel(where.grpc) as channel:
        meters: Any = MeterServiceStub(channel)
        metadata = credentials(where.api_key)
        seconds = options.seconds / 5
        with awake():
            await _gets(where, port, direct, inventory, meters, report, seconds)
            for listing in listings(channel, inventory, PAGE):
                options.say(listing.name)
                await _pages(where, direct, listing, report, seconds / 3)
            options.say("subtree")
            nodes: Any = HierarchyServiceStub(channel)
            subtree = hierarchy_service_pb2.ListNodesRequest(
                under_id=str(inventory.substation), page_size=LARGEST_PAGE
            )
            took = await _median(seconds, lambda: nodes.ListNodes(subtree, metadata=metadata)) * 1000
            below = _direct(direct, _SUBTREE, {"node": inventory.substation}, where)
            report.add("subtree_p50", took, "ms", await _median(seconds, below) * 1000, lower_is_better=True)
        options.say("batch create")
        await _batches(where, direct, inventory, report, options.seconds)


async def _gets(
    where: Stage,
    port: int,
    direct: psycopg.Connection[Any],
    inventory: Inventory,
    meters: Any,
    report: Report,
    seconds: float,
) -> None:
    chosen = random.Random(1)

    def some() -> UUID:
        return inventory.meter(chosen.randrange(inventory.meters))

    def by_grpc() -> Awaitable[Any]:
        request = meter_service_pb2.GetMeterRequest(meter_id=str(some()))
        answer: Awaitable[Any] = meters.GetMeter(request, metadata=credentials(where.api_key))
        return answer

    connection = http.client.HTTPConnection("127.0.0.1", port)

    async def by_rest() -> None:
        connection.request("GET", f"/v1/meters/{some()}", headers={"x-api-key": where.api_key})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == http.client.OK, answer.status

    async def by_sql() -> None:
        row = direct.execute(_METER, {"tenant": where.tenant_id, "id": some()}).fetchone()
        assert row is not None

    ceiling = await _median(seconds, by_sql) * 1000
    for name, ask in (("get_grpc_p50", by_grpc), ("get_envoy_p50", by_rest)):
        report.add(name, await _median(seconds, ask) * 1000, "ms", ceiling, lower_is_better=True)
    connection.close()


async def _pages(
    where: Stage,
    direct: psycopg.Connection[Any],
    listing: Listing,
    report: Report,
    seconds: float,
) -> None:
    """The first page, one in the middle and one near the end; the slowest of the three is told."""
    metadata = credentials(where.api_key)
    slowest, ceiling = 0.0, 0.0
    for token, after in await _depths(where, listing):
        asked: Any = type(listing.request)()
        asked.CopyFrom(listing.request)
        asked.page_size, asked.page_token = PAGE, token
        took = await _median(seconds, partial(listing.call, asked, metadata=metadata))
        bare = await _median(seconds, _direct(direct, listing.sql, {**listing.values, "after": after}, where))
        if took > slowest:
            slowest, ceiling = took, bare
    report.add(f"{listing.name}_p50", slowest * 1000, "ms", ceiling * 1000, lower_is_better=True)


async def _depths(where: Stage, listing: Listing) -> list[tuple[str, UUID]]:
    """Tokens of pages, and the ids before them."""
    first = UUID(int=0)
    if listing.after is not None:
        pages = Pages(Settings(postgres_dsn=where.postgres).token_secret)
        deep = [(pages.encode((one,), bound_to=listing.request), one) for one in listing.after]
        return [("", first), *deep]
    asked: Any = type(listing.request)()
    asked.CopyFrom(listing.request)
    asked.page_size = LARGEST_PAGE
    tokens = [""]
    while tokens[-1] or len(tokens) == 1:
        asked.page_token = tokens[-1]
        answer = await listing.call(asked, metadata=credentials(where.api_key))
        tokens.append(answer.next_page_token)
    ends = tokens[:-1]
    return [(token, first) for token in ("", ends[len(ends) // 2], ends[-1])]


def _direct(direct: psycopg.Connection[Any], sql: str, values: dict[str, Any], where: Stage) -> Ask:
    async def ask() -> None:
        direct.execute(sql, {**values, "tenant": where.tenant_id}).fetchall()

    return ask


async def _batches(
    where: Stage,
    direct: psycopg.Connection[Any],
    inventory: Inventory,
    report: Report,
    seconds: float,
) -> None:
    """Batches of a thousand, four at once, as a CIS that loads its meters would; and by bare INSERT."""

    def batch() -> meter_service_pb2.BatchCreateMetersRequest:
        made = meter_service_pb2.BatchCreateMetersRequest(request_id=str(uuid4()))
        for _ in range(BATCH):
            serial = uuid4().hex
            meter = made.meters.add(
                device_model_id=str(inventory.model), serial_number=serial, dev_eui=serial[:16]
            )
            meter.external_ids.add(system="cis", value=serial)
        return made

    # Channels of their own, so that both servers take part.
    channels = [grpc.aio.insecure_channel(where.grpc, options=_OWN_CONNECTION) for _ in range(2 * _AT_ONCE)]
    stubs: list[Any] = [MeterServiceStub(channel) for channel in channels]

    async def load(first: int, end: float) -> int:
        created = 0
        while perf_counter() < end or not created:
            stub = stubs[(first + created // BATCH) % len(stubs)]
            answer = await stub.BatchCreateMeters(batch(), metadata=credentials(where.api_key))
            assert answer.created == BATCH, answer
            created += answer.created
        return created

    began = perf_counter()
    made = await asyncio.gather(*(load(2 * number, began + seconds) for number in range(_AT_ONCE)))
    speed = sum(made) / (perf_counter() - began)
    for channel in channels:
        await channel.close()
    report.add("batch_create_per_second", speed, "meters/s", _bare(direct, where, inventory))


def _bare(direct: psycopg.Connection[Any], where: Stage, inventory: Inventory) -> float:
    """Meters per second that PostgreSQL takes in batches, with nothing that belongs to them."""
    began = perf_counter()
    for _ in range(_LEAST):
        serials = [uuid4().hex for _ in range(BATCH)]
        direct.execute(_BARE, {"tenant": where.tenant_id, "model": inventory.model, "serials": serials})
    return _LEAST * BATCH / (perf_counter() - began)


async def _median(seconds: float, ask: Ask) -> float:
    """The median of the waits in seconds, after three that do not count."""
    for _ in range(3):
        await ask()
    waits: list[float] = []
    end = perf_counter() + seconds
    while len(waits) < _LEAST or perf_counter() < end:
        began = perf_counter()
        await ask()
        waits.append(perf_counter() - began)
    return median(waits)
