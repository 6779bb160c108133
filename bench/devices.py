"""``simba bench devices``: an inventory of a million meters, asked for and added to through the API.

The ceiling of each is the same question put to PostgreSQL directly, by a client that is already connected.
"""

import http.client
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import psycopg
import uvloop
from google.protobuf.message import Message

from bench.edge import edge
from bench.fleet import credentials
from bench.inventory import Inventory, fill
from bench.report import Options, Report
from bench.stage import Stage, stage
from server.platform.paging import Pages
from server.platform.settings import Settings
from simba.common.v1 import types_pb2
from simba.devices.v1 import (
    hierarchy_service_pb2,
    meter_pb2,
    meter_service_pb2,
    tag_pb2,
    usage_point_service_pb2,
)
from simba.devices.v1.hierarchy_service_pb2_grpc import HierarchyServiceStub
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from simba.devices.v1.usage_point_service_pb2_grpc import UsagePointServiceStub

METERS = 1_000_000
PAGE = 100
BATCH = 1000
_LEAST = 20
Ask = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A filtered list: what is asked of the server, and of PostgreSQL."""

    name: str
    call: Any
    request: Message
    sql: str
    """Ids of a page: ``%(tenant)s``, ``%(after)s``, a limit, and what the filter needs."""
    values: dict[str, Any]


def run(options: Options) -> Report:
    """Runs the benchmark."""
    report = Report("devices")
    options.say("starting engines and server")
    with stage(servers=options.servers) as where:
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
        await _gets(where, port, direct, inventory, meters, report, seconds)
        for listing in _listings(channel, inventory):
            options.say(listing.name)
            await _pages(where, direct, inventory, listing, report, seconds / 3)
        options.say("subtree")
        nodes: Any = HierarchyServiceStub(channel)
        subtree = hierarchy_service_pb2.ListNodesRequest(under_id=str(inventory.substation), page_size=1000)
        took = await _median(seconds, lambda: nodes.ListNodes(subtree, metadata=metadata))
        below = _direct(direct, inventory.subtree_sql, {"node": inventory.substation}, where)
        report.add(
            "subtree_p50", took * 1000, "ms", await _median(seconds, below) * 1000, lower_is_better=True
        )
        options.say("batch create")
        await _batches(where, direct, inventory, meters, report, options.seconds)


async def _gets(
    where: Stage,
    port: int,
    direct: psycopg.Connection[Any],
    inventory: Inventory,
    meters: Any,
    report: Report,
    seconds: float,
) -> None:
    chosen = random.Random(1)  # noqa: S311 - which meters are asked for

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
        row = direct.execute(inventory.meter_sql, {"tenant": where.tenant_id, "id": some()}).fetchone()
        assert row is not None

    ceiling = await _median(seconds, by_sql) * 1000
    for name, ask in (("get_grpc_p50", by_grpc), ("get_envoy_p50", by_rest)):
        report.add(name, await _median(seconds, ask) * 1000, "ms", ceiling, lower_is_better=True)
    connection.close()


def _listings(channel: grpc.aio.Channel, inventory: Inventory) -> list[Listing]:
    meters: Any = MeterServiceStub(channel)
    points: Any = UsagePointServiceStub(channel)
    request = meter_service_pb2.ListMetersRequest
    wanted: list[tuple[str, Message]] = [
        ("all", request()),
        ("model", request(device_model_id=str(inventory.model))),
        ("state_active", request(state=meter_pb2.METER_STATE_ACTIVE)),
        ("state_in_stock", request(state=meter_pb2.METER_STATE_IN_STOCK)),
        ("serial_number", request(serial_number=inventory.serial(7))),
        ("dev_eui", request(dev_eui=inventory.dev_eui(7))),
        ("external_id", request(external_id=types_pb2.ExternalId(system="cis", value=inventory.serial(7)))),
        ("tag", request(tag=tag_pb2.Tag(key="route", value="17"))),
        ("place", request(place_id=str(inventory.settlement))),
        ("grid_node", request(grid_node_id=str(inventory.substation))),
        ("batch", request(batch="2024-07")),
    ]
    silent = request()
    silent.last_seen_before.FromDatetime(inventory.silent_before)
    wanted.append(("last_seen_before", silent))
    made = [
        Listing(f"list_meters_{name}", meters.ListMeters, one, *inventory.meter_page(name))
        for name, one in wanted
    ]
    request = usage_point_service_pb2.ListUsagePointsRequest
    for name, one in (
        ("all", request()),
        ("place", request(place_id=str(inventory.settlement))),
        ("grid_node", request(grid_node_id=str(inventory.substation))),
        ("tag", request(tag=tag_pb2.Tag(key="route", value="17"))),
    ):
        sql, values = inventory.point_page(name)
        made.append(Listing(f"list_points_{name}", points.ListUsagePoints, one, sql, values))
    return made


async def _pages(
    where: Stage,
    direct: psycopg.Connection[Any],
    inventory: Inventory,
    listing: Listing,
    report: Report,
    seconds: float,
) -> None:
    """The first page, one in the middle and the last one; the slowest of the three is told."""
    pages = Pages(Settings(postgres_dsn=where.postgres).token_secret)
    slowest, ceiling = 0.0, 0.0
    for after in inventory.depths(listing.name):
        asked = type(listing.request)()
        asked.CopyFrom(listing.request)
        asked.page_size = PAGE  # type: ignore[attr-defined]
        if after is not None:
            asked.page_token = pages.encode((after,), bound_to=listing.request)  # type: ignore[attr-defined]
        took = await _median(
            seconds, lambda asked=asked: listing.call(asked, metadata=credentials(where.api_key))
        )
        values = {**listing.values, "after": after or UUID(int=0)}
        bare = await _median(seconds, _direct(direct, listing.sql, values, where))
        if took > slowest:
            slowest, ceiling = took, bare
    report.add(f"{listing.name}_p50", slowest * 1000, "ms", ceiling * 1000, lower_is_better=True)


def _direct(direct: psycopg.Connection[Any], sql: str, values: dict[str, Any], where: Stage) -> Ask:
    async def ask() -> None:
        direct.execute(sql, {**values, "tenant": where.tenant_id}).fetchall()

    return ask


async def _batches(
    where: Stage,
    direct: psycopg.Connection[Any],
    inventory: Inventory,
    meters: Any,
    report: Report,
    seconds: float,
) -> None:
    """Batches of a thousand, one after another, as a CIS that loads its meters would; and by bare COPY."""

    def batch() -> meter_service_pb2.BatchCreateMetersRequest:
        made = meter_service_pb2.BatchCreateMetersRequest(request_id=str(uuid4()))
        for _ in range(BATCH):
            serial = uuid4().hex
            meter = made.meters.add(
                device_model_id=str(inventory.model), serial_number=serial, dev_eui=serial[:16]
            )
            meter.external_ids.add(system="cis", value=serial)
        return made

    created, began = 0, perf_counter()
    while perf_counter() - began < seconds or not created:
        answer = await meters.BatchCreateMeters(batch(), metadata=credentials(where.api_key))
        assert answer.created == BATCH, answer
        created += answer.created
    speed = created / (perf_counter() - began)
    report.add("batch_create_per_second", speed, "meters/s", inventory.bare_insert(direct, 20_000))


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
