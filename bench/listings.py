"""The lists of the benchmark: what is asked of the server, and the same question to PostgreSQL alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc.aio
from google.protobuf.message import Message

from bench.inventory import BATCHES, ROUTES, Inventory
from simba.common.v1 import types_pb2
from simba.devices.v1 import meter_pb2, meter_service_pb2, tag_pb2, usage_point_service_pb2
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from simba.devices.v1.usage_point_service_pb2_grpc import UsagePointServiceStub

_PAGE = """
    SELECT * FROM {kind} WHERE tenant_id = %(tenant)s AND {kind}_id > %(after)s AND NOT archived {where}
     ORDER BY {kind}_id LIMIT {limit}
"""
_BELOW = """
    SELECT node_id FROM node_closure
     WHERE tenant_id = %(tenant)s AND ancestor_id = %(node)s AND valid @> now()
"""
_INSTALLED = """
    SELECT meter_id FROM installation
     WHERE tenant_id = %(tenant)s AND start_time <= now() AND (end_time IS NULL OR end_time > now()) {where}
"""
_PLACED = """
    SELECT {kind}.* FROM usage_point_position p {join}
     WHERE p.tenant_id = %(tenant)s AND p.{column} = ANY (ARRAY({below})) AND p.valid @> now()
       AND NOT {kind}.archived
     ORDER BY p.{column}, p.usage_point_id LIMIT {limit}
"""
_JOINS = {
    "usage_point": "JOIN usage_point USING (tenant_id, usage_point_id)",
    "meter": """
    JOIN installation i ON i.tenant_id = p.tenant_id AND i.usage_point_id = p.usage_point_id
         AND i.start_time <= now() AND (i.end_time IS NULL OR i.end_time > now())
    JOIN meter ON meter.tenant_id = i.tenant_id AND meter.meter_id = i.meter_id
""",
}
_SILENT = """
    SELECT meter.* FROM contact c JOIN meter ON meter.tenant_id = c.tenant_id AND meter_id = device_id
     WHERE c.tenant_id = %(tenant)s AND c.kind = 'METER' AND NOT c.archived AND last_seen_time < %(time)s
     ORDER BY last_seen_time, device_id LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """A filtered list."""

    name: str
    call: Any
    request: Message
    sql: str
    """Rows of a page, of ``%(tenant)s`` and after ``%(after)s``."""
    values: Mapping[str, Any] = field(default_factory=dict)
    after: Sequence[UUID] | None = None
    """Ids after which pages are asked for, beside the first: in the middle and near the end of what there
    is. None: the list is in another order than that of ids, and its pages are followed."""


def listings(channel: grpc.aio.Channel, inventory: Inventory, page: int) -> list[Listing]:
    """All of them; ``page`` rows each."""
    return [*_meters(channel, inventory, page), *_usage_points(channel, inventory, page)]


def _meters(channel: grpc.aio.Channel, inventory: Inventory, page: int) -> list[Listing]:
    stub: Any = MeterServiceStub(channel)
    ask: Any = meter_service_pb2.ListMetersRequest
    silent = ask()
    silent.last_seen_before.FromDatetime(inventory.silent_before)
    serial, eui = inventory.serial(7), inventory.dev_eui(7)
    deep = list(map(inventory.meter, _depths(inventory.meters)))
    named = """AND meter_id IN (SELECT resource_id FROM device_external_id WHERE tenant_id = %(tenant)s
               AND kind = 'meter' AND system = 'cis' AND value = %(value)s)"""
    labelled = """AND meter_id IN (SELECT resource_id FROM tag WHERE tenant_id = %(tenant)s
                  AND kind = 'meter' AND key = 'route' AND value = %(value)s)"""
    wanted: list[tuple[str, Message, str, dict[str, Any]]] = [
        ("all", ask(), "", {}),
        (
            "model",
            ask(device_model_id=str(inventory.model)),
            "AND device_model_id = %(model)s",
            {"model": inventory.model},
        ),
        (
            "active",
            ask(state=meter_pb2.METER_STATE_ACTIVE),
            f"AND meter_id IN ({_INSTALLED.format(where='')})",
            {},
        ),
        (
            "in_stock",
            ask(state=meter_pb2.METER_STATE_IN_STOCK),
            f"AND NOT EXISTS ({_INSTALLED.format(where='AND meter_id = meter.meter_id')})",
            {},
        ),
        ("serial_number", ask(serial_number=serial), "AND serial_number = %(value)s", {"value": serial}),
        ("dev_eui", ask(dev_eui=eui), "AND dev_eui = %(value)s", {"value": eui}),
        (
            "external_id",
            ask(external_id=types_pb2.ExternalId(system="cis", value=serial)),
            named,
            {"value": serial},
        ),
        (
            "tag",
            ask(tag=tag_pb2.Tag(key="route", value=str(ROUTES // 2))),
            labelled,
            {"value": str(ROUTES // 2)},
        ),
        (
            "concentrator",
            ask(concentrator_id=str(inventory.concentrator)),
            "AND concentrator_id = %(node)s",
            {"node": inventory.concentrator},
        ),
        (
            "batch",
            ask(batch=f"2024-{BATCHES // 2:02}"),
            "AND batch = %(value)s",
            {"value": f"2024-{BATCHES // 2:02}"},
        ),
    ]
    time = {"time": inventory.silent_before}
    unheard = Listing(
        "list_meters_last_seen_before", stub.ListMeters, silent, _SILENT.format(limit=page + 1), time
    )
    return [
        *_by_id("meter", stub.ListMeters, wanted, deep, page),
        *_below_nodes("meter", stub.ListMeters, ask, inventory, page),
        unheard,
    ]


def _by_id(
    kind: str,
    call: Any,
    wanted: Sequence[tuple[str, Message, str, dict[str, Any]]],
    deep: Sequence[UUID],
    page: int,
) -> list[Listing]:
    return [
        Listing(
            f"list_{kind}s_{name}",
            call,
            request,
            _PAGE.format(kind=kind, where=where, limit=page + 1),
            values,
            deep,
        )
        for name, request, where, values in wanted
    ]


def _below_nodes(kind: str, call: Any, ask: Any, inventory: Inventory, page: int) -> list[Listing]:
    return [
        Listing(
            f"list_{kind}s_{name}",
            call,
            ask(**{f"{name}_id": str(node_id)}),
            _PLACED.format(kind=kind, join=_JOINS[kind], column=f"{name}_id", below=_BELOW, limit=page + 1),
            {"node": node_id},
        )
        for name, node_id in (("place", inventory.settlement), ("grid_node", inventory.substation))
    ]


def _usage_points(channel: grpc.aio.Channel, inventory: Inventory, page: int) -> list[Listing]:
    stub: Any = UsagePointServiceStub(channel)
    ask: Any = usage_point_service_pb2.ListUsagePointsRequest
    labelled = """AND usage_point_id IN (SELECT resource_id FROM tag WHERE tenant_id = %(tenant)s
                  AND kind = 'usage_point' AND key = 'route' AND value = %(value)s)"""
    route = str(ROUTES // 2)
    wanted: list[tuple[str, Message, str, dict[str, Any]]] = [
        ("all", ask(), "", {}),
        ("tag", ask(tag=tag_pb2.Tag(key="route", value=route)), labelled, {"value": route}),
    ]
    deep = list(map(inventory.point, _depths(inventory.meters)))
    return [
        *_by_id("usage_point", stub.ListUsagePoints, wanted, deep, page),
        *_below_nodes("usage_point", stub.ListUsagePoints, ask, inventory, page),
    ]


def _depths(count: int) -> tuple[int, int]:
    return count // 2, count - count // 50
