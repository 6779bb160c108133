"""Rows of devices.v1 that join things: usage points, installations, exchanges, attachments, provisioning."""

from datetime import UTC, datetime
from typing import Any

from tests.support.rpcs.rows import Fields, Kind, row, text
from tests.support.rpcs.rows_devices import (
    CONCENTRATOR,
    GATEWAY,
    METER,
    METERS,
    MODULE,
    MODULES,
    NODE,
    SPRING,
)
from tests.support.rpcs.world import World

POINTS, SAGA = "devices.UsagePointService", "devices.ProvisioningService"
AUTUMN = datetime(2013, 10, 27, 1, tzinfo=UTC)
KEYS = {"app_key": "00112233445566778899aabbccddeeff"}
ACTIVE, FAILED = 2, 3


def _point(_: World) -> Fields:
    return {"code": text(), "commodity": "COMMODITY_ELECTRICITY", "time_zone": "Europe/London"}


POINT = Kind(POINTS, "usage_point", _point, {"display_name": "another name"}).enter(
    "Create", "Get", "List", "Update", "Archive", "Undelete"
)


@row(f"{POINTS}.BatchCreateUsagePoints")
def some_points(world: World) -> Fields:
    return {"usage_points": [_point(world), _point(world)]}


@row(f"{POINTS}.InstallMeter")
def a_pair(world: World) -> Fields:
    return {"usage_point_id": POINT.id(world), "meter_id": METER.id(world), "install_time": SPRING}


def installed(world: World) -> Fields:
    """A usage point with a meter since the spring of 2013."""
    pair = a_pair(world)
    world.do(f"{POINTS}.InstallMeter", **pair)
    return pair


@row(f"{POINTS}.RemoveMeter")
def a_meter_to_remove(world: World) -> Fields:
    return {"usage_point_id": installed(world)["usage_point_id"], "remove_time": AUTUMN}


@row(f"{POINTS}.SetMultiplier")
def a_multiplier(world: World) -> Fields:
    return {
        "usage_point_id": installed(world)["usage_point_id"],
        "multiplier": "40",
        "effective_from": AUTUMN,
        "current_ratio": "200/5",
    }


@row(f"{POINTS}.MoveUsagePoint")
def a_move(world: World) -> Fields:
    return {
        "usage_point_id": POINT.id(world),
        "place_id": NODE.one(world).node_id,
        "effective_from": datetime(2100, 3, 28, 1, tzinfo=UTC),
    }


@row(f"{POINTS}.ListUsagePointPositions")
def positions(world: World) -> Fields:
    def make() -> str:
        first = a_move(world)
        for year in (2100, 2101, 2102):
            to = {"place_id": NODE.id(world), "effective_from": datetime(year, 3, 1, tzinfo=UTC)}
            world.do(f"{POINTS}.MoveUsagePoint", **{**first, **to})
        return str(first["usage_point_id"])

    return {"usage_point_id": world.kept("moved usage point", make)}


@row(f"{POINTS}.ListInstallations")
def installations(world: World) -> Fields:
    world.kept("three installations", lambda: [installed(world) for _ in range(3)])
    return {}


@row(f"{METERS}.ReplaceMeter")
def an_exchange_to_make(world: World) -> Fields:
    return {
        "meter_id": installed(world)["meter_id"],
        "new_meter_id": METER.id(world),
        "remove_time": AUTUMN,
        "final_readings": [{"code": "total", "value": "999990.5"}],
        "reason": "old age",
    }


def _exchanged(world: World) -> str:
    made = world.do(f"{METERS}.ReplaceMeter", **an_exchange_to_make(world))
    return str(made.meter_exchange.meter_exchange_id)


@row(f"{METERS}.CompleteMeterExchange")
def an_exchange_to_complete(world: World) -> Fields:
    return {
        "meter_exchange_id": _exchanged(world),
        "initial_readings": [{"code": "total", "value": "0.5"}],
    }


@row(f"{METERS}.GetMeterExchange")
def an_exchange(world: World) -> Fields:
    return {"meter_exchange_id": world.kept("exchange", lambda: _exchanged(world))}


@row(f"{METERS}.ListMeterExchanges")
def exchanges(world: World) -> Fields:
    world.kept("three exchanges", lambda: [_exchanged(world) for _ in range(3)])
    return {}


@row(f"{MODULES}.AttachChannel")
def an_attachment_to_make(world: World) -> Fields:
    return {
        "pulse_module_id": MODULE.id(world),
        "input": "in1",
        "meter_id": METER.id(world),
        "code": "total",
        "pulse_weight": "0.01",
        "initial_index": "12.5",
        "effective_from": SPRING,
    }


def _attached(world: World) -> Fields:
    made = an_attachment_to_make(world)
    world.do(f"{MODULES}.AttachChannel", **made)
    return {"pulse_module_id": made["pulse_module_id"], "input": "in1"}


@row(f"{MODULES}.DetachChannel")
def an_attachment_to_end(world: World) -> Fields:
    return {**_attached(world), "effective_to": AUTUMN}


@row(f"{MODULES}.SetPulseWeight")
def a_pulse_weight(world: World) -> Fields:
    return {**_attached(world), "pulse_weight": "0.02", "effective_from": AUTUMN}


@row(f"{MODULES}.ListAttachments")
def attachments(world: World) -> Fields:
    world.kept("three attachments", lambda: [_attached(world) for _ in range(3)])
    return {}


@row(f"{MODULES}.ReplaceModule")
def a_module_to_replace(world: World) -> Fields:
    return {
        "pulse_module_id": _attached(world)["pulse_module_id"],
        "new_pulse_module_id": MODULE.id(world),
        "replace_time": AUTUMN,
    }


def _managed(world: World) -> Any:
    """A meter that the network server is to know."""
    return METER.new(world, keys=KEYS)


def _task(world: World, device_id: str, kind: str = "METER") -> str:
    """The device's task; adapters are told of it by the bus."""
    found = _tasks(world, kind)
    return next(str(one.provisioning_task_id) for one in found if one.device_id == device_id)


def _tasks(world: World, kind: str) -> list[Any]:
    asked = {"adapter": "chirpstack", "kind": f"DEVICE_KIND_{kind}", "page_size": 1000}
    return list(world.do(f"{SAGA}.ListManagedDevices", world.key("adapter"), **asked).devices)


@row(f"{SAGA}.TakeProvisioningTask")
def a_task(world: World) -> Fields:
    def make() -> str:
        return _task(world, _managed(world).meter_id)

    return {"provisioning_task_id": world.kept("task", make)}


@row(f"{SAGA}.ReportProvisioning")
def a_report(world: World) -> Fields:
    return {"provisioning_task_id": _task(world, _managed(world).meter_id), "generation": 1, "state": ACTIVE}


def _failed(world: World, device_id: str, kind: str = "METER") -> None:
    world.do(
        f"{SAGA}.ReportProvisioning",
        world.key("adapter"),
        provisioning_task_id=_task(world, device_id, kind),
        generation=1,
        state=FAILED,
        reason="ERROR_REASON_PROVISIONING_FAILED",
    )


@row(f"{METERS}.RetryProvisioning")
def a_failed_meter(world: World) -> Fields:
    made = _managed(world).meter_id
    _failed(world, made)
    return {"meter_id": made}


@row(f"{SAGA}.ListManagedDevices")
def managed(world: World) -> Fields:
    world.kept("three managed meters", lambda: [_managed(world) for _ in range(3)])
    return {"adapter": "chirpstack", "kind": "DEVICE_KIND_METER"}


@row(f"{SAGA}.StartReconciliation")
def a_comparison_to_start(_: World) -> Fields:
    return {"adapter": "chirpstack"}


def _compared(world: World) -> str:
    started = world.do(f"{SAGA}.StartReconciliation", adapter="table")
    return str(started.reconciliation.reconciliation_id)


@row(f"{SAGA}.GetReconciliation")
def a_comparison(world: World) -> Fields:
    return {"reconciliation_id": world.kept("comparison", lambda: _compared(world))}


@row(f"{SAGA}.ListReconciliations")
def comparisons(world: World) -> Fields:
    world.kept("three comparisons", lambda: [_compared(world) for _ in range(3)])
    return {"adapter": "table"}


@row(f"{SAGA}.ReportReconciliation")
def a_comparison_to_report(world: World) -> Fields:
    return {"reconciliation_id": _compared(world), "compared": 3}


@row(f"{MODULES}.RetryPulseModuleProvisioning")
def a_failed_module(world: World) -> Fields:
    made = MODULE.new(world, keys=KEYS).pulse_module_id
    _failed(world, made, "PULSE_MODULE")
    return {"pulse_module_id": made}


@row("devices.GatewayService.RetryGatewayProvisioning")
def a_failed_gateway(world: World) -> Fields:
    made = GATEWAY.new(world, managed=True).gateway_id
    _failed(world, made, "GATEWAY")
    return {"gateway_id": made}


@row("devices.ConcentratorService.RetryConcentratorProvisioning")
def a_failed_concentrator(world: World) -> Fields:
    return {"concentrator_id": CONCENTRATOR.id(world)}
