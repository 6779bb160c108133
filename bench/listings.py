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
_POINTS = """
    SELECT usage_point_id FROM usage_point_position
     WHERE tenant_id = %(tenant)s AND {column} IN ({below}) AND valid @> now()
"""
_INSTALLED = """
    SELECT meter_id FROM installation
     WHERE tenant_id = %(tenant)s AND start_time <= now() AND (end_time IS NULL OR end_time > now()) {where}
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
    after: Sequence[UUID | None] = (None,)
    """Where pages are asked for: at the beginning, in the middle and near the end of what there is."""


def listings(channel: grpc.aio.Channel, inventory: Inventory, page: int) -> list[Listing]:
    """All of them; ``page`` rows each."""
    return [*_meters(channel, inventory, page), *_usage_points(channel, inventory, page)]


def _meters(channel: grpc.aio.Channel, inventory: Inventory, page: int) -> list[Listing]:
    stub: Any = MeterServiceStub(channel)
    ask = meter_service_pb2.ListMetersRequest
    silent = ask()
    silent.last_seen_before.FromDatetime(inventory.silent_before)
    serial, eui = inventory.serial(7), inventory.dev_eui(7)
    deep: Sequence[UUID | None] = (None, *map(inventory.meter, _depths(inventory.meters)))
    named = """AND meter_id IN (SELECT resource_id FROM device_external_id WHERE tenant_id = %(tenant)s
               AND kind = 'meter' AND system = 'cis' AND value = %(value)s)"""
    labelled = """AND meter_id IN (SELECT resource_id FROM tag WHERE tenant_id = %(tenant)s
                  AND kind = 'meter' AND key = 'route' AND value = %(value)s)"""
    heard = """AND meter_id IN (SELECT device_id FROM contact WHERE tenant_id = %(tenant)s
               AND kind = 'METER' AND last_seen_time < %(time)s)"""
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
        ("last_seen_before", silent, heard, {"time": inventory.silent_before}),
        (
            "place",
            ask(place_id=str(inventory.settlement)),
            _within("place_id"),
            {"node": inventory.settlement},
        ),
        (
            "grid_node",
            ask(grid_node_id=str(inventory.substation)),
            _within("grid_node_id"),
            {"node": inventory.substation},
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
    return [
        Listing(
            f"list_meters_{name}",
            stub.ListMeters,
            request,
            _PAGE.format(kind="meter", where=where, limit=page + 1),
            values,
            deep,
        )
        for name, request, where, values in wanted
    ]


def _within(column: str) -> str:
    points = _POINTS.format(column=column, below=_BELOW)
    return f"AND meter_id IN ({_INSTALLED.format(where=f'AND usage_point_id IN ({points})')})"


def _usage_points(channel: grpc.aio.Channel, inventory: Inventory, page: int) -> list[Listing]:
    stub: Any = UsagePointServiceStub(channel)
    ask = usage_point_service_pb2.ListUsagePointsRequest
    labelled = """AND usage_point_id IN (SELECT resource_id FROM tag WHERE tenant_id = %(tenant)s
                  AND kind = 'usage_point' AND key = 'route' AND value = %(value)s)"""
    inside = "AND usage_point_id IN ({points})"
    wanted: list[tuple[str, Message, str, dict[str, Any]]] = [
        ("all", ask(), "", {}),
        (
            "tag",
            ask(tag=tag_pb2.Tag(key="route", value=str(ROUTES // 2))),
            labelled,
            {"value": str(ROUTES // 2)},
        ),
        (
            "place",
            ask(place_id=str(inventory.settlement)),
            inside.format(points=_POINTS.format(column="place_id", below=_BELOW)),
            {"node": inventory.settlement},
        ),
        (
            "grid_node",
            ask(grid_node_id=str(inventory.substation)),
            inside.format(points=_POINTS.format(column="grid_node_id", below=_BELOW)),
            {"node": inventory.substation},
        ),
    ]
    deep: Sequence[UUID | None] = (None, *map(inventory.point, _depths(inventory.meters)))
    return [
        Listing(
            f"list_usage_points_{name}",
            stub.ListUsagePoints,
            request,
            _PAGE.format(kind="usage_point", where=where, limit=page + 1),
            values,
            deep,
        )
        for name, request, where, values in wanted
    ]


def _depths(count: int) -> tuple[int, int]:
    return count // 2, count - count // 50
