"""Rows of demand, of derived series and of factors."""

from datetime import timedelta

from tests.support.rpcs.rows import Fields, Kind, row, text
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


SERIES, FACTORS = "readings.DerivedSeriesService", "readings.FactorSetService"


def _draft(world: World) -> Fields:
    series = {"series": [home(world).series]}
    return {
        "display_name": text(),
        "unit": "kWh",
        "formula": "energy * 2",
        "inputs": [{"name": "energy", "series": series}],
    }


DERIVED = Kind(SERIES, "derived_series", _draft, {"description": "twice"}, plural="DerivedSeries").enter(
    "Create", "Get", "List", "Update", "Archive"
)

FACTOR_SETS = Kind(
    FACTORS,
    "factor_set",
    lambda _: {"display_name": text(), "unit": "MJ/m3"},
    {"description": "of the north"},
).enter("Create", "Get", "List", "Update", "Archive")


@row(f"{SERIES}.ListDerivedSeriesVersions")
def versions(world: World) -> Fields:
    def three() -> Fields:
        name = {"derived_series_id": DERIVED.id(world)}
        for number in (3, 4):
            world.do(
                f"{SERIES}.UpdateDerivedSeries",
                derived_series={**name, "formula": f"energy * {number}"},
            )
        return name

    return world.kept("versions of a derived series", three)


@row(f"{SERIES}.EvaluateDerivedSeries")
def values(world: World) -> Fields:
    start = home(world).start
    span = {"start_time": start, "end_time": start + timedelta(hours=3)}
    return {"derived_series_id": DERIVED.one(world).derived_series_id, **span}


@row(f"{SERIES}.PreviewDerivedSeries")
def a_preview(world: World) -> Fields:
    start = home(world).start
    return {
        "derived_series": _draft(world),
        "start_time": start,
        "end_time": start + timedelta(hours=3),
    }


def _values(world: World) -> list[Fields]:
    start = home(world).start
    return [
        {
            "start_time": start + timedelta(days=n),
            "end_time": start + timedelta(days=n + 1),
            "value": f"39.{n}",
        }
        for n in range(3)
    ]


@row(f"{FACTORS}.GiveFactorValues")
def new_values(world: World) -> Fields:
    return {"factor_set_id": FACTOR_SETS.id(world), "values": _values(world)}


@row(f"{FACTORS}.ListFactorValues", f"{FACTORS}.ListFactorValueVersions")
def given_values(world: World) -> Fields:
    def three() -> Fields:
        name = {"factor_set_id": FACTOR_SETS.id(world)}
        world.do(f"{FACTORS}.GiveFactorValues", **name, values=_values(world))
        return name

    return world.kept("values of a factor", three)
