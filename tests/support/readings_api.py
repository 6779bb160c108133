"""Readings as callers reach them: stubs, and a home with a meter."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from server.readings.calendar import grid_of, local_day
from simba.common.v1 import types_pb2 as common
from simba.devices.v1 import device_model_pb2, usage_point_service_pb2
from simba.readings.v1 import ingest_service_pb2, reading_service_pb2, vee_service_pb2
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub
from simba.readings.v1.vee_service_pb2_grpc import VeeServiceStub
from tests.support.inventory import Inventory

HALF = 1_800_000
DAY = date(2025, 3, 30)
INSTALLED = datetime(2023, 11, 14, tzinfo=UTC)


def stamp(ms: int) -> Timestamp:
    made = Timestamp()
    made.FromMilliseconds(ms)
    return made


class Caller:
    """Stubs over one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.devices = Inventory(channel)
        self.ingest = IngestServiceStub(channel)
        self.readings = ReadingServiceStub(channel)
        self.vee = VeeServiceStub(channel)

    async def send(self, *blocks: ReadingBlock):
        """Sends blocks over a stream of their own and returns their acknowledgements."""
        call = self.ingest.IngestReadings(iter([ingest_service_pb2.IngestReadingsRequest(blocks=blocks)]))
        return [ack async for response in call for ack in response.acks]


async def make_home(api: Caller, **placed: str) -> SimpleNamespace:
    """A meter with an interval channel and a voltage, at a usage point in London with these fields."""
    energy = device_model_pb2.ChannelTemplate(
        code="energy",
        quantity=common.QUANTITY_ACTIVE_ENERGY_IMPORT,
        kind=common.MEASUREMENT_KIND_INTERVAL,
        unit="kWh",
        interval=Duration(seconds=1800),
    )
    voltage = device_model_pb2.ChannelTemplate(
        code="voltage",
        quantity=common.QUANTITY_VOLTAGE,
        kind=common.MEASUREMENT_KIND_INSTANTANEOUS,
        unit="V",
    )
    model = await api.devices.model(channel_templates=[energy, voltage])
    meter = await api.devices.meter(model.device_model_id)
    point = await api.devices.point(**placed)
    await api.devices.install(point.usage_point_id, meter.meter_id, INSTALLED)
    request = usage_point_service_pb2.GetUsagePointRequest(usage_point_id=point.usage_point_id)
    point = (await api.devices.points.GetUsagePoint(request)).usage_point
    channels = {one.code: one.channel for one in meter.channels}
    series = {common.Quantity.Name(one.quantity): one.series for one in point.series}
    return SimpleNamespace(
        meter=meter,
        point=point,
        energy=channels["energy"],
        voltage=channels["voltage"],
        series=series["QUANTITY_ACTIVE_ENERGY_IMPORT"],
    )


def starts(day: date = DAY) -> list[int]:
    return list(grid_of(local_day("Europe/London", day), HALF))


def day_block(home, sequence: int, values, day: date = DAY) -> ReadingBlock:
    times = starts(day)[: len(values)]
    return ReadingBlock(
        source="test",
        sequence=sequence,
        channel=[home.energy] * len(times),
        time_ms=times,
        value_micro=values,
    )


async def validated(api: Caller, home, day: date = DAY):
    period = common.TimeInterval(start=stamp(starts(day)[0]), end=stamp(starts(day)[-1]))
    return await api.vee.RunVee(vee_service_pb2.RunVeeRequest(series=[home.series], period=period))


async def intervals(api: Caller, home, **others):
    request = reading_service_pb2.QueryIntervalsRequest(
        usage_point_id=home.point.usage_point_id, page_size=1000, **others
    )
    return (await api.readings.QueryIntervals(request)).intervals
