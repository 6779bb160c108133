"""Reading types of IEC 61968-9: 18 numbers, derived and checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codec.units import dimension_of
from server.devices.domain import ChannelTemplate
from server.devices.reading_types import ReadingType, derived, parse, reading_type_violations
from tests.unit.devices.strategies import commodities, kinds, quantities

KWH = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"


def template(**changed: object) -> ChannelTemplate:
    values = {"code": "c", "quantity": "ACTIVE_ENERGY_IMPORT", "kind": "REGISTER", "unit": "kWh", **changed}
    return ChannelTemplate(**values)  # type: ignore[arg-type]


def rules(commodity: str = "ELECTRICITY", **changed: object) -> set[str]:
    found = reading_type_violations("r", template(**changed), commodity)
    return {one.rule.removeprefix("reading_type.") for one in found}


@given(st.tuples(*[st.integers(-12, 10_000)] * 18))
def test_a_reading_type_is_its_numbers(fields):
    assert parse(str(ReadingType(*fields))) == fields


def test_zeros_before_a_number_do_not_make_another_one():
    assert str(parse(KWH.replace(".72.", ".072."))) == KWH
    assert parse(KWH).unit == 72
    assert parse(KWH).multiplier == 3


@pytest.mark.parametrize(
    ("changed", "commodity", "wanted"),
    [
        ({}, "ELECTRICITY", KWH),
        ({"obis": "1-0:1.8.2*255"}, "ELECTRICITY", "0.0.0.1.1.1.12.0.0.0.0.2.0.0.0.3.72.0"),
        ({"quantity": "ACTIVE_ENERGY_EXPORT"}, "ELECTRICITY", "0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0"),
        (
            {"kind": "INTERVAL", "interval_seconds": 1800},
            "ELECTRICITY",
            "0.0.5.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0",
        ),
        ({"quantity": "VOLUME", "unit": "m3"}, "COLD_WATER", "0.0.0.1.1.9.58.0.0.0.0.0.0.0.0.0.42.0"),
        ({"quantity": "VOLUME", "unit": "L"}, "HOT_WATER", "0.0.0.1.1.9.58.0.0.0.0.0.0.0.0.0.134.0"),
        ({"quantity": "VOLUME", "unit": "m3"}, "GAS", "0.0.0.1.1.7.58.0.0.0.0.0.0.0.0.0.42.0"),
        ({"quantity": "HEAT_ENERGY", "unit": "GJ"}, "HEAT", "0.0.0.1.1.12.12.0.0.0.0.0.0.0.0.9.31.0"),
        (
            {"quantity": "TEMPERATURE", "unit": "Cel", "kind": "INSTANTANEOUS"},
            "HEAT",
            "0.0.0.6.0.0.46.0.0.0.0.0.0.0.0.0.23.0",
        ),
        ({"quantity": "PRESSURE", "unit": "bar", "kind": "INSTANTANEOUS"}, "GAS", ""),
        ({"quantity": "HEAT_ENERGY", "unit": "Gcal"}, "HEAT", ""),
    ],
)
def test_the_type_that_follows_from_a_template(changed, commodity, wanted):
    assert derived(template(**changed), commodity) == wanted


@given(
    st.builds(
        ChannelTemplate,
        code=st.just("c"),
        quantity=quantities,
        kind=kinds,
        unit=st.sampled_from(
            ["kWh", "MWh", "kvarh", "m3", "L", "kW", "V", "A", "Cel", "s", "h", "%", "1", "bar"]
        ),
        interval_seconds=st.sampled_from([None, 900, 1800, 7200]),
    ),
    commodities,
)
def test_what_is_derived_is_never_refused(one, commodity):
    found = derived(one, commodity)
    if one.quantity in ("POWER_FACTOR", "SWITCH_STATE") and dimension_of(one.unit) != "number":
        return
    assert not list(reading_type_violations("r", template_with(one, found), commodity))


def template_with(one: ChannelTemplate, reading_type: str) -> ChannelTemplate:
    from dataclasses import replace

    return replace(one, reading_type=reading_type)


@pytest.mark.parametrize(
    ("reading_type", "broken"),
    [
        (KWH, set()),
        ("0.0.0.1.1.2.12.0.0.0.0.1.0.1.128.3.72.0", set()),
        ("0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0", {"flow_direction"}),
        ("0.0.0.1.1.9.12.0.0.0.0.0.0.0.0.3.72.0", {"commodity"}),
        ("0.0.0.1.1.1.58.0.0.0.0.0.0.0.0.3.72.0", {"measurement_kind"}),
        ("0.0.0.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0", {"accumulation"}),
        ("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.0.72.0", {"unit"}),
        ("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.42.0", {"unit"}),
        ("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.0.0.0", {"unit"}),
        ("0.0.0.1.1.1.12", {"fields"}),
        ("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.x.72.0", {"fields"}),
    ],
)
def test_a_type_that_says_something_else_is_refused(reading_type, broken):
    assert rules(reading_type=reading_type) == broken


def test_the_length_of_an_interval_is_part_of_it():
    quarter = {"kind": "INTERVAL", "interval_seconds": 900}
    assert rules(reading_type="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0", **quarter) == set()
    assert rules(reading_type="0.0.5.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0", **quarter) == {"measuring_period"}


def test_an_error_names_the_place_of_the_field():
    [one] = reading_type_violations(
        "models[3].reading_type", template(reading_type=KWH.replace("1.1.1.12", "1.19.1.12")), "ELECTRICITY"
    )
    assert one.field == "models[3].reading_type"
    assert "field 5 (flow_direction)" in one.description
    assert "is 19; REGISTER ACTIVE_ENERGY_IMPORT has 1" in one.description
