"""Derived series and factors as callers reach them: nodes, scopes, errors, what cannot be computed."""

from datetime import date

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from server.platform.ids import new_id
from server.readings.calendar import local_day
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import CreateApiKeyRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.scope_pb2 import Scope
from simba.common.v1 import types_pb2 as common
from simba.devices.v1 import usage_point_service_pb2 as point_pb
from simba.readings.v1 import derived_series_pb2 as pb
from simba.readings.v1 import derived_series_service_pb2 as service_pb
from simba.readings.v1 import factor_set_pb2 as factor_pb
from simba.readings.v1 import factor_set_service_pb2 as factor_service_pb
from simba.readings.v1 import reading_pb2
from simba.readings.v1.derived_series_service_pb2_grpc import DerivedSeriesServiceStub
from simba.readings.v1.factor_set_service_pb2_grpc import FactorSetServiceStub
from tests.support.platform import error_of, make_tenant
from tests.support.readings_api import Caller, day_block, make_home, stamp, validated

IMPORT = common.QUANTITY_ACTIVE_ENERGY_IMPORT
SPRING = local_day("Europe/London", date(2025, 3, 30))


class Stubs(Caller):
    def __init__(self, channel) -> None:
        super().__init__(channel)
        self.derived = DerivedSeriesServiceStub(channel)
        self.factors = FactorSetServiceStub(channel)
        self.principals = PrincipalServiceStub(channel)

    async def make(self, formula: str, *inputs: pb.DerivedInput, unit="kWh", **others) -> pb.DerivedSeries:
        made = pb.DerivedSeries(
            display_name=str(new_id()), unit=unit, formula=formula, inputs=inputs, **others
        )
        request = service_pb.CreateDerivedSeriesRequest(derived_series=made)
        return (await self.derived.CreateDerivedSeries(request)).derived_series

    async def day(self, derived_series_id: str):
        """The sum of the short day."""
        request = service_pb.EvaluateDerivedSeriesRequest(
            derived_series_id=derived_series_id,
            start_time=stamp(SPRING.start_ms),
            end_time=stamp(SPRING.end_ms),
            resolution=reading_pb2.RESOLUTION_DAY,
        )
        (found,) = (await self.derived.EvaluateDerivedSeries(request)).intervals
        return found


@pytest.fixture
async def api(lone_platform, lone_server) -> Stubs:
    return Stubs(lone_server.channel((await make_tenant(lone_platform)).secret))


@pytest.fixture
async def street(api):
    """A node with two homes that take half a kilowatt hour in every half hour of the short day."""
    node = await api.devices.node()
    homes = [await make_home(api, place_id=node.node_id) for _ in range(2)]
    for place, home in enumerate(homes):
        (ack,) = await api.send(day_block(home, place, [500_000] * 46))
        assert ack.stored == 46
        await validated(api, home)
    return node.node_id, homes


def all_of(node_id: str, name: str = "all") -> pb.DerivedInput:
    return pb.DerivedInput(name=name, node=pb.NodeSeries(node_id=node_id, quantity=IMPORT))


def one_of(series: int, name: str = "one") -> pb.DerivedInput:
    return pb.DerivedInput(name=name, series=pb.SeriesList(series=[series]))


async def test_a_node_is_the_sum_of_who_is_in_it(api, street):
    node_id, homes = street
    made = await api.make("all - one", all_of(node_id), one_of(homes[0].series))
    found = await api.day(made.derived_series_id)
    assert (found.value, found.unit, found.series) == ("23", "kWh", 0)
    assert (found.interval_count, found.expected_count, found.missing_count) == (46, 46, 0)
    assert (found.validated_count, found.minimum, found.maximum) == (46, "0.5", "0.5")
    assert found.quality & reading_pb2.READING_QUALITY_DERIVED


async def test_who_sees_a_part_does_not_see_the_whole(lone_server, api, street):
    node_id, homes = street
    whole = await api.make("all", all_of(node_id))
    mine = await api.make("2 * one", one_of(homes[0].series))
    scope = Scope(usage_point_ids=[homes[0].point.usage_point_id])
    wanted = ApiKey(display_name="portal", roles=["consumer"], scope=scope)
    key = await api.principals.CreateApiKey(CreateApiKeyRequest(api_key=wanted))
    portal = Stubs(lone_server.channel(key.secret))
    assert (await portal.day(mine.derived_series_id)).value == "46"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await portal.day(whole.derived_series_id)
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND
    assert error_of(caught.value)[0] == "DERIVED_SERIES_NOT_FOUND"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await portal.make("one", one_of(homes[0].series))
    assert caught.value.code() == grpc.StatusCode.PERMISSION_DENIED


async def test_a_node_that_everybody_has_left_cannot_be_computed(api, street):
    node_id, homes = street
    made = await api.make("all", all_of(node_id))
    elsewhere = await api.devices.node()
    for home in homes:
        await api.devices.points.MoveUsagePoint(
            point_pb.MoveUsagePointRequest(
                usage_point_id=home.point.usage_point_id,
                place_id=elsewhere.node_id,
                effective_from=stamp(SPRING.start_ms),
            )
        )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.day(made.derived_series_id)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert error_of(caught.value)[0] == "DERIVED_SERIES_NOT_COMPUTABLE"
    assert f"node {node_id} has no series of ACTIVE_ENERGY_IMPORT" in caught.value.details()


async def test_the_unit_stays_and_the_formula_changes(api, street):
    _, homes = street
    made = await api.make("one", one_of(homes[0].series))
    made.formula = "one * 3"
    request = service_pb.UpdateDerivedSeriesRequest(
        derived_series=made, update_mask=FieldMask(paths=["formula"]), effective_from=stamp(0)
    )
    changed = (await api.derived.UpdateDerivedSeries(request)).derived_series
    assert (changed.version, changed.formula, changed.inputs) == (2, "one * 3", made.inputs)
    assert (await api.day(made.derived_series_id)).value == "69"
    request.update_mask.paths[:] = ["unit"]
    request.derived_series.etag = ""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.derived.UpdateDerivedSeries(request)
    assert error_of(caught.value)[0] == "INVALID_FIELD_MASK"


async def test_too_much_in_one_query_is_refused(api, street):
    """Many ways down: two levels of nine inputs each are more than one query takes."""
    _, homes = street
    low = await api.make("one", one_of(homes[0].series))

    def nine(other: str) -> list[pb.DerivedInput]:
        return [pb.DerivedInput(name=f"n{n}", derived_series_id=other) for n in range(9)]

    formula = " + ".join(f"n{n}" for n in range(9))
    middle = await api.make(formula, *nine(low.derived_series_id))
    assert (await api.day(middle.derived_series_id)).value == "207"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.make(formula, *nine(middle.derived_series_id))
    ((field, said),) = error_of(caught.value)[2]
    assert field == "derived_series.inputs"
    assert "more than 64 versions of derived series" in said


async def test_all_bad_values_of_a_factor_are_told_and_none_is_stored(api):
    made = factor_pb.FactorSet(display_name="Hs", unit="MJ/m3")
    request = factor_service_pb.CreateFactorSetRequest(factor_set=made)
    which = (await api.factors.CreateFactorSet(request)).factor_set.factor_set_id

    def value(text: str, start: int = 0, end: int = 0) -> factor_pb.NewFactorValue:
        return factor_pb.NewFactorValue(
            start_time=stamp(start), end_time=stamp(end) if end else None, value=text
        )

    values = [
        value("39.4"),
        value("0"),
        value("1000000000"),
        value("1.0000000001"),
        value("2", start=5_000, end=5_000),
    ]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await api.factors.GiveFactorValues(
            factor_service_pb.GiveFactorValuesRequest(factor_set_id=which, values=values)
        )
    assert error_of(caught.value)[2] == [
        ("values[1].value", "0 is not between 0 and 1000000000"),
        ("values[2].value", "1000000000 is not between 0 and 1000000000"),
        ("values[3].value", "1.0000000001 has more than 9 places"),
        (
            "values[4].end_time",
            "1970-01-01T00:00:05+00:00 is not after start_time, 1970-01-01T00:00:05+00:00",
        ),
    ]
    listed = factor_service_pb.ListFactorValuesRequest(factor_set_id=which)
    assert not (await api.factors.ListFactorValues(listed)).values
    for unit in ("MJ/", "furlong", "furlong/m3"):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await api.factors.CreateFactorSet(
                factor_service_pb.CreateFactorSetRequest(
                    factor_set=factor_pb.FactorSet(display_name=unit, unit=unit)
                )
            )
        assert error_of(caught.value)[2][0][0] == "factor_set.unit"
