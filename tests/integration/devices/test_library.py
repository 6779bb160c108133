"""The library of models through the API: every model can be created, tried and bound."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import json_format

from kernel.codec.library import LibraryModel, read_library
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_binding_service_pb2 as binding_pb
from simba.devices.v1 import device_model_pb2
from simba.devices.v1 import device_model_service_pb2 as model_pb
from tests.support.inventory import Inventory, a_model, register
from tests.support.platform import error_of

ROOT = Path(__file__).parents[3]
LIBRARY = {model.name: model for model in read_library(ROOT / "models")}
FIXTURES = ROOT / "tests/fixtures/lorawan"
VECTORS = [
    *json.loads((FIXTURES / "meters.json").read_text()),
    *(
        {"vendor": "simba", "model": "relay-meter", **one}
        for one in json.loads((FIXTURES / "simba_relay_meter.json").read_text())
    ),
]


def wire(model: LibraryModel) -> device_model_pb2.DeviceModel:
    return json_format.ParseDict(model.document, device_model_pb2.DeviceModel())


@pytest.mark.parametrize("name", LIBRARY)
async def test_a_model_of_the_library_as_an_adapter_gets_it(inventory: Inventory, name: str) -> None:
    given = wire(LIBRARY[name])
    made = (
        await inventory.models.CreateDeviceModel(model_pb.CreateDeviceModelRequest(device_model=given))
    ).device_model
    assert made.codec.script == given.codec.script
    assert [one.code for one in made.channel_templates] == [one.code for one in given.channel_templates]
    assert [one.action for one in made.command_templates] == [one.action for one in given.command_templates]
    meter = await inventory.meter(made.device_model_id)
    bound = (
        await inventory.bindings.GetDeviceBinding(binding_pb.GetDeviceBindingRequest(dev_eui=meter.dev_eui))
    ).device_binding
    assert [one.channel_template for one in bound.channels] == list(made.channel_templates)
    assert list(bound.command_templates) == list(made.command_templates)
    assert bound.codec.sha256 == made.codec.sha256

    tried = [one for one in VECTORS if f"{one['vendor']}/{one['model']}" == name]
    assert tried
    for vector in tried:
        answer = await try_it(inventory, made.device_model_id, vector["bytes_hex"], vector["fPort"])
        expected = vector["expected_output"]
        assert json_format.MessageToDict(answer.data) == expected.get("data", {})
        assert list(answer.errors) == expected.get("errors", [])
        assert not answer.mapping_errors
        assert not (answer.readings and vector["negative"])


async def try_it(inventory: Inventory, model_id: str, payload: str, port: int) -> Any:
    return await inventory.models.TestCodec(
        model_pb.TestCodecRequest(device_model_id=model_id, f_port=port, payload=bytes.fromhex(payload))
    )


async def test_a_truncated_frame_gives_reasons_and_no_readings(inventory: Inventory) -> None:
    given = wire(LIBRARY["netvox/r816b"])
    request = model_pb.TestCodecRequest(device_model=given, f_port=6, payload=bytes.fromhex("01730101"))
    answer = await inventory.models.TestCodec(request)
    assert list(answer.errors) == ["a frame has 11 bytes, this one has 4"]
    assert not answer.readings
    assert not answer.data.fields


async def test_a_wrong_unit_and_a_text_cost_only_their_own_reading(inventory: Inventory) -> None:
    script = "function decodeUplink() { return {data: {a: 1, u: 'J', b: 'n/a', c: 3}}; }"
    model = a_model(
        codec=device_model_pb2.Codec(script=script),
        channel_templates=[
            register(code="a", codec_path="a", codec_unit_path="u", codec_unit="Wh"),
            register(code="b", codec_path="b"),
            register(code="c", codec_path="c"),
            register(code="d", codec_path="d"),
        ],
    )
    answer = await inventory.models.TestCodec(model_pb.TestCodecRequest(device_model=model, f_port=1))
    assert [(one.channel_code, one.value) for one in answer.readings] == [("c", "0.003")]
    assert [error.split(":")[0] for error in answer.mapping_errors] == ["channel a", "channel b"]
    assert "its unit is J, not Wh" in answer.mapping_errors[0]
    assert '"n/a"' in answer.mapping_errors[1]


@pytest.mark.parametrize(
    ("returned", "value"),
    [
        ("{data: {v: 0.1}}", "0.1"),
        ("{data: {v: 1e-7}}", "0"),
        ("{data: {v: 123456789012n}}", "123456789012"),
        ("{data: {v: new Date(0)}}", None),
        ("{data: {v: 'half \\ud800'}}", None),
        ("{data: {v: NaN}}", ""),
    ],
)
async def test_odd_values_are_shown(inventory: Inventory, returned: str, value: str | None) -> None:
    script = f"function decodeUplink() {{ return {returned}; }}"
    model = a_model(
        codec=device_model_pb2.Codec(script=script),
        channel_templates=[register(codec_path="v", codec_unit="")],
    )
    answer = await inventory.models.TestCodec(model_pb.TestCodecRequest(device_model=model, f_port=1))
    assert [one.value for one in answer.readings] == ([value] if value else [])
    assert len(answer.mapping_errors) == (value is None)
    assert not answer.readings or Decimal(answer.readings[0].value) >= 0


async def test_what_cannot_be_shown_is_the_codecs_fault(inventory: Inventory) -> None:
    deep = "function decodeUplink() { let a = 1; for (let i = 0; i < 60; i++) a = {a}; return {data: a}; }"
    model = a_model(codec=device_model_pb2.Codec(script=deep))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.TestCodec(model_pb.TestCodecRequest(device_model=model, f_port=1))
    assert error_of(raised.value)[0] == "CODEC_FAILED"
    assert "nested too deeply" in raised.value.details()


async def test_the_place_of_an_error_is_told(inventory: Inventory) -> None:
    script = "function decodeUplink(input) {\n  return {data: {v: input.bites[0]}};\n}"
    model = a_model(codec=device_model_pb2.Codec(script=script))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.TestCodec(model_pb.TestCodecRequest(device_model=model, f_port=1))
    reason, metadata, [(field, why)] = error_of(raised.value)
    assert (reason, metadata["line"], field) == ("CODEC_FAILED", "2", "device_model.codec.script")
    assert "line 2" in why


async def test_templates_are_checked_against_their_quantity(inventory: Inventory) -> None:
    bad = a_model(
        channel_templates=[
            register(code="a", unit="m3", codec_unit=""),
            register(code="b", codec_unit="m3"),
            register(code="c", codec_path="a..b"),
            register(code="d", reading_type="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.-3.72.0"),
        ],
        command_templates=[device_model_pb2.CommandTemplate(action="disconnect", answer_path="relay[")],
    )
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await inventory.models.CreateDeviceModel(model_pb.CreateDeviceModelRequest(device_model=bad))
    assert {field for field, _ in error_of(raised.value)[2]} == {
        "device_model.channel_templates[0].unit",
        "device_model.channel_templates[1].codec_unit",
        "device_model.channel_templates[2].codec_path",
        "device_model.channel_templates[3].reading_type",
        "device_model.command_templates[0].answer_path",
    }


async def test_a_unit_has_one_spelling(inventory: Inventory) -> None:
    volume = register(
        quantity=types_pb2.QUANTITY_VOLUME, unit="m³", codec_unit="l", obis="8-0:1.0.0", max_per_hour=""
    )
    made = await inventory.model(commodity=types_pb2.COMMODITY_COLD_WATER, channel_templates=[volume])
    assert made.channel_templates[0].unit == "m3"
