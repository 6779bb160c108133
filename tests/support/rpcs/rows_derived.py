"""Rows of demand."""

from datetime import timedelta

from tests.support.rpcs.rows import Fields, row
from tests.support.rpcs.rows_readings import home
from tests.support.rpcs.world import World

DEMAND = "readings.DemandService"


def _days(world: World) -> Fields:
    start = home(world).start
    return {"series": [home(world).series], "start_time": start, "end_time": start + timedelta(days=3)}


@row(f"{DEMAND}.QueryDemand")
def demand(world: World) -> Fields:
    return {**_days(world), "end_time": home(world).start + timedelta(hours=2)}


@row(f"{DEMAND}.QueryMaximumDemand")
def maxima(world: World) -> Fields:
    return {**_days(world), "span": "DEMAND_SPAN_DAY"}
