"""The stores of the five kinds of resources, and how each is written as a row."""

from typing import Any

from server.devices import tables
from server.devices.documents import (
    clock_document,
    codec_document,
    command_document,
    read_clock,
    read_codec,
    read_command,
    read_template,
    template_document,
)
from server.devices.domain import DeviceModel, Gateway, Meter, Node, UsagePoint
from server.devices.errors import (
    DeviceModelNotFound,
    GatewayNotFound,
    MeterNotFound,
    NodeNotFound,
    UsagePointNotFound,
)
from server.platform.resource_store import ExternalId, ResourceStore, Row, Stored, attributes_of, columns_of

Names = tuple[ExternalId, ...]

_MODEL = ("device_model_id", "manufacturer", "model", "commodity", "adapter")
_GATEWAY = ("gateway_id", "gateway_eui", "display_name", "latitude", "longitude", "tags")
_METER = ("meter_id", "device_model_id", "manufacturer", "serial_number", "display_name", "tags")
_NODE = ("node_id", "hierarchy", "kind", "parent_id", "code", "display_name", "tags")
_POINT = (
    "usage_point_id",
    "code",
    "display_name",
    "commodity",
    "time_zone",
    "place_id",
    "grid_node_id",
    "address",
    "tags",
)


def _read_model(row: Row, names: Names, stored: Stored) -> DeviceModel:
    return DeviceModel(
        **columns_of(row, *_MODEL),
        codec=read_codec(row["codec"]),
        channel_templates=tuple(map(read_template, row["channel_templates"])),
        command_templates=tuple(map(read_command, row["command_templates"])),
        clock_behaviour=read_clock(row["clock_behaviour"]),
        external_ids=names,
        stored=stored,
    )


def _write_model(model: DeviceModel) -> dict[str, Any]:
    return {
        **attributes_of(model, *_MODEL),
        "codec": codec_document(model.codec),
        "channel_templates": [template_document(one) for one in model.channel_templates],
        "command_templates": [command_document(one) for one in model.command_templates],
        "clock_behaviour": clock_document(model.clock_behaviour),
    }


device_models = ResourceStore[DeviceModel](
    "device_model",
    tables.device_model,
    tables.external_id,
    read=_read_model,
    write=_write_model,
    missing=DeviceModelNotFound,
    unique={"device_model_name": "model"},
)

gateways = ResourceStore[Gateway](
    "gateway",
    tables.gateway,
    tables.external_id,
    read=lambda row, names, stored: Gateway(**columns_of(row, *_GATEWAY), external_ids=names, stored=stored),
    write=lambda gateway: attributes_of(gateway, *_GATEWAY),
    missing=GatewayNotFound,
    unique={"gateway_address": "gateway_eui"},
)

meters = ResourceStore[Meter](
    "meter",
    tables.meter,
    tables.external_id,
    read=lambda row, names, stored: Meter(
        **columns_of(row, *_METER), dev_eui=row["dev_eui"] or "", external_ids=names, stored=stored
    ),
    write=lambda meter: {**attributes_of(meter, *_METER), "dev_eui": meter.dev_eui or None},
    missing=MeterNotFound,
    unique={"meter_serial": "serial_number", "meter_address": "dev_eui"},
)

nodes = ResourceStore[Node](
    "node",
    tables.node,
    tables.external_id,
    read=lambda row, names, stored: Node(**columns_of(row, *_NODE), external_ids=names, stored=stored),
    write=lambda node: attributes_of(node, *_NODE),
    missing=NodeNotFound,
    unique={"node_code": "code"},
)

usage_points = ResourceStore[UsagePoint](
    "usage_point",
    tables.usage_point,
    tables.external_id,
    read=lambda row, names, stored: UsagePoint(**columns_of(row, *_POINT), external_ids=names, stored=stored),
    write=lambda point: attributes_of(point, *_POINT),
    missing=UsagePointNotFound,
    unique={"usage_point_code": "code"},
)
