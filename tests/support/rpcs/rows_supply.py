"""Rows of quality of supply and of retention."""

from datetime import UTC, datetime, timedelta

from simba.common.v1 import types_pb2
from simba.readings.v1 import retention_pb2
from tests.support.rpcs.rows import Fields, row, text
from tests.support.rpcs.rows_field import POINTS
from tests.support.rpcs.world import World
from tests.support.stack import eventually

SUPPLY, RETENTION = "readings.SupplyQualityService", "readings.RetentionService"
START = datetime(2025, 3, 30, tzinfo=UTC)
RAW = retention_pb2.DATA_CLASS_RAW


def supplied(world: World) -> Fields:
    """Two usage points with a voltage every ten minutes of a morning."""

    def make() -> Fields:
        channel = {
            "code": "voltage",
            "quantity": types_pb2.QUANTITY_VOLTAGE,
            "kind": types_pb2.MEASUREMENT_KIND_INSTANTANEOUS,
            "unit": "V",
            "interval": {"seconds": 600},
        }
        model = {
            "manufacturer": "Table",
            "model": text(),
            "commodity": types_pb2.COMMODITY_ELECTRICITY,
            "adapter": "wum",
            "channel_templates": [channel],
        }
        made = world.do("devices.DeviceModelService.CreateDeviceModel", device_model=model).device_model
        points = []
        for volts in ("229", "199"):
            drafted = {"device_model_id": made.device_model_id, "serial_number": text()}
            meter = world.do("devices.MeterService.CreateMeter", meter=drafted).meter
            place = {
                "code": text(),
                "commodity": types_pb2.COMMODITY_ELECTRICITY,
                "time_zone": "Europe/London",
            }
            point = world.do(f"{POINTS}.CreateUsagePoint", usage_point=place).usage_point
            install = START - timedelta(days=1)
            ids = {"usage_point_id": point.usage_point_id, "meter_id": meter.meter_id}
            world.do(f"{POINTS}.InstallMeter", install_time=install, **ids)
            rows = [
                {
                    "channel": meter.channels[0].channel,
                    "time": START + n * timedelta(minutes=10),
                    "value": volts,
                }
                for n in range(24)
            ]
            assert world.do("readings.ReadingService.CreateReadings", readings=rows).stored == len(rows)
            points.append(point.usage_point_id)
        return {"usage_point_ids": points}

    return world.kept("supplied", make)


@row(f"{SUPPLY}.GetSupplyQuality")
def a_supply(world: World) -> Fields:
    period = {"start": START, "end": START + timedelta(days=1)}
    return {"usage_point_id": supplied(world)["usage_point_ids"][0], "period": period}


_SPAN = {"start_time": START, "end_time": START + timedelta(days=1)}


@row(f"{SUPPLY}.QuerySupplyQuality")
def a_profile(world: World) -> Fields:
    return {"usage_point_id": supplied(world)["usage_point_ids"][0], **_SPAN}


@row(f"{SUPPLY}.ListWorstSupplyQuality")
def a_ranking(world: World) -> Fields:
    return {**supplied(world), **_SPAN, "quantity": types_pb2.QUANTITY_VOLTAGE}


@row(f"{RETENTION}.SetRetentionPolicy")
def a_policy(world: World) -> Fields:
    commodity = types_pb2.COMMODITY_COOLING
    return {"retention_policy": {"data_class": RAW, "commodity": commodity, "keep_days": 3650}}


@row(f"{RETENTION}.DeleteRetentionPolicy")
def a_policy_to_delete(world: World) -> Fields:
    which = {"data_class": RAW, "commodity": types_pb2.COMMODITY_GAS}
    world.do(f"{RETENTION}.SetRetentionPolicy", retention_policy={**which, "keep_days": 3650})
    return which


@row(
    f"{RETENTION}.ListRetentionPolicies",
    f"{RETENTION}.PreviewRetention",
    f"{RETENTION}.GetRetentionStatus",
    f"{RETENTION}.StartRetentionRun",
)
def nothing(_: World) -> Fields:
    return {}


@row(f"{RETENTION}.CreateLegalHold")
def a_hold(world: World) -> Fields:
    return {"legal_hold": {"usage_point_id": supplied(world)["usage_point_ids"][0], "reason": text()}}


def _held(world: World) -> Fields:
    made = world.do(f"{RETENTION}.CreateLegalHold", **a_hold(world)).legal_hold
    return {"legal_hold_id": made.legal_hold_id}


@row(f"{RETENTION}.GetLegalHold")
def one_hold(world: World) -> Fields:
    return world.kept("hold", lambda: _held(world))


@row(f"{RETENTION}.ReleaseLegalHold")
def a_hold_to_release(world: World) -> Fields:
    return _held(world)


@row(f"{RETENTION}.ListLegalHolds")
def holds(world: World) -> Fields:
    world.kept("three holds", lambda: [_held(world) for _ in range(3)])
    return {}


def _run(world: World) -> Fields:
    """A run that has ended."""
    started = world.do(f"{RETENTION}.StartRetentionRun").retention_run
    name = {"retention_run_id": started.retention_run_id}
    ended = types_pb2.WORK_STATE_SUCCEEDED
    eventually(lambda: world.do(f"{RETENTION}.GetRetentionRun", **name).retention_run.state >= ended)
    return name


@row(
    f"{RETENTION}.GetRetentionRun",
    f"{RETENTION}.WatchRetentionRun",
    f"{RETENTION}.CancelRetentionRun",
)
def a_run(world: World) -> Fields:
    return world.kept("retention run", lambda: _run(world))


@row(f"{RETENTION}.ListRetentionRuns")
def runs(world: World) -> Fields:
    world.kept("two retention runs", lambda: [_run(world) for _ in range(2)])
    return {}
