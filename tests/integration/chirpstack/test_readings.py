"""Uplinks become readings, each stored once, whoever dies and whatever comes twice."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kernel.codec import CodecSandbox
from kernel.codec.wire import FrameMapper
from simba.common.v1 import error_reason_pb2
from simba.readings.v1 import frame_pb2
from simulator.chirpstack import SimulatedDevice
from simulator.relay_meter import PORT, RelayMeter
from tests.integration.chirpstack.conftest import Field
from tests.support.platform import eventually

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures/lorawan/meters.json").read_text())
# Of these the published payloads are settings and errors: nothing to store.
MODELS = sorted({f"{one['vendor']}/{one['model']}" for one in VECTORS} - {"dragino/sw3l", "dragino/cpl01"})
HEARD = datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC)
"""Half a minute before summer time ends in Europe."""


async def expected(model, frames) -> Counter:
    """(code, time, value) of the rows of frames, by the codec and the templates themselves."""
    mapper = FrameMapper.of(model.channel_templates, model.clock_behaviour)
    rows: Counter = Counter()
    async with CodecSandbox() as sandbox:
        for data, port, time in frames:
            decoded = await sandbox.decode("x", model.codec.script, data, port, time)
            rows.update((row.code, row.time, row.value) for row in mapper.map(dict(decoded.data), time).rows)
    return rows


@pytest.mark.parametrize("name", MODELS)
async def test_real_payloads_arrive_as_readings(field_: Field, name):
    """By our codec from bytes in JSON and protobuf, and from what ChirpStack decoded: the same readings."""
    model = await field_.model(name)
    vectors = [one for one in VECTORS if f"{one['vendor']}/{one['model']}" == name and not one["negative"]]
    frames = [
        (bytes.fromhex(one["bytes_hex"]), one["fPort"], HEARD + timedelta(minutes=n))
        for n, one in enumerate(vectors)
    ]
    decoded = [one["expected_output"]["data"] for one in vectors]
    by_json, by_protobuf, by_object = [await field_.meter(model) for _ in range(3)]
    async with field_.adapter():
        for coding, meter, objects in (
            ("json", by_json, [None] * len(frames)),
            ("protobuf", by_protobuf, [None] * len(frames)),
            ("json", by_object, decoded),
        ):
            async with field_.chirpstack(coding=coding) as chirpstack:
                device = chirpstack.add(SimulatedDevice(meter.dev_eui))
                for (data, port, time), made in zip(frames, objects, strict=True):
                    await chirpstack.uplink(device, port, data, time=time, decoded=made)
        wanted = await expected(model, frames)
        assert wanted
        for meter in (by_json, by_protobuf, by_object):
            await eventually(lambda meter=meter: _has(field_, meter, wanted))
    assert not await field_.frames()


async def _has(field_: Field, meter, wanted: Counter) -> bool:
    found = await field_.raw(meter)
    assert not found - wanted
    return found == wanted


async def test_repeats_are_stored_once(field_: Field):
    """MQTT redelivery, the same frame under another deduplication id, and both after a restart."""
    meter, device, relay = await field_.relay_meter()
    relay.clock = lambda: HEARD
    again = SimulatedDevice(device.dev_eui)
    async with field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        async with field_.adapter():
            for deduplication_id in ("first", "first", "second", "first"):
                device.f_cnt = 7
                await chirpstack.uplink(device, PORT, relay.registers(), deduplication_id=deduplication_id)
            await eventually(lambda: _count(field_, meter, 5))
        async with field_.adapter():
            again.f_cnt = 7
            chirpstack.add(again)
            await chirpstack.uplink(again, PORT, relay.registers(), deduplication_id="third")
            await chirpstack.uplink(again, PORT, relay.switch(), deduplication_id="fourth")
            await eventually(lambda: _count(field_, meter, 6))


async def test_after_a_join_counters_start_again(field_: Field):
    """A device that is activated by personalisation keeps its address; after its reset all is new."""
    meter, device, relay = await field_.relay_meter()
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        fixed = device.dev_addr
        for day in range(2):
            relay.clock = lambda day=day: HEARD + timedelta(days=day)
            await chirpstack.join(device)
            device.dev_addr = fixed
            await chirpstack.uplink(device, PORT, b"", deduplication_id=f"empty-{day}")
            await chirpstack.uplink(device, PORT, relay.registers(), deduplication_id=f"day-{day}")
        await eventually(lambda: _count(field_, meter, 10))


async def test_a_text_where_a_number_belongs_costs_only_itself(field_: Field):
    meter, device, _ = await field_.relay_meter()
    data = {
        "register": {"time": HEARD.isoformat(), "import_wh": "many", "export_wh": 5},
        "power": None,
        "voltage": 230.1,
    }
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, b"\x01", decoded=data, time=HEARD)
        (frame,) = await field_.kept()
        found = await field_.raw(meter)
    assert found == Counter(
        {("energy_export", HEARD, Decimal("0.005")): 1, ("voltage", HEARD, Decimal("230.1")): 1}
    )
    assert frame.reason == error_reason_pb2.ERROR_REASON_NOT_A_NUMBER
    assert "register.import_wh" in frame.description
    assert '"many"' in frame.description


async def test_what_the_server_refuses_is_kept_with_its_words(field_: Field):
    meter, device, relay = await field_.relay_meter()
    relay.clock = lambda: datetime.now(UTC) + timedelta(days=400)
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.registers())
        (frame,) = await field_.kept()
    assert frame.reason == error_reason_pb2.ERROR_REASON_TIME_OUT_OF_RANGE
    assert "energy_import" in frame.description
    # The relay's state carries no time of its own: it is good, and stored.
    assert {code for code, _, _ in await field_.raw(meter)} == {"switch_state"}


async def test_a_frame_is_read_once_its_codec_is_mended(field_: Field):
    """With the time of the frame, and once, however often it is replayed."""
    good = (Path(__file__).parents[3] / "models/simba/relay-meter/codec.js").read_text()
    bad = good.replace("frame.readUInt32BE(5)", "frame.readUInt32BE(50)")
    model = await field_.model("simba/relay-meter", model="Broken", codec={"script": bad})
    meter = await field_.meter(model)
    relay, device = RelayMeter(import_wh=77_000, clock=lambda: HEARD), SimulatedDevice(meter.dev_eui)
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.registers(), time=HEARD)
        (frame,) = await field_.kept(reason=error_reason_pb2.ERROR_REASON_CODEC_FAILED)
        assert not await field_.raw(meter)
        await field_.mend(model, good)
        for _ in range(2):
            assert await field_.replay(frame_ids=[frame.frame_id]) == 1
            await field_.kept(state=frame_pb2.FRAME_STATE_DECODED)
        found = await field_.raw(meter)
    assert found[("energy_import", HEARD, Decimal(77))] == 1
    assert set(found.values()) == {1}


async def test_history_over_a_clock_change_is_in_utc(field_: Field):
    meter, device, relay = await field_.relay_meter()
    start = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    history = relay.history(start, 30, 1_000_000, [100, 200, None, 300, 400, 500])
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, history, time=start + timedelta(hours=3))
        await eventually(lambda: _count(field_, meter, 6))
        found = await field_.raw(meter)
    profile = sorted((time, value) for code, time, value in found if code == "energy_import_profile")
    assert profile == [
        (start + timedelta(minutes=30 * n), Decimal(n_wh) / 1000)
        for n, n_wh in ((0, 100), (1, 200), (3, 300), (4, 400), (5, 500))
    ]


async def test_news_of_devices_reach_the_server(field_: Field):
    meter, device, relay = await field_.relay_meter()
    async with field_.adapter(), field_.chirpstack() as chirpstack:
        chirpstack.add(device)
        await chirpstack.uplink(device, PORT, relay.registers())
        await chirpstack.status(device, margin=7, battery_level=81.5)

        async def told():
            now = await field_.meter_now(meter)
            return now if now.HasField("battery_level") else None

        heard = await eventually(told)
    assert heard.battery_level == 81.5
    assert heard.HasField("last_seen_time")


async def _count(field_: Field, meter, rows: int) -> bool:
    found = await field_.raw(meter)
    assert sum(found.values()) <= rows, found
    return sum(found.values()) == rows
