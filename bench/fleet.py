"""Channels to write to: meters with many channels each, made through the API."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import uuid4

import grpc
import grpc.aio

from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2, device_model_service_pb2, meter_pb2, meter_service_pb2
from simba.devices.v1.device_model_service_pb2_grpc import DeviceModelServiceStub
from simba.devices.v1.meter_service_pb2_grpc import MeterServiceStub

CHANNELS_A_METER = 256
INTERVAL_SECONDS = 1800
_AT_ONCE = 4


def credentials(api_key: str) -> tuple[tuple[str, str], ...]:
    """Metadata that carry the key."""
    return (("authorization", f"Bearer {api_key}"),)


async def make_channels(channel: grpc.aio.Channel, api_key: str, count: int) -> list[int]:
    """Makes at least ``count`` interval channels and returns their numbers, in order."""
    models: Any = DeviceModelServiceStub(channel)
    meters: Any = MeterServiceStub(channel)
    metadata = credentials(api_key)
    model = device_model_pb2.DeviceModel(
        manufacturer="Bench",
        model=uuid4().hex,
        commodity=types_pb2.COMMODITY_ELECTRICITY,
        adapter="chirpstack",
    )
    for number in range(CHANNELS_A_METER):
        template = model.channel_templates.add(
            code=f"feeder_{number}",
            quantity=types_pb2.QUANTITY_ACTIVE_ENERGY_IMPORT,
            kind=types_pb2.MEASUREMENT_KIND_INTERVAL,
            unit="kWh",
        )
        template.interval.FromSeconds(INTERVAL_SECONDS)
    request = device_model_service_pb2.CreateDeviceModelRequest(device_model=model)
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
