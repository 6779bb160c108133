"""Gateways, concentrators and profiles go to the wire and back, and are the same."""

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


def test_a_gateway_reports_every_so_many_whole_seconds():
    wire = gateway_pb2.Gateway(gateway_eui="00" * 8)
    wire.stats_interval.FromMilliseconds(1500)
    with pytest.raises(InvalidArgument) as raised:
        gateway_of(wire)
    assert [one.field for one in raised.value.violations] == ["gateway.stats_interval"]
