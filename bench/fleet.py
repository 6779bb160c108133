"""Channels to write to: meters with many channels each, made through the API."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import uuid4

import grpc
import grpc.aio

from simba.common.v1 import types_pb2
from simba.devices.v1 import (
    device_model_pb2,
    device_model_service_pb2,
    meter_pb2,
    meter_service_pb2,
    usage_point_pb2,
    usage_point_service_pb2,
)
from simba.devices.v1.device_model_service_pb2_grpc import DeviceModelServiceStub
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub
from simba.devices.v1.usage_point_service_pb2_grpc import UsagePointServiceStub

CHANNELS_A_METER = 256
INTERVAL_SECONDS = 1800
INSTALLED_SECONDS = 1_704_067_200
LAST_DAY = date(2025, 12, 1)
_AT_ONCE = 4


def credentials(api_key: str) -> tuple[tuple[str, str], ...]:
    """Metadata that carry the key."""
    return (("authorization", f"Bearer {api_key}"),)


def _model(channels: int) -> device_model_pb2.DeviceModel:
    model = device_model_pb2.DeviceModel(
        manufacturer="Bench",
        model=uuid4().hex,
        commodity=types_pb2.COMMODITY_ELECTRICITY,
        adapter="chirpstack",
    )
    for number in range(channels):
        template = model.channel_templates.add(
            code=f"feeder_{number}",
            quantity=types_pb2.QUANTITY_ACTIVE_ENERGY_IMPORT,
            kind=types_pb2.MEASUREMENT_KIND_INTERVAL,
            unit="kWh",
        )
        template.interval.FromSeconds(INTERVAL_SECONDS)
    return model


async def make_channels(channel: grpc.aio.Channel, api_key: str, count: int) -> list[int]:
    """Makes at least ``count`` interval channels and returns their numbers, in order."""
    models: Any = DeviceModelServiceStub(channel)
    meters: Any = MeterServiceStub(channel)
    metadata = credentials(api_key)
    request = device_model_service_pb2.CreateDeviceModelRequest(device_model=_model(CHANNELS_A_METER))
    made = (await models.CreateDeviceModel(request, metadata=metadata)).device_model
    places = asyncio.Semaphore(_AT_ONCE)

    async def make() -> Sequence[int]:
        meter = meter_pb2.Meter(device_model_id=made.device_model_id, serial_number=uuid4().hex)
        async with places:
            answer = await meters.CreateMeter(
                meter_service_pb2.CreateMeterRequest(meter=meter), metadata=metadata
            )
        return [one.channel for one in answer.meter.channels]

    groups = await asyncio.gather(*(make() for _ in range(-(-count // CHANNELS_A_METER))))
    numbers = sorted(number for group in groups for number in group)
    assert all(a < b for a, b in pairwise(numbers))
    return numbers


@dataclass(frozen=True, slots=True)
class Home:
    """A usage point with a meter: its series, and the day that it is asked for."""

    series: int
    day: date


async def make_home(channel: grpc.aio.Channel, api_key: str) -> Home:
    """Makes a usage point with one meter of half hours."""
    metadata = credentials(api_key)
    models: Any = DeviceModelServiceStub(channel)
    meters: Any = MeterServiceStub(channel)
    points: Any = UsagePointServiceStub(channel)
    model = await models.CreateDeviceModel(
        device_model_service_pb2.CreateDeviceModelRequest(device_model=_model(1)), metadata=metadata
    )
    meter = meter_pb2.Meter(device_model_id=model.device_model.device_model_id, serial_number=uuid4().hex)
    made = await meters.CreateMeter(meter_service_pb2.CreateMeterRequest(meter=meter), metadata=metadata)
    point = usage_point_pb2.UsagePoint(
        code=uuid4().hex, commodity=types_pb2.COMMODITY_ELECTRICITY, time_zone="UTC"
    )
    placed = await points.CreateUsagePoint(
        usage_point_service_pb2.CreateUsagePointRequest(usage_point=point), metadata=metadata
    )
    usage_point_id = placed.usage_point.usage_point_id
    install = usage_point_service_pb2.InstallMeterRequest(
        usage_point_id=usage_point_id, meter_id=made.meter.meter_id
    )
    install.install_time.FromSeconds(INSTALLED_SECONDS)
    await points.InstallMeter(install, metadata=metadata)
    asked = usage_point_service_pb2.GetUsagePointRequest(usage_point_id=usage_point_id)
    found = await points.GetUsagePoint(asked, metadata=metadata)
    return Home(found.usage_point.series[0].series, LAST_DAY)
