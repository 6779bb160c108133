"""Rows of devices.v1: models, devices of every kind, trees, and what goes with them."""

import json
from datetime import UTC, datetime
from typing import Any

from simba.common.v1 import types_pb2
from tests.support.rpcs.rows import Fields, Kind, row, text
from tests.support.rpcs.world import World
from tests.support.stack import eventually

BINDINGS, CONCENTRATORS, PROFILES, GATEWAYS, MODELS, METERS, MODULES, TREES, HEALTH, FILES = (
    f"devices.{name}Service"
    for name in (
        "DeviceBinding",
        "Concentrator",
        "ConfigProfile",
        "Gateway",
        "DeviceModel",
        "Meter",
        "PulseModule",
        "Hierarchy",
        "NetworkHealth",
        "Inventory",
    )
)
LIFE = ("Create", "Get", "List", "Update", "Archive", "Undelete", "Suspend", "Resume", "Return")
SUCCEEDED = types_pb2.WORK_STATE_SUCCEEDED
SPRING = datetime(2013, 3, 31, 1, tzinfo=UTC)

CODEC = "function decodeUplink(input) { return {data: {total: input.bytes[0]}}; }"
REGISTER = {
    "code": "total",
    "quantity": "QUANTITY_ACTIVE_ENERGY_IMPORT",
    "kind": "MEASUREMENT_KIND_REGISTER",
    "unit": "kWh",
    "dials": 6,
    "codec_path": "total",
}
INTERVAL = {
    "code": "profile",
    "quantity": "QUANTITY_ACTIVE_ENERGY_IMPORT",
    "kind": "MEASUREMENT_KIND_INTERVAL",
    "unit": "kWh",
    "interval": {"seconds": 1800},
}
PULSES = {
    "code": "in1",
    "quantity": "QUANTITY_PULSE_COUNT",
    "kind": "MEASUREMENT_KIND_REGISTER",
    "unit": "1",
    "dials": 9,
}


def _model(_: World, **others: Any) -> Fields:
    return {
        "manufacturer": "Table",
        "model": text(),
        "commodity": "COMMODITY_ELECTRICITY",
        "adapter": "chirpstack",
        "codec": {"script": CODEC},
        "channel_templates": [REGISTER, INTERVAL],
        "command_templates": [{"action": "disconnect", "answer_path": "relay"}],
        **others,
    }


MODEL = Kind(MODELS, "device_model", _model, {"manufacturer": "Another"}).enter(
    "Create", "Get", "List", "Update", "Archive", "Undelete"
)


def pulse_model(world: World) -> str:
    """The model of pulse modules with one input."""
    return world.kept(
        "pulse model", lambda: MODEL.id(world, channel_templates=[PULSES], command_templates=[])
    )


def _device(world: World) -> Fields:
    return {
        "device_model_id": MODEL.one(world).device_model_id,
        "serial_number": text(),
        "dev_eui": text()[:16],
    }


METER = Kind(METERS, "meter", _device, {"display_name": "another name"}).enter(*LIFE)
MODULE = Kind(
    MODULES,
    "pulse_module",
    lambda world: {**_device(world), "device_model_id": pulse_model(world)},
    {"display_name": "another name"},
).enter(*LIFE)
GATEWAY = Kind(
    GATEWAYS, "gateway", lambda _: {"gateway_eui": text()[:16]}, {"display_name": "another name"}
).enter(*LIFE)
CONCENTRATOR = Kind(
    CONCENTRATORS,
    "concentrator",
    lambda _: {"serial_number": text(), "adapter": "table"},
    {"display_name": "another name"},
).enter(*LIFE)
PROFILE = Kind(
    PROFILES,
    "config_profile",
    lambda _: {"display_name": text(), "settings": {"interval": 900.0}},
    {"settings": {"interval": 600.0}},
).enter("Create", "Get", "List", "Update", "Archive")
NODE = Kind(
    TREES,
    "node",
    lambda _: {"hierarchy": "HIERARCHY_PLACE", "kind": "region", "code": text()},
    {"display_name": "another name"},
).enter("Create", "Get", "List", "Update", "Archive", "Undelete")


@row(f"{MODELS}.ListCodecVersions")
def codec_versions(world: World) -> Fields:
    def make() -> str:
        made = MODEL.id(world)
        for number in (2, 3):
            changed = {"device_model_id": made, "codec": {"script": f"{CODEC} // {number}"}}
            world.do(f"{MODELS}.UpdateDeviceModel", device_model=changed, update_mask={"paths": ["codec"]})
        return made

    return {"device_model_id": world.kept("codec versions", make)}


@row(f"{MODELS}.ImportDeviceModels")
def imported_models(world: World) -> Fields:
    return {"device_models": [_model(world), _model(world)]}


@row(f"{MODELS}.TestCodec")
def a_codec(world: World) -> Fields:
    return {"device_model_id": MODEL.one(world).device_model_id, "f_port": 1, "payload": b"\x07"}


@row(f"{METERS}.BatchCreateMeters")
def some_meters(world: World) -> Fields:
    return {"meters": [_device(world), _device(world)]}


@row(f"{METERS}.ListMeterHistory")
def meter_history(world: World) -> Fields:
    def make() -> str:
        made = METER.id(world)
        for verb in ("Suspend", "Resume"):
            world.do(f"{METERS}.{verb}Meter", meter_id=made)
        eventually(lambda: len(world.do(f"{METERS}.ListMeterHistory", meter_id=made).entries) >= 3)
        return made

    return {"meter_id": world.kept("meter with a history", make)}


def _drift(kind: Kind) -> None:
    row(f"{kind.service}.Get{kind.camel}ConfigDrift")(
        lambda world: {kind.id_field: getattr(kind.one(world), kind.id_field)}
    )


def _profile(kind: Kind) -> None:
    def make(world: World) -> Fields:
        return {
            "config_profile_id": PROFILE.one(world).config_profile_id,
            f"{kind.name}_ids": [kind.id(world), kind.id(world)],
        }

    row(f"{kind.service}.Apply{kind.camel}ConfigProfile")(make)


def _clock(kind: Kind) -> None:
    row(f"{kind.service}.Get{kind.camel}ClockStatus")(
        lambda world: {kind.id_field: getattr(kind.one(world), kind.id_field)}
    )


for each in (METER, MODULE, GATEWAY, CONCENTRATOR):
    _drift(each)
    _profile(each)
for each in (GATEWAY, CONCENTRATOR):
    _clock(each)


@row(f"{BINDINGS}.BatchGetDeviceBindings")
def bindings(world: World) -> Fields:
    return {"dev_euis": [METER.one(world).dev_eui]}


@row(f"{BINDINGS}.GetDeviceBinding")
def a_binding(world: World) -> Fields:
    return {"dev_eui": METER.one(world).dev_eui}


@row(f"{BINDINGS}.ReportDeviceStatus")
def statuses(world: World) -> Fields:
    return {"statuses": [{"dev_eui": METER.one(world).dev_eui, "seen_time": SPRING, "rssi_dbm": -80}]}


@row(f"{HEALTH}.GetDeviceHealth")
def health(world: World) -> Fields:
    return {"device_id": METER.one(world).meter_id}


@row(f"{HEALTH}.ListDeviceHealth")
def all_health(world: World) -> Fields:
    GATEWAY.three(world)
    return {"kind": "DEVICE_KIND_GATEWAY"}


@row(f"{TREES}.BatchCreateNodes")
def some_nodes(world: World) -> Fields:
    return {"nodes": [NODE.draft(world), NODE.draft(world)]}


@row(f"{TREES}.MoveNode")
def a_node_to_move(world: World) -> Fields:
    # Later than the node itself: it has no place before it is there.
    later = datetime(2100, 3, 28, 1, tzinfo=UTC)
    parent = NODE.one(world).node_id
    return {"node_id": NODE.id(world, kind="building"), "parent_id": parent, "effective_from": later}


@row(f"{TREES}.ListNodeParents")
def parents(world: World) -> Fields:
    def make() -> str:
        first = a_node_to_move(world)
        for year in (2100, 2101, 2102):
            to = first["parent_id"] if year % 2 else NODE.id(world)
            moved = {**first, "parent_id": to, "effective_from": datetime(year, 3, 1, tzinfo=UTC)}
            world.do(f"{TREES}.MoveNode", **moved)
        return str(first["node_id"])

    return {"node_id": world.kept("moved node", make)}


def _file(world: World, *, good: bool = True) -> Fields:
    kind = "region" if good else ""
    rows = [
        {"kind": "node", "hierarchy": "place", "code": text(), "node_kind": kind, "display_name": "x"}
        for _ in range(3)
    ]
    content = "".join(json.dumps(one) + "\n" for one in rows).encode()
    return {
        "inventory_import": {"file_name": "nodes.json", "format": "INVENTORY_FORMAT_JSON"},
        "content": content,
    }


@row(f"{FILES}.CreateInventoryImport")
def a_file(world: World) -> Fields:
    return _file(world)


def _imported(world: World, *, good: bool) -> Any:
    made = world.do(f"{FILES}.CreateInventoryImport", **_file(world, good=good)).inventory_import
    name = {"inventory_import_id": made.inventory_import_id}
    eventually(lambda: world.do(f"{FILES}.GetInventoryImport", **name).inventory_import.state >= SUCCEEDED)
    return name


@row(f"{FILES}.GetInventoryImport", f"{FILES}.WatchInventoryImport")
def an_import(world: World) -> Fields:
    return world.kept("inventory import", lambda: _imported(world, good=True))


@row(f"{FILES}.ListInventoryImports")
def imports(world: World) -> Fields:
    world.kept("three inventory imports", lambda: [_imported(world, good=True) for _ in range(3)])
    return {}


@row(f"{FILES}.ListInventoryImportErrors")
def import_errors(world: World) -> Fields:
    return world.kept("bad inventory import", lambda: _imported(world, good=False))


@row(f"{FILES}.CreateInventoryExport")
def an_export_to_write(_: World) -> Fields:
    return {"inventory_export": {"format": "INVENTORY_FORMAT_JSON", "kind": "INVENTORY_KIND_NODES"}}


def _exported(world: World) -> Fields:
    made = world.do(f"{FILES}.CreateInventoryExport", **an_export_to_write(world)).inventory_export
    name = {"inventory_export_id": made.inventory_export_id}
    eventually(lambda: world.do(f"{FILES}.GetInventoryExport", **name).inventory_export.state == SUCCEEDED)
    return name


@row(f"{FILES}.GetInventoryExport", f"{FILES}.GetInventoryExportFile", f"{FILES}.DownloadInventoryExport")
def an_export(world: World) -> Fields:
    return world.kept("inventory export", lambda: _exported(world))
