"""Rows of what is read of readings in sums, in months and as it comes."""

from datetime import UTC, datetime
from typing import Any

from simba.devices.v1 import node_pb2
from tests.support.rpcs.rows import Fields, row
from tests.support.rpcs.rows_readings import READINGS, home
from tests.support.rpcs.rows_supply import supplied
from tests.support.rpcs.world import World

_OCTOBER = {
    "start_time": datetime(2013, 9, 30, 23, tzinfo=UTC),
    "end_time": datetime(2013, 11, 1, tzinfo=UTC),
}


@row(f"{READINGS}.GetBillReadyUsage")
def a_month(world: World) -> Fields:
    return {"usage_point_id": home(world).point, "month": "2013-10"}


@row(f"{READINGS}.SubscribeReadings")
def a_subscription(world: World) -> Fields:
    return {"usage_point_ids": [home(world).point]}


@row(f"{READINGS}.GetLatestReadings")
def latest(world: World) -> Fields:
    return {"usage_points": {"ids": supplied(world)["usage_point_ids"]}}


def _tree(world: World) -> Fields:
    home(world)
    hierarchy: Any = node_pb2.HIERARCHY_PLACE
    return {"hierarchy": hierarchy, **_OCTOBER}


@row("readings.AggregationService.Aggregate")
def sums(world: World) -> Fields:
    return {**_tree(world), "resolution": "RESOLUTION_DAY"}


@row("readings.CoverageService.GetCoverage")
def coverage(world: World) -> Fields:
    return _tree(world)
