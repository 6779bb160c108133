"""Resources go to the wire, to their documents, and back, and are the same."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from server.devices import documents
from server.devices.convert_meter import meter_of, wire_meter
from server.devices.convert_model import model_of, wire_model
from server.devices.convert_node import node_of, wire_node
from server.devices.convert_usage_point import usage_point_of, wire_usage_point
from server.devices.domain import DeviceModel
from server.platform.changing import patched
from server.platform.errors import InvalidArgument, InvalidFieldMask
from server.platform.resource_store import Stored
from server.platform.wire import enum_name, enum_value, instant, plain, stamp
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2, meter_pb2
from tests.unit.devices import strategies as some


@given(some.models)
def test_models_there_and_back(model):
    assert model_of(wire_model(model)) == model


@given(some.meters)
def test_meters_there_and_back(meter):
    assert meter_of(wire_meter(meter)) == meter


@given(some.usage_points)
def test_usage_points_there_and_back(point):
    assert usage_point_of(wire_usage_point(point)) == point


@given(some.nodes)
def test_nodes_there_and_back(node):
    assert node_of(wire_node(node)) == node


@given(some.models)
def test_documents_there_and_back(model):
    def through(document):
        return json.loads(json.dumps(document))

    assert documents.read_codec(through(documents.codec_document(model.codec))) == model.codec
    assert (
        documents.read_clock(through(documents.clock_document(model.clock_behaviour)))
        == model.clock_behaviour
    )
    for one in model.channel_templates:
        assert documents.read_template(through(documents.template_document(one))) == one
    for one in model.command_templates:
        assert documents.read_command(through(documents.command_document(one))) == one


@given(some.decimals)
def test_decimals_have_no_exponent(value):
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)
    assert plain(Decimal("1E+3")) == "1000"


@given(st.sampled_from(types_pb2.Quantity.values()))
def test_enums_by_name(value):
    name = enum_name(types_pb2.Quantity, value)
    assert enum_value(types_pb2.Quantity, name) == value
    assert not name.startswith("QUANTITY_")
    assert bool(name) == bool(value)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001  # given a zone below
def test_instants(time):
    aware = time.replace(tzinfo=UTC)
    assert instant("t", stamp(aware)) == aware


def test_instants_that_are_none():
    with pytest.raises(InvalidArgument, match="years 1 to 9999"):
        instant("install_time", Timestamp(seconds=10**15))


UPDATABLE = {"manufacturer", "codec", "channel_templates", "clock_behaviour"}


def change(patch: device_model_pb2.DeviceModel, *paths: str):
    return patched(
        "device_model", patch, FieldMask(paths=paths), UPDATABLE, to_wire=wire_model, from_wire=model_of
    )


@given(some.models, some.models)
def test_a_patch_changes_what_its_mask_names(before: DeviceModel, other: DeviceModel):
    before = replace(before, manufacturer="M", model="m", adapter="a", stored=Stored(version=7))
    after = change(wire_model(other), "channel_templates", "clock_behaviour")(before)
    assert after == replace(
        before, channel_templates=other.channel_templates, clock_behaviour=other.clock_behaviour
    )


@given(some.models)
def test_what_must_be_set_cannot_be_cleared(before: DeviceModel):
    before = replace(before, manufacturer="M", model="m", adapter="a")
    with pytest.raises(InvalidArgument) as caught:
        change(device_model_pb2.DeviceModel(), "manufacturer")(before)
    assert [one.field for one in caught.value.violations] == ["device_model.manufacturer"]


@pytest.mark.parametrize(
    "path", ["create_time", "commodity", "nothing", "channel_templates.code", "codec.nothing"]
)
def test_paths_that_cannot_be_changed(path):
    model = DeviceModel(
        device_model_id=some.UUID(int=1), manufacturer="M", model="m", commodity="GAS", adapter="a"
    )
    with pytest.raises(InvalidFieldMask) as caught:
        change(device_model_pb2.DeviceModel(), path)(model)
    assert caught.value.metadata["path"] == path


def test_states_of_a_meter():
    meter = meter_of(meter_pb2.Meter(device_model_id=str(some.UUID(int=1)), serial_number="s"))
    assert wire_meter(meter).state == meter_pb2.METER_STATE_IN_STOCK
    assert wire_meter(replace(meter, used_by=some.UUID(int=2))).state == meter_pb2.METER_STATE_ACTIVE
    archived = replace(meter, stored=Stored(archived=True))
    assert wire_meter(archived).state == meter_pb2.METER_STATE_ARCHIVED
