"""A device's binding in the form that the adapter works with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import json_format

from adapters.chirpstack.events import plain_numbers
from kernel.codec.mapping import RuleInvalid
from kernel.codec.times import TimeInvalid
from kernel.codec.wire import FrameMapper
from simba.devices.v1 import device_binding_service_pb2 as wire

_log = logging.getLogger(__name__)
DEFAULT_PORT: Final = 1
"""Port of a downlink whose encoder leaves it to the caller."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a device."""

    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """How the device is told something, and how it answers."""

    downlink: Mapping[str, Any]
    """What `encodeDownlink` is given; empty: nothing is sent."""
    confirmed: bool
    answer_path: str
    answer_value: str


@dataclass(frozen=True, slots=True)
class DeviceBinding:
    """What is needed to read a device's frames and to speak to it."""

    meter_id: str
    dev_eui: str
    model_id: str
    network_address: str
    """ChirpStack's application id; empty until the device was heard."""
    script: str = ""
    script_sha256: str = ""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """By the code of their template."""
    mapper: FrameMapper | None = None
    """None when the templates do not hold together."""
    fault: str = ""
    """Why there is no mapper."""
    routes: Mapping[str, CommandRoute] = field(default_factory=dict)
    """By action."""


def read_binding(binding: wire.DeviceBinding) -> DeviceBinding:
    """The binding as the server tells it. Templates that do not hold together are told by `fault`."""
    mapper, fault = None, ""
    try:
        templates = [one.channel_template for one in binding.channels]
        mapper = FrameMapper.of(templates, binding.clock_behaviour)
    except (RuleInvalid, TimeInvalid) as error:
        fault = f"the templates of model {binding.device_model_id} do not hold together: {error}"
        _log.error("%s", fault)
    return DeviceBinding(
        meter_id=binding.meter_id,
        dev_eui=binding.dev_eui,
        model_id=binding.device_model_id,
        network_address=binding.network_address,
        script=binding.codec.script,
        script_sha256=binding.codec.sha256,
        channels={
            one.channel_template.code: Channel(one.channel, one.channel_template.unit)
            for one in binding.channels
        },
        mapper=mapper,
        fault=fault,
        routes={one.action: _route(one) for one in binding.command_templates},
    )


def _route(template: Any) -> CommandRoute:
    return CommandRoute(
        downlink=plain_numbers(json_format.MessageToDict(template.downlink)),
        confirmed=template.confirmed,
        answer_path=template.answer_path,
        answer_value=template.answer_value,
    )
