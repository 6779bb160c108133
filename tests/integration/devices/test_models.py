"""Device models, their codecs, and what adapters get of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_model_pb2, gateway_pb2
from simba.devices.v1 import device_model_service_pb2 as model_pb
from simba.devices.v1 import gateway_service_pb2 as gateway_pb
from simba.devices.v1 import meter_service_pb2 as meter_pb
from tests.support.inventory import CODEC, Inventory, a_model, at, interval, register, stamp
from tests.support.platform import error_of


async def test_models_say_all_that_is_wrong_with_them(inventory: Inventory) -> None:
    bad = a_model(
        channel_templates=[
            interval(unit="furlong"),
            interval(interval=Duration(seconds=1700)),
            register(code="r", codec_path="a[].b", codec_time_path="c[].t"),
        ]
    )
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.CreateDeviceModel(model_pb.CreateDeviceModelRequest(device_model=bad))
    violations = error_of(raised.value)[2]
    assert {field for field, _ in violations} == {
        "device_model.channel_templates",
        "device_model.channel_templates[0].unit",
        "device_model.channel_templates[1].interval",
        "device_model.channel_templates[2].codec_time_path",
    }
    assert any("furlong" in description for _, description in violations)


async def test_a_new_script_is_the_next_version_and_new_templates_give_channels(inventory: Inventory) -> None:
    model = await inventory.model()
    assert (model.codec.version, len(model.codec.sha256)) == (1, 64)
    meter = await inventory.meter(model.device_model_id)
    patch = device_model_pb2.DeviceModel(
        device_model_id=model.device_model_id,
        codec=device_model_pb2.Codec(script=CODEC + "\n// mended"),
        channel_templates=[*model.channel_templates, register(code="second", codec_path="text")],
    )
    changed = (
        await inventory.models.UpdateDeviceModel(model_pb.UpdateDeviceModelRequest(device_model=patch))
    ).device_model
    assert changed.codec.version == 2
    now = (await inventory.meters.GetMeter(meter_pb.GetMeterRequest(meter_id=meter.meter_id))).meter
    assert [one.code for one in now.channels] == ["energy_total", "energy", "second"]
    assert list(now.channels[:2]) == list(meter.channels)

    patch.ClearField("codec")
    del patch.channel_templates[0]
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.UpdateDeviceModel(model_pb.UpdateDeviceModelRequest(device_model=patch))
    assert "energy_total" in raised.value.details()


async def test_many_bindings_come_with_their_models_once(inventory: Inventory) -> None:
    models = [await inventory.model() for _ in range(2)]
    meters = [await inventory.meter(models[n % 2].device_model_id) for n in range(5)]
    asked = ["00" * 8, *(one.dev_eui for one in meters)]
    answer = await inventory.bindings.BatchGetDeviceBindings(
        binding_pb.BatchGetDeviceBindingsRequest(dev_euis=asked)
    )
    assert [one.dev_eui for one in answer.device_bindings] == sorted(one.dev_eui for one in meters)
    assert {one.device_model_id for one in answer.models} == {one.device_model_id for one in models}
    shared = {one.device_model_id: one for one in answer.models}
    for one in answer.device_bindings:
        alone = (
            await inventory.bindings.GetDeviceBinding(binding_pb.GetDeviceBindingRequest(dev_eui=one.dev_eui))
        ).device_binding
        assert [each.channel for each in one.channels] == [each.channel for each in alone.channels]
        templates = {each.code: each for each in shared[one.device_model_id].channel_templates}
        for mine, whole in zip(one.channels, alone.channels, strict=True):
            assert templates[mine.channel_template.code] == whole.channel_template
        assert shared[one.device_model_id].codec == alone.codec
        assert shared[one.device_model_id].command_templates == alone.command_templates
        assert shared[one.device_model_id].clock_behaviour == alone.clock_behaviour


async def test_a_binding_is_what_an_adapter_needs(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    request = binding_pb.GetDeviceBindingRequest(dev_eui=meter.dev_eui)
    binding = (await inventory.bindings.GetDeviceBinding(request)).device_binding
    assert binding.codec.script == CODEC
    assert [one.channel for one in binding.channels] == [one.channel for one in meter.channels]
    assert binding.channels[0].channel_template.codec_unit == "Wh"
    assert [one.action for one in binding.command_templates] == ["disconnect"]
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.bindings.GetDeviceBinding(binding_pb.GetDeviceBindingRequest(dev_eui="00" * 8))
    assert error_of(raised.value)[0] == "UNKNOWN_DEVICE"


async def test_the_newest_news_of_a_device_stays(inventory: Inventory) -> None:
    model = await inventory.model()
    meter = await inventory.meter(model.device_model_id)
    eui = uuid4().hex[:16]
    gateway = (
        await inventory.gateways.CreateGateway(
            gateway_pb.CreateGatewayRequest(gateway=gateway_pb2.Gateway(gateway_eui=eui))
        )
    ).gateway

    async def report(time: datetime, **values: Any) -> int:
        status = binding_pb.DeviceStatus(dev_eui=meter.dev_eui, seen_time=stamp(time), **values)
        stranger = binding_pb.DeviceStatus(dev_eui="ff" * 8, seen_time=stamp(time))
        answer = await inventory.bindings.ReportDeviceStatus(
            binding_pb.ReportDeviceStatusRequest(statuses=[status, stranger])
        )
        return answer.known

    assert await report(at(5, 2), battery_level=80.0, gateway_eui=eui, network_address="app-1") == 1
    await report(at(5, 3))
    await report(at(5, 1), battery_level=99.0)
    now = (await inventory.meters.GetMeter(meter_pb.GetMeterRequest(meter_id=meter.meter_id))).meter
    assert (now.battery_level, now.last_seen_time.ToDatetime(UTC)) == (80.0, at(5, 3))
    heard = await inventory.gateways.GetGateway(gateway_pb.GetGatewayRequest(gateway_id=gateway.gateway_id))
    assert heard.gateway.last_seen_time.ToDatetime(UTC) == at(5, 2)
    silent = await inventory.meters.ListMeters(
        meter_pb.ListMetersRequest(last_seen_before=stamp(at(5, 3)), dev_eui=meter.dev_eui)
    )
    assert not silent.meters
    request = binding_pb.GetDeviceBindingRequest(dev_eui=meter.dev_eui)
    assert (await inventory.bindings.GetDeviceBinding(request)).device_binding.network_address == "app-1"


async def test_codecs_are_tried_in_the_sandbox(inventory: Inventory) -> None:
    model = await inventory.model(
        channel_templates=[
            register(),
            register(code="text", quantity=20, unit="m3", codec_path="text", codec_unit=""),
        ]
    )
    answer = await inventory.models.TestCodec(
        model_pb.TestCodecRequest(device_model_id=model.device_model_id, f_port=1, payload=bytes([1, 2]))
    )
    assert answer.data["total"] == 258
    assert [(one.channel_code, one.value, one.unit) for one in answer.readings] == [
        ("energy_total", "0.258", "kWh")
    ]
    assert len(answer.mapping_errors) == 1
    assert "abc" in answer.mapping_errors[0]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("function decodeUplink(input) { while (true) {} }", "CODEC_TIMEOUT"),
        (
            "function decodeUplink(input) { const all = []; while (true) all.push(new Array(1e6).fill(1)); }",
            "CODEC_OUT_OF_MEMORY",
        ),
        ("function decodeUplink(input) { return input.bytes[99].x; }", "CODEC_FAILED"),
        ("this is not a script", "CODEC_FAILED"),
    ],
)
async def test_a_bad_codec_is_told_as_such_and_costs_nobody(
    inventory: Inventory, script: str, reason: str
) -> None:
    bad = a_model(codec=device_model_pb2.Codec(script=script))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.TestCodec(
            model_pb.TestCodecRequest(device_model=bad, f_port=1, payload=b"\x01\x02")
        )
    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error_of(raised.value)[0] == reason
    assert error_of(raised.value)[2][0][0] == "device_model.codec.script"
    good = await inventory.models.TestCodec(
        model_pb.TestCodecRequest(device_model=a_model(), f_port=1, payload=b"\x01\x02")
    )
    assert good.data["total"] == 258


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("function decodeUplink(input) {\n  return {;\n}", "line 2"),
        ("function decode(input) { return {data: {}}; }", "no function decodeUplink"),
    ],
)
async def test_a_script_that_cannot_be_run_is_not_stored(
    inventory: Inventory, script: str, words: str
) -> None:
    bad = device_model_pb2.Codec(script=script)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.model(codec=bad)
    assert error_of(raised.value)[0] == "CODEC_FAILED"
    assert words in raised.value.details()
    good = await inventory.model()
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.UpdateDeviceModel(
            model_pb.UpdateDeviceModelRequest(
                device_model=device_model_pb2.DeviceModel(device_model_id=good.device_model_id, codec=bad)
            )
        )
    assert words in raised.value.details()
    kept = await inventory.models.GetDeviceModel(
        model_pb.GetDeviceModelRequest(device_model_id=good.device_model_id)
    )
    assert kept.device_model == good
