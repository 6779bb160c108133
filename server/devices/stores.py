"""The stores of the five kinds of resources, and how each is written as a row."""

from typing import Any
from uuid import UUID

from server.devices import tables
from server.devices.configuration import document, read_document
from server.devices.documents import (
    clock_document,
    codec_document,
    command_document,
    lorawan_document,
    read_clock,
    read_codec,
    read_command,
    read_lorawan,
    read_template,
    template_document,
)
from server.devices.domain import (
    Concentrator,
    ConfigProfile,
    DeviceModel,
    Gateway,
    Meter,
    Node,
    UsagePoint,
)
from server.devices.errors import (
    ConcentratorNotFound,
    ConfigProfileNotFound,
    DeviceModelNotFound,
    GatewayNotFound,
    MeterNotFound,
    NodeNotFound,
    PulseModuleNotFound,
    UsagePointNotFound,
)
from server.devices.scoping import visible_meters, visible_nodes, visible_points
from server.platform.resource_store import (
    ExternalId,
    ResourceStore,
    Row,
    Stored,
    Taken,
    attributes_of,
    columns_of,
)
from simba.devices.v1 import (
    concentrator_pb2,
    config_profile_service_pb2,
    device_model_pb2,
    gateway_pb2,
    meter_pb2,
    pulse_module_pb2,
)

Names = tuple[ExternalId, ...]

_MODEL = ("device_model_id", "manufacturer", "model", "commodity", "adapter")
_GATEWAY = (
    "gateway_id",
    "gateway_eui",
    "display_name",
    "latitude",
    "longitude",
    "place_id",
    "managed",
    "stats_interval_seconds",
    "life",
    "tags",
)
_CONCENTRATOR = (
    "concentrator_id",
    "serial_number",
    "adapter",
    "display_name",
    "place_id",
    "grid_node_id",
    "life",
    "tags",
)
_PROFILE = ("config_profile_id", "display_name", "settings")
_METER = (
    "meter_id",
    "device_kind",
    "device_model_id",
    "manufacturer",
    "serial_number",
    "display_name",
    "join_eui",
    "batch",
    "concentrator_id",
    "life",
    "tags",
)
_NODE = ("node_id", "hierarchy", "kind", "code", "display_name", "tags")
_POINT = (
    "usage_point_id",
    "code",
    "display_name",
    "commodity",
    "time_zone",
    "address",
    "contract_capacity",
    "contract_capacity_unit",
    "latitude",
    "longitude",
    "tags",
)


def _read_model(row: Row, names: Names, stored: Stored) -> DeviceModel:
    return DeviceModel(
        **columns_of(row, *_MODEL),
        codec=read_codec(row["codec"]),
        channel_templates=tuple(map(read_template, row["channel_templates"])),
        command_templates=tuple(map(read_command, row["command_templates"])),
        clock_behaviour=read_clock(row["clock_behaviour"]),
        lorawan=read_lorawan(row["lorawan"]),
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
        "lorawan": lorawan_document(model.lorawan),
    }


device_models = ResourceStore[DeviceModel](
    "device_model",
    tables.device_model,
    tables.external_id,
    read=_read_model,
    write=_write_model,
    missing=DeviceModelNotFound,
    unique={"device_model_name": ("manufacturer", "model")},
    message=device_model_pb2.DeviceModel,
)

gateways = ResourceStore[Gateway](
    "gateway",
    tables.gateway,
    tables.external_id,
    read=lambda row, names, stored: Gateway(
        **columns_of(row, *_GATEWAY),
        configuration=read_document(row["configuration"]),
        external_ids=names,
        stored=stored,
    ),
    write=lambda gateway: {
        **attributes_of(gateway, *_GATEWAY),
        "configuration": document(gateway.configuration),
    },
    missing=GatewayNotFound,
    unique={"gateway_address": "gateway_eui"},
    message=gateway_pb2.Gateway,
)

concentrators = ResourceStore[Concentrator](
    "concentrator",
    tables.concentrator,
    tables.external_id,
    read=lambda row, names, stored: Concentrator(
        **columns_of(row, *_CONCENTRATOR),
        identity=row["identity"] or "",
        configuration=read_document(row["configuration"]),
        external_ids=names,
        stored=stored,
    ),
    write=lambda concentrator: {
        **attributes_of(concentrator, *_CONCENTRATOR),
        "identity": concentrator.identity or None,
        "configuration": document(concentrator.configuration),
    },
    missing=ConcentratorNotFound,
    unique={"concentrator_serial": "serial_number", "concentrator_identity": "identity"},
    message=concentrator_pb2.Concentrator,
)

config_profiles = ResourceStore[ConfigProfile](
    "config_profile",
    tables.config_profile,
    read=lambda row, _, stored: ConfigProfile(**columns_of(row, *_PROFILE), stored=stored),
    write=lambda profile: attributes_of(profile, *_PROFILE),
    missing=ConfigProfileNotFound,
    unique={"config_profile_name": "display_name"},
    message=config_profile_service_pb2.ConfigProfile,
)


def _read_meter(row: Row, names: Names, stored: Stored) -> Meter:
    return Meter(
        **columns_of(row, *_METER),
        dev_eui=row["dev_eui"] or "",
        configuration=read_document(row["configuration"]),
        external_ids=names,
        stored=stored,
    )


def _write_meter(meter: Meter) -> dict[str, Any]:
    return {
        **attributes_of(meter, *_METER),
        "dev_eui": meter.dev_eui or None,
        "configuration": document(meter.configuration),
    }


_UNIQUE_METER: dict[str, str | tuple[str, ...]] = {
    "meter_serial": ("manufacturer", "serial_number"),
    "meter_address": "dev_eui",
}

meters = ResourceStore[Meter](
    "meter",
    tables.meter,
    tables.external_id,
    read=_read_meter,
    write=_write_meter,
    missing=MeterNotFound,
    unique=_UNIQUE_METER,
    message=meter_pb2.Meter,
    visible=visible_meters,
    only=[tables.meter.c.device_kind == "METER"],
)


def _taken_of_module(field: str, value: object, other: UUID | None) -> Taken:
    return Taken(field.replace(".meter_id", ".pulse_module_id"), value, other)


pulse_modules = ResourceStore[Meter](
    "pulse_module",
    tables.meter,
    tables.external_id,
    read=_read_meter,
    write=_write_meter,
    missing=PulseModuleNotFound,
    unique=_UNIQUE_METER,
    taken=_taken_of_module,
    message=pulse_module_pb2.PulseModule,
    visible=visible_meters,
    key="meter_id",
    only=[tables.meter.c.device_kind == "PULSE_MODULE"],
)
"""Modules are rows of the table of meters: their numbers, addresses, channels and keys are alike."""

nodes = ResourceStore[Node](
    "node",
    tables.node,
    tables.external_id,
    read=lambda row, names, stored: Node(**columns_of(row, *_NODE), external_ids=names, stored=stored),
    write=lambda node: attributes_of(node, *_NODE),
    missing=NodeNotFound,
    visible=visible_nodes,
    unique={"node_code": ("hierarchy", "code")},
)

usage_points = ResourceStore[UsagePoint](
    "usage_point",
    tables.usage_point,
    tables.external_id,
    read=lambda row, names, stored: UsagePoint(**columns_of(row, *_POINT), external_ids=names, stored=stored),
    write=lambda point: attributes_of(point, *_POINT),
    missing=UsagePointNotFound,
    visible=visible_points,
    unique={"usage_point_code": "code"},
)
