"""The library: real payloads come out as the makers' decoders give them, and become readings."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from google.protobuf import json_format

from kernel.codec import Decoded
from kernel.codec.library import read_library, read_model, write_model
from kernel.codec.mapping import answers
from kernel.codec.wire import FrameMapper
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2
from tests.unit.codec.conftest import NOW

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests/fixtures/lorawan"
LIBRARY = {model.name: model for model in read_library(ROOT / "models")}
VECTORS = json.loads((FIXTURES / "meters.json").read_text())
RELAY = json.loads((FIXTURES / "simba_relay_meter.json").read_text())
CASES = [(f"{one['vendor']}/{one['model']}", one) for one in VECTORS]
CASES += [("simba/relay-meter", one) for one in RELAY]


def wire(name: str) -> device_model_pb2.DeviceModel:
    return json_format.ParseDict(LIBRARY[name].document, device_model_pb2.DeviceModel())


async def readings(sandbox, name: str, frame: str, port: int) -> dict[str, list[tuple[str, Decimal]]]:
    decoded = await sandbox.decode(name, LIBRARY[name].script, bytes.fromhex(frame), port, NOW)
    model = wire(name)
    mapped = FrameMapper.of(model.channel_templates, model.clock_behaviour).map(dict(decoded.data), NOW)
    assert not mapped.errors
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for row in mapped.rows:
        found.setdefault(row.code, []).append((row.time.isoformat(), row.value))
    return found


def test_there_are_models_of_several_kinds():
    commodities = {model.document["commodity"] for model in LIBRARY.values()}
    assert len(LIBRARY) >= 20
    assert len(commodities) >= 4
    assert all(model.document["lorawan"]["region"] == "EU868" for model in LIBRARY.values())
    assert {name for name, _ in CASES} == set(LIBRARY)


@pytest.mark.parametrize(("name", "vector"), CASES, ids=lambda one: one if isinstance(one, str) else "")
async def test_vectors_bit_for_bit(sandbox, name, vector):
    decoded = await sandbox.decode(
        name, LIBRARY[name].script, bytes.fromhex(vector["bytes_hex"]), vector["fPort"], NOW
    )
    assert decoded.output == vector["expected_output"]
    assert bool(decoded.errors) == vector["negative"]
    assert not vector["negative"] or not decoded.data


@pytest.mark.parametrize("name", LIBRARY)
async def test_frames_that_are_cut_off_give_no_values(sandbox, name):
    """Whatever is left of a frame is refused, or gives nothing that the whole frame did not say."""
    codec = LIBRARY[name].script
    model = wire(name)
    mapper = FrameMapper.of(model.channel_templates, model.clock_behaviour)
    for frame, port in [(bytes.fromhex(v["bytes_hex"]), v["fPort"]) for n, v in CASES if n == name]:
        whole = await sandbox.decode(name, codec, frame, port, NOW)
        true = {(row.code, row.micro) for row in mapper.map(dict(whole.data), NOW).rows}
        for length in range(len(frame)):
            part = await sandbox.decode(name, codec, frame[:length], port, NOW)
            assert {(row.code, row.micro) for row in mapper.map(dict(part.data), NOW).rows} <= true


@pytest.mark.parametrize("name", LIBRARY)
async def test_models_hold_together(sandbox, name):
    model = wire(name)
    FrameMapper.of(model.channel_templates, model.clock_behaviour)
    offered = await sandbox.functions(name, model.codec.script)
    assert "decodeUplink" in offered
    codes = [template.code for template in model.channel_templates]
    assert len(set(codes)) == len(codes)
    for template in model.channel_templates:
        assert len(template.reading_type.split(".")) == 18
        if template.kind == types_pb2.MEASUREMENT_KIND_INTERVAL:
            assert template.interval.seconds > 0
        if template.obis:
            assert re.fullmatch(r"\d+-\d+:\d+\.\d+\.\d+(\*\d+)?", template.obis)
    for command in model.command_templates:
        encoded = await sandbox.encode_downlink(
            name, model.codec.script, json_format.MessageToDict(command.downlink)
        )
        assert encoded.payload
        assert not encoded.errors
    assert not model.command_templates or "encodeDownlink" in offered


async def test_electricity_by_obis_code(sandbox):
    found = await readings(sandbox, "imst/ioke868", "4012fc0100010801ff1efc000000000000086f6f", 5)
    assert found == {"energy_import_t1": [("2024-03-31T01:00:00.123000+00:00", Decimal("0.055282"))]}


async def test_the_plug(sandbox):
    energy = await readings(sandbox, "netvox/r816b", "0173010100000200010000", 6)
    assert energy["energy_import"][0][1] == Decimal("0.512")
    assert energy["switch_state"][0][1] == 1
    momentary = await readings(sandbox, "netvox/r816b", "01730200dc03e800dc0000", 6)
    assert {code: rows[0][1] for code, rows in momentary.items()} == {
        "voltage": 220,
        "current": 1,
        "power": Decimal("0.22"),
    }
    unsigned = await readings(sandbox, "netvox/r816b", "01730101ffffffff000000", 6)
    assert unsigned["energy_import"][0][1] == Decimal("4294967.295")


async def test_water_and_gas(sandbox):
    water = await readings(sandbox, "develiot/rwmr", "152000000000000000d49a", 12)
    assert water["volume"][0][1] == Decimal("0.032")
    assert water["temperature"][0][1] == Decimal("24.35")
    gas = await readings(sandbox, "vutility/pulsedrop", "1cc57d00000de800000000", 3)
    assert gas["volume"][0][1] == Decimal("35.6")
    assert gas["temperature"][0][1] == Decimal("18.823529")
    flow = await readings(sandbox, "dragino/sw3l", "00000f42400000660841a0", 2)
    assert flow == {"volume": [("2024-03-30T16:45:20+00:00", Decimal("2.2222"))]}


async def test_history_over_the_start_of_summer_time(sandbox):
    """Instants are UTC: the hour that the wall clock leaves out is not left out of the readings."""
    found = await readings(sandbox, "simba/relay-meter", RELAY[1]["bytes_hex"], 10)
    assert found["energy_import"] == [("2024-03-30T23:30:00+00:00", Decimal("123.456"))]
    assert found["energy_import_profile"] == [
        ("2024-03-30T23:30:00+00:00", Decimal("0.25")),
        ("2024-03-31T00:00:00+00:00", Decimal("0.251")),
        ("2024-03-31T01:00:00+00:00", Decimal("0.253")),
    ]


@pytest.mark.parametrize(
    ("name", "action", "downlink", "answer"),
    [
        ("netvox/r816b", "disconnect", "9073000000000000000000", ("0173010000000200000000", 6)),
        ("netvox/r816b", "connect", "9173000000000000000000", ("0173010100000200000000", 6)),
        ("netvox/r816b", "on_demand_read", "9473000000000000000000", ("0173010100000200000000", 6)),
        ("simba/relay-meter", "disconnect", "81", ("03660841a00081", 10)),
        ("simba/relay-meter", "connect", "82", ("03660841a00182", 10)),
        ("simba/relay-meter", "arm", "83", ("03660841a00283", 10)),
        ("simba/relay-meter", "on_demand_read", "84", (RELAY[0]["bytes_hex"], 10)),
    ],
)
async def test_commands_and_their_answers(sandbox, name, action, downlink, answer):
    model = wire(name)
    [command] = [one for one in model.command_templates if one.action == action]
    told = json_format.MessageToDict(command.downlink)
    encoded = await sandbox.encode_downlink(name, model.codec.script, told)
    assert encoded.payload.hex() == downlink
    back = await sandbox.decode_downlink(name, model.codec.script, encoded.payload, encoded.f_port)
    assert told.items() <= {**back.data}.items()
    frame, port = answer
    decoded = await sandbox.decode(name, model.codec.script, bytes.fromhex(frame), port, NOW)
    assert answers(decoded.data, command.answer_path, command.answer_value)
    others = [
        one
        for one in model.command_templates
        if one.answer_path == command.answer_path and one.action != action and one.answer_value
    ]
    assert not any(answers(decoded.data, one.answer_path, one.answer_value) for one in others)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("netvox/r816b", {"Cmd": "Explode"}, "unknown Cmd"),
        ("netvox/r816b", {"Cmd": "ConfigReportReq", "MinTime": 1}, "MaxTime must be"),
        ("vutility/pulsedrop", {"transmitIntervalSeconds": 5}, "within 60 to 1800"),
        ("vutility/pulsedrop", {}, "is needed"),
        ("simba/relay-meter", {"command": "set_time", "time": -1}, "whole seconds"),
    ],
)
async def test_what_a_device_cannot_be_told(sandbox, name, data, reason):
    encoded = await sandbox.encode_downlink(name, LIBRARY[name].script, data)
    assert reason in encoded.errors[0]
    assert encoded.payload == b""


async def test_settings_as_the_maker_encodes_them(sandbox):
    script = LIBRARY["vutility/pulsedrop"].script
    encoded = await sandbox.encode_downlink("p", script, {"transmitIntervalSeconds": 1800})
    assert list(encoded.payload) == [84, 0, 0, 0, 225, 68, 0, 0, 0, 0]
    config = {"Cmd": "ConfigReportReq", "MinTime": 2, "MaxTime": 300, "CurrentChange": 100, "PowerChange": 20}
    encoded = await sandbox.encode_downlink("n", LIBRARY["netvox/r816b"].script, config)
    assert encoded.payload.hex() == "01730002012c0064001400"
    at = int(datetime(2024, 3, 31, 1, tzinfo=UTC).timestamp())
    relay = LIBRARY["simba/relay-meter"].script
    encoded = await sandbox.encode_downlink("s", relay, {"command": "set_time", "time": at})
    assert encoded.payload == b"\x85" + at.to_bytes(4, "big")


async def test_decoding_is_quick_in_batches(sandbox):
    """Not a benchmark: a wall that an accident of a hundredfold would hit."""
    from kernel.codec import Frame

    model = LIBRARY["netvox/r816b"]
    frame = Frame(bytes.fromhex("0173010100000200010000"), 6, NOW)
    made = await sandbox.decode_many(model.name, model.script, [frame] * 20_000)
    assert all(isinstance(one, Decoded) and one.data["Energy"] == 512 for one in made)


def test_a_folder_without_codec_is_a_model_too(tmp_path):
    folder = tmp_path / "maker" / "thing"
    folder.mkdir(parents=True)
    (folder / "model.json").write_text('{"manufacturer": "Maker"}')
    made = read_model(folder)
    assert (made.name, made.script) == ("maker/thing", "")
    (folder / "model.json").write_text("[]")
    with pytest.raises(ValueError, match="no object"):
        read_model(folder)


def test_a_model_that_is_written_is_read_as_it_was(tmp_path):
    script = "// ends of lines stay\r\nfunction decodeUplink() { return {data: {}}; }\n"
    document = {
        "manufacturer": "Maker & Söhne",
        "model": "X/1",
        "device_model_id": "a",
        "etag": "b",
        "codec": {"script": script, "version": 3},
    }
    folder = write_model(tmp_path, document)
    assert folder == tmp_path / "maker-s-hne" / "x-1"
    read = read_model(folder)
    assert read.document == {"manufacturer": "Maker & Söhne", "model": "X/1", "codec": {"script": script}}
    del document["codec"]
    write_model(tmp_path, document)
    assert read_model(folder).script == ""
