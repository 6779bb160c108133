"""Resources as callers may give them."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from server.devices.configuration import Configuration
from server.devices.device_keys import DeviceKeys
from server.devices.domain import (
    ChannelTemplate,
    ClockBehaviour,
    Codec,
    CommandTemplate,
    Concentrator,
    ConfigProfile,
    DeviceModel,
    Gateway,
    LorawanProfile,
    Meter,
    Node,
    UsagePoint,
)
from server.platform.resource_store import ExternalId
from simba.common.v1 import types_pb2

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
words = st.text("abcdefgh_.", min_size=1, max_size=12)
euis = st.text("0123456789abcdef", min_size=16, max_size=16)
ids = st.uuids().map(lambda one: UUID(int=one.int))
maybe_ids = st.none() | ids
decimals = st.decimals(Decimal("-1e9"), Decimal("1e9"), places=6).filter(bool)
names = st.lists(st.builds(ExternalId, words, words), max_size=3).map(tuple)
tags = st.dictionaries(words, texts, max_size=3)
jsons = st.dictionaries(words, st.booleans() | texts | st.none() | st.floats(-1e6, 1e6), max_size=3)


def enum_names(enum: type, prefix: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name.removeprefix(prefix) for name in enum.keys()[1:]])  # type: ignore[attr-defined]


quantities = enum_names(types_pb2.Quantity, "QUANTITY_")
kinds = enum_names(types_pb2.MeasurementKind, "MEASUREMENT_KIND_")
commodities = enum_names(types_pb2.Commodity, "COMMODITY_")

templates = st.builds(
    ChannelTemplate,
    code=words,
    quantity=quantities,
    kind=kinds,
    unit=st.sampled_from(["kWh", "m3", "V", "1"]),
    reading_type=texts,
    obis=texts,
    dials=st.integers(0, 18),
    interval_seconds=st.none() | st.integers(1, 86_400),
    multiplier=decimals,
    max_per_hour=st.none() | decimals,
    negative_allowed=st.booleans(),
    codec_path=texts,
    codec_time_path=texts,
    codec_unit_path=texts,
    codec_unit=texts,
    display_name=texts,
)
commands = st.builds(
    CommandTemplate,
    action=words,
    downlink=jsons,
    answer_path=texts,
    answer_value=texts,
    confirmed=st.booleans(),
)
clocks = st.builds(
    ClockBehaviour, time_zone=texts, observes_dst=st.booleans(), deviation_inverted=st.booleans()
)
lorawan_profiles = st.builds(
    LorawanProfile,
    region=texts,
    mac_version=texts,
    reg_params_revision=texts,
    supports_class_b=st.booleans(),
    supports_class_c=st.booleans(),
    class_c_timeout_seconds=st.none() | st.integers(0, 3600),
    uplink_interval_seconds=st.none() | st.integers(0, 10**6),
    flush_queue_on_activate=st.booleans(),
)
models = st.builds(
    DeviceModel,
    device_model_id=ids,
    manufacturer=texts,
    model=texts,
    commodity=commodities,
    adapter=words,
    codec=st.none() | st.builds(Codec, texts, st.integers(0, 99), texts),
    channel_templates=st.lists(templates, max_size=3).map(tuple),
    command_templates=st.lists(commands, max_size=3).map(tuple),
    clock_behaviour=clocks,
    lorawan=st.none() | lorawan_profiles,
)
settings = st.recursive(
    st.booleans() | texts | st.integers(-(2**50), 2**50) | st.floats(-1e6, 1e6).filter(lambda one: one % 1),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(words, below, max_size=3),
    max_leaves=6,
)
configurations = st.builds(Configuration, desired=st.dictionaries(words, settings, max_size=3))
device_keys = st.builds(
    DeviceKeys,
    app_key=st.just("") | st.text("0123456789abcdef", min_size=32, max_size=32),
    others=st.dictionaries(words.map(lambda name: f"x{name}"), st.just("00ff"), max_size=2),
)
meters = st.builds(
    Meter,
    meter_id=ids,
    device_model_id=ids,
    manufacturer=st.just(""),
    serial_number=texts,
    dev_eui=euis | st.just(""),
    join_eui=euis | st.just(""),
    display_name=texts,
    batch=texts,
    concentrator_id=maybe_ids,
    configuration=configurations,
    external_ids=names,
    tags=tags,
)
modules = st.builds(replace, meters, device_kind=st.just("PULSE_MODULE"), batch=st.just(""))
gateways = st.builds(
    Gateway,
    gateway_id=ids,
    gateway_eui=euis,
    display_name=texts,
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    place_id=maybe_ids,
    managed=st.booleans(),
    stats_interval_seconds=st.none() | st.integers(1, 86_400),
    configuration=configurations,
    external_ids=names,
    tags=tags,
)
concentrators = st.builds(
    Concentrator,
    concentrator_id=ids,
    serial_number=texts,
    adapter=words,
    identity=texts,
    display_name=texts,
    place_id=maybe_ids,
    grid_node_id=maybe_ids,
    configuration=configurations,
    external_ids=names,
    tags=tags,
)
profiles = st.builds(
    ConfigProfile,
    config_profile_id=ids,
    display_name=texts,
    settings=st.dictionaries(words, settings, max_size=3),
)
usage_points = st.builds(
    UsagePoint,
    usage_point_id=ids,
    code=texts,
    commodity=commodities,
    time_zone=texts,
    display_name=texts,
    place_id=maybe_ids,
    grid_node_id=maybe_ids,
    address=texts,
    external_ids=names,
    tags=tags,
)
nodes = st.builds(
    Node,
    node_id=ids,
    hierarchy=st.sampled_from(["PLACE", "GRID"]),
    kind=words,
    code=texts,
    parent_id=maybe_ids,
    display_name=texts,
    external_ids=names,
    tags=tags,
)
