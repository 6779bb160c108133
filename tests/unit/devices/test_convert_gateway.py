"""Gateways, concentrators, modules and profiles go to the wire and back, and are the same."""

from dataclasses import replace

import pytest
from hypothesis import given

from server.devices.convert_gateway import (
    concentrator_of,
    gateway_of,
    profile_of,
    wire_concentrator,
    wire_gateway,
    wire_profile,
)
from server.devices.convert_meter import meter_of, wire_meter
from server.devices.convert_pulse_module import pulse_module_of, wire_pulse_module
from server.platform.errors import InvalidArgument
from simba.devices.v1 import gateway_pb2
from tests.unit.devices import strategies as some


@given(some.gateways)
def test_gateways_there_and_back(gateway):
    assert gateway_of(wire_gateway(gateway)) == gateway


@given(some.concentrators)
def test_concentrators_there_and_back(concentrator):
    assert concentrator_of(wire_concentrator(concentrator)) == concentrator


@given(some.profiles)
def test_profiles_there_and_back(profile):
    assert profile_of(wire_profile(profile)) == profile


@given(some.modules)
def test_modules_there_and_back(module):
    assert pulse_module_of(wire_pulse_module(module)) == module


@given(some.meters, some.device_keys)
def test_keys_come_in_and_never_go_out(meter, keys):
    wire = wire_meter(replace(meter, keys=keys))
    assert not wire.HasField("keys")
    for name, key in keys.named.items():
        if name == "app_key":
            wire.keys.app_key = key.upper()
        else:
            wire.keys.others[name] = key
    assert meter_of(wire).keys == keys
    assert "app_key" not in repr(meter_of(wire))


def test_a_gateway_reports_every_so_many_whole_seconds():
    wire = gateway_pb2.Gateway(gateway_eui="00" * 8)
    wire.stats_interval.FromMilliseconds(1500)
    with pytest.raises(InvalidArgument) as raised:
        gateway_of(wire)
    assert [one.field for one in raised.value.violations] == ["gateway.stats_interval"]
