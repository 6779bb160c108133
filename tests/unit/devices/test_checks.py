"""Rules of device models."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given

from kernel.codec.units import canonical, dimension_of, known_units
from server.devices.checks import change_violations, model_violations
from server.devices.domain import ChannelTemplate, ClockBehaviour, CommandTemplate, DeviceModel
from server.devices.quantities import wanted_dimension
from server.platform.errors import InvalidArgument, refuse
from simba.common.v1 import types_pb2
from tests.unit.devices import strategies as some

ENERGY = ChannelTemplate(
    code="energy", quantity="ACTIVE_ENERGY_IMPORT", kind="INTERVAL", unit="kWh", interval_seconds=1800
)
MODEL = DeviceModel(
    device_model_id=UUID(int=1),
    manufacturer="Maker",
    model="One",
    commodity="ELECTRICITY",
    adapter="chirpstack",
    channel_templates=(ENERGY,),
    command_templates=(CommandTemplate(action="disconnect", downlink={}),),
)


def rules(model: DeviceModel) -> list[tuple[str, str]]:
    return [(one.field.removeprefix("device_model."), one.rule) for one in model_violations(model)]


def test_a_good_model_has_no_violations():
    assert rules(MODEL) == []
    refuse(model_violations(MODEL))


@pytest.mark.parametrize(
    ("changed", "field", "rule"),
    [
        ({"unit": "furlong"}, "unit", "unit.known"),
        ({"codec_unit": "furlong"}, "codec_unit", "unit.known"),
        ({"unit": "V"}, "unit", "unit.dimension"),
        ({"interval_seconds": None}, "interval", "interval.set"),
        ({"interval_seconds": 1700}, "interval", "interval.divides_day"),
        ({"multiplier": Decimal(0)}, "multiplier", "multiplier.not_zero"),
        ({"max_per_hour": Decimal(0)}, "max_per_hour", "max_per_hour.positive"),
        ({"codec_path": "a..b"}, "codec_path", "template.rule"),
        ({"codec_path": "a[].v", "codec_time_path": "b[].t"}, "codec_time_path", "template.rule"),
        ({"codec_path": "v", "codec_unit": "m3"}, "codec_unit", "template.rule"),
    ],
)
def test_what_is_wrong_with_a_template(changed, field, rule):
    model = replace(MODEL, channel_templates=(replace(ENERGY, **changed),))
    assert rules(model) == [(f"channel_templates[0].{field}", rule)]


def test_what_is_wrong_with_a_model():
    model = replace(
        MODEL,
        channel_templates=(ENERGY, ENERGY),
        command_templates=(
            CommandTemplate(action="read", downlink={}, answer_path="a["),
            CommandTemplate(action="read", downlink={}),
        ),
        clock_behaviour=ClockBehaviour(time_zone="Mars/Phobos"),
    )
    assert rules(model) == [
        ("channel_templates", "unique"),
        ("command_templates", "unique"),
        ("command_templates[0].answer_path", "path"),
        ("clock_behaviour.time_zone", "time_zone.iana"),
    ]
    with pytest.raises(InvalidArgument) as caught:
        refuse(model_violations(model))
    assert len(caught.value.violations) == 4


@pytest.mark.parametrize(
    "changed",
    [{"quantity": "APPARENT_ENERGY"}, {"kind": "REGISTER"}, {"unit": "Wh"}, {"interval_seconds": 900}],
)
def test_the_meaning_of_a_channel_stays(changed):
    after = replace(MODEL, channel_templates=(replace(ENERGY, **changed),))
    assert [one.rule for one in change_violations(MODEL, after)] == ["template.identity"]


def test_channels_stay_and_may_be_added_and_mended():
    gone = replace(MODEL, channel_templates=())
    assert [one.rule for one in change_violations(MODEL, gone)] == ["template.kept"]
    mended = replace(ENERGY, codec_path="v", multiplier=Decimal(2), display_name="x", dials=8)
    more = replace(MODEL, channel_templates=(replace(ENERGY, code="second"), mended))
    assert list(change_violations(MODEL, more)) == []


@given(some.models)
def test_no_model_whatever_breaks_the_checks(model):
    assert all(one.field.startswith("device_model.") and one.description for one in model_violations(model))


def test_every_quantity_has_a_unit():
    for name in types_pb2.Quantity.keys()[1:]:
        quantity = name.removeprefix("QUANTITY_")
        fitting = [unit for unit in known_units() if wanted_dimension(quantity, unit) is None]
        assert fitting
        assert quantity == "PULSE_COUNT" or len({dimension_of(unit) for unit in fitting}) == 1


def test_units_of_the_contract_are_known():
    for unit in [
        "kWh",
        "Wh",
        "kvarh",
        "m3",
        "L",
        "GJ",
        "MJ",
        "kW",
        "V",
        "A",
        "Hz",
        "Cel",
        "bar",
        "%",
        "s",
        "h",
        "1",
    ]:
        assert dimension_of(unit) is not None
        assert canonical(unit) == unit
