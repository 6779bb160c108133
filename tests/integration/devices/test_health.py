"""How the field is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct

from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import network_health_service_pb2 as pb
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.support.inventory import Inventory, interval, stamp
from tests.support.platform import RunningServer, error_of
from tests.support.readings_api import Caller

NOW = datetime.now(UTC).replace(microsecond=0)


async def report(inventory: Inventory, *statuses: binding_pb.DeviceStatus) -> int:
    request = binding_pb.ReportDeviceStatusRequest(statuses=statuses)
    return (await inventory.bindings.ReportDeviceStatus(request)).known


async def health(inventory: Inventory, device_id: str) -> pb.DeviceHealth:
    answer = await inventory.health.GetDeviceHealth(pb.GetDeviceHealthRequest(device_id=device_id))
    return answer.device_health


async def listed(inventory: Inventory, **fields: Any) -> list[str]:
    found, token = [], ""
    while True:
        request = pb.ListDeviceHealthRequest(page_size=2, page_token=token, **fields)
        answer = await inventory.health.ListDeviceHealth(request)
        found += [one.device_id for one in answer.device_health]
        token = answer.next_page_token
        if not token:
            return found


async def test_each_kind_has_its_health(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id, display_name="M")
    gateway = await inventory.gateway(display_name="G")
    identity = f"urn:simba:dc:{uuid4().hex}"
    concentrator = await inventory.concentrator(identity=identity, display_name="C")
    known = await report(
        inventory,
        binding_pb.DeviceStatus(
            dev_eui=meter.dev_eui,
            seen_time=stamp(NOW - timedelta(hours=1)),
            battery_level=40,
            margin_db=7,
            rssi_dbm=-90,
            snr_db=4.5,
            gateway_eui=gateway.gateway_eui,
        ),
        binding_pb.DeviceStatus(
            kind=pb.DEVICE_KIND_CONCENTRATOR,
            address=identity,
            seen_time=stamp(NOW),
            clock_offset_ms=-40_000,
            clock_uncertainty_ms=20,
        ),
    )
    assert known == 2
    of_meter = await health(inventory, meter.meter_id)
    assert of_meter == pb.DeviceHealth(
        device_id=meter.meter_id,
        kind=pb.DEVICE_KIND_METER,
        address=meter.dev_eui,
        display_name="M",
        last_seen_time=stamp(NOW - timedelta(hours=1)),
        rssi_dbm=-90,
        snr_db=4.5,
        margin_db=7,
        gateway_eui=gateway.gateway_eui,
        battery_level=40,
        clock_status=of_meter.clock_status,
    )
    of_gateway = await health(inventory, gateway.gateway_id)
    # It passed a frame on an hour ago: three times thirty seconds are long over.
    assert (of_gateway.kind, of_gateway.silent) == (pb.DEVICE_KIND_GATEWAY, True)
    assert of_gateway.last_seen_time == stamp(NOW - timedelta(hours=1))
    of_concentrator = await health(inventory, concentrator.concentrator_id)
    assert (of_concentrator.kind, of_concentrator.address) == (pb.DEVICE_KIND_CONCENTRATOR, identity)
    assert not of_concentrator.silent
    clock = of_concentrator.clock_status
    assert (clock.offset_ms, clock.uncertainty_ms, clock.exceeded) == (-40_000, 20, True)
    assert clock.measure_time == stamp(NOW)


async def test_who_is_silent_depends_on_how_often_it_should_speak(inventory: Inventory) -> None:
    slow = await inventory.gateway(stats_interval={"seconds": 3600})
    usual = await inventory.gateway()
    desired = Struct()
    desired.update({"report": {"interval_seconds": 7200}})
    told = await inventory.gateway(configuration={"desired": desired})
    for one in (slow, usual, told):
        assert not (await health(inventory, one.gateway_id)).silent
    await report(
        inventory,
        *(
            binding_pb.DeviceStatus(
                kind=pb.DEVICE_KIND_GATEWAY,
                address=one.gateway_eui,
                seen_time=stamp(NOW - timedelta(hours=4)),
            )
            for one in (slow, usual, told)
        ),
    )
    silent = [(await health(inventory, one.gateway_id)).silent for one in (slow, usual, told)]
    assert silent == [True, True, False]


async def test_lists_begin_with_those_that_are_silent_the_longest(inventory: Inventory) -> None:
    made = [await inventory.gateway(display_name=str(number)) for number in range(5)]
    battery = {1: 90.0, 2: 20.0, 3: 50.0}
    await report(
        inventory,
        *(
            binding_pb.DeviceStatus(
                kind=pb.DEVICE_KIND_GATEWAY,
                address=made[number].gateway_eui,
                seen_time=stamp(NOW - timedelta(hours=number)),
                battery_level=level,
            )
            for number, level in battery.items()
        ),
    )
    ids = [one.gateway_id for one in made]
    gateways = {"kind": pb.DEVICE_KIND_GATEWAY}
    assert await listed(inventory, **gateways) == [ids[0], ids[4], ids[3], ids[2], ids[1]]
    since = stamp(NOW - timedelta(hours=2))
    assert await listed(inventory, **gateways, silent_since=since) == [ids[0], ids[4], ids[3]]
    assert await listed(inventory, **gateways, battery_below=60) == [ids[3], ids[2]]
    assert await listed(inventory, kind=pb.DEVICE_KIND_CONCENTRATOR) == []
    first = await inventory.health.ListDeviceHealth(pb.ListDeviceHealthRequest(page_size=2, **gateways))
    request = pb.ListDeviceHealthRequest(kind=pb.DEVICE_KIND_METER, page_token=first.next_page_token)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.health.ListDeviceHealth(request)
    assert error_of(raised.value)[0] == "PAGE_TOKEN_MISMATCH"


async def test_how_much_of_the_last_seven_days_has_come(
    inventory: Inventory, server: RunningServer, api_key: str
) -> None:
    api = Caller(server.channel(api_key))
    model = await inventory.model(channel_templates=[interval()])
    meter = await inventory.meter(model.device_model_id)
    assert not (await health(inventory, meter.meter_id)).HasField("completeness")
    point = await inventory.point(time_zone="UTC")
    midnight = NOW.replace(hour=0, minute=0, second=0)
    await inventory.install(point.usage_point_id, meter.meter_id, midnight - timedelta(days=2))
    # Of 96 half hours, a day's 48 come, 12 of them twice, and some of today, which do not count.
    start = midnight - timedelta(days=1)
    times = [start + timedelta(minutes=30 * number) for number in [*range(48), *range(12)]]
    times += [midnight + timedelta(minutes=30)]
    number = meter.channels[0].channel
    block = ReadingBlock(
        source=f"test-{uuid4()}",
        sequence=1,
        channel=[number] * len(times),
        time_ms=[int(time.timestamp() * 1000) for time in times],
        value_micro=[1_000_000] * len(times),
    )
    (ack,) = await api.send(block)
    assert not ack.rejected
    assert (await health(inventory, meter.meter_id)).completeness == 0.5


async def test_what_no_device_is_called(inventory: Inventory) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await health(inventory, str(uuid4()))
    assert raised.value.code() == grpc.StatusCode.NOT_FOUND
    assert error_of(raised.value)[0] == "DEVICE_NOT_FOUND"
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.health.ListDeviceHealth(pb.ListDeviceHealthRequest())
    assert error_of(raised.value)[2] == [("kind", "must not be in list [0], but is 0")]
